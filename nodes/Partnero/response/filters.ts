import type { IDataObject } from 'n8n-workflow';
import { tryToParseDateTime } from 'n8n-workflow';

import type { Form } from '../form/form';
import type { NodeFilters } from '../operation';

/** The conditions of one list that the API cannot check, as far as they were filled. */
export class Filters {
	private readonly equals: Array<[string, unknown]>;

	private readonly createdAfter?: number;

	private readonly sortable: boolean;

	/** The date of the oldest record so far; `undefined` once the dates did not descend. */
	private oldest: number | undefined = Infinity;

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
		return created === undefined || created > this.createdAfter;
	}

	/**
	 * Whether no later page can hold a match: all dates so far really descended, which nobody
	 * promises, and the last one lies before the wanted date.
	 */
	isBeyond(page: IDataObject[]): boolean {
		if (this.createdAfter === undefined) return false;
		for (const record of page) {
			const created = latestInstant(record);
			const descends = created !== undefined && this.oldest !== undefined && created <= this.oldest;
			this.oldest = descends ? created : undefined;
			if (!descends) break;
		}
		return this.oldest !== undefined && this.oldest <= this.createdAfter;
	}
}

/** A lead has only the day of its creation (`partnero-api.md` 1.2): it may be as late as the day's end. */
function latestInstant({ created_at: created }: IDataObject): number | undefined {
	if (typeof created !== 'string' || !created) return undefined;
	const start = Date.parse(created);
	if (Number.isNaN(start)) return undefined;
	return /^\d{4}-\d\d-\d\d$/.test(created) ? tryToParseDateTime(created, 'utc').endOf('day').toMillis() : start;
}
