import type { IDataObject } from 'n8n-workflow';
import { tryToParseDateTime } from 'n8n-workflow';

/** The first and the last instant at which a record may have been created (milliseconds since 1970). */
export interface Created {
	from: number;
	to: number;
}

const dayOnly = /^\d{4}-\d\d-\d\d$/;
const withoutZone = /^\d{4}-\d\d-\d\d[T ][\d:.]+$/;
const unix = /^\d{9,13}$/;

/**
 * The instant of a date of a record, in milliseconds since 1970; `undefined` if it cannot be read. A time without a zone
 * is in UTC, whatever the zone of this machine. Unix time, which the API takes (`partnero-api.md` 2.4), is in seconds or milliseconds.
 * @param zone where a day begins that has no time
 */
export function instantOfDate(date: unknown, zone: string): number | undefined {
	const text = typeof date === 'number' || typeof date === 'string' ? String(date).trim() : '';
	if (unix.test(text)) return Number(text) * (text.length < 12 ? 1000 : 1);
	if (typeof date !== 'string' || !text) return undefined;
	const instant = dayOnly.test(text)
		? tryToParseDateTime(text, zone).toMillis()
		: Date.parse(withoutZone.test(text) ? `${text.replace(' ', 'T')}Z` : text);
	return Number.isNaN(instant) ? undefined : instant;
}

/**
 * When a record was created; `undefined` if it does not show that. A lead has only the day of its creation
 * (`partnero-api.md` 1.2): it may be as late as the day's end.
 */
export function createdOf({ created_at: created }: IDataObject): Created | undefined {
	const from = instantOfDate(created, 'utc');
	if (from === undefined) return undefined;
	const isDay = typeof created === 'string' && dayOnly.test(created.trim());
	return { from, to: isDay ? tryToParseDateTime(created, 'utc').endOf('day').toMillis() : from };
}
