import { foldKey, isCutOff, shortestCut } from '../form/keys';
import { clock } from '../transport/clock';
import { locks } from '../transport/inTurn';
import type { RequestResult } from '../transport/retry';

/** A sale whose last attempt was indeterminate. */
export interface Doubt {
	/** When the attempt ended, by the node's clock. */
	endedAt: number;
	/** Whether it may still be carried out. */
	mayBeInFlight: boolean;
	/** Whether it was sent once more already. */
	isResent: boolean;
	/** The run and the item that sent it, and what became of the request there. */
	run: object;
	itemIndex: number;
	result: RequestResult;
}

/** An answer that accepted a sale. */
export type Answered =
	{ record: object; result?: RequestResult } | { record?: undefined; result: RequestResult };

/** What the process knows of a sale that nobody has seen in a list yet. */
export interface KnownSale {
	/** As it was sent. */
	key: string;
	doubt?: Doubt;
	/** What was answered: the record, or the result of an answer that only acknowledged the sale. */
	answered?: Answered & { at: number };
	/** Whether a look-up has shown it meanwhile. */
	isSeen?: boolean;
}

/** What the process has seen of how a program keeps long keys. */
export interface KeyLengths {
	/** Keys of up to so many characters come back whole. */
	whole: number;
	/** Longer ones are cut after so many. */
	cutAt?: number;
}

/** The characters of a key that a search may drop, or take for something else; all letters beyond ASCII count as one. */
function specialsIn(key: string): string[] {
	return (key.match(/[^\w.-]/g) ?? []).map((character) => (character > '~' ? 'beyond' : character));
}

/** What a sale is known by in locks and memories: keys that Partnero may take for the same have one name. */
export function nameOfSale(programId: string, key: string): string {
	return `${programId} ${foldKey(key)}`;
}

/** How many settled sales are remembered, and for how long (milliseconds). */
const most = 10_000;
const longest = 600_000;

/** For so long after a sale was sent another list, or another replica, may not show it yet (milliseconds). */
export const longestLag = 30_000;

/**
 * What all executions of this process share about the sales that they send (`recording-rules.md` 8): who is sending a
 * sale right now, what is in doubt, and what was accepted and is not shown yet. Sales are named by their program
 * and their folded key. Bounded: the oldest settled sale goes first; what is in flight or in doubt stays.
 */
class SalesMemory {
	/** In the order in which they were last written. */
	private readonly sales = new Map<string, KnownSale>();

	private readonly lengths = new Map<string, KeyLengths>();

	/** Which special characters a program's filter by key was seen to find. */
	private readonly found = new Map<string, Set<string>>();

	/** How a program keeps long keys, as far as anybody has seen. */
	keyLengths(program: string): KeyLengths {
		return this.lengths.get(program) ?? { whole: shortestCut };
	}

	/** Learns from a key that was recorded how the program keeps long ones. */
	noteKey(program: string, sent: string, recorded: string): void {
		const known = this.keyLengths(program);
		if (recorded === sent && sent.length > known.whole)
			this.lengths.set(program, { whole: sent.length });
		else if (isCutOff(recorded, sent))
			this.lengths.set(program, { ...known, cutAt: recorded.length });
	}

	/** Whether the filter by key was seen to find keys with all the special characters of this one. */
	isFindable(program: string, key: string): boolean {
		const found = this.found.get(program);
		return specialsIn(key).every((character) => found?.has(character));
	}

	/** Learns from a sale that the filter by key has found. */
	noteFound(program: string, key: string): void {
		const found = this.found.get(program) ?? new Set();
		for (const character of specialsIn(key)) found.add(character);
		this.found.set(program, found);
	}

	get(name: string): KnownSale | undefined {
		const known = this.sales.get(name);
		if (!known || known.doubt) return known;
		if (clock.now() - (known.answered?.at ?? 0) > longest) {
			this.sales.delete(name);
			return undefined;
		}
		return known;
	}

	/** Remembers a sale as in doubt. */
	doubt(name: string, key: string, doubt: Doubt): void {
		this.write(name, { key, doubt });
	}

	/** Remembers a sale that was accepted. */
	settle(name: string, key: string, answered: { record?: object; result?: RequestResult }): void {
		this.write(name, { key, answered: { ...(answered as Answered), at: clock.now() } });
	}

	/** A look-up shows a sale; another one, by another replica or a cache, may still not show it. */
	see(name: string, key: string, record: object): void {
		const known = this.sales.get(name);
		// Another key that folds to the same is another sale's memory.
		if (known?.key !== key) return;
		const at = known.doubt?.endedAt ?? known.answered?.at ?? 0;
		this.write(name, { key, answered: { record, at }, isSeen: true });
	}

	/** Forgets a sale: it was seen, refused, or is gone. */
	forget(name: string): void {
		this.sales.delete(name);
	}

	private write(name: string, sale: KnownSale): void {
		this.sales.delete(name);
		this.sales.set(name, sale);
		if (this.sales.size <= most) return;
		for (const [oldest, { doubt }] of this.sales) {
			if (doubt || locks.isHeld(oldest)) continue;
			this.sales.delete(oldest);
			return;
		}
	}
}

/** The one of this process. */
export const salesMemory = new SalesMemory();
