import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import { clock } from '../../../nodes/Partnero/transport/clock';

type Json = Record<string, unknown>;

/** What may go wrong with one request, beside what the server is always like. */
export type Fault =
	/** Answered before anything is carried out. */
	| { kind: 'status'; status: number }
	/** Carried out, and then answered with this status. */
	| { kind: 'lostBehind'; status: number }
	/** The connection is cut without an answer, before or after it was carried out. */
	| { kind: 'cut'; carriedOut: boolean }
	/** The answer breaks off in the middle. */
	| { kind: 'torn' }
	/** The connection is cut, or a gateway answers, and the request is carried out later (milliseconds). */
	| { kind: 'late'; after: number; status?: number };

/** What the server is like. Times are milliseconds of the node's clock. */
export interface Ways {
	/** White space at both ends of input goes. */
	trims: boolean;
	/** Keys are the same without regard to case. */
	folds: boolean;
	/** Keys that consist of digits are kept and shown as numbers. */
	numericKeys: boolean;
	/** Keys are cut after so many characters. */
	cutAt?: number;
	/** A new sale is shown so late; `perList` in the lists of customers. */
	lag: number;
	lagOfCustomers?: number;
	/** Every other read comes from a replica that lags. */
	hasReplicas: boolean;
	/** No list has more records on a page. */
	pageCap: number;
	hasLinks: boolean;
	/** Before each page another shop's sale comes in. */
	shifts: boolean;
	/** What a sale that was recorded is answered with. */
	answers: 'record' | 'status' | 'empty';
	/** The answer leaves the customer out; lists show it. */
	answersWithoutCustomer: boolean;
	duplicates: 'recorded' | 409 | 422;
	unknownCustomer: 'refused' | 'null' | '';
	showsCustomer: 'key' | 'id' | 'object';
	amountAsText: boolean;
	ignoresDate: boolean;
	notFoundOnEmpty: boolean;
	ignoresKeyFilter: boolean;
	/** An unknown customer has an empty list rather than none. */
	listsUnknownCustomers: boolean;
	/** Requests a minute. */
	perMinute?: number;
	latency: number;
	/** How much of a batch is recorded, and what is answered then. */
	batch: 'whole' | { recorded: number; status: number };
}

const clean: Ways = {
	trims: false,
	folds: false,
	numericKeys: false,
	lag: 0,
	hasReplicas: false,
	pageCap: 250,
	hasLinks: true,
	shifts: false,
	answers: 'record',
	answersWithoutCustomer: false,
	duplicates: 'recorded',
	unknownCustomer: 'refused',
	showsCustomer: 'key',
	amountAsText: false,
	ignoresDate: false,
	notFoundOnEmpty: false,
	ignoresKeyFilter: false,
	listsUnknownCustomers: false,
	latency: 0,
	batch: 'whole',
};

/** A sale as it stands in the ledger. */
export interface Entry {
	/** As it is kept, and as it was sent. */
	key: string | null;
	sentKey: string | null;
	/** The customer's key; `null` for nobody. */
	customer: string | null;
	amount: number;
	createdAt: string;
	recordedAt: number;
	isGone: boolean;
}

/** One program of the server, with its own API key, ways and ledger. */
export class Program {
	readonly ledger: Entry[] = [];

	readonly customers = new Map<string, string>();

	/** The sales that were sent, as they came. */
	readonly posts: Json[] = [];

	/** The faults of the next sales that are sent, and of the next reads. */
	readonly writeFaults: Array<Fault | undefined> = [];

	readonly readFaults: Array<Fault | undefined> = [];

	/** What is carried out later. */
	readonly later: Array<Promise<void>> = [];

	private reads = 0;

	private shiftsLeft = 30;

	private readonly arrivals: number[] = [];

	constructor(readonly ways: Ways) {}

	addCustomer(key: string): void {
		this.customers.set(key, String(700 + this.customers.size));
	}

	/** How the server keeps a key. */
	kept(key: string): string {
		let text = this.ways.trims ? key.trim() : key;
		if (this.ways.numericKeys && /^\d+$/.test(text)) text = String(Number(text));
		return this.ways.cutAt === undefined ? text : text.slice(0, this.ways.cutAt);
	}

	/** What the server takes for the same key. */
	same(key: string): string {
		const kept = this.ways.trims ? key.trim() : key;
		const text = this.ways.numericKeys && /^\d+$/.test(kept) ? String(Number(kept)) : kept;
		return this.ways.folds ? text.toLowerCase() : text;
	}

	/** The sales under a key, as Partnero keeps it. */
	under(key: string): Entry[] {
		return this.ledger.filter(
			(entry) =>
				!entry.isGone && entry.key !== null && this.same(entry.key) === this.same(this.kept(key)),
		);
	}

	/** How many seconds to wait, if the limit is reached. */
	limited(): number | undefined {
		const now = clock.now();
		while (this.arrivals.length > 0 && this.arrivals[0] < now - 60_000) this.arrivals.shift();
		if (this.ways.perMinute !== undefined && this.arrivals.length >= this.ways.perMinute) {
			return Math.ceil((this.arrivals[0] + 60_000 - now) / 1000);
		}
		this.arrivals.push(now);
		return undefined;
	}

	visible(list: 'all' | 'customers'): Entry[] {
		const { lag, lagOfCustomers = lag, hasReplicas } = this.ways;
		this.reads += 1;
		const behind = list === 'all' ? lag : lagOfCustomers;
		const isFresh = hasReplicas && this.reads % 2 === 1;
		const now = clock.now();
		return this.ledger
			.filter(({ isGone, recordedAt }) => !isGone && (isFresh || recordedAt + behind <= now))
			.reverse();
	}

	shown({ key, customer, amount, createdAt }: Entry): Json {
		const { showsCustomer, amountAsText, numericKeys } = this.ways;
		const id = customer === null ? undefined : this.customers.get(customer);
		const buyer = { key: customer, id: id ?? customer, object: { id, key: customer, email: null } }[
			showsCustomer
		];
		const nobody = this.ways.unknownCustomer === '' ? '' : null;
		return {
			key: numericKeys && key !== null && /^\d{1,15}$/.test(key) ? Number(key) : key,
			action: 'sale',
			amount: amountAsText ? amount.toFixed(2) : amount,
			amount_units: 'usd',
			customer: customer === null ? nobody : buyer,
			partner: customer === null ? null : 'p_1',
			created_at: createdAt,
			deleted_at: null,
			rewards: [],
		};
	}

	/** Records sales of one request. */
	record(body: Json): { status: number; body: Json } {
		const { ways } = this;
		const sales = (body.transactions as Json[] | undefined) ?? [body];
		const asked = (body.customer ?? {}) as Json;
		const named = String(asked.key ?? asked.id ?? asked.email ?? '');
		const customer = this.customers.has(named)
			? named
			: ([...this.customers].find(([, id]) => id === named)?.[0] ?? null);
		if (customer === null && ways.unknownCustomer === 'refused') {
			return {
				status: 422,
				body: {
					message: 'The selected customer is invalid.',
					errors: { customer: ['The selected customer is invalid.'] },
				},
			};
		}
		const isBatch = body.transactions !== undefined;
		const limit =
			isBatch && ways.batch !== 'whole'
				? Math.min(sales.length, ways.batch.recorded)
				: sales.length;
		const made: Entry[] = [];
		for (const sale of sales.slice(0, limit)) {
			const sentKey = sale.key === undefined || sale.key === null ? null : String(sale.key);
			if (sentKey !== null && ways.duplicates !== 'recorded' && this.under(sentKey).length > 0) {
				const message = 'The key has already been taken.';
				return { status: ways.duplicates, body: { message, errors: { key: [message] } } };
			}
			const date =
				typeof sale.created_at === 'number' && !ways.ignoresDate
					? new Date(sale.created_at * 1000)
					: new Date();
			const entry: Entry = {
				key: sentKey === null ? null : this.kept(sentKey),
				sentKey,
				customer,
				amount: Number(sale.amount),
				createdAt: date.toISOString(),
				recordedAt: clock.now(),
				isGone: false,
			};
			this.ledger.push(entry);
			made.push(entry);
		}
		if (isBatch && ways.batch !== 'whole') {
			const { status } = ways.batch;
			return {
				status,
				body:
					status === 200
						? { status: 0, message: 'Some failed.' }
						: { message: 'Some failed.', errors: {} },
			};
		}
		if (ways.answers === 'empty') return { status: 200, body: {} };
		if (ways.answers === 'status') return { status: 200, body: { status: 1 } };
		const answered = made.map((entry) => {
			const { customer: buyer, ...rest } = this.shown(entry);
			return ways.answersWithoutCustomer ? rest : { ...rest, customer: buyer };
		});
		return { status: 201, body: { data: isBatch ? answered : answered[0], status: 1 } };
	}

	list(entries: Entry[], url: URL, isFiltered: boolean): { status: number; body: Json } {
		const { pageCap, hasLinks, notFoundOnEmpty, shifts } = this.ways;
		if (isFiltered && notFoundOnEmpty && entries.length === 0)
			return { status: 404, body: { message: 'Not found.' } };
		// Not for ever, or a list that is read slowly has no end.
		if (shifts && this.shiftsLeft > 0) {
			this.shiftsLeft -= 1;
			this.ledger.push({
				key: `other_${this.ledger.length}`,
				sentKey: null,
				customer: 'other',
				amount: 1,
				createdAt: new Date().toISOString(),
				recordedAt: 0,
				isGone: false,
			});
		}
		const size = Math.min(pageCap, Number(url.searchParams.get('limit') ?? 15));
		const page = Number(url.searchParams.get('page') ?? 1);
		const records = entries.slice((page - 1) * size, page * size).map((entry) => this.shown(entry));
		const next =
			entries.length > page * size ? `${url.origin}${url.pathname}?page=${page + 1}` : null;
		return {
			status: 200,
			body: {
				data: records,
				status: 1,
				...(hasLinks && {
					links: { first: '', last: null, prev: null, next },
					meta: { current_page: page, per_page: size },
				}),
			},
		};
	}
}

/** A server that plays a Laravel application: its programs are told apart by their API keys. */
export class StrangeServer {
	private readonly programs = new Map<string, Program>();

	private made = 0;

	private constructor(private readonly server: Server) {}

	static async start(): Promise<StrangeServer> {
		const server = createServer();
		const strange = new StrangeServer(server);
		server.on('request', (request, response) => void strange.answer(request, response));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return strange;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
	}

	/** A program with a key that no history had before. */
	add(ways: Partial<Ways>): { program: Program; credentials: { apiKey: string; baseUrl: string } } {
		const program = new Program({ ...clean, ...ways });
		const apiKey = `strange_${process.pid}_${(this.made += 1)}`;
		this.programs.set(apiKey, program);
		return { program, credentials: { apiKey, baseUrl: this.url } };
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const said = await text(request).catch(() => undefined);
		if (said === undefined) return;
		const program = this.programs.get((request.headers.authorization ?? '').replace('Bearer ', ''));
		if (!program) return send(response, 401, { message: 'Unauthenticated.' });
		const retryAfter = program.limited();
		if (retryAfter !== undefined) {
			return send(
				response,
				429,
				{ message: 'Too Many Attempts.' },
				{ 'retry-after': String(retryAfter) },
			);
		}
		const url = new URL(request.url ?? '/', this.url);
		const path = url.pathname.replace(/^\/v1/, '');
		const isSale = request.method === 'POST' && path === '/transactions';
		const faults = isSale ? program.writeFaults : program.readFaults;
		const fault = isSale || path.includes('transactions') ? faults.shift() : undefined;
		const body = (said ? JSON.parse(said) : {}) as Json;
		if (isSale) program.posts.push(body);
		if (program.ways.latency) await pause(clock.real(program.ways.latency));
		if (fault?.kind === 'status') return send(response, fault.status, { message: 'Server Error' });
		if (fault?.kind === 'cut' && !fault.carriedOut) return void response.destroy();
		if (fault?.kind === 'late') {
			program.later.push(
				pause(clock.real(fault.after)).then(
					() => void carryOut(program, request.method ?? '', path, url, body),
				),
			);
			return fault.status === undefined
				? void response.destroy()
				: sendPage(response, fault.status);
		}
		const { status, body: answer } = carryOut(program, request.method ?? '', path, url, body);
		if (fault?.kind === 'lostBehind') return sendPage(response, fault.status);
		if (fault?.kind === 'cut') return void response.destroy();
		if (fault?.kind === 'torn') {
			const json = JSON.stringify(answer);
			response.writeHead(status, {
				'content-type': 'application/json',
				'content-length': String(json.length),
			});
			response.write(json.slice(0, json.length / 2), () => response.destroy());
			return;
		}
		send(response, status, answer);
	}
}

function carryOut(
	program: Program,
	method: string,
	path: string,
	url: URL,
	body: Json,
): { status: number; body: Json } {
	const [, resource, name = '', sub] = path.split('/').map(decodeURIComponent);
	const notFound = { status: 404, body: { message: 'Not found.' } };
	if (resource === 'program' || resource === 'test') {
		return {
			status: 200,
			body: {
				data: { id: 1, type: 'affiliate', program_settings: { currency: 'USD' } },
				status: 1,
			},
		};
	}
	if (resource === 'customers') {
		const key = program.customers.has(name)
			? name
			: [...program.customers].find(([, id]) => id === name)?.[0];
		if (sub === 'transactions') {
			if (key === undefined && !program.ways.listsUnknownCustomers) return notFound;
			return program.list(
				program
					.visible('customers')
					.filter(({ customer }) => key !== undefined && customer === key),
				url,
				false,
			);
		}
		if (key === undefined) return notFound;
		return {
			status: 200,
			body: {
				data: { key, id: program.customers.get(key), email: null, partner: { id: 'p_1' } },
				status: 1,
			},
		};
	}
	if (resource !== 'transactions') return notFound;
	if (method === 'POST') return program.record(body);
	if (method === 'DELETE') {
		const found = program.ledger.find((entry) => !entry.isGone && entry.key === (name || body.key));
		if (!found) return notFound;
		found.isGone = true;
		return { status: 200, body: { status: 1 } };
	}
	const wanted = name || url.searchParams.get('key');
	const all = program.visible('all');
	if (name) {
		const one = all.find(({ key }) => key === name);
		return one ? { status: 200, body: { data: program.shown(one), status: 1 } } : notFound;
	}
	const isFiltered = wanted !== null && wanted !== '' && !program.ways.ignoresKeyFilter;
	const entries = isFiltered
		? all.filter(({ key }) => key !== null && program.same(key) === program.same(String(wanted)))
		: all;
	return program.list(entries, url, isFiltered);
}

function send(
	response: ServerResponse,
	status: number,
	body: Json,
	headers: Record<string, string> = {},
): void {
	response
		.writeHead(status, { 'content-type': 'application/json', ...headers })
		.end(JSON.stringify(body));
}

/** What a gateway says. */
function sendPage(response: ServerResponse, status: number): void {
	response
		.writeHead(status, { 'content-type': 'text/html' })
		.end('<html><body><h1>Bad Gateway</h1></body></html>');
}
