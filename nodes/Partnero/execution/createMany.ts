import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Call } from '../transport/call';
import { Form } from '../form/form';
import { identifierOf } from '../lookup/find';
import { lookUpReferences } from '../lookup/references';
import { optionsOf } from '../transport/options';
import { parametersOf } from '../form/parameters';
import type { Outcome, Run } from '../transport/run';
import { runOf } from '../transport/run';
import { fillObject } from '../form/template';
import { bulkRefusal, isTool, toThrow } from './tool';
import { abortableSleep } from '../transport/clock';
import { findOperation } from '../resources';
import { asNodeError, itemsOf } from './pairing';
import type { Sale } from '../writes/batch';
import { recordGroup } from '../writes/batch';

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
	const run = runOf(this, this.getNodeParameter('settings', 0, {}) as IDataObject);
	const outcomes: Outcome[] = [];
	for (let item = 0; item < count; item += 1) {
		const known = run.begin(item);
		if (known) outcomes[item] = known;
	}
	const sales = await readSales(this, run, count, outcomes);
	stopIfRefused(this, outcomes);
	await recordAll(this, sales, outcomes);
	stopIfRefused(this, outcomes);
	return [outcomes.flatMap(itemsOf)];
}

/** Every item's sale, checked. What is wrong with an item becomes its outcome. */
async function readSales(
	context: IExecuteFunctions,
	run: Run,
	count: number,
	outcomes: Outcome[],
): Promise<Sale[]> {
	const { resource, operation } = findOperation('transaction', 'createMany');
	const options = optionsOf(context, run);
	const parameters = parametersOf(context);
	const sales: Sale[] = [];
	for (let item = 0; item < count; item += 1) {
		await run.giveWay();
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
			const call: Call = { context, run, resource, operation, form, options: await options };
			form.check();
			await lookUpReferences(call, operation.request);
			sales.push({
				call,
				item,
				key: identifierOf(call, operation.identity!)!,
				policy: String(form.value('ifKeyExists') ?? 'skip'),
				buyer: fillObject(operation.bulk!.shared, form),
				body: fillObject(operation.bulk!.record, form),
			});
		} catch (error) {
			outcomes[item] = { error: asNodeError(context, error, item) };
		}
	}
	return sales;
}

async function recordAll(context: IExecuteFunctions, sales: Sale[], outcomes: Outcome[]): Promise<void> {
	const senders = new Map<string, Sale>();
	const followers: Sale[] = [];
	const groups = new Map<string, Sale[]>();
	for (const sale of sales) {
		if (sale.policy !== 'record') {
			if (senders.has(sale.key)) {
				followers.push(sale);
				continue;
			}
			senders.set(sale.key, sale);
		}
		const name = `${sale.policy === 'record'} ${JSON.stringify(sale.buyer)}`;
		const group = groups.get(name);
		if (group) group.push(sale);
		else groups.set(name, [sale]);
	}
	let done = 0;
	await Promise.all(
		[...groups.values()].map(async (group) => {
			const { run } = group[0].call;
			await run.slots.use(async () => {
				await giveWay(context);
				for (const [sale, outcome] of await recordGroup(group)) {
					outcomes[sale.item] = outcome;
					run.settle(sale.item, outcome);
				}
			});
			done += group.length;
			context.logger.debug(`Partnero: ${done} of ${sales.length - followers.length} sales recorded`);
		}),
	);
	for (const sale of followers) {
		outcomes[sale.item] = follow(sale, outcomes[senders.get(sale.key)!.item]);
	}
}

/** A second item with the same key shares the first one's record. */
function follow({ call, key, policy }: Sale, first: Outcome): Outcome {
	if ('error' in first || policy === 'fail') {
		const reason = 'error' in first ? 'was not recorded by an earlier item' : 'is recorded by an earlier item';
		return { error: call.form.refuse(`Transaction '${key}' ${reason}`) };
	}
	return { records: [{ ...first.records[0], created: false }] };
}

/** Without "Continue" the first item that was refused stops the node, as everywhere in n8n. */
function stopIfRefused(context: IExecuteFunctions, outcomes: Outcome[]): void {
	if (context.continueOnFail()) return;
	const refused = outcomes.find((outcome) => outcome !== undefined && 'error' in outcome);
	if (refused && 'error' in refused) throw refused.error;
}

/** Lets n8n do something else, and ends here if the execution was canceled. */
async function giveWay(context: IExecuteFunctions): Promise<void> {
	await abortableSleep(0, context.getExecutionCancelSignal());
}
