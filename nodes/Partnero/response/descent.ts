import type { IDataObject } from 'n8n-workflow';

/** After so many whole pages beyond the wanted date a list in order is believed to hold nothing more. */
const pagesBeyondTheDate = 3;

/** The instant of a record, in milliseconds since 1970; `undefined` if nobody can read its date. */
export type InstantOf = (record: IDataObject) => number | undefined;

/**
 * Whether a list that was asked for the newest first can end early (`recording-rules.md` 3): all dates read so far really
 * descended, which nobody promises, and whole pages lie beyond the wanted date. A record that was imported with an old
 * date stands out of order, and then the list is read to its end. Dates that are all the same tell no order: records that
 * were imported at once may as well be the beginning of a list whose newest record is the last.
 */
export class Descent {
	/** The date of the oldest record so far; `undefined` once the dates did not descend. */
	private oldest: number | undefined = Infinity;

	/** Whether any date was earlier than the one before it. */
	private hasFallen = false;

	/** How many pages in a row have held nothing that is late enough. */
	private pagesBeyond = 0;

	/** @param boundary records of this instant or earlier lie beyond (milliseconds since 1970) */
	constructor(
		private readonly boundary: number,
		private readonly instantOf: InstantOf,
	) {}

	/** Whether all dates read so far descend. */
	get isInOrder(): boolean {
		return this.oldest !== undefined;
	}

	/** How many further pages are wanted, as far as that is known: so many need be asked for ahead. */
	get pagesWanted(): number {
		const { oldest, pagesBeyond, boundary, hasFallen } = this;
		return hasFallen && oldest !== undefined && oldest <= boundary
			? pagesBeyondTheDate - pagesBeyond
			: Infinity;
	}

	/** Takes the next page. Whether no later page is expected to hold a match. */
	isBeyond(page: IDataObject[]): boolean {
		const dates = page.map(this.instantOf);
		for (const created of dates) {
			const descends = created !== undefined && this.oldest !== undefined && created <= this.oldest;
			this.hasFallen ||= descends && this.oldest !== Infinity && created < this.oldest!;
			this.oldest = descends ? created : undefined;
			if (!descends) break;
		}
		const isWholeBeyond = dates.every(
			(created) => created !== undefined && created <= this.boundary,
		);
		this.pagesBeyond = isWholeBeyond && page.length > 0 ? this.pagesBeyond + 1 : 0;
		return this.hasFallen && this.oldest !== undefined && this.pagesBeyond >= pagesBeyondTheDate;
	}
}
