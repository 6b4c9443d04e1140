import type { IHttpRequestOptions } from 'n8n-workflow';

/** What identifies a request among those of an item. */
export type RequestParts = Pick<IHttpRequestOptions, 'method' | 'url' | 'body'>;

/** One request of which it may be unknown whether it was carried out. */
export interface IndeterminateRequest {
	/** Since when nobody knows (milliseconds since 1970); `undefined` if it is not in doubt. */
	readonly since: number | undefined;
	mark(since: number): void;
	resolve(): void;
}

/** What an item failed with, as far as others have to know. */
interface Blocking {
	/** Whether another try would not change it, or must not be made. */
	isFinal: boolean;
}

/**
 * The requests of which nobody knows whether they were carried out, over all tries of n8n, and what no other
 * item may send because of them.
 */
export class IndeterminateRequests<Failure extends Blocking = Blocking> {
	private readonly since = new Map<string, number>();

	private readonly blockedKeys = new Map<string, Failure>();

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

	/** Keeps all other items from sending what this one has left in doubt. */
	block(url: string, identifier: string, failure: Failure): void {
		this.blockedKeys.set(`${url} ${identifier}`, failure);
	}

	/** Why an item may not send this identifier. */
	blockedBy(url: string, identifier: string): Failure | undefined {
		return this.blockedKeys.get(`${url} ${identifier}`);
	}

	/** For n8n's next try, which may send what no other item has to say the last word about. */
	unblock(): void {
		for (const [subject, { isFinal }] of this.blockedKeys) if (!isFinal) this.blockedKeys.delete(subject);
	}

	private scope(itemIndex: number): string {
		return this.isShared ? '' : String(itemIndex);
	}

	private named(parts: unknown[]): IndeterminateRequest {
		const name = parts.join(' ');
		const { since } = this;
		return {
			get since() {
				return since.get(name);
			},
			mark: (moment) => void since.set(name, moment),
			resolve: () => void since.delete(name),
		};
	}
}
