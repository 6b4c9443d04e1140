import { clock } from '../transport/clock';

import { longestLag, salesMemory } from './salesMemory';

/** How many writes are remembered. */
const most = 1_000;

/**
 * What this process has written so lately that a list or a balance may not show it yet: what is read before the next
 * write of its kind may be as it was before that one. The oldest goes first.
 */
export class RecentWrites<T> {
	private readonly writes = new Map<string, { value: T; at: number }>();

	/** Remembers a write under the name of what it changed. */
	note(name: string, value: T): void {
		this.writes.delete(name);
		this.writes.set(name, { value, at: clock.now() });
		const [oldest] = this.writes.keys();
		if (this.writes.size > most) this.writes.delete(oldest);
	}

	/** What was written is changed again. */
	forget(name: string): void {
		this.writes.delete(name);
	}

	/** What some writes have made is gone. */
	forgetWhere(isGone: (value: T) => boolean): void {
		for (const [name, { value }] of this.writes) if (isGone(value)) this.writes.delete(name);
	}

	/** The latest write, while a look may still not show it. */
	get(name: string): T | undefined {
		const known = this.writes.get(name);
		return known && clock.now() - known.at < longestLag ? known.value : undefined;
	}
}

/** The sales that this process has deleted, by name: a list may go on showing them for a while. */
export const deleted = new RecentWrites<true>();

/** Lets the key of a sale be used again that was refunded, or taken back. */
export function noteDeleted(name: string): void {
	salesMemory.forget(name);
	deleted.note(name, true);
}
