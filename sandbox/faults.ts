import { setMaxListeners } from 'node:events';

import { lag } from './clock';

/** What can go wrong on demand. "After the write" means: it took place, and only the answer is lost. */
export const FAULT_KINDS = [
	/** 429, with `Retry-After: <retryAfter>` if that is given. */
	'rateLimit',
	/** At most `max` requests at once; the next one gets 429. */
	'cap',
	/** The given `status` (default 500) before the write. */
	'status',
	/** The given `status` (default 502) after the write. */
	'statusAfterWrite',
	/** The connection is destroyed before the write. */
	'cut',
	/** The connection is destroyed after the write. */
	'cutAfterWrite',
	/** A delay of `ms`; a request whose client has left by then is dropped. */
	'latency',
	/** An HTML page with the given `status` (default 502). */
	'html',
	/** 200 and an empty body. */
	'empty',
	/** 200 and `{status: 0, message}`. */
	'statusZero',
	/** 200 and `{status: 1}`, without the record; before the write unless `after` is set. */
	'bare',
	/** The given `status` (default 400) and a body that repeats the Authorization header. */
	'echoAuth',
	/** A batch of transactions fails with 500 after its first `count` records were written. */
	'partialWrite',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultMatch {
	method?: string;
	/** The path below /v1, percent-encoded: equal to a string, or matched by an expression. */
	path?: string | RegExp;
}

export interface Fault {
	kind: FaultKind;
	match?: FaultMatch;
	/** How often it strikes; default: until it is cleared. */
	times?: number;
	/** Share of the matching requests that it strikes, 0 to 1, always the same ones. */
	rate?: number;
	/** Strikes after the write, whatever the kind. */
	after?: boolean;
	status?: number;
	/** Seconds. */
	retryAfter?: number;
	ms?: number;
	max?: number;
	count?: number;
}

/** What a fault needs to know of a request. */
export interface Target {
	method: string;
	path: string;
	authorization: string;
	/** Whether the client has closed the connection. */
	gone: () => boolean;
}

export interface FaultAnswer {
	status: number;
	type: string;
	body: string;
	headers?: Record<string, string>;
}

/** An answer that replaces the real one, or a connection that ends without any. */
export type Strike = FaultAnswer | 'cut';

type Phase = 'before' | 'after';

interface Armed extends Fault {
	left: number;
	random: () => number;
}

export class Faults {
	private armed: Armed[] = [];
	private readonly closing = new AbortController();

	constructor() {
		// Every delay listens.
		setMaxListeners(Infinity, this.closing.signal);
	}

	/** Arms a fault; several are tried in this order, and latencies add up. */
	add(fault: Fault): void {
		this.armed.push({
			...fault,
			left: fault.times ?? Infinity,
			random: pseudoRandom(this.armed.length + 1),
		});
	}

	/** What is armed and may still strike, in this order; `times` is how often it still does. */
	get list(): Fault[] {
		return this.armed
			.filter(({ left }) => left > 0)
			.map(({ left, random: _random, ...fault }) => ({
				...fault,
				...(Number.isFinite(left) && { times: left }),
			}));
	}

	clear(): void {
		this.armed = [];
	}

	/** Ends all delays. */
	close(): void {
		this.closing.abort();
	}

	/** The refusal of a cap, for a request that would be the `number`th one under way. */
	admit(target: Target, number: number): FaultAnswer | undefined {
		const cap = this.armed.find(
			(one) => one.kind === 'cap' && number > (one.max ?? 1) && matches(one.match, target),
		);
		return cap && this.strikes(cap) ? tooMany(cap) : undefined;
	}

	/** What strikes a request in this phase: the first fault that is no delay. */
	async strike(phase: Phase, target: Target): Promise<Strike | undefined> {
		for (const fault of this.armed.filter(
			(one) => phaseOf(one) === phase && matches(one.match, target),
		)) {
			if (!this.strikes(fault)) continue;
			if (fault.kind !== 'latency') return answerOf(fault, target);
			await this.delay(fault.ms ?? 0);
			if (target.gone()) return 'cut';
		}
		return undefined;
	}

	/** After how many records of a batch a request fails, if it does. */
	partial(target: Target): number | undefined {
		const fault = this.armed.find(
			(one) => one.kind === 'partialWrite' && matches(one.match, target),
		);
		return fault && this.strikes(fault) ? (fault.count ?? 0) : undefined;
	}

	private strikes(fault: Armed): boolean {
		if (fault.left <= 0 || (fault.rate !== undefined && fault.random() >= fault.rate)) return false;
		fault.left--;
		return true;
	}

	private async delay(ms: number): Promise<void> {
		await lag(ms, this.closing.signal);
	}
}

function phaseOf({ kind, after }: Fault): Phase | undefined {
	if (kind === 'partialWrite' || kind === 'cap') return undefined;
	return after || kind === 'statusAfterWrite' || kind === 'cutAfterWrite' ? 'after' : 'before';
}

function matches(match: FaultMatch | undefined, { method, path }: Target): boolean {
	if (match?.method && match.method.toUpperCase() !== method) return false;
	if (match?.path === undefined) return true;
	return typeof match.path === 'string' ? match.path === path : match.path.test(path);
}

function answerOf(fault: Fault, { authorization }: Target): Strike {
	const { status } = fault;
	switch (fault.kind) {
		case 'rateLimit':
			return tooMany(fault);
		case 'status':
			return json(status ?? 500, { message: 'Server Error', status: 0 });
		case 'statusAfterWrite':
			return json(status ?? 502, { message: 'Bad Gateway', status: 0 });
		case 'html':
			return {
				status: status ?? 502,
				type: 'text/html; charset=utf-8',
				body: '<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>',
			};
		case 'empty':
			return { status: 200, type: 'application/json', body: '' };
		case 'statusZero':
			return json(200, { status: 0, message: 'The request could not be processed.' });
		case 'bare':
			return json(200, { status: 1 });
		case 'echoAuth':
			return json(status ?? 400, {
				message: `Refused: Authorization: ${authorization}`,
				status: 0,
			});
		default:
			return 'cut';
	}
}

function tooMany({ retryAfter }: Fault): FaultAnswer {
	const headers = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) };
	return { ...json(429, { message: 'Too Many Attempts.', status: 0 }), headers };
}

function json(status: number, body: object): FaultAnswer {
	return { status, type: 'application/json', body: JSON.stringify(body) };
}

/** Mulberry32: the same numbers in every run. */
function pseudoRandom(seed: number): () => number {
	let state = seed * 0x9e3779b9;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
