import type { IDataObject } from 'n8n-workflow';
import { tryToParseDateTime } from 'n8n-workflow';

/** The first and the last instant at which a record may have been created (milliseconds since 1970). */
export interface Created {
	from: number;
	to: number;
}

const withoutZone = /^\d{4}-\d\d-\d\d[T ][\d:.]+$/;

/** An instant as the API writes it (milliseconds since 1970), whatever the zone of this machine: without one it is UTC. */
export function instantOf(written: string): number {
	return Date.parse(withoutZone.test(written) ? `${written.replace(' ', 'T')}Z` : written);
}

/**
 * When a record was created; `undefined` if it does not show that. A lead has only the day of its creation
 * (`partnero-api.md` 1.2): it may be as late as the day's end.
 */
export function createdOf({ created_at: created }: IDataObject): Created | undefined {
	if (typeof created !== 'string' || !created) return undefined;
	const from = instantOf(created);
	if (Number.isNaN(from)) return undefined;
	const isDay = /^\d{4}-\d\d-\d\d$/.test(created);
	return { from, to: isDay ? tryToParseDateTime(created, 'utc').endOf('day').toMillis() : from };
}
