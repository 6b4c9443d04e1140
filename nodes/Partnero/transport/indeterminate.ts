import type { IHttpRequestOptions } from 'n8n-workflow';

import type { RequestResult } from './retry';

/** What identifies a request among those of an item. */
export type RequestParts = Pick<IHttpRequestOptions, 'method' | 'url' | 'body'>;

/** The last attempt of a request that is in doubt. */
export interface LastAttempt {
	result: RequestResult;
	/** When it ended, by the node's clock. */
	endedAt: number;
	/** Whether the request may be sent once more in this execution, if it came to nothing. */
	mayBeSentAgain: boolean;
}

/** One request of which it may be unknown whether it was carried out. */
export interface IndeterminateRequest {
	/** Since when nobody knows (milliseconds since 1970); `undefined` if it is not in doubt. */
	readonly since: number | undefined;
	/** What became of the last attempt, where that was noted. */
	readonly last: LastAttempt | undefined;
	mark(since: number, last?: LastAttempt): void;
	resolve(): void;
}

/** The requests of which nobody knows whether they were carried out, over all tries of n8n. */
export class IndeterminateRequests {
	private readonly doubts = new Map<string, { since: number; last?: LastAttempt }>();

	/** @param isShared whether the items are calls of an agent, which all come as item 0 */
	constructor(private readonly isShared: boolean) {}

	/** An item's creation of the record that has this identifier. */
	creation(itemIndex: number, url: string, identifier: string): IndeterminateRequest {
		return this.named([url, identifier, this.scope(itemIndex)]);
	}

	/** An item's change of a record. */
	change(itemIndex: number, { method, url, body }: RequestParts): IndeterminateRequest {
		return this.named([method, url, JSON.stringify(body ?? ''), this.scope(itemIndex)]);
	}

	/** A move of a record to another status, whichever item asks for it. */
	transition({ method, url }: RequestParts, statuses: string[]): IndeterminateRequest {
		return this.named([method, url, statuses.join()]);
	}

	private scope(itemIndex: number): string {
		return this.isShared ? '' : String(itemIndex);
	}

	private named(parts: unknown[]): IndeterminateRequest {
		const name = parts.join(' ');
		const { doubts } = this;
		return {
			get since() {
				return doubts.get(name)?.since;
			},
			get last() {
				return doubts.get(name)?.last;
			},
			mark: (since, last) => void doubts.set(name, { since, last }),
			resolve: () => void doubts.delete(name),
		};
	}
}
