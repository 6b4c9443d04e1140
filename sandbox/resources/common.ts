import { isIgnored } from '../quirks';
import type { RecordStatus, Redemption } from '../records';
import { BASE } from '../requests';
import type { Answer, Call, Query } from '../responses';
import { ApiError, done, invalid, phpObject } from '../responses';
import type { ProgramState } from '../state';
import type { Stamped } from '../table';
import { sort } from '../table';

/** One page of records in the API's envelope: no total, `next` carries only the page (partnero-api.md 1.2, 1.3). */
export function page<T extends Stamped>(
	call: Call,
	records: readonly T[],
	show: (record: T) => unknown,
): Answer {
	const { page: number, sort: direction } = call.query;
	const limit = Math.min(call.query.limit, call.quirks.pageCap ?? Infinity);
	if (records.length === 0) refuseEmpty(call);
	const start = (number - 1) * limit;
	// `records` are oldest first; the newest come first unless asked otherwise.
	const shown =
		direction === 'asc'
			? records.slice(start, start + limit)
			: records
					.slice(Math.max(0, records.length - start - limit), Math.max(0, records.length - start))
					.reverse();
	const url = (of: number) => `${call.listUrl}?page=${of}`;
	const empty = shown.length === 0;
	return {
		status: 200,
		body: {
			data: shown.map(show),
			links: {
				first: url(1),
				last: null,
				prev: number > 1 ? url(number - 1) : null,
				next: start + limit < records.length ? url(number + 1) : null,
			},
			meta: {
				current_page: number,
				from: empty ? null : start + 1,
				path: call.listUrl,
				per_page: limit,
				to: empty ? null : start + shown.length,
			},
			status: 1,
		},
	};
}

function refuseEmpty({ quirks, query, listUrl }: Call): void {
	if (quirks.emptyListIs404 === 'always') {
		const name = listUrl.split('/').at(-1)!.replace(':search', '');
		throw new ApiError(404, `No ${name.replace(/[_-]/g, ' ')} found.`);
	}
	if (quirks.emptyListIs404 && isFiltered(query)) throw new ApiError(404, 'Not Found');
}

function isFiltered({ limit: _limit, page: _page, sort: _sort, ...filters }: Query): boolean {
	return Object.values(filters).some((value) => value !== undefined);
}

/** Records that were picked out, in the order that lists have. */
export function ordered<T extends Stamped>(call: Call, records: T[]): T[] {
	return sort(records, call.switches.order);
}

type Readers<T> = Record<string, (record: T) => ReadonlyArray<string | null>>;

/**
 * The records of which each given query parameter is a part, whatever its case: the
 * API's searches match partial values (partnero-api.md 2.2).
 */
export function search<T extends Stamped>(
	call: Call,
	records: readonly T[],
	fields: Readers<T>,
): T[] {
	const wanted = Object.keys(fields).filter((name) => call.query[name] !== undefined);
	if (wanted.length === 0) {
		const path = new URL(call.listUrl).pathname.slice(BASE.length);
		if (Object.keys(fields).some((name) => isIgnored(call.quirks, path, name))) return [...records];
		throw invalid(
			Object.fromEntries(
				Object.keys(fields).map((name) => [
					name,
					[`One of ${Object.keys(fields).join(', ')} is required.`],
				]),
			),
		);
	}
	if (wanted.some((name) => call.quirks.searchesBlindTo?.includes(name))) return [];
	return records.filter((record) =>
		wanted.every((name) => {
			const part = String(call.query[name]).toLowerCase();
			return fields[name]?.(record).some((value) => value?.toLowerCase().includes(part));
		}),
	);
}

interface Searchable<T, Index> {
	find(index: Index, value: string): T | undefined;
}

/** Refuses a value that another record has. */
export function refuseTaken<T, Index extends string>(
	table: Searchable<T, Index>,
	index: Index,
	value: string | null | undefined,
	self?: T,
): void {
	if (value === null || value === undefined) return;
	const other = table.find(index, index === 'email' ? value.toLowerCase() : value);
	if (other && other !== self) throw invalid({ [index]: [`The ${index} has already been taken.`] });
}

interface Archivable {
	status: RecordStatus;
	statusBefore: RecordStatus;
}

interface Changeable<T> {
	update(record: T, change: Archivable): void;
}

/** Archives a record; 400 if it is archived already (partnero-api.md 1.4). */
export function archive<T extends Archivable>(table: Changeable<T>, record: T): Answer {
	if (record.status === 'archived') throw new ApiError(400, 'Action failed: already archived.');
	table.update(record, { status: 'archived', statusBefore: record.status });
	return done;
}

/** Restores the status from before; 400 if the record is not archived. */
export function restore<T extends Archivable>(table: Changeable<T>, record: T): Answer {
	if (record.status !== 'archived') throw new ApiError(400, 'Action failed: not archived.');
	table.update(record, { status: record.statusBefore, statusBefore: record.statusBefore });
	return done;
}

/**
 * The fields to change: inside `update`, or on the top level where the switch allows it
 * (partnero-api.md 5.1, row 4). `null` removes a text; that is not known of the API, which may as well leave it (N15),
 * as the manners `laravel` do. Tags it leaves as they are (2.2).
 */
export function changes<T extends object>({ quirks, body: sent }: Call, body = sent): Partial<T> {
	const isWrapped = (body as { update?: unknown }).update !== undefined;
	if (
		quirks.updatesIgnored === 'all' ||
		quirks.updatesIgnored === (isWrapped ? 'wrapped' : 'unwrapped')
	)
		return {};
	const { update = body } = body as { update?: unknown };
	return Object.fromEntries(
		Object.entries(update as T).filter(([name, value]) => name !== 'tags' || value !== null),
	) as Partial<T>;
}

/** The fields to change where the documents know no wrapper: none if the server heeds no update. */
export function bareChanges<T extends object>({ quirks, body }: Call): Partial<T> {
	return quirks.updatesIgnored === 'all' ? {} : (body as T);
}

/** When a record was updated, if anything is changed. */
export function updatedAt(program: ProgramState, change: object): { updated_at?: string } {
	return Object.keys(change).length > 0 ? { updated_at: program.now() } : {};
}

interface Redeemable {
	redemptions: Redemption[];
	timesRedeemed: number;
}

/**
 * Counts a redemption. One sale counts once: a key that was used before, or that no sale has, is
 * ignored silently (partnero-api.md 2.6).
 */
export function redeem(program: ProgramState, record: Redeemable, key?: string): void {
	const used = record.redemptions.some(({ transaction_key }) => transaction_key === key);
	if (key !== undefined && (used || !program.transactions.has('key', key))) return;
	record.redemptions.push({ redeemed_at: program.now(), transaction_key: key ?? null });
	record.timesRedeemed++;
}

/** What is shown of the redemptions of a coupon or a promotion code. */
export function redeemed({ redemptions, timesRedeemed }: Redeemable) {
	return {
		additional_info: phpObject(redemptions.length ? { redemptions } : {}),
		times_redeemed: timesRedeemed,
	};
}
