import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import type { Context, HandlerMap, OpenAPIBackend } from 'openapi-backend';

import { lag } from './clock';
import type { ContractOperation, Served } from './contract';
import { availability, buildContract, fieldErrors } from './contract';
import { addControlRoutes } from './control';
import type { Delivery, DeliveryOptions } from './deliveries';
import { Deliveries } from './deliveries';
import type { FaultAnswer, Strike, Target } from './faults';
import { Faults } from './faults';
import type { Ledger } from './ledger';
import { ledgerOf } from './ledger';
import type { Manners } from './manners';
import { readAsLaravel, readStrictly } from './manners';
import { addPage } from './page';
import type { Behaviour, ProgramName } from './programs';
import { freshKey, HostedProgram, ownBehaviour, PROGRAMS, PROGRAM_NAMES } from './programs';
import type { Quirks } from './quirks';
import { isIgnored, noQuirks, strikes, withKeptKeys, worded } from './quirks';
import type { Admission } from './rateLimiter';
import type { RecordedRequest } from './requests';
import { BASE, record } from './requests';
import { HANDLERS } from './resources';
import type { Answer, Call, Query } from './responses';
import { ApiError, invalid, refuse } from './responses';
import type { SeedName } from './seed';
import { seed } from './seed';
import { ProgramState } from './state';
import type { Switches } from './switches';
import { defaultSwitches } from './switches';
import { TlsEndpoint } from './tls';

/** What is said where the program type lacks an operation, by status. No document has such an answer: it says no more than it has to. */
const OTHER_PROGRAM: Record<Exclude<Switches['otherProgram'], '405'>, string> = {
	400: 'This is not available for this type of program.',
	403: 'This action is unauthorized.',
	404: 'Not Found',
	422: 'This is not available for this type of program.',
};

export type { Delivery, RecordedRequest };

export interface SandboxOptions {
	/** 0, the default, takes a free one. */
	port?: number;
	host?: string;
	seed?: SeedName;
	switches?: Partial<Switches>;
	now?: () => Date;
	/** How webhooks are delivered. */
	deliveries?: DeliveryOptions;
	/**
	 * Whether each reset gives the three programs new keys, for tests: what a client's process remembers of a program
	 * it remembers by its key.
	 */
	freshKeys?: boolean;
	/** Default: strict. */
	manners?: Manners;
	quirks?: Partial<Quirks>;
	/** Quirks that every program has to begin with and after a reset, such as those that a check of the real API has found. */
	usualQuirks?: Partial<Quirks>;
	/** Listens with TLS, under a certificate of its own that nobody vouches for (`ca`). */
	tls?: boolean;
}

/** A program of a test's own. */
export interface AddedProgram {
	key: string;
	state: ProgramState;
	/** Its own: what is set here concerns no other program. */
	quirks: Quirks;
	/** What arrived with its key. */
	requests: RecordedRequest[];
	ledger(): Ledger;
}

export interface AddedProgramOptions {
	/** Default: empty. */
	seed?: SeedName;
	/** Default: as the sandbox has them now. */
	manners?: Manners;
	/** Default: none. */
	quirks?: Partial<Quirks>;
}

/** A running sandbox. */
export interface Sandbox {
	/** The base URL: `http://127.0.0.1:34567/v1`. */
	url: string;
	keys: Record<ProgramName, string>;
	requests: RecordedRequest[];
	/** Most simultaneous requests since the last reset. */
	maxConcurrent: number;
	/** What a program recorded: one of the three, or the one that has this key. */
	ledger(program?: string): Ledger;
	/** Adds a program with a key of its own, which lives until the next reset. */
	addProgram(name: ProgramName, options?: AddedProgramOptions): AddedProgram;
	/** The state itself, for arranging a test. */
	program(name: ProgramName): ProgramState;
	switches: Switches;
	/** Of the three programs that are always there, and of those that are added later. */
	manners: Manners;
	/** Of the three programs that are always there. */
	quirks: Quirks;
	/** The certificate, if it listens with TLS. */
	ca?: string;
	faults: Pick<Faults, 'add' | 'clear' | 'list'>;
	/** What was sent to webhooks, or is under way. */
	deliveries: Delivery[];
	/** Waits until no delivery is under way any more, retries included, and nothing is left to be carried out late. */
	settled(): Promise<void>;
	/** Sends a delivery once more, as after an answer that got lost; returns the answer's status. */
	repeat(delivery: Delivery): Promise<number>;
	/** Empties or seeds all programs; forgets requests, deliveries, faults, quirks and added programs. Switches and manners stay. */
	reset(seed?: SeedName): void;
	close(): Promise<void>;
}

/** What one request carries through the contract's router to its handler. */
interface Exchange {
	recorded: RecordedRequest;
	program: HostedProgram | undefined;
	baseUrl: string;
	failAfter?: number;
}

/** What becomes of a request: an answer, or a connection that ends in a way of its own. */
type Outcome = Strike | { breaksTls: true } | { drips: FaultAnswer; everyMs: number };

/** Quirks whose setting says how the contract is read. */
type ContractVariant = Pick<Behaviour, 'manners'> & {
	program: ProgramName;
	updates: Switches['updates'];
};

class SandboxServer implements Sandbox {
	url = '';
	readonly keys = Object.fromEntries(
		PROGRAM_NAMES.map((name) => [name, PROGRAMS[name].key]),
	) as Sandbox['keys'];
	readonly requests: RecordedRequest[] = [];
	maxConcurrent = 0;
	readonly switches: Switches;
	readonly faults = new Faults();
	ca?: string;

	private readonly webhooks: Deliveries;
	private readonly behaviour: Behaviour;
	private readonly programs: Record<ProgramName, ProgramState>;
	/** All programs, by their key. */
	private readonly hosted = new Map<string, HostedProgram>();
	private readonly contracts = new Map<string, OpenAPIBackend>();
	private readonly served: Served = {
		handlers: this.contractHandlers(),
		securityHandlers: {
			apiKey: (_context: Context, exchange: Exchange) => exchange.program !== undefined,
		},
	};
	private readonly late = new Set<Promise<unknown>>();
	private readonly closing = new AbortController();
	private readonly clock: () => Date;
	private tls?: TlsEndpoint;
	private app!: FastifyInstance;
	private concurrent = 0;
	private admitted = 0;

	constructor(private readonly options: SandboxOptions) {
		this.clock = options.now ?? (() => new Date());
		// Whatever waits listens.
		setMaxListeners(Infinity, this.closing.signal);
		this.webhooks = new Deliveries(options.deliveries);
		const programs = PROGRAM_NAMES.map((name) => [name, this.newState(name)]);
		this.programs = Object.fromEntries(programs) as Record<ProgramName, ProgramState>;
		this.switches = { ...defaultSwitches(), ...options.switches };
		this.behaviour = ownBehaviour(options.manners ?? 'strict');
		this.reset(options.seed);
		Object.assign(this.quirks, options.quirks);
	}

	get manners(): Manners {
		return this.behaviour.manners;
	}

	set manners(manners: Manners) {
		this.behaviour.manners = manners;
	}

	get quirks(): Quirks {
		return this.behaviour.quirks;
	}

	private newState(name: ProgramName): ProgramState {
		const state = new ProgramState(name, this.clock);
		state.onEvent = (event, record) => this.webhooks.enqueue(state, event, record);
		return state;
	}

	async listen(): Promise<this> {
		const { port = 0, host = '127.0.0.1', tls = false } = this.options;
		if (tls) this.tls = await TlsEndpoint.create(host);
		this.ca = this.tls?.certificate;
		this.app = this.createApp();
		this.url = `${await this.app.listen({ port, host })}${BASE}`;
		return this;
	}

	ledger(program = 'affiliate'): Ledger {
		const hosted = this.hosted.get(this.keys[program as ProgramName] ?? program);
		if (!hosted) throw new Error('There is no such program.');
		return ledgerOf(hosted.state, hosted.requests);
	}

	addProgram(name: ProgramName, options: AddedProgramOptions = {}): AddedProgram {
		const behaviour = ownBehaviour(options.manners ?? this.manners, {
			...this.options.usualQuirks,
			...options.quirks,
		});
		const program = new HostedProgram(freshKey(name), this.newState(name), behaviour);
		seed(program.state, options.seed ?? 'empty');
		const { key, state, requests } = program;
		this.hosted.set(key, program);
		return {
			key,
			state,
			requests,
			quirks: behaviour.quirks,
			ledger: () => ledgerOf(state, requests),
		};
	}

	program(name: ProgramName): ProgramState {
		return this.programs[name];
	}

	get deliveries(): Delivery[] {
		return this.webhooks.all;
	}

	async settled(): Promise<void> {
		while (this.late.size > 0) await Promise.all(this.late);
		await this.webhooks.settled();
	}

	async repeat(delivery: Delivery): Promise<number> {
		return await this.webhooks.repeat(delivery);
	}

	reset(name: SeedName = 'demo'): void {
		this.webhooks.reset();
		this.hosted.clear();
		for (const program of PROGRAM_NAMES) {
			if (this.options.freshKeys) this.keys[program] = freshKey(program);
			const state = this.programs[program];
			state.clear();
			seed(state, name);
			this.hosted.set(
				this.keys[program],
				new HostedProgram(this.keys[program], state, this.behaviour),
			);
		}
		Object.assign(this.quirks, noQuirks(), this.options.usualQuirks);
		this.requests.length = 0;
		this.faults.clear();
		this.maxConcurrent = this.concurrent;
	}

	async close(): Promise<void> {
		this.faults.close();
		this.closing.abort();
		await this.webhooks.close();
		await this.app.close();
	}

	private createApp(): FastifyInstance {
		const app = fastify({
			forceCloseConnections: true,
			bodyLimit: 64 * 1024 * 1024,
			routerOptions: { maxParamLength: 100_000 },
			...(this.tls && { https: this.tls.options }),
		});
		this.tls?.watch(app.server);
		// The PHP SDK sends its parameters in a GET's body.
		app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
		app.removeAllContentTypeParsers();
		app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) =>
			parsed(null, body),
		);
		app.all(`${BASE}/*`, async (request, reply) => this.serve(request, reply));
		addControlRoutes(app, this);
		addPage(app, this);
		app.setNotFoundHandler((_request, reply) =>
			reply.status(404).send({ message: 'Not Found', status: 0 }),
		);
		return app;
	}

	/** Records and counts a request, and sends what came of it. */
	private async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
		const { authorization = '' } = request.headers;
		const program = authorization.startsWith('Bearer ')
			? this.hosted.get(authorization.slice('Bearer '.length))
			: undefined;
		const recorded = record(request, program);
		this.requests.push(recorded);
		program?.requests.push(recorded);
		this.maxConcurrent = Math.max(this.maxConcurrent, ++this.concurrent);
		try {
			const baseUrl = `${request.protocol}://${request.host}${BASE}`;
			const exchange: Exchange = { recorded, program, baseUrl };
			const { headers, refusal } = this.limit(exchange);
			const outcome = refusal ?? (await this.admit(request, exchange));
			if (outcome === 'cut' || 'breaksTls' in outcome) {
				reply.hijack();
				const { socket } = request.raw;
				if (outcome === 'cut') socket.destroy();
				else this.tls?.breakStream(socket);
				// Once the broken bytes are out; it ends a connection without TLS as well.
				socket.destroySoon();
				return reply;
			}
			if ('drips' in outcome) return await this.drip(request, reply, outcome);
			recorded.status = outcome.status;
			const toTheLetter = (program?.manners ?? this.manners) === 'laravel';
			return await send(
				reply,
				{ ...outcome, headers: { ...headers, ...outcome.headers } },
				toTheLetter,
			);
		} finally {
			this.concurrent--;
		}
	}

	private limit({ program }: Exchange): Partial<Admission> {
		const setting = program?.quirks.rateLimit;
		return program && setting ? program.limiter.take(setting) : {};
	}

	/** Sends blanks, which JSON may begin with, until the client leaves or the sandbox is closed. */
	private async drip(
		request: FastifyRequest,
		reply: FastifyReply,
		{ drips, everyMs }: { drips: FaultAnswer; everyMs: number },
	): Promise<FastifyReply> {
		reply.hijack();
		reply.raw.writeHead(drips.status, { 'content-type': drips.type });
		const { signal } = this.closing;
		while (!request.raw.socket.destroyed && !signal.aborted) {
			reply.raw.write(' ');
			await lag(Math.max(1, everyMs), signal);
		}
		request.raw.socket.destroy();
		return reply;
	}

	/** Refuses a request above a cap; it does not count as one that is being worked on. */
	private async admit(request: FastifyRequest, exchange: Exchange): Promise<Outcome> {
		const target: Target = {
			method: request.method,
			path: exchange.recorded.path,
			authorization: request.headers.authorization ?? '',
			gone: () => request.raw.socket.destroyed,
		};
		const refusal = this.faults.admit(target, this.admitted + 1);
		if (refusal) return refusal;
		this.admitted++;
		try {
			return await this.handle(request, exchange, target);
		} finally {
			this.admitted--;
		}
	}

	/** Lets faults strike before and after a request is answered, and quirks that lose the answer. */
	private async handle(
		request: FastifyRequest,
		exchange: Exchange,
		target: Target,
	): Promise<Outcome> {
		// Requests that arrive together are worked on together, as on a server with several workers.
		await setImmediate();
		const before = await this.faults.strike('before', target);
		if (before) return before;
		const { carriedOutLate, tlsBreaks, drips } = exchange.program?.quirks ?? noQuirks();
		const late = strikes(carriedOutLate, request.method);
		if (late) {
			this.carryOutLater(request, exchange, late.ms);
			return late.answer === 'cut' ? 'cut' : BAD_GATEWAY;
		}
		exchange.failAfter = this.faults.partial(target);
		const { status, body } = await this.answer(request, exchange);
		const answer: FaultAnswer = { status, type: JSON_TYPE, body: JSON.stringify(body) };
		const after = await this.faults.strike('after', target);
		if (after) return after;
		if (strikes(tlsBreaks, request.method)) return { breaksTls: true };
		const dripping = strikes(drips, request.method);
		return dripping ? { drips: answer, everyMs: dripping.everyMs } : answer;
	}

	/** Carries a request out when nobody waits for it any more. */
	private carryOutLater(request: FastifyRequest, exchange: Exchange, ms: number): void {
		const { signal } = this.closing;
		const done = lag(ms, signal)
			.then(async () => signal.aborted || (await this.answer(request, exchange)))
			.finally(() => this.late.delete(done));
		this.late.add(done);
	}

	/** What the program says to a request, in its own words. */
	private async answer(request: FastifyRequest, exchange: Exchange): Promise<Answer> {
		const { quirks = noQuirks() } = exchange.program ?? {};
		const { status, body } = await this.carryOut(request, exchange);
		const isRefusal = status === 400 || status === 422;
		if (isRefusal && quirks.failureStatus !== null) {
			return { status: 200, body: { ...(body as object), status: quirks.failureStatus } };
		}
		return { status, body: worded(quirks, body) };
	}

	private async carryOut(request: FastifyRequest, exchange: Exchange): Promise<Answer> {
		const { program, recorded } = exchange;
		const manners = program?.manners ?? this.manners;
		if (program?.quirks.addressesMissing?.includes(recorded.path)) return noAddress(recorded.path);
		try {
			const sent = (manners === 'laravel' ? readAsLaravel : readStrictly)(request, recorded);
			const { updates } = this.switches;
			const isEither = updates === 'either' || Boolean(program?.quirks.updatesIgnored);
			const isWrapped =
				typeof sent.body === 'object' && sent.body !== null && 'update' in sent.body;
			const form = manners === 'laravel' ? (isWrapped ? 'wrapper' : 'toplevel') : 'either';
			const contract = this.contract({
				program: program?.name ?? 'affiliate',
				manners,
				updates: isEither ? form : updates,
			});
			return (await contract.handleRequest(sent, exchange)) as Answer;
		} catch (error) {
			if (error instanceof ApiError) return error.answer;
			if (error instanceof URIError) return new ApiError(400, 'The URL is malformed.').answer;
			request.log.error(error);
			return new ApiError(
				500,
				error instanceof Error ? `Error in the sandbox: ${error.message}` : 'Server Error',
			).answer;
		}
	}

	/** The contract of a program with the switches as they are now, with the handlers behind it. */
	private contract({ program, manners, updates }: ContractVariant): OpenAPIBackend {
		const switches = { ...this.switches, updates };
		const name = JSON.stringify([program, manners, switches]);
		const known = this.contracts.get(name);
		if (known) return known;
		const contract = buildContract(program, switches, this.served, manners);
		this.contracts.set(name, contract);
		return contract;
	}

	private contractHandlers(): HandlerMap {
		const operations = Object.entries(HANDLERS).map(([operationId, handler]) => [
			operationId,
			(context: Context, exchange: Exchange) => handler(this.call(context, exchange)),
		]);
		return {
			...(Object.fromEntries(operations) as HandlerMap),
			notFound: () => refuse(404, 'Not Found'),
			methodNotAllowed: (context: Context) => refuse(405, notSupported(context)),
			unauthorizedHandler: () => refuse(401, 'Unauthenticated.'),
			postSecurityHandler: (context: Context, exchange: Exchange) =>
				this.checkAvailability(context, exchange),
			validationFail: (context: Context) => {
				throw invalid(fieldErrors(context.validation.errors));
			},
		};
	}

	private checkAvailability(context: Context, { recorded, program }: Exchange): void {
		const operation = context.operation as ContractOperation;
		recorded.operationId = operation.operationId;
		if (!program) return;
		const updates = program.quirks.updatesIgnored ? 'either' : this.switches.updates;
		const failure = availability(operation, program.name, { ...this.switches, updates });
		if (!failure) return;
		const status = failure === 'other-program' ? this.switches.otherProgram : '405';
		refuse(Number(status), status === '405' ? notSupported(context) : OTHER_PROGRAM[status]);
	}

	private call(context: Context, { program, baseUrl, failAfter }: Exchange): Call {
		const { quirks = noQuirks(), state = this.programs.affiliate } = program ?? {};
		const { params, query, requestBody, path } = context.request;
		const { operationId = '' } = context.operation;
		const isList = /^(list|search)/.test(operationId);
		const heeded = Object.entries(query as Query).filter(
			([name]) => !isList || !isIgnored(quirks, path, name),
		);
		return {
			program: state,
			params: withKeptKeys(quirks, params as Record<string, string>),
			query: withKeptKeys(quirks, Object.fromEntries(heeded) as Query),
			body: withKeptKeys(quirks, requestBody as unknown),
			switches: this.switches,
			quirks,
			listUrl: `${baseUrl}${path}`,
			failAfter,
		};
	}
}

const JSON_TYPE = 'application/json';
const BAD_GATEWAY: FaultAnswer = {
	status: 502,
	type: JSON_TYPE,
	body: JSON.stringify({ message: 'Bad Gateway', status: 0 }),
};

/** Sends an answer; Fastify would add a character set to its type, which Laravel does not. */
async function send(
	reply: FastifyReply,
	{ status, headers = {}, type, body }: FaultAnswer,
	toTheLetter: boolean,
): Promise<FastifyReply> {
	const prepared = reply.status(status).headers(headers);
	if (toTheLetter) return await prepared.header('content-type', type).send(Buffer.from(body));
	return await prepared.type(type).send(body);
}

/** What Laravel says where it has no route. */
function noAddress(path: string): Answer {
	return new ApiError(404, `The route v1${path} could not be found.`).answer;
}

function notSupported({ request }: Context): string {
	return `The ${request.method.toUpperCase()} method is not supported for this route.`;
}

/** Starts a local Partnero. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	return new SandboxServer(options).listen();
}
