import type { IDataObject } from 'n8n-workflow';

import type { Fields } from '../form/template';
import { fieldsInUrl, fillRequest, isSafeUrl } from '../form/template';
import type { Reference } from '../form/values';
import { orBySearch } from '../lookup/bySearch';
import { sendRoute } from '../lookup/sendRoute';
import type { RequestTemplate, Search } from '../operation';
import type { Call } from '../response/call';
import type { Comparison } from '../response/contradictions';
import { changesIn, compareWithSent } from '../response/contradictions';
import { notHeededError, refusal } from '../response/errors';
import { recordUnder } from '../response/unwrap';
import { abortableSleep } from '../transport/clock';
import { isSuccess, isUndecided } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import { backOff } from '../transport/retryPolicy';
import { cancelSignalOf } from '../transport/sender';

import { readBackPolicy } from './policy';
import { ackBody, asOutput } from './record';

/** Where the values of an update come from, and what its record was before, as far as that is known. */
interface Updated {
	fields?: Fields;
	before?: IDataObject;
}

/** What an answer shows of a record, and how that compares with what was sent. */
interface Look {
	/** Nothing where the answer only acknowledges. */
	record?: IDataObject;
	comparison?: Comparison;
}

/**
 * Updates a record, and believes it only if it shows (`recording-rules.md` 13). An answer that does not show all of it is
 * read back once. One that shows something else is read again, since it may only be late, and then the other form of
 * the request is sent, if there is one.
 * @throws ItemFailure if the record still shows something else
 */
export async function update(
	call: Call,
	route: RequestTemplate,
	{ fields = call.form, before }: Updated = {},
): Promise<IDataObject> {
	const first = await sendRoute(call, route, fields);
	const sent = changesIn(fillRequest(route, fields));
	const lookAt = (result: RequestResult): Look => {
		const record = recordUnder(result);
		return { record, comparison: record && compareWithSent(record, sent, before) };
	};
	const again = async (look: Look): Promise<Look> => {
		const read = await readAgain(call, route, fields);
		if (!read) return look;
		const other = lookAt(read);
		call.run.memory[notShownMemory(call, other)] = true;
		return other;
	};
	let written = first;
	let look = lookAt(first);
	if (!isSuccess(first)) throw await refusal(call, first);
	const other = otherForm(call, fields);
	const spelling = `spelling of ${call.operation.request.url}`;
	const mayBeIgnored = ({ comparison }: Look) =>
		isContradicted(comparison) ||
		(other !== undefined &&
			comparison?.isSpelledOtherwise === true &&
			call.run.memory[spelling] !== true);
	if (mayBeIgnored(look) || !isShown(call, look)) look = await again(look);
	if (other && mayBeIgnored(look)) {
		const instead = await sendWithRetry(call, other, true);
		if (isUndecided(instead) && isContradicted(look.comparison)) throw await refusal(call, instead);
		// Who took the first form and refuses the other one has said all with the first answer.
		if (isSuccess(instead)) {
			written = instead;
			look = lookAt(instead);
			if (isContradicted(look.comparison) || !isShown(call, look)) look = await again(look);
		}
		// What comes back so after either form is the API's own way to write it.
		if (look.comparison?.isSpelledOtherwise) call.run.memory[spelling] = true;
	}
	for (let looks = 1; isContradicted(look.comparison); looks += 1) {
		if (looks === readBackPolicy.looks)
			throw await notHeededError(call, look.comparison!.contradictions);
		await abortableSleep(backOff(looks, readBackPolicy), cancelSignalOf(call));
		look = await again(look);
	}
	return look.record ? asOutput(call, look.record, written) : ackBody(written);
}

function isContradicted(comparison: Comparison | undefined): boolean {
	return comparison !== undefined && comparison.contradictions.length > 0;
}

/** Whether an answer shows what was sent, or what no record of the run has shown that was read for it. */
function isShown(call: Call, look: Look): boolean {
	return (
		look.comparison?.notShown.length === 0 || call.run.memory[notShownMemory(call, look)] === true
	);
}

function notShownMemory({ operation }: Call, { comparison }: Look): string {
	return `not shown by ${operation.request.url}: ${comparison ? comparison.notShown.join() : 'all'}`;
}

/** The form of an update to send where the first one is not heeded, unless its path could lead to another record. */
function otherForm({ operation }: Call, fields: Fields) {
	const other = operation.fallbacks?.find(
		(fallback) => 'orIgnored' in fallback && fallback.orIgnored,
	);
	return other && isSafeUrl(other.request.url, fields)
		? fillRequest(other.request, fields)
		: undefined;
}

/**
 * Reads a record after it was updated: at its own address, or where the update has taken it by another identifier.
 * @returns nothing if it has no address, or cannot be read there
 */
async function readAgain(
	call: Call,
	route: RequestTemplate,
	fields: Fields,
): Promise<RequestResult | undefined> {
	const { fallbacks = [], readBack = {} } = call.operation;
	const renamed = fallbacks.flatMap((fallback) =>
		'afterLoss' in fallback ? fallback.request.url : [],
	);
	for (const url of [readBack.url ?? route.url, ...renamed]) {
		const [field] = fieldsInUrl(url.split('/').at(-1)!).filter((name) => fields.has(name));
		if (field === undefined) continue;
		const { url: address } = fillRequest({ method: 'GET', url }, fields);
		const result = await sendWithRetry(call, { method: 'GET', url: address });
		const found = readBack.bySearch
			? await orBySearch(
					call,
					result,
					readBack.bySearch,
					identifierIn(fields, field, readBack.bySearch),
				)
			: result;
		if (isSuccess(found) && recordUnder(found)) return found;
	}
	return undefined;
}

function identifierIn(fields: Fields, field: string, { match }: Search): Reference {
	return {
		kind: match.find((kind) => fields.convert(field, kind) !== undefined) ?? 'list',
		value: fields.pathSegment(field),
	};
}

/**
 * Counts something up. What it was before is not known, so only a count of nothing is surely wrong. An answer without
 * the count is read back once.
 * @throws ItemFailure if the record shows that nothing was counted
 */
export async function countUp(call: Call, counter: string): Promise<IDataObject> {
	const { form, operation, run } = call;
	const first = await sendRoute(call, operation.request);
	if (!isSuccess(first)) throw await refusal(call, first);
	const memory = `not shown by ${operation.request.url}: ${counter}`;
	let result = first;
	if (recordUnder(first)?.[counter] === undefined && run.memory[memory] !== true) {
		result = (await readAgain(call, operation.request, form)) ?? first;
		run.memory[memory] = result !== first && recordUnder(result)?.[counter] === undefined;
	}
	const record = recordUnder(result);
	if (!record) return ackBody(first);
	const shown = record[counter];
	if (shown === 0 || shown === '0')
		throw await notHeededError(call, [{ apiField: counter, sent: 'one more', shown }]);
	return asOutput(call, record, first);
}
