import type { IDataObject } from 'n8n-workflow';

import { isBlank } from '../form/values';

/**
 * How much of a record is left, by what it shows; the later, the less.
 * - `there`: nothing says otherwise.
 * - `archived`: it says so, and can be restored.
 * - `withdrawn`: it has the mark of a soft deletion. Archiving sets that as well (`partnero-api.md` 9, N1), so that
 *   nobody can tell an archived record from a deleted one.
 * - `deleted`: it says so.
 */
const standings = ['there', 'archived', 'withdrawn', 'deleted'] as const;
export type Standing = (typeof standings)[number];

/** What a record says of itself. */
export function standingOf({
	status,
	deleted,
	deleted_at: deletedAt,
	archived,
	archived_at: archivedAt,
}: IDataObject): Standing {
	const word = foldStatus(status);
	if (['deleted', 'removed', 'trashed', 'refunded'].includes(word)) return 'deleted';
	if (word === 'archived' || isSet(archived) || isSet(archivedAt)) return 'archived';
	return isSet(deleted) || isSet(deletedAt) ? 'withdrawn' : 'there';
}

/** A status as it is compared: the API is known to change its case (`partnero-api.md` 2.8); nothing for what is no word. */
export function foldStatus(status: unknown): string {
	return typeof status === 'string'
		? status
				.trim()
				.toLowerCase()
				.replace(/[\s-]+/g, '_')
		: '';
}

/** Whether less is left of a record than of another one. */
export function isLessThan(one: Standing, other: Standing): boolean {
	return standings.indexOf(one) > standings.indexOf(other);
}

/** Records without those that are deleted, or may be; all of them where no other one is left. */
export function leftAmong<T>(records: T[], of: (record: T) => IDataObject): T[] {
	const left = records.filter(
		(record) => !['withdrawn', 'deleted'].includes(standingOf(of(record))),
	);
	return left.length > 0 ? left : records;
}

/** A switch that is on, or a date; MySQL writes no date as zeros. */
function isSet(value: unknown): boolean {
	if (isBlank(value) || value === false || value === 0) return false;
	return !/^(?:0|false|no|0000-00-00.*)$/i.test(String(value).trim());
}
