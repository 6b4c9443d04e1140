import { createHash } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { ownMessage } from '../response/messages';
import { dataOf, recordsAmong } from '../response/unwrap';
import type { Attempt } from '../transport/outcome';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendOnce, sendWithRetry } from '../transport/retry';
import type { Sender } from '../transport/sender';

/** The range that every source of the API agrees on (`partnero-api.md` 1.3). */
export const smallestPage = 10;
export const largestPage = 100;

/** How many sizes of a page are used in turn. */
const sizesInTurn = 50;

let sizesUsed = 0;

/**
 * A page size for somebody who has asked before and wants to know what it is now: a cache on the way, or in the
 * server, answers an address that it knows with what it was then. A size of its own makes the address a new one.
 */
export function freshSize(): number {
	sizesUsed = (sizesUsed % sizesInTurn) + 1;
	return largestPage - sizesUsed;
}

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
	/** Whether the list may come as a whole, whatever page is asked for. */
	isUnpaged?: boolean;
	/** The error of a page that could not be had. */
	failure: (result: RequestResult) => Promise<Error>;
	/** Is told, before a page comes, whether another one follows; `undefined` where only that one will tell. */
	onPage?: (hasNext: boolean | undefined) => void;
	/** Whether a 404 means that no record matches. */
	isEmpty?: (result: RequestResult) => Promise<boolean>;
}

/** More pages than any list has; a list that goes on after them never ends. */
const mostPages = 20_000;

/** As many empty pages in a row only a list has that never ends. */
const mostEmptyPages = 3;

/**
 * The pages of a list, to where it ends (`recording-rules.md` 3): at a null `links.next`, or where an answer has no `links`,
 * at a page that is not full. The own query goes out with every page, since `links.next` carries only the page's
 * number. A record that moved to a later page meanwhile comes once; records without an identifier are never taken for
 * each other.
 *
 * While a page is awaited the next ones are prefetched, one more after each page, and only where
 * there is room at the gate and no item waits for its turn. Each attempt that was in vain, because of a 429 most of all, makes that
 * one fewer for the rest of the list. What was prefetched is the page's first attempt, and is not
 * repeated before it is the page's turn.
 */
export async function* paginate(
	sender: Sender,
	{ url, qs }: { url: string; qs?: IDataObject },
	{ size, unique, wanted = () => 1, failure, isEmpty, isUnpaged, onPage }: PageOptions,
): AsyncGenerator<IDataObject[]> {
	const request = (page: number) => ({
		method: 'GET' as const,
		url,
		qs: { ...qs, limit: size, page },
	});
	const seen = new Set<string>();
	const prefetched: Array<Promise<Attempt>> = [];
	let width = 0;
	let widest = furthestAhead;
	let emptyPages = 0;
	let mostOnPage = smallestPage;
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
			const isMissing = page === 1 && result.response?.status === 404;
			if (isMissing && (saysEmpty(url, result) || (await isEmpty?.(result)))) return;
			const entries = dataOf(result);
			if (!isSuccess(result) || !Array.isArray(entries)) throw await failure(result);
			const records = recordsAmong(entries);
			const identities = records.map((record) => identityOf(record, unique));
			// Only earlier pages count: two equal records on one page are two.
			const fresh = records.filter(
				(_, index) => identities[index] === undefined || !seen.has(identities[index]),
			);
			const { next, perPage } = positionIn(result.response!.body as IDataObject);
			const isRepeated = entries.length > 0 && fresh.length === 0;
			// A server may have pages of a size of its own, and not tell it: then only a smaller page shows the end.
			const mayBeCapped =
				perPage === undefined &&
				entries.length >= mostOnPage &&
				entries.length < size &&
				!isRepeated &&
				!identities.includes(undefined);
			// What holds more than was asked for is not paged.
			const isFull =
				entries.length > 0 && ([size, perPage].includes(entries.length) || mayBeCapped);
			const isLast = next === undefined ? !isFull || (isUnpaged && page > 1) : next === null;
			onPage?.(isLast ? false : next === undefined ? undefined : true);
			yield fresh;
			for (const identity of identities) if (identity !== undefined) seen.add(identity);
			if (isLast) return;
			mostOnPage = Math.max(mostOnPage, entries.length);
			emptyPages = entries.length === 0 ? emptyPages + 1 : 0;
			if (isRepeated || emptyPages >= mostEmptyPages || page >= mostPages) {
				throw await failure({ ...result, outcome: 'rejected', endlessList: true });
			}
			widest = Math.max(0, widest - (result.attempts - 1));
			width = Math.min(widest, width + 1);
		}
	} finally {
		// Nothing is under way any more when the node is done.
		await Promise.all(prefetched);
	}
}

/**
 * Whether a 404 says in the API's own words that the list has nothing (`recording-rules.md` 3): `No transactions
 * found.`, but neither `The route v1/transactions could not be found.` nor what Laravel says of a record that a path
 * names, `No query results for model [App\Models\Customer] ann`. Below a record only the list's own name counts.
 */
export function saysEmpty(url: string, { response }: RequestResult): boolean {
	const said = ownMessage(response?.body).toLowerCase().replace(/[_-]/g, ' ');
	const path = url.replace(/:search$/, '').split('/');
	const name = path.at(-1)!.replace(/[_-]/g, ' ');
	const isOfAll = path.length === 2;
	return (
		(said.includes(name) || (isOfAll && /\b(?:records|results|entries|data)\b/.test(said))) &&
		/\b(?:no|not|none|empty)\b/.test(said) &&
		!/\b(?:route|url|method|endpoint|page|model)\b|[/\\]/.test(said)
	);
}

/**
 * What an answer says of its place in a list: the next page, which is null after the last one, and the size of a page;
 * nothing of what is not there. Laravel's paginator has two spellings: `links` and `meta` around a collection of
 * resources, and both in the answer itself, where `links` are those of a page's buttons.
 */
function positionIn(body: IDataObject): { next?: unknown; perPage?: number } {
	const { links, meta } = body as Record<string, IDataObject | null | undefined>;
	const perPage = meta?.per_page ?? body.per_page;
	return {
		next: links?.next === undefined ? body.next_page_url : links.next,
		perPage: perPage === undefined || perPage === null ? undefined : Number(perPage),
	};
}

/**
 * What tells a record from the others: what the list says is unique, the ID, or the whole of a record that has a key
 * (a digest, so that no second copy of a long list is kept). Nothing for a record without an identifier.
 */
function identityOf(record: IDataObject, unique?: string): string | undefined {
	const own = (unique && record[unique]) ?? record.id;
	if (own !== undefined && own !== null) return String(own);
	if (unique === undefined && (record.key === undefined || record.key === null)) return undefined;
	return createHash('sha256').update(JSON.stringify(record)).digest('base64');
}
