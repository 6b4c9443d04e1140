import type { IDataObject } from 'n8n-workflow';

import { fieldsIn } from '../form/template';
import { isSearchBlind } from '../lookup/blindSearch';
import { largestPage, smallestPage } from '../lookup/pages';
import { identifiersOf } from '../lookup/references';
import { paginateRoute } from '../lookup/sendRoute';
import type { ListOutput, RequestTemplate } from '../operation';
import type { Call } from '../response/call';
import { Filters } from '../response/filters';
import { shaped } from '../response/shape';

/** What Limit is set to in the form. */
const usualLimit = 50;

/** A list up to the limit, which counts what comes out: the node checks the conditions itself. */
export async function readList(call: Call, output: ListOutput): Promise<IDataObject[]> {
	const { operation, form } = call;
	const filters = new Filters(output.filters, form);
	const route = routeOf(call);
	const records: IDataObject[] = [];
	const hasAnswered = await readRoute(call, output, { route, filters, records });
	if (!hasAnswered && (await isOverlooked(call, output, route))) {
		await readRoute(call, output, { route: operation.request, filters, records });
	}
	if (filters.undated > 0) call.run.hint('undated', filters.undated);
	filters.report(call.run);
	return records;
}

/** How a list is read: by which route, and where the records that meet the conditions go. */
interface Reading {
	route: RequestTemplate;
	filters: Filters;
	records: IDataObject[];
}

/** @returns whether there was any record, be it one that was not wanted */
async function readRoute(
	call: Call,
	output: ListOutput,
	{ route, filters, records }: Reading,
): Promise<boolean> {
	const { operation, form } = call;
	const wanted = form.value('returnAll') === true ? Infinity : form.count('limit', usualLimit);
	const newestFirst = route === operation.request ? filters.newestFirst : {};
	const size = filters.isActive
		? largestPage
		: Math.min(largestPage, Math.max(smallestPage, wanted));
	// Of a page that follows, nobody knows whether it has a match.
	let hasNext: boolean | 'perhaps' = false;
	const pages = paginateRoute(call, route, {
		size,
		unique: output.unique,
		isUnpaged: output.isUnpaged,
		wanted: () => Math.ceil((wanted - records.length) / size),
		qs: newestFirst,
		onPage: (follows) => {
			hasNext = follows === false ? false : follows && !filters.hasConditions ? true : 'perhaps';
		},
	});
	let hasAny = false;
	for await (const page of pages) {
		hasAny ||= page.length > 0;
		await filters.prepare(page, async (field) => await identifiersOf(call, field));
		for (const [index, record] of page.entries()) {
			if (!filters.keep(record)) continue;
			records.push(shaped(record, output.summary, call));
			if (records.length < wanted) continue;
			noteMore(call, page.slice(index + 1).some((left) => filters.fits(left)) || hasNext);
			return true;
		}
		if (newestFirst.sort && filters.isBeyond(page)) break;
	}
	return hasAny;
}

/** Notes for the user that the limit has kept records out, or may have. */
function noteMore({ run }: Call, hasMore: boolean | 'perhaps'): void {
	if (hasMore) run.hint(hasMore === true ? 'limitReached' : 'limitPerhapsReached');
}

/** Whether a search found nothing because it cannot find, so that the node has to look through the whole list. */
async function isOverlooked(
	call: Call,
	{ filters }: ListOutput,
	{ url, qs = {} }: RequestTemplate,
): Promise<boolean> {
	const { operation } = call;
	if (url === operation.request.url) return false;
	const [name] = Object.keys(qs);
	// Only what records show can be looked for by the node.
	const isShown = filters?.checks?.some(
		({ field, shownBy }) => field === `filters.${name}` && shownBy.includes(name),
	);
	return (
		isShown === true && (await isSearchBlind(call, { url, name, listUrl: operation.request.url }))
	);
}

/** The operation's own route, or the one that takes over because its field is filled. */
function routeOf({ operation, form }: Call): RequestTemplate {
	const [first, ...others] = (operation.alternatives ?? []).filter(({ when }) =>
		when.some((field) => form.has(field)),
	);
	if (!first) return operation.request;
	const fieldsOf = ({ qs = {} }: RequestTemplate) => fieldsIn(qs).map(({ field }) => field);
	const [taking] = first.when.filter((field) => form.has(field));
	const sent = [...first.when, ...fieldsOf(first.request)];
	const left = [...others.flatMap(({ when }) => when), ...fieldsOf(operation.request)].find(
		(field) => !sent.includes(field) && form.has(field),
	);
	if (left) {
		const labels = [taking, left].map((field) => `'${form.label(field)}'`);
		throw form.refuse(
			`${labels.join(' and ')} cannot be combined`,
			'Partnero searches by one identifier at a time. Remove one of the two.',
		);
	}
	return first.request;
}
