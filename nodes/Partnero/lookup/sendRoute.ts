import type { IDataObject } from 'n8n-workflow';

import type { Fields } from '../form/template';
import { fieldsIn, fieldsInUrl, fillRequest, isAnyFilled, isSafeUrl } from '../form/template';
import type { Fallback, Operation, RequestTemplate } from '../operation';
import type { Call } from '../response/call';
import { changesIn } from '../response/contradictions';
import { partedError, refusal } from '../response/errors';
import { identifiersIn } from '../response/identity';
import { matchesSent, predates } from '../response/matchesSent';
import { foldStatus } from '../response/standing';
import { recordUnder } from '../response/unwrap';
import { isRecord, isSuccess, isUndecided, statusBlock } from '../transport/outcome';
import type { HttpRequest, RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import type { Sender } from '../transport/sender';

import type { PageOptions } from './pages';
import { largestPage, paginate, saysEmpty, smallestPage } from './pages';
import { resolveReferences } from './references';
import type { Way } from './slashes';
import { partedField, wayRound } from './slashes';

/**
 * A route as the request of this item: its references resolved, its fields filled in.
 * @param fields where the values come from, if not from the form alone
 */
export async function fillRoute(
	call: Call,
	route: RequestTemplate,
	fields: Fields = call.form,
): Promise<HttpRequest> {
	await resolveReferences(call, route);
	return fillRequest(route, fields);
}

/** Sends a route for this item, and after it what its answer asks for instead. */
export async function sendRoute(
	call: Call,
	asked: RequestTemplate,
	fields: Fields = call.form,
): Promise<RequestResult> {
	const { operation } = call;
	await resolveReferences(call, asked);
	const first = await firstWay(call, asked, fields);
	const send = async ({ route, fields: from }: Way) => {
		// Resolved once: where it is gone round, all names are known.
		const filled =
			from === fields && route !== asked
				? await fillRoute(call, route, from)
				: fillRequest(route, from);
		const request = { ...filled, wants: wantedOf(operation, route) };
		return { request, result: await sendWithRetry(call, request, isRepeatable(operation, route)) };
	};
	const repeatable = isRepeatable(operation, first.route);
	let { request, result } = await send(first);
	const parted =
		first.fields === fields && !operation.bySearch ? partedField(first.route, fields) : undefined;
	if (parted !== undefined && isLost(result)) {
		const round = await wayRound(call, asked, parted, fields);
		if (round) ({ request, result } = await send(round));
		if (round && !isLost(result)) call.run.memory.partsPaths = true;
	}
	if (parted !== undefined && isRead(operation, first.route))
		result = ifMeant(result, fields.pathSegment(parted));
	for (const fallback of operation.fallbacks ?? []) {
		if (!isSafeUrl(fallback.request.url, fields)) continue;
		if (!isDue(fallback, result, fields) && !(await isUnmoved(call, fallback, result))) continue;
		const other = {
			...fillRequest(fallback.request, fields),
			wants: wantedOf(operation, fallback.request),
		};
		const instead = await sendWithRetry(call, other, repeatable);
		if (!('afterLoss' in fallback)) {
			result = instead;
		} else if (isUndecided(instead)) {
			// Still in doubt: n8n's next try begins here again.
			call.run.indeterminate.change(call.itemIndex, request).mark(result.since);
			return instead;
		} else if (isChanged(instead, request, result.since)) {
			result = instead;
		}
	}
	return result;
}

/**
 * The way to send a route at first. A slash in an identifier may lead a path to another record, and is gone round
 * then, and where the run has seen this server part its paths.
 * @throws ItemFailure if there is no other way, and the path could lead to another record
 */
async function firstWay(call: Call, asked: RequestTemplate, fields: Fields): Promise<Way> {
	const { operation, run } = call;
	const route = formOf(operation, asked, fields);
	const parted = partedField(route, fields);
	// What is found by its path is compared with the identifier there.
	if (parted === undefined || operation.bySearch) return { route, fields };
	const isSafe = isSafeUrl(route.url, fields);
	if (isSafe && run.memory.partsPaths !== true) return { route, fields };
	const round = await wayRound(call, route, parted, fields);
	if (!round && !isSafe && !isRead(operation, route)) throw await partedError(call);
	return round ?? { route, fields };
}

/** Whether a route reads one record, which can be compared with the identifier then. */
function isRead({ output }: Operation, { method }: RequestTemplate): boolean {
	return method === 'GET' && output.kind === 'record';
}

/** What was read, unless a path that was parted has led to something else. */
function ifMeant(result: RequestResult, identifier: string): RequestResult {
	const record = isSuccess(result) ? recordUnder(result) : undefined;
	if (!isSuccess(result) || (record && Object.values(identifiersIn(record)).includes(identifier)))
		return result;
	return {
		...result,
		outcome: 'rejected',
		response: { ...result.response!, status: 404, body: {} },
	};
}

/** Whether a request was sent to where nothing is. */
function isLost({ response }: RequestResult): boolean {
	return response?.status === 404 || response?.status === 405;
}

/** The form of a route that a slash in the identifier cannot lead astray (`partnero-api.md` 10, A2), if there is one. */
function formOf({ byBody }: Operation, route: RequestTemplate, fields: Fields): RequestTemplate {
	if (byBody?.method !== route.method) return route;
	const names = fieldsIn(byBody.body ?? {}).filter(
		({ apiField }) => !apiField.startsWith('update.'),
	);
	const isParted = fieldsInUrl(route.url).some(
		(field) => fields.has(field) && fields.pathSegment(field).includes('/'),
	);
	return isParted && isAnyFilled(names, fields) ? byBody : route;
}

/** How the list of a route is read. */
interface RouteOptions extends Partial<PageOptions> {
	/** A query of the node's own beside the route's. */
	qs?: IDataObject;
	/** Where the values come from, if not from the form alone. */
	fields?: Fields;
}

/** The pages of a list that a route of this item names. */
export async function* paginateRoute(
	call: Call,
	route: RequestTemplate,
	options: RouteOptions = {},
): AsyncGenerator<IDataObject[]> {
	const { qs: more, fields = call.form, ...how } = options;
	await resolveReferences(call, route);
	const first = await firstWay(call, route, fields);
	let parted = first.fields === fields ? partedField(first.route, fields) : undefined;
	let round: Way | undefined;
	const pages = ({ route: { url: address, ...rest }, fields: from }: Way) => {
		const { url, qs } = fillRequest({ ...rest, url: address }, from);
		const isEmpty = async (result: RequestResult) => {
			// Nothing has come out yet, so that the list can begin anew.
			if (parted !== undefined) round = await wayRound(call, route, parted, fields);
			parted = undefined;
			return (
				round !== undefined || (isFiltered({ url, qs }) && (await isEmptyList(call, url, result)))
			);
		};
		const failure = async (result: RequestResult) => await refusal(call, result);
		return paginate(
			call,
			{ url, qs: { ...more, ...qs } },
			{ size: largestPage, failure, isEmpty, ...how },
		);
	};
	yield* pages(first);
	if (!round) return;
	const other = round;
	round = undefined;
	call.run.memory.partsPaths = true;
	yield* pages(other);
}

function isFiltered({ url, qs = {} }: Pick<HttpRequest, 'url' | 'qs'>): boolean {
	return url.endsWith(':search') || Object.keys(qs).some((name) => name !== 'sort');
}

/**
 * Whether the 404 of a filtered list is the API's word that nothing matches (`partnero-api.md` 9, N22), and not that
 * of an address where there is no such list: the list without the filter has to answer, asked once per run.
 */
export async function isEmptyList(
	sender: Sender,
	url: string,
	{ response }: RequestResult,
): Promise<boolean> {
	if (
		!isRecord(response?.body) ||
		(response.body.message === undefined && response.body.status === undefined)
	)
		return false;
	const list = url.replace(/:search$/, '');
	const { answers } = await sender.run.lookups.run(`list ${list}`, async () => {
		const result = await sendWithRetry(sender, {
			method: 'GET',
			url: list,
			qs: { limit: smallestPage, page: 1 },
		});
		return { answers: result.outcome === 'ok' || saysEmpty(list, result) };
	});
	return answers;
}

/** What the answer to a route has to hold: a bare one to a create proves nothing, to an archive it is enough. */
function wantedOf({ output }: Operation, { method }: RequestTemplate): HttpRequest['wants'] {
	return method === 'POST' && ['record', 'answer', 'computed'].includes(output.kind)
		? 'record'
		: undefined;
}

/** Whether sending a route twice does no more than sending it once. */
function isRepeatable({ nonIdempotent }: Operation, { method }: RequestTemplate): boolean {
	return method !== 'POST' && !nonIdempotent;
}

function isDue(fallback: Fallback, result: RequestResult, fields: Fields): boolean {
	const { response, lostAttempts } = result;
	if (!response || !answersWith(fallback.status, result)) return false;
	if ('afterLoss' in fallback)
		return lostAttempts > 0 && fieldsInUrl(fallback.request.url).some((field) => fields.has(field));
	return !fallback.field || complainsAbout(fallback.field, response.body);
}

/** Whether an answer is of a status; a form that is refused may come with a 400 or inside a success as well. */
function answersWith(status: number, { response, outcome }: RequestResult): boolean {
	if (response?.status === status) return true;
	return status === 422 && outcome === 'rejected' && [200, 201, 400].includes(response!.status);
}

/** Whether a refusal is about a field: among its errors, or without any in its message. */
function complainsAbout(field: string, body: unknown): boolean {
	const { errors, message } = statusBlock((body ?? {}) as IDataObject);
	const complaints = Object.keys((errors ?? {}) as IDataObject);
	if (complaints.length > 0) return complaints.includes(field);
	const words = String(message ?? '').toLowerCase();
	// Laravel's own messages spell a field's name with spaces.
	const spelled = `${field.replaceAll('_', ' ')} field`;
	return words.includes(spelled) || (field.includes('_') && words.includes(field));
}

/** Whether a 404 cannot be about the record: it is there, and in the status from which it was to be moved. */
async function isUnmoved(
	call: Call,
	fallback: Fallback,
	{ response }: RequestResult,
): Promise<boolean> {
	const { transition } = call.operation;
	if (!('unlessMoved' in fallback) || response?.status !== 404 || !transition?.from) return false;
	const record = recordUnder(
		await sendWithRetry(call, await fillRoute(call, { method: 'GET', url: transition.url })),
	);
	return record !== undefined && transition.from.includes(foldStatus(record.status));
}

/** Whether the record at the new address is the one that was changed, and not one that had the identifier before. */
function isChanged(result: RequestResult, request: HttpRequest, since: number): boolean {
	const record = recordUnder(result);
	return (
		record !== undefined &&
		!predates(record.updated_at, since) &&
		matchesSent(record, changesIn(request))
	);
}
