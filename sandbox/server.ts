import { setImmediate } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Context, HandlerMap, OpenAPIBackend } from 'openapi-backend';
import { ApiError, invalid, refuse, type Answer, type Call, type Query } from './responses';
import { availability, buildContract, fieldErrors, type ContractOperation, type Served } from './contract';
import { addControlRoutes } from './control';
import { Deliveries, type Delivery, type DeliveryOptions } from './deliveries';
import { Faults, type Strike, type Target } from './faults';
import { ledgerOf, type Ledger } from './ledger';
import { PROGRAMS, PROGRAM_NAMES, programOfKey, type ProgramName } from './programs';
import { BASE, parseBody, record, type RecordedRequest } from './requests';
import { HANDLERS } from './resources';
import { seed, type SeedName } from './seed';
import { ProgramState } from './state';
import { defaultSwitches, type Switches } from './switches';

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
}

/** A running sandbox. */
export interface Sandbox {
	/** The base URL: `http://127.0.0.1:34567/v1`. */
	url: string;
	keys: Record<ProgramName, string>;
	requests: RecordedRequest[];
	/** Most simultaneous requests since the last reset. */
	maxConcurrent: number;
	ledger(program?: ProgramName): Ledger;
	/** The state itself, for arranging a test. */
	program(name: ProgramName): ProgramState;
	switches: Switches;
	faults: Pick<Faults, 'add' | 'clear'>;
	/** What was sent to webhooks, or is under way. */
	deliveries: Delivery[];
	/** Waits until no delivery is under way any more, retries included. */
	settled(): Promise<void>;
	/** Sends a delivery once more, as after an answer that got lost; returns the answer's status. */
	repeat(delivery: Delivery): Promise<number>;
	/** Empties or seeds all programs; forgets requests, deliveries and faults. Switches stay. */
	reset(seed?: SeedName): void;
	close(): Promise<void>;
}

/** What one request carries through the contract's router to its handler. */
interface Exchange {
	recorded: RecordedRequest;
	programName: ProgramName | undefined;
	baseUrl: string;
	failAfter?: number;
}

class SandboxServer implements Sandbox {
	url = '';
	readonly keys = Object.fromEntries(PROGRAM_NAMES.map((name) => [name, PROGRAMS[name].key])) as Sandbox['keys'];
	readonly requests: RecordedRequest[] = [];
	maxConcurrent = 0;
	readonly switches: Switches;
	readonly faults = new Faults();

	private readonly webhooks: Deliveries;
	private readonly app: FastifyInstance;
	private readonly programs: Record<ProgramName, ProgramState>;
	private readonly contracts = new Map<string, OpenAPIBackend>();
	private readonly served: Served = {
		handlers: this.contractHandlers(),
		securityHandlers: { apiKey: (_context: Context, exchange: Exchange) => exchange.programName !== undefined },
	};
	private concurrent = 0;
	private admitted = 0;

	constructor(private readonly options: SandboxOptions) {
		const clock = options.now ?? (() => new Date());
		const programs = PROGRAM_NAMES.map((name) => [name, new ProgramState(name, clock)]);
		this.programs = Object.fromEntries(programs) as Record<ProgramName, ProgramState>;
		this.webhooks = new Deliveries(options.deliveries);
		for (const program of Object.values(this.programs)) {
			program.onEvent = (event, record) => this.webhooks.enqueue(program, event, record);
		}
		this.switches = { ...defaultSwitches(), ...options.switches };
		this.app = this.createApp();
		this.reset(options.seed);
	}

	async listen(): Promise<this> {
		const { port = 0, host = '127.0.0.1' } = this.options;
		this.url = `${await this.app.listen({ port, host })}${BASE}`;
		return this;
	}

	ledger(program: ProgramName = 'affiliate'): Ledger {
		return ledgerOf(this.programs[program]);
	}

	program(name: ProgramName): ProgramState {
		return this.programs[name];
	}

	get deliveries(): Delivery[] {
		return this.webhooks.all;
	}

	async settled(): Promise<void> {
		await this.webhooks.settled();
	}

	async repeat(delivery: Delivery): Promise<number> {
		return await this.webhooks.repeat(delivery);
	}

	reset(name: SeedName = 'demo'): void {
		this.webhooks.reset();
		for (const program of Object.values(this.programs)) {
			program.clear();
			seed(program, name);
		}
		this.requests.length = 0;
		this.faults.clear();
		this.maxConcurrent = this.concurrent;
	}

	async close(): Promise<void> {
		this.faults.close();
		await this.webhooks.close();
		await this.app.close();
	}

	private createApp(): FastifyInstance {
		const app = fastify({
			forceCloseConnections: true,
			bodyLimit: 64 * 1024 * 1024,
			routerOptions: { maxParamLength: 100_000 },
		});
		app.removeAllContentTypeParsers();
		app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) => parsed(null, body));
		app.all(`${BASE}/*`, async (request, reply) => this.serve(request, reply));
		addControlRoutes(app, this);
		app.setNotFoundHandler((_request, reply) => reply.status(404).send({ message: 'Not Found', status: 0 }));
		return app;
	}

	/** Records and counts a request, and sends what came of it. */
	private async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
		const programName = programOfKey(request.headers.authorization);
		const recorded = record(request, programName);
		this.requests.push(recorded);
		this.maxConcurrent = Math.max(this.maxConcurrent, ++this.concurrent);
		try {
			const baseUrl = `http://${request.host}${BASE}`;
			const outcome = await this.admit(request, { recorded, programName, baseUrl });
			if (outcome === 'cut') {
				reply.hijack();
				request.raw.socket.destroy();
				return reply;
			}
			recorded.status = outcome.status;
			return await reply.status(outcome.status).headers(outcome.headers ?? {}).type(outcome.type).send(outcome.body);
		} finally {
			this.concurrent--;
		}
	}

	/** Refuses a request above a cap; it does not count as one that is being worked on. */
	private async admit(request: FastifyRequest, exchange: Exchange): Promise<Strike> {
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

	/** Lets faults strike before and after a request is answered. */
	private async handle(request: FastifyRequest, exchange: Exchange, target: Target): Promise<Strike> {
		// Requests that arrive together are worked on together, as on a server with several workers.
		await setImmediate();
		const before = await this.faults.strike('before', target);
		if (before) return before;
		exchange.failAfter = this.faults.partial(target);
		const { status, body } = await this.answer(request, exchange);
		const after = await this.faults.strike('after', target);
		return after ?? { status, type: 'application/json', body: JSON.stringify(body) };
	}

	private async answer(request: FastifyRequest, exchange: Exchange): Promise<Answer> {
		const { method, path, query } = exchange.recorded;
		try {
			const body = parseBody(request);
			const contract = this.contract(exchange.programName ?? 'affiliate');
			const sent = { method, path, query: { ...query }, headers: {}, ...(body !== undefined && { body }) };
			return (await contract.handleRequest(sent, exchange)) as Answer;
		} catch (error) {
			if (error instanceof ApiError) return error.answer;
			if (error instanceof URIError) return new ApiError(400, 'The URL is malformed.').answer;
			request.log.error(error);
			return new ApiError(500, error instanceof Error ? `Error in the sandbox: ${error.message}` : 'Server Error').answer;
		}
	}

	/** The contract of a program with the switches as they are now, with the handlers behind it. */
	private contract(programName: ProgramName): OpenAPIBackend {
		const name = JSON.stringify([programName, this.switches]);
		const known = this.contracts.get(name);
		if (known) return known;
		const contract = buildContract(programName, { ...this.switches }, this.served);
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
			postSecurityHandler: (context: Context, exchange: Exchange) => this.checkAvailability(context, exchange),
			validationFail: (context: Context) => {
				throw invalid(fieldErrors(context.validation.errors));
			},
		};
	}

	private checkAvailability(context: Context, { recorded, programName }: Exchange): void {
		const operation = context.operation as ContractOperation;
		recorded.operationId = operation.operationId;
		if (!programName) return;
		const failure = availability(operation, programName, this.switches);
		if (!failure) return;
		const status = failure === 'other-program' ? this.switches.otherProgram : '405';
		refuse(Number(status), status === '405' ? notSupported(context) : OTHER_PROGRAM[status]);
	}

	private call(context: Context, { programName = 'affiliate', baseUrl, failAfter }: Exchange): Call {
		const { params, query, requestBody, path } = context.request;
		return {
			program: this.programs[programName],
			params: params as Record<string, string>,
			query: query as Query,
			body: requestBody as unknown,
			switches: this.switches,
			listUrl: `${baseUrl}${path}`,
			failAfter,
		};
	}
}

function notSupported({ request }: Context): string {
	return `The ${request.method.toUpperCase()} method is not supported for this route.`;
}

/** Starts a local Partnero. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	return new SandboxServer(options).listen();
}
