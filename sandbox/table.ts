import type { Switches } from './switches';

export interface Stamped {
	created_at: string;
}

/** Values under which a record is found; `null` is not indexed. */
type IndexOf<T> = (record: T) => ReadonlyArray<string | null | undefined>;

/**
 * Records in the order in which they arrived, with indexes, so that look-ups and
 * pages cost the same however many records there are.
 */
export class Table<T extends Stamped, Input, Index extends string> {
	private readonly rows = new Set<T>();
	private readonly indexes: Record<Index, Map<string, Set<T>>>;
	private sorted: Partial<Record<Switches['order'], T[]>> = {};

	/**
	 * @param complete turns what is given into a full record (identifiers, dates, defaults)
	 * @param keys what each index is built from
	 */
	constructor(
		private readonly complete: (input: Input) => T,
		private readonly keys: Record<Index, IndexOf<T>>,
	) {
		const entries = Object.keys(keys).map((name) => [name, new Map<string, Set<T>>()]);
		this.indexes = Object.fromEntries(entries) as Record<Index, Map<string, Set<T>>>;
	}

	get size(): number {
		return this.rows.size;
	}

	[Symbol.iterator](): Iterator<T> {
		return this.rows[Symbol.iterator]();
	}

	add(input: Input): T {
		const record = this.complete(input);
		this.rows.add(record);
		this.index(record);
		const { recorded, createdAt } = this.sorted;
		recorded?.push(record);
		const last = createdAt?.at(-1);
		if (!last || last.created_at <= record.created_at) createdAt?.push(record);
		else delete this.sorted.createdAt;
		return record;
	}

	/** Changes a record and its entries in the indexes. */
	update(record: T, change: Partial<T>): T {
		this.unindex(record);
		Object.assign(record, change);
		this.index(record);
		if (change.created_at !== undefined) delete this.sorted.createdAt;
		return record;
	}

	remove(record: T): void {
		this.unindex(record);
		this.rows.delete(record);
		this.sorted = {};
	}

	clear(): void {
		this.rows.clear();
		for (const index of Object.values<Map<string, Set<T>>>(this.indexes)) index.clear();
		this.sorted = {};
	}

	/** The first record with this value. */
	find(index: Index, value: string): T | undefined {
		return this.indexes[index].get(value)?.values().next().value;
	}

	/** All records with this value, in the order in which they arrived. */
	all(index: Index, value: string): T[] {
		return [...(this.indexes[index].get(value) ?? [])];
	}

	has(index: Index, value: string): boolean {
		return this.indexes[index].has(value);
	}

	/** All records, oldest first. */
	inOrder(order: Switches['order']): readonly T[] {
		return (this.sorted[order] ??= sort([...this.rows], order));
	}

	private index(record: T): void {
		this.eachKey(record, (map, value) => {
			const known = map.get(value);
			if (known) known.add(record);
			else map.set(value, new Set([record]));
		});
	}

	private unindex(record: T): void {
		this.eachKey(record, (map, value) => {
			const known = map.get(value);
			known?.delete(record);
			if (known?.size === 0) map.delete(value);
		});
	}

	private eachKey(record: T, visit: (map: Map<string, Set<T>>, value: string) => void): void {
		for (const name of Object.keys(this.keys) as Index[]) {
			for (const value of this.keys[name](record)) {
				if (value !== null && value !== undefined) visit(this.indexes[name], value);
			}
		}
	}
}

/** Sorts records oldest first; records of one instant stay as they arrived. */
export function sort<T extends Stamped>(records: T[], order: Switches['order']): T[] {
	if (order === 'recorded') return records;
	return records.sort((a, b) =>
		a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0,
	);
}
