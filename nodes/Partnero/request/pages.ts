import type { IDataObject } from 'n8n-workflow';

import { recordsOf } from '../response/answer';
import type { Call } from './call';
import { deliver } from './deliver';

/** The range that every source of the API agrees on (`partnero-api.md` 1.3). */
export const smallestPage = 10;
export const largestPage = 100;

/**
 * The pages of a list, until one has no `links.next`, is shorter than asked, or brings nothing new.
 * The own query goes out with every page, since `links.next` carries only the page's number. A record
 * that moved to a later page meanwhile comes once.
 * @param unique the key that no two records share; without one the whole record is compared
 */
export async function* pages(
	call: Call,
	{ url, qs }: { url: string; qs: IDataObject },
	limit: number,
	unique?: string,
): AsyncGenerator<IDataObject[]> {
	const seen = new Set<string>();
	for (let page = 1; ; page += 1) {
		const delivery = await deliver(call, { method: 'GET', url, qs: { ...qs, limit, page } });
		const records = await recordsOf(call, delivery);
		const identities = records.map((record) =>
			unique ? String(record[unique]) : JSON.stringify(record),
		);
		// Only earlier pages count: two equal records on one page are two.
		const fresh = records.filter((_, index) => !seen.has(identities[index]));
		yield fresh;
		for (const identity of identities) seen.add(identity);
		const { links } = delivery.answer!.body as { links?: IDataObject };
		const isLast = links !== undefined && (links.next ?? null) === null;
		if (isLast || records.length < limit || fresh.length === 0) return;
	}
}
