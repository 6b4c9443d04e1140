import type { IDataObject } from 'n8n-workflow';
import { tryToParseDateTime } from 'n8n-workflow';

import type { Form } from '../form/form';
import type { NodeFilters } from '../operation';

/** After so many whole pages beyond the wanted date a list in order is believed to hold nothing more. */
const pagesBeyondTheDate = 3;

/** The conditions of one list that the API cannot check, as far as they were filled. */
export class Filters {
	private readonly equals: Array<[string, unknown]>;

	private readonly createdAfter?: number;

	private readonly sortable: boolean;

	/** The date of the oldest record so far; `undefined` once the dates did not descend. */
	private oldest: number | undefined = Infinity;

	/** How many pages in a row have held nothing that is late enough. */
	private pagesBeyond = 0;

	/** How many records came out although nobody can read when they were created. */
	undated = 0;

	constructor(filters: NodeFilters | undefined, form: Form) {
		const { equals = {}, createdAfter, sortable = false } = filters ?? {};
		this.sortable = sortable;
		this.equals = Object.entries(equals)
			.map(([key, field]): [string, unknown] => [key, form.value(field)])
			.filter(([, wanted]) => wanted !== undefined);
		const after = createdAfter && (form.value(createdAfter) as { toMillis(): number } | undefined);
		if (after) this.createdAfter = after.toMillis();
	}

	/** Whether there is any condition, so that a page may bring less than it holds. */
	get isActive(): boolean {
		return this.equals.length > 0 || this.createdAfter !== undefined;
	}

	/** What a list that can be sorted has to be asked for, so that it can end early. */
	get newestFirst(): IDataObject {
		return this.sortable && this.createdAfter !== undefined ? { sort: 'desc' } : {};
	}

	/** Whether a record meets the conditions. */
	keep(record: IDataObject): boolean {
		if (!this.equals.every(([key, wanted]) => record[key] === wanted)) return false;
		if (this.createdAfter === undefined) return true;
		const created = latestInstant(record);
		if (created === undefined) this.undated += 1;
		return created === undefined || created > this.createdAfter;
	}

	/**
	 * Whether no later page is expected to hold a match: all dates so far really descended, which nobody promises, and
	 * whole pages lie beyond the wanted date. A record that was imported with an old date stands out of order.
	 */
	isBeyond(page: IDataObject[]): boolean {
		const { createdAfter } = this;
		if (createdAfter === undefined) return false;
		const dates = page.map(latestInstant);
		for (const created of dates) {
			const descends = created !== undefined && this.oldest !== undefined && created <= this.oldest;
			this.oldest = descends ? created : undefined;
			if (!descends) break;
		}
		const isWholeBeyond = dates.every((created) => created !== undefined && created <= createdAfter);
		this.pagesBeyond = isWholeBeyond && page.length > 0 ? this.pagesBeyond + 1 : 0;
		return this.oldest !== undefined && this.pagesBeyond >= pagesBeyondTheDate;
	}
}

/** A lead has only the day of its creation (`partnero-api.md` 1.2): it may be as late as the day's end. */
function latestInstant({ created_at: created }: IDataObject): number | undefined {
	if (typeof created !== 'string' || !created) return undefined;
	const start = Date.parse(created);
	if (Number.isNaN(start)) return undefined;
	return /^\d{4}-\d\d-\d\d$/.test(created) ? tryToParseDateTime(created, 'utc').endOf('day').toMillis() : start;
}
