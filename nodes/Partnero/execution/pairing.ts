import type { IDataObject, INodeExecutionData, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { CallContext } from '../transport/call';
import type { Outcome } from '../transport/run';
import { failedJson } from '../response/errors';

/** The items that an outcome makes, paired with the item that it is the outcome of. */
export function itemsOf(outcome: Outcome, item: number): INodeExecutionData[] {
	const records: IDataObject[] = 'records' in outcome ? outcome.records : [failedJson(outcome.error)];
	return records.map((json) => ({ json, pairedItem: { item } }));
}

/** Whatever was thrown, as an error that n8n shows beside its item. */
export function asNodeError(context: CallContext, error: unknown, itemIndex: number): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	return new NodeApiError(context.getNode(), error as JsonObject, { itemIndex });
}
