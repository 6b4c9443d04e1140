import { abortableSleep, clock } from './clock';
import type { BackOff } from './retryPolicy';
import { backOff, retryAfter } from './retryPolicy';
import type { HttpResponse } from './send';

/** How a gate is set; times are milliseconds. */
export interface GateSettings {
	/** At most so many requests are under way at once. */
	ceiling: number;
	/** How long a rate limit may last without a single success, or ask to wait, before everybody gives up. */
	patience: number;
	/** No more than so many requests in any such time (n8n's Batching). */
	rate?: { requests: number; interval: number };
}

/** How long the run of a node puts up with a rate limit. */
export const usualPatience = 120_000;

/** The waits after a 429 that says nothing, or too little. */
const pauses: BackOff = { first: 500, longest: 30_000 };

/** Milliseconds until somebody who waits looks again. */
const longestSleep = 1_000;

/** How many requests are under way at once in the beginning. */
const firstLimit = 5;

/** A request that was let through, to be handed back when it has ended. */
export interface Pass {
	/** When it was let through, by the node's clock. */
	readonly since: number;
	/** Milliseconds that it waited. */
	readonly waited: number;
}

/** The answer that made everybody give up, for a request that was not let through. */
export interface GivenUp {
	readonly answer: HttpResponse;
	readonly waited: number;
}

/**
 * What all requests of a run to one program pass. A 429 pauses all of them: as long as the server asks, and never
 * shorter than an exponential back-off with jitter, so that no value of `Retry-After` can hurt. How many are under
 * way at once finds its own level, as in TCP: doubling until the first refusal, then a little more with each
 * success, half as many after each pause. `X-RateLimit-Remaining` is heeded where it is sent.
 */
export class Gate {
	private underWay = 0;

	/** How many may be under way at once; grows by fractions. */
	private limit: number;

	/** Whether there was no refusal yet. */
	private isDoubling = true;

	/** How many requests the server still takes, at least; `undefined` if it does not say. */
	private remaining?: number;

	private pausedAt = -Infinity;

	private pausedUntil = -Infinity;

	/** Pauses since the last success. */
	private pauseCount = 0;

	/** Since when nothing has succeeded; `undefined` while all is well. */
	private refusedSince?: number;

	/** The latest 429. */
	private refusal?: HttpResponse;

	/** Whether nothing has succeeded for so long that nobody waits out this pause. */
	private isExhausted = false;

	/** When the latest requests began, as far as the rate needs them. */
	private readonly begun: number[] = [];

	/** Requests pass in the order in which they came: this is the last one's turn. */
	private lastTurn: Promise<unknown> = Promise.resolve();

	private waiting = 0;

	/** Wakes the one whose turn it is, when a request has ended. */
	private wake?: () => void;

	constructor(private readonly settings: GateSettings) {
		this.limit = Math.min(firstLimit, settings.ceiling);
	}

	/** Whether the rate limit lasts too long for anybody to wait. */
	get hasGivenUp(): boolean {
		const left = this.pausedUntil - clock.now();
		return left > this.settings.patience + pauses.first || (this.isExhausted && left > 0);
	}

	/** Lets a request through if that can be at once, without anybody waiting. */
	tryEnter(): Pass | undefined {
		if (this.waiting > 0 || this.hasGivenUp || this.wait() > 0 || !this.hasRoom) return undefined;
		return this.letThrough(clock.now());
	}

	/**
	 * Waits until a request may be sent.
	 * @throws the signal's reason if the execution is canceled meanwhile
	 */
	async enter(signal?: AbortSignal): Promise<Pass | GivenUp> {
		const came = clock.now();
		this.waiting += 1;
		const turn = this.lastTurn.then(async () => await this.takeTurn(came, signal));
		this.lastTurn = turn.catch(() => undefined);
		return await turn;
	}

	/** Takes a request back, with what was answered, if anything was. */
	leave({ since }: Pass, response?: HttpResponse): void {
		const wasFull = this.underWay >= Math.floor(this.limit);
		this.underWay -= 1;
		if (response) {
			this.note(response);
			if (response.status === 429) this.refuse(since, response);
			else if (response.status < 500) this.accept(wasFull);
		}
		this.wake?.();
	}

	private async takeTurn(came: number, signal?: AbortSignal): Promise<Pass | GivenUp> {
		try {
			for (;;) {
				signal?.throwIfAborted();
				if (this.hasGivenUp) return { answer: this.refusal!, waited: clock.now() - came };
				const wait = this.wait();
				// In parts, since the pause may turn out to be too long for anybody.
				if (wait > 0) await abortableSleep(Math.min(Math.ceil(wait), longestSleep), signal);
				else if (this.hasRoom) break;
				else await new Promise<void>((resolve) => (this.wake = resolve));
			}
		} finally {
			this.waiting -= 1;
			this.wake = undefined;
		}
		return this.letThrough(came);
	}

	private letThrough(came: number): Pass {
		const since = clock.now();
		this.underWay += 1;
		if (this.remaining !== undefined) this.remaining = Math.max(0, this.remaining - 1);
		if (this.settings.rate) {
			this.begun.push(since);
			if (this.begun.length > this.settings.rate.requests) this.begun.shift();
		}
		return { since, waited: since - came };
	}

	/** Whether there is room for one more; where the server takes no more, for one to find out when it does. */
	private get hasRoom(): boolean {
		return this.underWay < Math.floor(this.limit) && (this.remaining !== 0 || this.underWay === 0);
	}

	/** How long nothing may be sent because of a pause or of the rate. */
	private wait(): number {
		const { rate } = this.settings;
		const nextByRate =
			rate && this.begun.length >= rate.requests ? this.begun[0] + rate.interval : -Infinity;
		return Math.max(this.pausedUntil, nextByRate) - clock.now();
	}

	/** What is under way may be counted in what the server says, or not yet: alone, a request knows for certain. */
	private note({ headers }: HttpResponse): void {
		const text = String(headers['x-ratelimit-remaining'] ?? '').trim();
		if (!/^\d+$/.test(text)) return;
		const atLeast = Math.max(0, Number(text) - this.underWay);
		this.remaining = this.underWay === 0 ? atLeast : Math.min(this.remaining ?? Infinity, atLeast);
	}

	private accept(wasFull: boolean): void {
		this.pauseCount = 0;
		this.refusedSince = undefined;
		this.isExhausted = false;
		// A limit that was not reached says nothing about a higher one.
		if (wasFull)
			this.limit = Math.min(
				this.settings.ceiling,
				this.limit + (this.isDoubling ? 1 : 1 / this.limit),
			);
	}

	private refuse(since: number, answer: HttpResponse): void {
		const now = clock.now();
		this.refusal = answer;
		// After having given up, the next try of n8n has its own patience.
		if (this.isExhausted && now >= this.pausedUntil) this.refusedSince = undefined;
		this.refusedSince ??= now;
		// What was sent before the pause began is refused for the same reason, and changes only how long it is.
		if (since > this.pausedAt) {
			this.pausedAt = now;
			this.pauseCount += 1;
			this.isDoubling = false;
			this.limit = Math.max(1, this.limit / 2);
			this.pausedUntil = Math.max(this.pausedUntil, now + backOff(this.pauseCount, pauses));
		}
		// A little longer than the server asks, and not at the instant at which everybody else comes back.
		const wish = retryAfter(answer.headers);
		if (wish !== undefined)
			this.pausedUntil = Math.max(this.pausedUntil, now + wish + Math.random() * pauses.first);
		this.isExhausted = now - this.refusedSince >= this.settings.patience;
	}
}

/** Whether a request was let through. */
export function isPass(entry: Pass | GivenUp): entry is Pass {
	return 'since' in entry;
}
