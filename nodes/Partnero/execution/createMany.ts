import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { Form } from '../form/form';
import { identifierOf } from '../form/identifier';
import { parametersOf } from '../form/parameters';
import { fillObject } from '../form/template';
import { resolveReferences } from '../lookup/references';
import { findOperation } from '../resources';
import type { Call } from '../response/call';
import { ItemFailure } from '../response/failure';
import { abortableSleep } from '../transport/clock';
import { optionsOf } from '../transport/options';
import type { Sale } from '../writes/batch';
import { recordGroup } from '../writes/batch';

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
		await state.yieldToEventLoop();
		context.getExecutionCancelSignal()?.throwIfAborted();
		if (outcomes[item]) continue;
		const form = new Form(
			{
				node: context.getNode(),
				itemIndex: item,
				timezone: context.getTimezone(),
				read: (name) => parameters(name, item),
			},
			operation,
		);
		try {
			const run = await state.runOf(context, item);
			const call: Call = { context, run, resource, operation, form, itemIndex: item, options: await options };
			form.check();
			await resolveReferences(call, operation.request);
			sales.push({
				call,
				item,
				key: identifierOf(form, operation.idempotency!)!,
				policy: String(form.value('ifKeyExists') ?? 'skip'),
				buyer: fillObject(operation.bulk!.shared, form),
				body: fillObject(operation.bulk!.record, form),
			});
		} catch (error) {
			outcomes[item] = { failure: failureOf(context, error, item) };
		}
	}
	return sales;
}

async function recordAll(context: IExecuteFunctions, state: RunState, sales: Sale[], outcomes: ItemOutcome[]): Promise<void> {
	const senders = new Map<string, Sale>();
	const followers: Sale[] = [];
	const groups = new Map<string, Sale[]>();
	for (const sale of sales) {
		const { programId } = sale.call.run;
		if (sale.policy !== 'record') {
			if (senders.has(`${programId} ${sale.key}`)) {
				followers.push(sale);
				continue;
			}
			senders.set(`${programId} ${sale.key}`, sale);
		}
		const name = `${programId} ${sale.policy === 'record'} ${JSON.stringify(sale.buyer)}`;
		const group = groups.get(name);
		if (group) group.push(sale);
		else groups.set(name, [sale]);
	}
	let done = 0;
	await Promise.all(
		[...groups.values()].map(async (group) => {
			await state.semaphore.run(async () => {
				await yieldOrEnd(context);
				for (const [sale, became] of await recordGroup(group)) {
					const outcome = 'record' in became ? { records: [became.record] } : became;
					outcomes[sale.item] = outcome;
					state.settle(sale.item, outcome);
				}
			});
			done += group.length;
			context.logger.debug(`Partnero: ${done} of ${sales.length - followers.length} sales recorded`);
		}),
	);
	for (const sale of followers) {
		outcomes[sale.item] = follow(sale, outcomes[senders.get(`${sale.call.run.programId} ${sale.key}`)!.item]);
	}
}

/** A second item with the same key shares the first one's record. */
function follow({ call, key, policy }: Sale, first: ItemOutcome): ItemOutcome {
	if ('failure' in first || policy === 'fail') {
		const reason = 'failure' in first ? 'was not recorded by an earlier item' : 'is recorded by an earlier item';
		return { failure: new ItemFailure(call.form.refuse(`Transaction '${key}' ${reason}`), false) };
	}
	return { records: [{ ...first.records[0], created: false }] };
}

function stopIfFailed(context: IExecuteFunctions, outcomes: ItemOutcome[]): void {
	const error = stoppingError(context, outcomes);
	if (error) throw error;
}

/** Yields to the event loop, and ends here if the execution was canceled. */
async function yieldOrEnd(context: IExecuteFunctions): Promise<void> {
	await abortableSleep(0, context.getExecutionCancelSignal());
}
