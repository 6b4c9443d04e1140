import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecuteFunctions,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { ofItem } from '../form/item';
import { parametersOf } from '../form/parameters';
import { readRecord } from '../lookup/bySearch';
import { checkCurrencies } from '../lookup/currency';
import { sendRoute } from '../lookup/sendRoute';
import type { Operation } from '../operation';
import { findOperation, resources } from '../resources';
import type { Call } from '../response/call';
import { inTurn } from '../transport/inTurn';
import { optionsOf, routedOptions } from '../transport/options';
import { create, forgetDeleted } from '../writes/create';
import { credit } from '../writes/credit';
import { deleteSale } from '../writes/deleteSale';
import { createByListDiff } from '../writes/listDiff';
import { forgetSale, isUnseenSale, recordSale } from '../writes/recordSale';
import { applyTransition } from '../writes/transition';
import { countUp, update } from '../writes/update';

import { createMany } from './createMany';
import { formOf } from './form';
import { showHints } from './hints';
import { readList } from './list';
import { subjectOf } from './order';
import type { ItemOutcome, RunState } from './outcomes';
import { runStateOf } from './outcomes';
import { failureOf, itemsOf, stoppingError } from './pairing';
import { checkReport, recordsIn } from './results';
import { bulkRefusal, returnsErrorsAsItems, toThrow } from './tool';
import { unchanged } from './unchanged';

/**
 * The one place where requests run: every operation that takes the items one by one. It is a
 * `customOperations` entry, n8n's own means for a declarative node to carry an operation out itself,
 * since the routing engine evaluates an expression of the user many times over, and those of all items
 * before the first request leaves (`bench/README.md`).
 * @throws the error of the first item that was refused, unless "On Error" says to continue
 */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const state = runStateOf(this, this.getNodeParameter('settings', 0, {}) as IDataObject);
	const { resource, operation } = findOperation(
		String(this.getNodeParameter('resource', 0)),
		String(this.getNodeParameter('operation', 0)),
	);
	const options = optionsOf(this);
	const parameters = parametersOf(this);
	const count = this.getInputData().length;
	const underWay: Array<Promise<ItemOutcome>> = [];
	for (let item = 0; item < count; item += 1) {
		const read = (name: string) => parameters(name, item);
		underWay.push(
			runItem({ context: this, state, options, resource, operation, itemIndex: item, read }),
		);
	}
	const outcomes = await Promise.all(underWay);
	showHints(this, state.allRuns, outcomes);
	const error = stoppingError(this, outcomes);
	if (error) throw toThrow(this, error);
	return [outcomes.flatMap(itemsOf)];
}

/**
 * The same for one item that comes from n8n's routing engine: of a call that an agent makes itself (AI
 * Agent before version 3), or where an expression gives the operation. It is the node's
 * `requestOperations.pagination`, switched on by the Resource field.
 */
export async function executeRouted(
	this: IExecutePaginationFunctions,
	{ options }: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const state = runStateOf(this, this.getNodeParameter('settings', {}) as IDataObject);
	const { resource, operation } = findOperation(
		String(this.getNodeParameter('resource')),
		String(this.getNodeParameter('operation')),
	);
	const itemIndex = this.getItemIndex();
	const read = (name: string) => this.getNodeParameter(name, null);
	const outcome = await runItem({
		...{ context: this, state, resource, operation, itemIndex, read },
		options: Promise.resolve(routedOptions(options)),
	});
	const error = returnsErrorsAsItems(this, state) ? undefined : stoppingError(this, [outcome]);
	if (error) throw toThrow(this, error);
	return itemsOf(outcome, itemIndex);
}

/** An item before its form is read. */
interface Item extends Omit<Call, 'form' | 'options' | 'run'> {
	state: RunState;
	/** Where they cannot be had, each item gets an error of its own. */
	options: Promise<Call['options']>;
	/** A parameter's value for the item, with its expressions evaluated. */
	read(name: string): unknown;
}

/** What becomes of an item: in an earlier try of n8n, if that stands, or now. */
async function runItem(item: Item): Promise<ItemOutcome> {
	const { state, itemIndex } = item;
	const outcome =
		state.begin(itemIndex) ?? (await state.semaphore.run(async () => await tryItem(item)));
	state.settle(itemIndex, outcome);
	return outcome;
}

async function tryItem(item: Item): Promise<ItemOutcome> {
	const { context, state, itemIndex, resource, operation } = item;
	const place = state.order.next();
	try {
		await state.eventLoop.pass();
		refuseIfOver(item);
		const options = await item.options;
		const run = await state.runOf(context, itemIndex);
		const form = formOf(context, operation, itemIndex, item.read);
		const call: Call = { context, run, options, itemIndex, resource, operation, form };
		await check(call);
		await place.reached;
		const subject = subjectOf(call);
		const begin = async () => {
			// An item before may have been refused meanwhile.
			refuseIfOver(item);
			return await carryOut(call);
		};
		const records =
			subject === undefined ? begin() : inTurn(call, [`record ${run.programId} ${subject}`], begin);
		place.leave();
		return { records: await records };
	} catch (error) {
		// Without "Continue" nobody sees the other items' results: sending more would only do harm.
		if (!context.continueOnFail() && !state.isShared)
			state.stoppedBy = Math.min(state.stoppedBy, itemIndex);
		return { failure: failureOf(context, error, itemIndex) };
	} finally {
		place.leave();
	}
}

/** @throws NodeOperationError if nothing is to be sent any more */
function refuseIfOver({ context, state, itemIndex }: Item): void {
	const reason = context.getExecutionCancelSignal()?.aborted
		? 'the execution was canceled'
		: state.stoppedBy < itemIndex && `item ${state.stoppedBy + 1} was refused`;
	if (!reason) return;
	throw new NodeOperationError(
		context.getNode(),
		`Not sent, since ${reason}${ofItem(context, itemIndex)}`,
	);
}

/**
 * Refuses an item whose form is not complete, before any request that changes something.
 * @throws NodeOperationError that names the field and the item
 */
async function check(call: Call): Promise<void> {
	if (call.operation.bulk) throw bulkRefusal(call.context, call.operation);
	call.form.check();
	await checkCurrencies(call);
}

/**
 * Carries an operation out for one item whose form is complete.
 * @returns the records that come out
 */
async function carryOut(call: Call): Promise<IDataObject[]> {
	const { operation, form } = call;
	if (operation.output.kind === 'list') return await readList(call, operation.output);
	if (operation.idempotency?.onConflict) return [await recordSale(call)];
	if (operation.idempotency) return [await create(call, operation.idempotency)];
	if (operation.listDiff) return [await createByListDiff(call, operation.listDiff)];
	if (operation.transition)
		return await recordsIn(call, await applyTransition(call, operation.transition));
	if (operation.removesSale) return await removeSale(call, operation.removesSale);
	if (operation.bySearch) return await recordsIn(call, await readRecord(call, operation.bySearch));
	if (operation.credit) {
		const credited = await credit(call, operation.credit);
		return 'balance' in credited ? [credited.balance] : await recordsIn(call, credited.result);
	}
	if (operation.nonIdempotent) return [await countUp(call, operation.nonIdempotent.counter)];
	if (form.changesNothing) return [await unchanged(call)];
	if (isUpdate(operation)) return [await update(call, operation.request)];
	checkReport(call);
	const records = await recordsIn(call, await sendRoute(call, operation.request));
	if (operation.request.method === 'DELETE') forgetDeleted(call);
	return records;
}

async function removeSale(
	call: Call,
	{ field, lookup }: NonNullable<Operation['removesSale']>,
): Promise<IDataObject[]> {
	const key = call.form.reference(field)!.value;
	const records = await recordsIn(
		call,
		await deleteSale(call, lookup, key, isUnseenSale(call, key)),
	);
	forgetSale(call, key);
	return records;
}

/** Whether an operation changes a record that it outputs. */
function isUpdate({ request, output }: Operation): boolean {
	return request.method === 'PUT' && output.kind === 'record';
}

/** What n8n calls for each operation, by resource. */
export const customOperations = Object.fromEntries(
	resources.map(({ entry, operations }) => [
		entry.value,
		Object.fromEntries(
			operations.map((operation) => [operation.entry.value, operation.bulk ? createMany : execute]),
		),
	]),
);
