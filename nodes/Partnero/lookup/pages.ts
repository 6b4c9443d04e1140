import { createHash } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { dataOf, recordsAmong } from '../response/unwrap';
import type { Attempt } from '../transport/outcome';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendOnce, sendWithRetry } from '../transport/retry';
import type { Sender } from '../transport/sender';

/** The range that every source of the API agrees on (`partnero-api.md` 1.3). */
export const smallestPage = 10;
export const largestPage = 100;

/** Nobody says how many pages there are, so as many requests as are ahead may turn out to be wasted. */
const furthestAhead = 3;

/** How a list is read. */
export interface PageOptions {
	/** Records per page. */
	size: number;
	/** The key that no two records share; of a record without one, the whole is compared. */
	unique?: string;
	/** How many pages are wanted from now on, as far as the list has them: more are not asked for ahead. */
	wanted?: () => number;
	/** The error of a page that could not be had. */
	failure: (result: RequestResult) => Promise<Error>;
}

/**
 * The pages of a list, until one has no `links.next`, is shorter than asked, or brings nothing new.
 * The own query goes out with every page, since `links.next` carries only the page's number. A record
 * that moved to a later page meanwhile comes once.
 *
 * While a page is awaited the next ones are prefetched, one more after each page, and only where
 * there is room at the gate and no item waits for its turn. Each attempt that was in vain, because of a 429 most of all, makes that
 * one fewer for the rest of the list. What was prefetched is the page's first attempt, and is not
 * repeated before it is the page's turn.
 */
export async function* paginate(
	sender: Sender,
	{ url, qs }: { url: string; qs?: IDataObject },
	{ size, unique, wanted = () => 1, failure }: PageOptions,
): AsyncGenerator<IDataObject[]> {
	const request = (page: number) => ({ method: 'GET' as const, url, qs: { ...qs, limit: size, page } });
	const seen = new Set<string>();
	const prefetched: Array<Promise<Attempt>> = [];
	let width = 0;
	let widest = furthestAhead;
	try {
		for (let page = 1; ; page += 1) {
			const first = prefetched.shift() ?? sendOnce(sender, request(page));
			const furthest = page + Math.min(width, wanted() - 1);
			for (let next = page + 1 + prefetched.length; next <= furthest; next += 1) {
				const { gate, semaphore } = sender.run;
				const pass = semaphore.isFree ? gate.tryEnter() : undefined;
				if (!pass) break;
				prefetched.push(sendOnce(sender, request(next), pass));
			}
			const result = await sendWithRetry(sender, request(page), true, first);
			const entries = dataOf(result);
			if (!isSuccess(result) || !Array.isArray(entries)) throw await failure(result);
			const records = recordsAmong(entries);
			const identities = records.map((record) => identityOf(record, unique));
			// Only earlier pages count: two equal records on one page are two.
			const fresh = records.filter((_, index) => !seen.has(identities[index]));
			yield fresh;
			for (const identity of identities) seen.add(identity);
			const { links } = result.response!.body as { links?: IDataObject | null };
			const isLast = Boolean(links) && (links!.next ?? null) === null;
			if (isLast || entries.length < size || fresh.length === 0) return;
			widest = Math.max(0, widest - (result.attempts - 1));
			width = Math.min(widest, width + 1);
		}
	} finally {
		// Nothing is under way any more when the node is done.
		await Promise.all(prefetched);
	}
}

/** What tells a record from the others; a digest, so that no second copy of a long list is kept. */
function identityOf(record: IDataObject, unique?: string): string {
	const key = unique && record[unique];
	if (key !== undefined && key !== null) return String(key);
	return createHash('sha256').update(JSON.stringify(record)).digest('base64');
}
