import type { ICredentialDataDecryptedObject, IHttpRequestMethods } from 'n8n-workflow';

import { abortableSleep, clock } from '../nodes/Partnero/transport/clock';
import type { Outcome } from '../nodes/Partnero/transport/outcome';
import { isSuccess, outcomeOfResponse } from '../nodes/Partnero/transport/outcome';
import { retryAfter } from '../nodes/Partnero/transport/retryPolicy';
import type { HttpResponse } from '../nodes/Partnero/transport/send';
import { NetworkError, send } from '../nodes/Partnero/transport/send';

import type { Address, Body } from './address';
import { sentBody, shownBody } from './address';
import { contextWithoutN8n } from './context';

/** Milliseconds from the end of a request to the beginning of the next. */
export const SPACING = 300;
/** Most requests of a check that only reads. */
export const MOST_READS = 60;
/** Most requests of a check that writes, its cleaning up apart. */
export const MOST_REQUESTS = 400;
/** Milliseconds that an API may ask to wait. */
const LONGEST_WAIT = 120_000;
/** The wait after the first 429 that says nothing; then twice as long each time. */
const FIRST_WAIT = 5_000;
const MOST_REFUSALS = 5;
/** Milliseconds until an answer counts as lost. */
const TIMEOUT = 30_000;

/** What a check cannot decide, and why: in words of this project, without a value of a program. */
export class Undecided extends Error {}

/** Nothing is sent any more. */
export class Stopped extends Undecided {}

/** A request, and what was answered. */
export interface Exchange extends HttpResponse {
	/** Method, path, query and body, with names in place of values. */
	request: string;
	outcome: Outcome;
}

/** Whether the API did what was asked. */
export function accepted(exchange: Exchange): boolean {
	return isSuccess(exchange);
}

/** Notes what is about to be made, before it is sent. */
export type Journal = (kind: string, identifier: string) => void;

/** What may be written; nothing, unless it is given. */
export interface Permit {
	journal: Journal;
	/** What cannot be taken back, and was confirmed. */
	confirmed: ReadonlySet<'bonus' | 'credit'>;
}

export interface SenderOptions {
	credentials: ICredentialDataDecryptedObject;
	/** Most requests, those included that are refused with a 429. */
	limit: number;
	/** Missing: only reads. */
	permit?: Permit;
	/** Milliseconds until an answer counts as lost; half a minute if not given. */
	timeout?: number;
	/** Ends it before the next request. */
	signal?: AbortSignal;
}

/** What makes something, and so stands in the journal first. */
const CREATES = /^POST \/(partners|customers|transactions|leads|webhooks|subscribers)$/;
/** What changes or deletes something that was made here. */
const CHANGES =
	/^(DELETE \/(partners|customers|transactions|leads|webhooks)\/[^/?:]+|DELETE \/(customers|transactions|subscribers)|PUT \/customers\/[^/?:]+|POST \/transactions\/[^/?:]+\/(archive|revoke-archive)|POST \/leads\/reject|GET \/leads\/reject\?.*)$/;
/** A GET that changes something, where the documents are right (partnero-api.md 2.5). */
const CHANGING_GET = /^\/leads\/(convert|reject)\b/;
const NEEDS_CONFIRMATION = {
	bonus: /^POST \/partners\/[^/?:]+\/reward$/,
	credit: /^POST \/customers\/[^/?:]+\/balance\/credit$/,
};

/**
 * Sends the requests of a check, through the node's own transport. What it never does is decided here and nowhere
 * else: it writes nothing without a permit, and with one only what stands in the tables above; it sends one request
 * at a time, with a pause after each, and no more than its limit; it waits as long as a 429 asks.
 */
export class Sender {
	/** Requests so far. */
	count = 0;
	/** What was answered since somebody last looked. */
	readonly exchanges: Exchange[] = [];
	/** Everything that was answered, to keep it out of a report. */
	readonly answers: unknown[] = [];
	/** Whether a write was sent to which no usable answer came, so that it may be carried out later. */
	isDoubtful = false;
	/** `Retry-After` of the last 429, in words; undefined where none came. */
	lastRefusal?: 'seconds' | 'none' | 'zero' | 'past' | 'nonsense';

	private readonly context = contextWithoutN8n();
	private last: Promise<unknown> = Promise.resolve();
	private freeAt = -Infinity;
	private stopped?: Stopped;

	constructor(private readonly options: SenderOptions) {}

	get credentials(): ICredentialDataDecryptedObject {
		return this.options.credentials;
	}

	/**
	 * Reads.
	 * @throws Undecided if no usable answer comes, Stopped if nothing is sent any more
	 */
	async get(address: Address): Promise<Exchange> {
		return await this.inTurn('GET', address);
	}

	/**
	 * Makes something, after it was noted.
	 * @param kind what is made, and under which identifier
	 */
	async create(
		address: Address,
		body: Body,
		...made: Array<[kind: string, identifier: string]>
	): Promise<Exchange> {
		const { permit } = this.options;
		if (!permit || made.length === 0)
			throw new Error('Nothing is made that is not permitted and noted.');
		this.refuseIfStopped();
		for (const [kind, identifier] of made) permit.journal(kind, identifier);
		return await this.inTurn('POST', address, body, true);
	}

	/** Changes or deletes something that was made here. */
	async change(method: IHttpRequestMethods, address: Address, body?: Body): Promise<Exchange> {
		return await this.inTurn(method, address, body);
	}

	/** Whether so many requests may still be sent. */
	get left(): number {
		return this.options.limit - this.count;
	}

	private async inTurn(
		method: IHttpRequestMethods,
		address: Address,
		body?: Body,
		isNoted = false,
	): Promise<Exchange> {
		this.refuseUnlessAllowed(method, address.path, isNoted);
		const turn = this.last.then(async () => await this.exchange(method, address, body));
		this.last = turn.catch(() => undefined);
		return await turn;
	}

	/** The one place that lets a request out, by what it is and not by who sends it. */
	private refuseUnlessAllowed(method: string, path: string, isNoted: boolean): void {
		const { permit } = this.options;
		const name = `${method} ${path}`;
		if (method === 'GET' && !CHANGING_GET.test(path)) return;
		if (!permit) throw new Error(`A check that only reads does not send ${method}.`);
		if (CREATES.test(name) ? isNoted : CHANGES.test(name)) return;
		const [what] =
			Object.entries(NEEDS_CONFIRMATION).find(([, pattern]) => pattern.test(name)) ?? [];
		if (what && isNoted && permit.confirmed.has(what as keyof typeof NEEDS_CONFIRMATION)) return;
		throw new Error(`${method} of this address is never sent by a check.`);
	}

	private refuseIfStopped(): void {
		if (this.options.signal?.aborted) this.stopped ??= new Stopped('it was interrupted');
		if (this.left <= 0)
			this.stopped ??= new Stopped(`the limit of ${this.options.limit} requests is reached`);
		if (this.stopped) throw this.stopped;
	}

	private async exchange(
		method: IHttpRequestMethods,
		address: Address,
		body?: Body,
	): Promise<Exchange> {
		const request = `${method} ${address.shown}${body ? ` ${shownBody(body)}` : ''}`;
		for (let refusals = 1; ; refusals++) {
			const answer = await this.sendOnce(method, address, request, body);
			if (answer.status !== 429) return this.judged(answer);
			this.lastRefusal = wordFor(answer);
			const wish = retryAfter(answer.headers) ?? 0;
			const wait = Math.max(wish, FIRST_WAIT * 2 ** (refusals - 1));
			if (wish > LONGEST_WAIT)
				this.stopped = new Stopped('the API asks to wait longer than two minutes');
			else if (refusals === MOST_REFUSALS)
				this.stopped = new Stopped('the rate limit does not end');
			this.refuseIfStopped();
			await this.pause(wait);
		}
	}

	private async sendOnce(
		method: IHttpRequestMethods,
		address: Address,
		request: string,
		body?: Body,
	): Promise<Exchange> {
		this.refuseIfStopped();
		await this.pause(this.freeAt - clock.now());
		this.refuseIfStopped();
		this.count++;
		const options = {
			method,
			url: address.path,
			timeout: this.options.timeout ?? TIMEOUT,
			...(body && { body: sentBody(body) as object }),
		};
		try {
			const answer = await send(this.context, this.options.credentials, options);
			const exchange = { ...answer, request, ...outcomeOfResponse({ method }, answer) };
			this.answers.push(answer.body);
			this.exchanges.push(exchange);
			return exchange;
		} catch (error) {
			if (!(error instanceof NetworkError)) throw error;
			this.isDoubtful ||= method !== 'GET';
			this.exchanges.push({
				request,
				status: 0,
				headers: {},
				body: undefined,
				outcome: 'indeterminate',
			});
			throw new Undecided(`no answer came (${error.code || error.failure})`);
		} finally {
			this.freeAt = clock.now() + SPACING;
		}
	}

	/** A gateway's answer, and a page of something else, say nothing about the API. */
	private judged(exchange: Exchange): Exchange {
		if (exchange.outcome !== 'indeterminate') return exchange;
		this.isDoubtful ||= !exchange.request.startsWith('GET');
		throw new Undecided(`no usable answer came (status ${exchange.status})`);
	}

	private async pause(milliseconds: number): Promise<void> {
		if (milliseconds <= 0) return;
		try {
			await abortableSleep(milliseconds, this.options.signal);
		} catch {
			this.refuseIfStopped();
		}
	}
}

function wordFor({ headers }: HttpResponse): NonNullable<Sender['lastRefusal']> {
	const text = String(headers['retry-after'] ?? '').trim();
	if (text === '') return 'none';
	const wish = retryAfter(headers);
	if (wish === undefined) return Number.isNaN(Date.parse(text)) ? 'nonsense' : 'past';
	return wish === 0 ? 'zero' : 'seconds';
}
