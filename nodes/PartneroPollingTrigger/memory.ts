import { createHash } from 'node:crypto';

import type { Kept } from './keeping';

/** How many of the newest records are remembered, so that the memory of a node stays below a hundred kilobytes. */
export const mostKnown = 5_000;

/** As many characters of a digest tell millions of names apart. */
const digestLength = 8;

/** Dates begin where the numbers of records end: a record without a date has its ID for a rank, or zero. */
const firstDate = 1e10;

/** Where a record stands among all: by its date (milliseconds since 1970), and among those of one date by a digest. */
export interface Place {
	rank: number;
	/** Digests of what it is known by. */
	digests: string[];
}

/** What is kept in n8n's static data, where nothing may be an object of our own. */
export interface SavedMemory extends Kept {
	/** A place each, the oldest first: `rank.digest.digest`, the rank in base 36. */
	known: string;
	/** The last place that had to be forgotten, of the records with a date and of those without one. */
	forgotten?: string;
	/** Records from before this are not wanted. */
	from?: number;
	/** When the list was last read as a whole, and how many records that were. */
	readWholeAt?: number;
	length?: number;
	/** Whether there are records that have not come out yet, since there were too many at once. */
	isWaiting?: boolean;
}

/** A short name for what may be long, or private. */
export function digestOf(name: string, length = digestLength): string {
	return createHash('sha256').update(name).digest('base64url').slice(0, length);
}

/** The place of a record. */
export function placeOf(id: unknown, created: number | undefined, names: string[]): Place {
	const number = /^\d{1,9}$/.test(String(id)) ? Number(id) : 0;
	const undated = Math.min(number, firstDate - 1);
	return {
		rank: created !== undefined && created >= firstDate ? created : undated,
		digests: names.map((name) => digestOf(name)),
	};
}

function isDated({ rank }: Place): boolean {
	return rank >= firstDate;
}

/** Orders places, the oldest first. */
export function byAge(one: Place, other: Place): number {
	return (
		one.rank - other.rank ||
		(one.digests[0] < other.digests[0] ? -1 : one.digests[0] > other.digests[0] ? 1 : 0)
	);
}

/**
 * What a node has seen of one list. A record is new if it is not known, and stands after all that had to be
 * forgotten: so its date does not matter, nor when it shows, as long as what is older than it is remembered.
 */
export class Memory {
	private places: Place[];

	private readonly byDigest = new Map<string, Place[]>();

	/** One of the records with a date, and one of those without: nothing tells which of the two is older. */
	private forgotten: Place[];

	readonly from?: number;

	readWholeAt?: number;

	length?: number;

	isWaiting?: boolean;

	constructor({
		known = '',
		forgotten,
		from,
		readWholeAt,
		length,
		isWaiting,
	}: Partial<SavedMemory> = {}) {
		this.places = known.split(' ').filter(Boolean).map(read);
		for (const place of this.places) this.index(place);
		this.forgotten = (forgotten ?? '').split(' ').filter(Boolean).map(read);
		Object.assign(this, { from, readWholeAt, length, isWaiting });
	}

	/** The latest date that is known, if any is. */
	get newest(): number | undefined {
		const last = this.places.at(-1)?.rank;
		return last !== undefined && last >= firstDate ? last : undefined;
	}

	/** All that is as old as this, or older, is known, unwanted or forgotten. */
	get oldest(): number {
		return Math.max(this.forgotten.find(isDated)?.rank ?? -Infinity, (this.from ?? -Infinity) - 1);
	}

	/** Whether a record came out before, or was there before the node was. */
	knows(place: Place): boolean {
		return this.knownAs(place) !== undefined;
	}

	isNew(place: Place): boolean {
		if (this.from !== undefined && place.rank >= firstDate && place.rank < this.from) return false;
		return !this.knows(place) && !this.isForgotten(place);
	}

	/** Remembers a record, and by what it is known now. */
	add(place: Place): void {
		const known = this.knownAs(place);
		if (known && known.digests.join() === place.digests.join()) return;
		if (known) {
			this.places = this.places.filter((other) => other !== known);
			for (const digest of known.digests)
				this.byDigest.set(
					digest,
					this.byDigest.get(digest)!.filter((other) => other !== known),
				);
		}
		this.places.push(place);
		this.index(place);
	}

	/** Takes all records with a date as old as this, or older, for known, whether they were seen or not. */
	forgetUntil(rank: number): void {
		this.forget([{ rank, digests: ['~'] }]);
	}

	/** What is kept, the newest records only. */
	saved(of: string): SavedMemory {
		const places = this.places.sort(byAge);
		const dated = places.filter(isDated);
		const undated = places.slice(0, places.length - dated.length);
		const surplus = Math.max(0, places.length - mostKnown);
		// Each kind keeps at least half of the room, if it needs that.
		const ofDated = Math.min(surplus, Math.max(dated.length - mostKnown / 2, 0));
		this.forget(dated.splice(0, ofDated));
		this.forget(undated.splice(0, surplus - ofDated));
		const known = [...undated, ...dated].map(write).join(' ');
		const forgotten = this.forgotten.map(write).join(' ') || undefined;
		const { from, readWholeAt, length, isWaiting } = this;
		const all = { of, known, forgotten, from, readWholeAt, length, isWaiting };
		return Object.fromEntries(
			Object.entries(all).filter(([, value]) => value !== undefined),
		) as SavedMemory;
	}

	private isForgotten(place: Place): boolean {
		return this.forgotten.some(
			(last) => isDated(last) === isDated(place) && byAge(place, last) <= 0,
		);
	}

	/** Takes all of a kind up to the last one of these for known. */
	private forget(surplus: Place[]): void {
		const last = surplus.at(-1);
		if (last && !this.isForgotten(last))
			this.forgotten = [
				...this.forgotten.filter((other) => isDated(other) !== isDated(last)),
				last,
			];
	}

	/** One that was deleted and made anew under the same name has another date. */
	private knownAs({ rank, digests }: Place): Place | undefined {
		for (const digest of digests) {
			const same = this.byDigest
				.get(digest)
				?.find((other) => other.rank === rank || rank < firstDate || other.rank < firstDate);
			if (same) return same;
		}
		return undefined;
	}

	private index(place: Place): void {
		for (const digest of place.digests)
			this.byDigest.set(digest, [...(this.byDigest.get(digest) ?? []), place]);
	}
}

function read(text: string): Place {
	const [rank, ...digests] = text.split('.');
	return { rank: Number.parseInt(rank, 36), digests };
}

function write({ rank, digests }: Place): string {
	return [rank.toString(36), ...digests].join('.');
}
