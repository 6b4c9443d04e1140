import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../form/values';

import { likenessOf } from './alike';
import { instantOfDate } from './created';

/**
 * Whether all that was sent stands in a record, as far as the record shows it under the same name. Tells
 * what a request made, whose answer was lost, from what was there before.
 */
export function matchesSent(record: IDataObject, sent: IDataObject): boolean {
	return Object.entries(sent).every(([name, value]) => {
		const there = record[name];
		if (there === undefined || there === null || Array.isArray(value)) return true;
		if (!isObject(value)) return isObject(there) || likenessOf(name, value, there) !== 'other';
		if (isObject(there)) return matchesSent(there, value);
		// A record shows whose it is by the ID alone (`partnero-api.md` 2.3).
		return value.id === undefined || likenessOf('id', value.id, there) !== 'other';
	});
}

/** Whether a date of a record is from before; the clocks may differ by as much as a minute. */
export function predates(date: unknown, since: number): boolean {
	return (instantOfDate(date, 'utc') ?? Infinity) < since - 60_000;
}
