import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { parametersOf } from '../form/parameters';
import { fillObject } from '../form/template';
import { checkCurrencies } from '../lookup/currency';
import { resolveReferences } from '../lookup/references';
import { findOperation } from '../resources';
import type { Call } from '../response/call';
import { abortableSleep } from '../transport/clock';
import { optionsOf } from '../transport/options';
import { recordSales } from '../writes/recorder';
import type { Sale } from '../writes/sale';
import { saleOf } from '../writes/sale';
import { nameOfSale } from '../writes/salesMemory';

import { formOf } from './form';
import { showHints } from './hints';
import type { ItemOutcome, RunState } from './outcomes';
import { runStateOf } from './outcomes';
import { failureOf, itemsOf, stoppingError } from './pairing';
import { bulkRefusal, isTool, toThrow } from './tool';

/**
 * Transaction: Create Many. All incoming items are one job: refused before anything is sent if one of
 * them cannot be, grouped by customer, sent in bulk, and read back, since the API documents neither
 * the answer nor what a partial failure looks like (`partnero-api.md` 2.4).
 */
export async function createMany(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (isTool(this.getNode())) {
		throw toThrow(this, bulkRefusal(this, findOperation('transaction', 'createMany').operation));
	}
	const count = this.getInputData().length;
	const state = runStateOf(this, this.getNodeParameter('settings', 0, {}) as IDataObject);
	const outcomes: ItemOutcome[] = [];
	for (let item = 0; item < count; item += 1) {
		const known = state.begin(item);
		if (known) outcomes[item] = known;
	}
	const sales = await readSales(this, state, count, outcomes);
	stopIfFailed(this, outcomes);
	await recordAll(this, state, sales, outcomes);
	showHints(this, state.allRuns, outcomes);
	stopIfFailed(this, outcomes);
	return [outcomes.flatMap(itemsOf)];
}

/** Every item's sale, checked. What is wrong with an item becomes its outcome. */
async function readSales(
	context: IExecuteFunctions,
	state: RunState,
	count: number,
	outcomes: ItemOutcome[],
): Promise<Sale[]> {
	const { resource, operation } = findOperation('transaction', 'createMany');
	const options = optionsOf(context);
	const parameters = parametersOf(context);
	const sales: Sale[] = [];
	for (let item = 0; item < count; item += 1) {
		await state.eventLoop.pass();
		context.getExecutionCancelSignal()?.throwIfAborted();
		if (outcomes[item]) continue;
		const form = formOf(context, operation, item, (name) => parameters(name, item));
		try {
			const run = await state.runOf(context, item);
			const call: Call = {
				context,
				run,
				resource,
				operation,
				form,
				itemIndex: item,
				options: await options,
			};
			form.check();
			await checkCurrencies(call);
			await resolveReferences(call, operation.request);
			sales.push(saleOf(call));
		} catch (error) {
			outcomes[item] = { failure: failureOf(context, error, item) };
		}
	}
	return sales;
}

/**
 * The sales of one buyer go together. A second sale with a key that folds to the same waits for the first one, which
 * tells whether both are one.
 */
async function recordAll(
	context: IExecuteFunctions,
	state: RunState,
	sales: Sale[],
	outcomes: ItemOutcome[],
): Promise<void> {
	const keys = new Set<string>();
	const followers: Sale[] = [];
	const groups = new Map<string, Sale[]>();
	for (const sale of sales) {
		await state.eventLoop.pass();
		const { key, call } = sale;
		const { programId } = call.run;
		const folded = key === undefined ? undefined : nameOfSale(programId, key);
		if (folded !== undefined && keys.has(folded)) {
			followers.push(sale);
			continue;
		}
		if (folded !== undefined) keys.add(folded);
		const name = `${programId} ${key === undefined} ${JSON.stringify(fillObject(call.operation.bulk!.shared, call.form))}`;
		const group = groups.get(name);
		if (group) group.push(sale);
		else groups.set(name, [sale]);
	}
	let done = 0;
	const record = async (group: Sale[]) => {
		await state.semaphore.run(async () => {
			await yieldOrEnd(context);
			for (const [sale, outcome] of await recordSales(group)) {
				const { itemIndex } = sale.call;
				const became: ItemOutcome =
					'record' in outcome
						? { records: [outcome.record] }
						: { failure: failureOf(context, outcome.error, itemIndex) };
				outcomes[itemIndex] = became;
				state.settle(itemIndex, became);
			}
		});
		done += group.length;
		context.logger.debug(`Partnero: ${done} of ${sales.length} sales recorded`);
	};
	await Promise.all([...groups.values()].map(record));
	await Promise.all(followers.map(async (sale) => await record([sale])));
}

function stopIfFailed(context: IExecuteFunctions, outcomes: ItemOutcome[]): void {
	const error = stoppingError(context, outcomes);
	if (error) throw error;
}

/** Yields to the event loop, and ends here if the execution was canceled. */
async function yieldOrEnd(context: IExecuteFunctions): Promise<void> {
	await abortableSleep(0, context.getExecutionCancelSignal());
}
