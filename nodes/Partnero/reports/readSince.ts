import type { IDataObject } from 'n8n-workflow';

import { largestPage } from '../lookup/pages';
import { paginateRoute } from '../lookup/sendRoute';
import type { RequestTemplate } from '../operation';
import type { Call } from '../response/call';
import { Descent } from '../response/descent';
import { refusal } from '../response/errors';
import type { RequestResult } from '../transport/retry';

import { instantOf } from './period';

/** A list that a report is summed from. */
export interface ReportList {
	/** What the output calls it. */
	name: string;
	url: string;
	qs?: RequestTemplate['qs'];
	/** The key that no two records share; of a record without one, the whole is compared. */
	unique?: string;
	/** Whether the list knows `sort` (`partnero-api.md` 1.3), so that it can end early. */
	isSortable: boolean;
	/** Whether a report can do without it. */
	isOptional?: boolean;
}

/** What was read of a list. */
export interface Reading {
	records: number;
	pages: number;
	/** Whether it was read to its end; otherwise it ended after three pages of earlier records. */
	toTheEnd: boolean;
	/** Whether the dates of all records read descended. */
	newestFirst: boolean;
	/** Records whose date cannot be read: they are in no period. */
	undated: number;
	/** Whether the server gives the list at all. */
	isShown: boolean;
}

/** What is done with each record; what has a date gets its instant (milliseconds since 1970). */
type Visit = (record: IDataObject, instant: number | undefined) => void;

/** What a server answers that has no such list, or not for this program or key. */
const withoutList = [403, 404, 405];

/**
 * Reads a list back to an instant, and further where its dates do not descend. Nothing of a record is kept but what
 * `visit` keeps.
 * @param since milliseconds since 1970; minus infinity for the whole list
 */
export async function readSince(
	call: Call,
	list: ReportList,
	since: number,
	timeZone: string,
	visit: Visit,
): Promise<Reading> {
	const at = (record: IDataObject) => instantOf(record, timeZone);
	const descent = new Descent(since - 1, at);
	const reading: Reading = {
		records: 0,
		pages: 0,
		toTheEnd: true,
		newestFirst: true,
		undated: 0,
		isShown: true,
	};
	const read = async () => {
		const pages = paginateRoute(
			call,
			{ method: 'GET', url: list.url, qs: list.qs },
			{
				size: largestPage,
				unique: list.unique,
				wanted: () => (list.isSortable ? descent.pagesWanted : Infinity),
				...(list.isSortable && { qs: { sort: 'desc' } }),
				failure: async (result: RequestResult) => {
					if (list.isOptional && withoutList.includes(result.response?.status ?? 0))
						reading.isShown = false;
					return await refusal(call, result);
				},
			},
		);
		for await (const page of pages) {
			reading.pages += 1;
			for (const record of page) {
				await call.run.eventLoop.pass();
				const instant = at(record);
				reading.records += 1;
				if (instant === undefined) reading.undated += 1;
				visit(record, instant);
			}
			const isBeyond = descent.isBeyond(page);
			if (list.isSortable && isBeyond) {
				reading.toTheEnd = false;
				break;
			}
		}
		reading.newestFirst = descent.isInOrder;
	};
	const problem: unknown = await read().then(
		() => undefined,
		(error: unknown) => error,
	);
	if (problem !== undefined && reading.isShown) throw problem;
	return reading;
}
