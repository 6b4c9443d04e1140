import { largestPage } from '../Partnero/lookup/pages';
import type { Sender } from '../Partnero/transport/sender';

import type { Memory } from './memory';
import { mostKnown } from './memory';
import type { Listed, Reading } from './reading';
import { oldestFirst, readList, strictlyOldestFirst } from './reading';
import type { WatchedList } from './watches';

/** How a list is watched. */
export interface WatchOptions {
	/** Milliseconds before the newest known record within which others may still show. */
	overlap: number;
	/** At most so many records at once. */
	limit: number;
}

/** Lists up to this length, five pages, are read as a whole by each poll. */
const shortList = 500;

/** Longer ones once in so many milliseconds, for what was added far back. */
const wholeEvery = 3_600_000;

/** So many records at the end of a page say what the next one holds: one alone may stand out of order. */
const endOfPage = 10;

const day = 86_400_000;

/** Remembers all that is there, so that nothing of it comes out. */
export async function learn(sender: Sender, lists: WatchedList[], memory: Memory): Promise<void> {
	let length = 0;
	for (const list of lists) {
		const read = async () =>
			await readList(
				sender,
				list,
				(_page, soFar) => soFar.length >= mostKnown && neverRises(soFar),
			);
		const { records, isWhole } = await read();
		for (const { place } of records) memory.add(place);
		// Where a record was deleted meanwhile, another one has moved to a page that was read already. What is newer came meanwhile.
		const newest = records.reduce((latest, { place }) => Math.max(latest, place.rank), 0);
		const again = records.length > largestPage ? (await read()).records : [];
		for (const { place } of again) if (place.rank <= newest) memory.add(place);
		length += records.length;
		// What was not read is older.
		if (!isWhole) memory.forgetUntil(Math.max(memory.oldest, records.at(-1)!.created!.to));
	}
	memory.readWholeAt = Date.now();
	memory.length = length;
}

/** The records that are new, the oldest first. Changes the memory, which is kept only if nothing fails. */
export async function newRecords(
	sender: Sender,
	lists: WatchedList[],
	memory: Memory,
	{ overlap, limit }: WatchOptions,
): Promise<Listed[]> {
	const now = Date.now();
	const isDue =
		memory.readWholeAt === undefined || Math.abs(now - memory.readWholeAt) >= wholeEvery;
	// What waits may stand anywhere, and a payout request gets into a status whenever it was made.
	const isWhole =
		isDue ||
		memory.isWaiting ||
		(memory.length ?? 0) <= shortList ||
		lists.some(({ holds }) => holds);
	// A date in the future, from an import, must not shut out what is made today.
	const window = Math.min(memory.newest ?? now, now) - overlap;
	const readings: Reading[] = [];
	for (const list of lists) {
		readings.push(
			await readList(sender, list, (page, soFar) => {
				// Imports from long ago may stand above what is wanted: their pages say nothing of what is below them.
				if (isWhole && soFar.length < mostKnown) return false;
				const until = Math.max(isWhole ? -Infinity : window, memory.oldest);
				const end = page.slice(-endOfPage);
				return isBeyond(end, until) && !end.some(({ place }) => memory.isNew(place));
			}),
		);
	}
	const records = readings.flatMap((reading) => reading.records);
	// Nobody can tell whether what has no date is from after the date to start from.
	const isFirst = memory.readWholeAt === undefined;
	for (const { created, place } of records) if (isFirst && !created) memory.add(place);
	const found = new Map<string, Listed>();
	for (const listed of records)
		if (memory.isNew(listed.place))
			found.set(`${listed.place.rank} ${listed.place.digests[0]}`, listed);
	const fresh = [...found.values()].sort(strictlyOldestFirst);
	memory.isWaiting = fresh.splice(limit).length > 0;
	for (const { place } of [...records.filter((listed) => memory.knows(listed.place)), ...fresh])
		memory.add(place);
	if (isDue) memory.readWholeAt = now;
	if (isWhole) memory.length = records.length;
	return fresh.sort(oldestFirst);
}

/**
 * Whether a memory is of the program that these lists are of: then it knows a record of theirs, name and date. So a new
 * API key of a program is told from one of another program.
 */
export async function isKnownTo(
	sender: Sender,
	lists: WatchedList[],
	memory: Memory,
): Promise<boolean> {
	const isKnown = ({ created, place }: Listed) => created !== undefined && memory.knows(place);
	for (const list of lists) {
		const { records } = await readList(
			sender,
			list,
			(page, soFar) => soFar.length >= shortList || page.some(isKnown),
		);
		if (records.some(isKnown)) return true;
	}
	return false;
}

/** The newest record, as far as the order of the list tells where it is. */
export async function newestRecord(
	sender: Sender,
	lists: WatchedList[],
): Promise<Listed | undefined> {
	const records: Listed[] = [];
	for (const list of lists) records.push(...(await readList(sender, list, () => true)).records);
	return records.sort(oldestFirst).at(-1);
}

/** Whether all of these are as old as this, or older. The day of a lead counts with the day before, since it has no time. */
function isBeyond(listed: Listed[], until: number): boolean {
	return (
		listed.length > 0 &&
		listed.every(
			({ created }) =>
				created !== undefined && created.to + (created.to > created.from ? day : 0) <= until,
		)
	);
}

/** Whether each record is as old as the one before it, or older, so that all below them are older still. */
function neverRises(listed: Listed[]): boolean {
	return listed.every(
		({ created }, index) =>
			created !== undefined && created.to <= (listed[index - 1]?.created?.to ?? Infinity),
	);
}
