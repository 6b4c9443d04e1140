import { fieldsInUrl } from '../form/template';
import type { Reference } from '../form/values';
import type { Search } from '../operation';
import type { Call } from '../response/call';
import { recordUnder } from '../response/unwrap';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';

import { sendRoute } from './sendRoute';
import { searchRecord } from './slashes';

/**
 * Reads the operation's record by its path, and if its identifier has a slash, at which a server may part the path
 * (`partnero-api.md` 10, A2), by a search where the path does not lead to it. Without a slash nothing more is sent.
 */
export async function readRecord(call: Call, search: Search): Promise<RequestResult> {
	const { form, operation } = call;
	const [identifier] = fieldsInUrl(operation.request.url).flatMap(
		(field) => form.reference(field) ?? [],
	);
	return await orBySearch(call, await sendRoute(call, operation.request), search, identifier);
}

/** What a path has answered, or if that has led nowhere for a slash in the identifier, what a search finds. */
export async function orBySearch(
	call: Call,
	result: RequestResult,
	search: Search,
	identifier: Reference | undefined,
): Promise<RequestResult> {
	if (!identifier?.value.includes('/') || !mayHaveMissed(result, search, identifier.value))
		return result;
	const record = await searchRecord(call, search, identifier);
	if (record)
		return {
			...result,
			outcome: 'ok',
			response: { ...result.response!, status: 200, body: { data: record } },
		};
	if (!isSuccess(result)) return result;
	return {
		...result,
		outcome: 'rejected',
		response: { ...result.response!, status: 404, body: {} },
	};
}

/** Whether a path has led nowhere, or to something else: to a list, or to the record before a slash at the end. */
function mayHaveMissed(result: RequestResult, { match }: Search, identifier: string): boolean {
	if (!isSuccess(result)) return [404, 405].includes(result.response?.status ?? 0);
	const record = recordUnder(result);
	return !record || !match.some((name) => fold(record[name]) === fold(identifier));
}

function fold(value: unknown): string {
	return String(value).trim().toLowerCase();
}
