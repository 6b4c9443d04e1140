import type { Address } from './address';
import { asking } from './address';
import { recordsIn } from './program';
import type { Exchange, Sender } from './sender';
import { accepted, Stopped, Undecided } from './sender';

/** Records of a list. */
export type Records = Array<Record<string, unknown>>;

/** The first page of each list, read once. */
export class Lists {
	private readonly pages = new Map<string, Promise<Exchange>>();

	constructor(private readonly sender: Sender) {}

	/** The first hundred. */
	async page(path: string): Promise<Exchange> {
		const known =
			this.pages.get(path) ?? this.sender.get(asking({ path, shown: path }, [['limit', 100]]));
		this.pages.set(path, known);
		return await known;
	}

	/**
	 * The records of the first page.
	 * @throws Undecided if the list cannot be read
	 */
	async records(path: string): Promise<Records> {
		return recordsOf(await this.page(path));
	}

	/** The first of the lists that has so many records. */
	async withRecords(
		paths: readonly string[],
		count: number,
	): Promise<{ path: string; records: Records }> {
		for (const path of paths) {
			const records = await this.records(path).catch((error: unknown) => {
				if (error instanceof Undecided && !(error instanceof Stopped)) return [];
				throw error;
			});
			if (records.length >= count) return { path, records };
		}
		throw new Undecided(
			count === 1 ? 'the program has no record for it' : `no list has ${count} records`,
		);
	}
}

/** The records of an answer that has to be a list. */
export function recordsOf(exchange: Exchange): Records {
	const records = accepted(exchange) ? recordsIn(exchange) : undefined;
	if (!records) throw new Undecided(`a list could not be read (status ${exchange.status})`);
	return records;
}

/** The records that a filtered list or a search found: none where nothing found is a 404. */
export async function found(sender: Sender, address: Address): Promise<Records> {
	const exchange = await sender.get(address);
	return exchange.status === 404 ? [] : recordsOf(exchange);
}
