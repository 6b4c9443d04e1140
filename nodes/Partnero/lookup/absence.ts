import type { IDataObject } from 'n8n-workflow';

import { withIdentifier } from '../form/identifier';
import type { Lookup } from '../operation';
import type { Call } from '../response/call';
import { itemFailure } from '../response/errors';

import { freshSize } from './pages';
import { paginateRoute } from './sendRoute';

/** How often a list that changes while it is read is read again. */
const mostReadings = 4;

/**
 * Looks an identifier up in a filtered list, until a record has it or the list is proven not to have it.
 * @param isIt whether a record is the one
 * @param isAgain whether it was looked up before, so that a cache may have the answer of then
 * @returns the record, or all records of the list where none is the one
 * @throws ItemFailure if the list cannot be read to its end
 */
export async function lookUpInList(
	call: Call,
	{ url, qs }: Extract<Lookup, { match: string }>,
	identifier: string,
	isIt: (record: IDataObject) => boolean,
	isAgain = false,
): Promise<{ record: IDataObject } | { others: IDataObject[] }> {
	const fields = withIdentifier(call.form, { kind: 'id', value: identifier });
	let before: string[] | undefined;
	for (let reading = 1; ; reading += 1) {
		const others: IDataObject[] = [];
		let pages = 0;
		for await (const page of paginateRoute(
			call,
			{ method: 'GET', url, qs },
			{ fields, ...(isAgain && { size: freshSize() }) },
		)) {
			pages += 1;
			const record = page.find(isIt);
			if (record) return { record };
			others.push(...page);
		}
		// A list of several pages can lose a record from one page while another one is read.
		// What is only added between two readings takes nothing away.
		const now = others.map((record) => JSON.stringify(record));
		const isThere = new Set(now);
		if (pages <= 1 || before?.every((record) => isThere.has(record))) return { others };
		if (reading === mostReadings) {
			const message =
				'The list changed while it was read, so it is unknown whether this is recorded already';
			throw await itemFailure(call, {
				message,
				advice: 'Nothing was sent for this item. Try again later.',
			});
		}
		before = now;
	}
}
