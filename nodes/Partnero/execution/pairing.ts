import type { IDataObject, INodeExecutionData, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { ofItem } from '../form/item';
import type { CallContext } from '../response/call';
import { failedJson } from '../response/errors';
import { ItemFailure } from '../response/failure';

import type { ItemOutcome } from './outcomes';

/** The items that an outcome makes, paired with the item that it is the outcome of. */
export function itemsOf(outcome: ItemOutcome, item: number): INodeExecutionData[] {
	const records: IDataObject[] =
		'records' in outcome ? outcome.records : [failedJson(outcome.failure.error)];
	return records.map((json) => ({ json, pairedItem: { item } }));
}

/** Whatever was thrown, as a failure whose error n8n shows beside its item. */
export function failureOf(context: CallContext, thrown: unknown, itemIndex: number): ItemFailure {
	if (thrown instanceof ItemFailure) return thrown;
	const isShown = thrown instanceof NodeApiError || thrown instanceof NodeOperationError;
	if (isShown) return new ItemFailure(thrown, false);
	const error = new NodeApiError(context.getNode(), thrown as JsonObject);
	error.message += ofItem(context, itemIndex);
	return new ItemFailure(error, false);
}

/** The error that stops the node: that of the first item that failed, unless "On Error" says to continue. */
export function stoppingError(
	context: CallContext,
	outcomes: ItemOutcome[],
): ItemFailure['error'] | undefined {
	if (context.continueOnFail()) return undefined;
	const failed = outcomes.find((outcome) => outcome !== undefined && 'failure' in outcome);
	return failed && 'failure' in failed ? failed.failure.error : undefined;
}
