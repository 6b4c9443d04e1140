import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecuteFunctions,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { createMany } from './createMany';
import type { Call } from '../transport/call';
import { create, createTraced } from '../writes/create';
import { deliverRoute } from '../transport/retry';
import { Form } from '../form/form';
import { lookUpReferences } from '../lookup/references';
import { optionsOf, routedOptions } from '../transport/options';
import type { Reading } from '../lookup/pages';
import { largestPage, pages, smallestPage } from '../lookup/pages';
import { parametersOf } from '../form/parameters';
import type { Outcome } from '../transport/run';
import { runOf } from '../transport/run';
import { fieldsIn, fillRequest } from '../form/template';
import { answersWithErrors, bulkRefusal, toThrow } from './tool';
import { moveOn } from '../writes/transition';
import { abortableSleep } from '../transport/clock';
import { findOperation, resources } from '../resources';
import type { ListOutput, RequestTemplate } from '../operation';
import { Filters } from '../response/filters';
import { asNodeError, itemsOf } from './pairing';
import { recordsIn, shaped } from '../response/output';

/** What Limit is set to in the form. */
const usualLimit = 50;

/**
 * The one place where requests run: every operation that takes the items one by one. It is a
 * `customOperations` entry, n8n's own means for a declarative node to carry an operation out itself,
 * since the routing engine evaluates an expression of the user many times over, and those of all items
 * before the first request leaves (`bench/README.md`).
 * @throws the error of the first item that was refused, unless "On Error" says to continue
 */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const run = runOf(this, this.getNodeParameter('settings', 0, {}) as IDataObject);
	const { resource, operation } = findOperation(
		String(this.getNodeParameter('resource', 0)),
		String(this.getNodeParameter('operation', 0)),
	);
	const options = optionsOf(this, run);
	const parameters = parametersOf(this);
	const pace = paceOf(this);
	const count = this.getInputData().length;
	const underWay: Array<Promise<Outcome>> = [];
	for (let item = 0; item < count; item += 1) {
		if (run.stoppedBy === undefined) await pace(item);
		const read = (name: string) => parameters(name, item);
		underWay.push(outcomeOf({ context: this, run, options, resource, operation, itemIndex: item, read }));
	}
	const outcomes = await Promise.all(underWay);
	const refused = outcomes.find((outcome) => 'error' in outcome);
	if (refused && 'error' in refused && !this.continueOnFail()) throw toThrow(this, refused.error);
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
	const run = runOf(this, this.getNodeParameter('settings', {}) as IDataObject);
	const { resource, operation } = findOperation(
		String(this.getNodeParameter('resource')),
		String(this.getNodeParameter('operation')),
	);
	const itemIndex = this.getItemIndex();
	const read = (name: string) => this.getNodeParameter(name, null);
	const outcome = await outcomeOf({
		...{ context: this, run, resource, operation, itemIndex, read },
		options: Promise.resolve(routedOptions(options)),
	});
	if ('error' in outcome && !this.continueOnFail() && !answersWithErrors(this, run)) {
		throw toThrow(this, outcome.error);
	}
	return itemsOf(outcome, itemIndex);
}

/** An item before its form is read. */
interface Item extends Omit<Call, 'form' | 'options'> {
	itemIndex: number;
	/** Where they cannot be had, each item gets an error of its own. */
	options: Promise<Call['options']>;
	/** A parameter's value for the item, with its expressions evaluated. */
	read(name: string): unknown;
}

/** What becomes of an item: in an earlier try of n8n, if that stands, or now. */
async function outcomeOf(item: Item): Promise<Outcome> {
	const { run, itemIndex } = item;
	const outcome = run.begin(itemIndex) ?? (await run.slots.use(async () => await attempt(item)));
	run.settle(itemIndex, outcome);
	return outcome;
}

async function attempt(item: Item): Promise<Outcome> {
	const { context, run, itemIndex } = item;
	await run.giveWay();
	const reason = context.getExecutionCancelSignal()?.aborted
		? 'the execution was canceled'
		: run.stoppedBy !== undefined && `item ${run.stoppedBy} was refused`;
	if (reason) {
		const message = `Not sent, since ${reason} [item ${itemIndex}]`;
		return { error: new NodeOperationError(context.getNode(), message, { itemIndex }) };
	}
	try {
		return { records: await perform({ ...item, options: await item.options, form: formOf(item) }) };
	} catch (error) {
		// Without "Continue" nobody sees the other items' results: sending more would only do harm.
		if (!context.continueOnFail() && !run.isShared) run.stoppedBy ??= itemIndex;
		return { error: asNodeError(context, error, itemIndex) };
	}
}

/** The waits between the items that Request Options > Batching asks for, as n8n's routing engine counts them. */
function paceOf(context: IExecuteFunctions): (item: number) => Promise<void> {
	const { batching } = context.getNodeParameter('requestOptions', 0, {}) as {
		batching?: { batch?: { batchSize?: number; batchInterval?: number } };
	};
	const { batchSize = 1, batchInterval = 0 } = batching?.batch ?? {};
	const size = batchSize > 0 ? batchSize : 1;
	const signal = context.getExecutionCancelSignal();
	return async (item) => {
		if (item === 0 || item % size !== 0 || !(batchInterval > 0) || signal?.aborted) return;
		await abortableSleep(batchInterval, signal).catch(() => undefined);
	};
}

function formOf({ context, itemIndex, operation, read }: Item): Form {
	return new Form({ node: context.getNode(), itemIndex, timezone: context.getTimezone(), read }, operation);
}

async function perform(call: Call): Promise<IDataObject[]> {
	const { operation, form } = call;
	if (operation.bulk) throw bulkRefusal(call.context, operation);
	form.check();
	if (operation.output.kind === 'list') return await list(call, operation.output);
	if (operation.identity) return [await create(call, operation.identity)];
	await lookUpReferences(call, operation.request);
	if (operation.trace) return [await createTraced(call, operation.trace)];
	if (operation.transition) return await recordsIn(call, await moveOn(call, operation.transition));
	return await recordsIn(call, await deliverRoute(call, operation.request));
}

/** A list up to the limit, with the conditions that the API cannot check. */
async function list(call: Call, output: ListOutput): Promise<IDataObject[]> {
	const { operation, form } = call;
	const wanted = form.value('returnAll') === true ? Infinity : form.count('limit', usualLimit);
	const filters = new Filters(output.filters, form);
	const route = routeOf(call);
	await lookUpReferences(call, route);
	const { url, qs } = fillRequest(route, form);
	const newestFirst = route === operation.request ? filters.newestFirst : {};
	const size = filters.isActive
		? largestPage
		: Math.min(largestPage, Math.max(smallestPage, wanted));
	const records: IDataObject[] = [];
	const reading: Reading = {
		size,
		unique: output.unique,
		wanted: () => Math.ceil((wanted - records.length) / size),
	};
	for await (const page of pages(call, { url, qs: { ...newestFirst, ...qs } }, reading)) {
		for (const record of page) {
			if (!filters.keep(record)) continue;
			records.push(shaped(record, output.summary, call));
			if (records.length === wanted) return records;
		}
		if (newestFirst.sort && filters.isBeyond(page)) return records;
	}
	return records;
}

/** The operation's own route, or the one that takes over because its field is filled. */
function routeOf({ operation, form }: Call): RequestTemplate {
	const [first, ...others] = (operation.alternatives ?? []).filter(({ when }) => when.some((field) => form.has(field)));
	if (!first) return operation.request;
	const fieldsOf = ({ qs = {} }: RequestTemplate) => fieldsIn(qs).map(({ field }) => field);
	const [taking] = first.when.filter((field) => form.has(field));
	const sent = [...first.when, ...fieldsOf(first.request)];
	const left = [...others.flatMap(({ when }) => when), ...fieldsOf(operation.request)].find(
		(field) => !sent.includes(field) && form.has(field),
	);
	if (left) {
		const labels = [taking, left].map((field) => `'${form.label(field)}'`);
		throw form.refuse(`${labels.join(' and ')} cannot be combined`, 'The API searches for one identifier, and for nothing else at the same time.');
	}
	return first.request;
}

/** What n8n calls for each operation, by resource. */
export const customOperations = Object.fromEntries(
	resources.map(({ entry, operations }) => [
		entry.value,
		Object.fromEntries(operations.map((operation) => [operation.entry.value, operation.bulk ? createMany : execute])),
	]),
);
