import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../response/call';
import { dataOf, recordsAmong } from '../response/unwrap';
import { isSuccess } from '../transport/outcome';
import type { HttpRequest } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';

import { smallestPage } from './pages';

/** A search by one field, and the list of all that it searches. */
export interface Search {
	/** The address of the search. */
	url: string;
	/** What it searches by, which its records show under the same name. */
	name: string;
	/** The address of the whole list. */
	listUrl: string;
}

/**
 * Whether a search that finds nothing overlooks what is there (`partnero-api.md` 10, A12): it is asked for a record of
 * the list. Two requests, once per run. What cannot be decided counts as no.
 */
export async function isSearchBlind(call: Call, { url, name, listUrl }: Search): Promise<boolean> {
	const { isBlind } = await call.run.lookups.run(`is blind: ${url} ${name}`, async () => {
		const listed = await recordsOf(call, {
			method: 'GET',
			url: listUrl,
			qs: { limit: smallestPage, page: 1 },
		});
		// The last of the page, since the newest may not be searchable yet.
		const value = listed
			.map((record) => record[name])
			.filter((shown) => typeof shown === 'string' && shown !== '')
			.at(-1) as string | undefined;
		if (value === undefined) return { isBlind: false };
		const found = await recordsOf(call, {
			method: 'GET',
			url,
			qs: { [name]: value, limit: smallestPage, page: 1 },
		});
		return {
			isBlind: !found.some((record) => String(record[name]).toLowerCase() === value.toLowerCase()),
		};
	});
	return isBlind;
}

/** The records of one page; none where there is no list. */
async function recordsOf(call: Call, request: HttpRequest): Promise<IDataObject[]> {
	const result = await sendWithRetry(call, request);
	const data = isSuccess(result) ? dataOf(result) : [];
	return Array.isArray(data) ? recordsAmong(data) : [];
}
