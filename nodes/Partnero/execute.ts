import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Call } from './request/call';
import { create, createTraced } from './request/create';
import { deliverRoute } from './request/deliver';
import { Form } from './request/form';
import { lookUpReferences } from './request/lookUp';
import { routedOptions } from './request/options';
import type { Reading } from './request/pages';
import { largestPage, pages, smallestPage } from './request/pages';
import type { Outcome, Run } from './request/run';
import { runOf } from './request/run';
import { fieldsIn, fillRequest } from './request/template';
import { answersWithErrors, bulkRefusal, toThrow } from './request/tool';
import { moveOn } from './request/transition';
import { findOperation } from './resources';
import type { ListOutput, RequestTemplate } from './resources/operation';
import { failedJson } from './response/errors';
import { Filters } from './response/filters';
import { shaped, toItems } from './response/output';

/** What Limit is set to in the form. */
const usualLimit = 50;

/**
 * The one place where an item's request runs. n8n calls it for each item of the node, all at once:
 * it is the node's `requestOperations.pagination`, switched on by the Resource field.
 */
export async function execute(
	this: IExecutePaginationFunctions,
	routed: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const run = runOf(this, this.getNodeParameter('settings', {}) as IDataObject);
	const pairedItem = { item: this.getItemIndex() };
	const outcome =
		run.begin(pairedItem.item) ?? (await run.slots.use(async () => await attempt(this, run, routed)));
	run.settle(pairedItem.item, outcome);
	if ('records' in outcome) return outcome.records.map((json) => ({ json, pairedItem }));
	if (!this.continueOnFail() && !answersWithErrors(this, run)) throw toThrow(this, outcome.error);
	return [{ json: failedJson(outcome.error), pairedItem }];
}

async function attempt(
	context: IExecutePaginationFunctions,
	run: Run,
	routed: DeclarativeRestApiSettings.ResultOptions,
): Promise<Outcome> {
	const itemIndex = context.getItemIndex();
	const reason = context.getExecutionCancelSignal()?.aborted
		? 'the execution was canceled'
		: run.stoppedBy !== undefined && `item ${run.stoppedBy} was refused`;
	if (reason) {
		const message = `Not sent, since ${reason} [item ${itemIndex}]`;
		return { error: new NodeOperationError(context.getNode(), message, { itemIndex }) };
	}
	try {
		return { records: await perform(callOf(context, run, routed)) };
	} catch (error) {
		// Without "Continue" nobody sees the other items' results: sending more would only do harm.
		if (!context.continueOnFail() && !run.isShared) run.stoppedBy ??= itemIndex;
		const known = error instanceof NodeApiError || error instanceof NodeOperationError;
		return {
			error: known ? error : new NodeApiError(context.getNode(), error as JsonObject, { itemIndex }),
		};
	}
}

function callOf(
	context: IExecutePaginationFunctions,
	run: Run,
	{ options }: DeclarativeRestApiSettings.ResultOptions,
): Call {
	const { resource, operation } = findOperation(
		String(context.getNodeParameter('resource')),
		String(context.getNodeParameter('operation')),
	);
	const form = new Form(
		{
			node: context.getNode(),
			itemIndex: context.getItemIndex(),
			timezone: context.getTimezone(),
			read: (name) => context.getNodeParameter(name, null),
		},
		operation,
	);
	return { context, run, resource, operation, form, options: routedOptions(options) };
}

async function perform(call: Call): Promise<IDataObject[]> {
	const { operation, form } = call;
	if (operation.bulk) throw bulkRefusal(call.context, operation);
	form.check();
	if (operation.output.kind === 'list') return await list(call, operation.output);
	if (operation.identity) return [await create(call, operation.identity)];
	await lookUpReferences(call, operation.request);
	if (operation.trace) return [await createTraced(call, operation.trace)];
	if (operation.transition) return await toItems(call, await moveOn(call, operation.transition));
	return await toItems(call, await deliverRoute(call, operation.request));
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
