import type { IDataObject } from 'n8n-workflow';

import { largestPage, paginate } from '../Partnero/lookup/pages';
import { isEmptyList } from '../Partnero/lookup/sendRoute';
import { apiError } from '../Partnero/response/apiError';
import type { Created } from '../Partnero/response/created';
import { createdOf } from '../Partnero/response/created';
import type { ProgramType } from '../Partnero/response/programType';
import { otherTypeOfProgram } from '../Partnero/response/programType';
import { requestFailure } from '../Partnero/response/requestFailure';
import type { RequestResult } from '../Partnero/transport/retry';
import type { Sender } from '../Partnero/transport/sender';

import type { Place } from './memory';
import { byAge, placeOf } from './memory';
import type { WatchedList } from './watches';

/** A record of a list, and where it stands among the others. */
export interface Listed {
	record: IDataObject;
	created?: Created;
	place: Place;
	/** Where it came in the list. */
	index: number;
}

/** What was read of a list. */
export interface Reading {
	records: Listed[];
	/** Whether it was read to its end. */
	isWhole: boolean;
}

/** Whether a page in a list that begins with the newest is the last one of interest. */
type IsLast = (page: Listed[], soFar: Listed[]) => boolean;

/**
 * Reads a list to its end, or, as long as its dates really descend, which nobody promises, to a page after which
 * nothing of interest is to come.
 * @param isLast left out: to the end, whatever the order
 */
export async function readList(
	sender: Sender,
	list: WatchedList,
	isLast?: IsLast,
): Promise<Reading> {
	const { url, qs, unique } = list;
	const records: Listed[] = [];
	const order = new Order();
	const twins = new Twins();
	const pages = paginate(
		sender,
		{ url, qs },
		{
			size: largestPage,
			unique,
			// A page that may be the last one is not worth a second request beside it.
			wanted: () => (isLast && records.length === 0 ? 1 : Infinity),
			failure: async (result) => await listFailure(sender, list, result),
			isEmpty: async (result) =>
				list.holds !== undefined && (await isEmptyList(sender, url, result)),
		},
	);
	for await (const page of pages) {
		const own = page.filter((record) => list.holds?.(record) ?? true);
		const listed = twins
			.numbered(own.map((record) => [record, namesOf(record, list)]))
			.map(([record, names], index): Listed => {
				const created = createdOf(record);
				return {
					record,
					created,
					place: placeOf(record.id, created?.to, names),
					index: records.length + index,
				};
			});
		for (const { created } of listed) order.note(created);
		records.push(...listed);
		if (isLast && order.isNewestFirst && isLast(listed, records))
			return { records, isWhole: false };
	}
	return { records, isWhole: true };
}

/** Orders records for the output: the oldest first, those of one date as they arrived, as far as the list shows it. */
export function oldestFirst(one: Listed, other: Listed): number {
	return one.place.rank - other.place.rank || other.index - one.index;
}

/** The same to the last bit, so that a part of it is always the same part. */
export function strictlyOldestFirst(one: Listed, other: Listed): number {
	return byAge(one.place, other.place);
}

/** What a record is known by. One that has no identifier is known by all that it is. */
function namesOf(record: IDataObject, { names }: WatchedList): string[] {
	// The key of one may be the ID of another one.
	const known = names(record).flatMap((name, kind) =>
		name === undefined || name === null || name === '' ? [] : [`${kind} ${String(name)}`],
	);
	return known.length > 0 ? known : [JSON.stringify(record)];
}

/** In which direction the dates of a list go, mostly: a record that was imported with a past date stands out of order. */
class Order {
	private last?: Created;

	private falls = 0;

	private rises = 0;

	get isNewestFirst(): boolean {
		return this.falls > this.rises;
	}

	note(created: Created | undefined): void {
		if (!created) return;
		if (this.last && created.from < this.last.from) this.falls += 1;
		if (this.last && created.from > this.last.from) this.rises += 1;
		this.last = created;
	}
}

/** Numbers records that have their names and their date in common, such as two sales under one key, page by page: a record that moved to the next page meanwhile is no second one. */
class Twins {
	numbered(page: Array<[IDataObject, string[]]>): Array<[IDataObject, string[]]> {
		const counts = new Map<string, number>();
		return page.map(([record, names]) => {
			const name = `${names[0]} ${createdOf(record)?.to ?? ''}`;
			const count = counts.get(name) ?? 0;
			counts.set(name, count + 1);
			return [record, count === 0 ? names : names.map((one) => `${one} #${count}`)];
		});
	}
}

async function listFailure(
	sender: Sender,
	{ records, programs }: WatchedList,
	result: RequestResult,
): Promise<Error> {
	const types = programs.split(' and ') as ProgramType[];
	const what = `The ${records} could not be read`;
	const plural = `${records[0].toUpperCase()}${records.slice(1)}`;
	const other = await otherTypeOfProgram(sender, result, `${plural} exist`, types);
	if (other) return await apiError(sender, other, result.response!.status);
	const failure = result.endlessList
		? `${what}: the list does not end, Partnero sends the same records again and again`
		: what;
	return await requestFailure(sender, result, failure, (status) => {
		if (![400, 403, 404, 405, 422].includes(status)) return undefined;
		return `${plural} exist only in ${programs} programs: check which program the API key belongs to.`;
	});
}
