import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { clock } from '../../../nodes/Partnero/transport/clock';

import type { Arrival, BareServer } from './bareServer';
import { serve } from './bareServer';

type Json = Record<string, unknown>;

/** What happens to one request that records sales. */
export interface Mishap {
	/** Whether it is carried out: before the answer is lost, later (milliseconds), twice by a proxy, or not at all. */
	carriedOut: boolean | 'twice' | number;
	/** What is answered: a gateway's page, a cut connection, or what the server says. */
	answer: number | 'cut' | 'own';
}

/** How an application in Laravel may be set up around its sales. Times are milliseconds of the node's clock. */
export interface Setup {
	/** What a second sale with a key comes to. */
	duplicates: 'recorded' | 409 | 422 | 'updated';
	/** MySQL's `utf8mb4_unicode_ci`: no case, no accents, one picture is as good as another. */
	isUnicodeCi: boolean;
	/** A middleware composes what comes in, and nobody composes what is asked for. */
	composes: boolean;
	cutAt?: number;
	/** The filter by key is a search engine that finds letters, digits, dots and hyphens. */
	searchesLetters: boolean;
	/** How late the filter by key, and everything else, shows a sale. */
	lagOfFilter: number;
	lag: number;
	/** Every other read comes from the database itself. */
	hasFreshReplica: boolean;
	/** So long the answers to GET are kept, by their whole address. */
	cachedFor: number;
	/** What a sale is answered with; `latest` is the newest of the customer, by seconds. */
	says: 'record' | 'latest' | 'created' | 'accepted';
	/** Amounts are kept in single precision. */
	hasFloats: boolean;
	/** A queue records so late. */
	queuedFor: number;
}

const plain: Setup = {
	duplicates: 'recorded',
	isUnicodeCi: false,
	composes: false,
	searchesLetters: false,
	lagOfFilter: 0,
	lag: 0,
	hasFreshReplica: false,
	cachedFor: 0,
	says: 'record',
	hasFloats: false,
	queuedFor: 0,
};

/** A sale in the ledger. */
export interface Row {
	key: string;
	customer: string;
	amount: number;
	at: number;
	deletedAt: number;
}

interface Answer {
	status: number;
	/** A text is no JSON. */
	body: Json | string;
}

const customers = ['ann', 'bob'];
const notFound: Answer = { status: 404, body: { status: 0, message: 'Not found.' } };

/** One program of an application that differs from the documents in other ways than the sandbox. */
export class LaravelServer {
	readonly rows: Row[] = [];

	/** What happens to the next requests that record sales. */
	readonly mishaps: Array<Mishap | undefined> = [];

	/** What happens to the next deletions. */
	readonly deletions: Array<Mishap | undefined> = [];

	/** What is carried out later. */
	readonly later: Array<Promise<unknown>> = [];

	private readonly setup: Setup;

	private readonly cache = new Map<string, { until: number; answer: Answer }>();

	private reads = 0;

	private server?: BareServer;

	constructor(setup: Partial<Setup> = {}) {
		this.setup = { ...plain, ...setup };
	}

	/** Starts it; `closeAll` of the bare servers ends it. */
	static async start(setup: Partial<Setup> = {}): Promise<LaravelServer> {
		const laravel = new LaravelServer(setup);
		laravel.server = await serve((arrival, response) => laravel.handle(arrival, response));
		return laravel;
	}

	get url(): string {
		return this.server!.url;
	}

	/** Requests that record sales, as they came. */
	get posts(): Arrival[] {
		return this.server!.arrivals.filter(({ method }) => method === 'POST');
	}

	get arrivals(): Arrival[] {
		return this.server!.arrivals;
	}

	/** The sales that are there. */
	get alive(): Row[] {
		return this.rows.filter(({ deletedAt }) => deletedAt === Infinity);
	}

	private handle({ method, path, body: said }: Arrival, response: ServerResponse): void {
		const url = new URL(path, 'http://application');
		if (method === 'GET') {
			reply(response, this.cached(url));
			return;
		}
		const body = (said ? JSON.parse(said) : {}) as Json;
		if (method === 'DELETE') {
			this.handleDeletion(
				String(body.key ?? decodeURIComponent(url.pathname.split('/')[2])),
				response,
			);
			return;
		}
		const { carriedOut, answer }: Mishap = this.mishaps.shift() ?? {
			carriedOut: true,
			answer: 'own',
		};
		if (typeof carriedOut === 'number')
			this.later.push(pause(clock.real(carriedOut)).then(() => this.record(body)));
		if (carriedOut === 'twice') this.record(body);
		const own = carriedOut === true || carriedOut === 'twice' ? this.record(body) : undefined;
		if (answer === 'cut') response.destroy();
		else reply(response, answer === 'own' ? own! : { status: answer, body: '<html>' });
	}

	private handleDeletion(key: string, response: ServerResponse): void {
		const { carriedOut, answer }: Mishap = this.deletions.shift() ?? {
			carriedOut: true,
			answer: 'own',
		};
		const row = this.alive.find((one) => this.folded(one.key) === this.folded(key));
		if (row && carriedOut) row.deletedAt = clock.now();
		if (answer === 'cut') response.destroy();
		else if (answer !== 'own') reply(response, { status: answer, body: '<html>' });
		else reply(response, row ? { status: 200, body: { status: 1 } } : notFound);
	}

	private cached(url: URL): Answer {
		const known = this.cache.get(url.href);
		if (known && known.until > clock.now()) return known.answer;
		const answer = this.read(url);
		this.cache.set(url.href, { until: clock.now() + this.setup.cachedFor, answer });
		return answer;
	}

	private read(url: URL): Answer {
		const [, resource, name, sub] = url.pathname.split('/').map(decodeURIComponent);
		const { lag, lagOfFilter } = this.setup;
		if (resource === 'program')
			return {
				status: 200,
				body: { data: { type: 'affiliate', program_settings: { currency: 'USD' } }, status: 1 },
			};
		if (resource === 'customers') {
			if (!customers.includes(name)) return notFound;
			if (sub === 'transactions')
				return listed(
					this.visible(lag).filter(({ customer }) => customer === name),
					url,
				);
			return { status: 200, body: { data: { key: name, partner: { id: 'p_1' } }, status: 1 } };
		}
		if (name !== undefined) {
			const row = this.visible(lag).find(({ key }) => this.folded(key) === this.folded(name));
			return row ? { status: 200, body: { data: shown(row), status: 1 } } : notFound;
		}
		const key = url.searchParams.get('key');
		if (key === null) return listed(this.visible(lag), url);
		if (this.setup.searchesLetters && !/^[\w.-]*$/.test(key)) return listed([], url);
		return listed(
			this.visible(Math.max(lag, lagOfFilter)).filter(
				(row) => this.folded(row.key) === this.folded(key),
			),
			url,
		);
	}

	private visible(lag: number): Row[] {
		this.reads += 1;
		const isFresh = this.setup.hasFreshReplica && this.reads % 2 === 0;
		const then = clock.now() - (isFresh ? 0 : lag);
		return this.rows.filter(({ at, deletedAt }) => at <= then && deletedAt > then).reverse();
	}

	private record(body: Json): Answer {
		const { says, queuedFor } = this.setup;
		if (says === 'accepted') {
			this.later.push(pause(clock.real(queuedFor)).then(() => this.insertAll(body)));
			return { status: 202, body: { message: 'Accepted.' } };
		}
		const rows = this.insertAll(body);
		if (!Array.isArray(rows)) return rows;
		if (says === 'created') return { status: 201, body: '' };
		if (Array.isArray(body.transactions))
			return { status: 200, body: { data: rows.map(shown), status: 1 } };
		const [row] = rows;
		// A date has no more than seconds, so that the newest may be any of those.
		const second = (one: Row) => Math.floor(one.at / 60_000);
		const latest = this.alive.find(
			(one) => one.customer === row.customer && second(one) === second(row),
		);
		return {
			status: 201,
			body: { data: shown(says === 'latest' && latest ? latest : row), status: 1 },
		};
	}

	private insertAll(body: Json): Row[] | Answer {
		const customer = String((body.customer as Json).key);
		const rows: Row[] = [];
		for (const sale of (body.transactions as Json[] | undefined) ?? [body]) {
			const made = this.insert(String(sale.key), customer, Number(sale.amount));
			if (isAnswer(made)) return made;
			rows.push(made);
		}
		return rows;
	}

	private insert(sent: string, customer: string, amount: number): Row | Answer {
		const { duplicates, composes, cutAt } = this.setup;
		const key = (composes ? sent.normalize('NFC') : sent).slice(0, cutAt);
		const same = this.alive.find((row) => this.folded(row.key) === this.folded(key));
		if (same && duplicates === 'updated') return Object.assign(same, { customer, amount });
		if (same && typeof duplicates === 'number') {
			const message = 'The key has already been taken.';
			return { status: duplicates, body: { message, errors: { key: [message] } } };
		}
		const kept = this.setup.hasFloats ? Math.fround(amount) : amount;
		const row: Row = { key, customer, amount: kept, at: clock.now(), deletedAt: Infinity };
		this.rows.push(row);
		return row;
	}

	private folded(key: string): string {
		if (!this.setup.isUnicodeCi) return key;
		return key
			.normalize('NFD')
			.replace(/\p{Mn}/gu, '')
			.replace(/ß/g, 'ss')
			.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')
			.toLowerCase();
	}
}

function isAnswer(made: Row | Answer): made is Answer {
	return 'status' in made;
}

function shown({ key, customer, amount }: Row): Json {
	return {
		...{ key, customer, partner: 'p_1', action: 'sale', amount, amount_units: 'usd' },
		...{ created_at: new Date().toISOString(), deleted_at: null, rewards: [] },
	};
}

function listed(rows: Row[], url: URL): Answer {
	const size = Number(url.searchParams.get('limit') ?? 10);
	const page = Number(url.searchParams.get('page') ?? 1);
	const next = page * size < rows.length ? `?page=${page + 1}` : null;
	return {
		status: 200,
		body: {
			data: rows.slice((page - 1) * size, page * size).map(shown),
			links: { next },
			meta: { current_page: page, per_page: size, total: rows.length },
			status: 1,
		},
	};
}

function reply(response: ServerResponse, { status, body }: Answer): void {
	const type = typeof body === 'string' ? 'text/html' : 'application/json';
	response
		.writeHead(status, { 'content-type': type })
		.end(typeof body === 'string' ? body : JSON.stringify(body));
}
