import type { FastifyInstance } from 'fastify';

import type { Fault, FaultMatch } from './faults';
import { FAULT_KINDS } from './faults';
import type { Happening } from './happenings';
import { makeHappen, NothingHappens } from './happenings';
import { isManners, MANNERS } from './manners';
import type { ProgramName } from './programs';
import { PROGRAM_NAMES } from './programs';
import { readQuirks } from './quirks';
import { isSeedName } from './seed';
import type { Sandbox } from './server';
import { readSwitches } from './switches';

/** A fault as JSON: `pathPattern` is the source of an expression. */
interface FaultInput extends Fault {
	match?: FaultMatch & { pathPattern?: string };
}

/** The sandbox's controls over HTTP, for a demo or a test in another process. */
export function addControlRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	app.get('/_sandbox/ledger', (request) => {
		const { program } = request.query as { program?: string };
		try {
			return sandbox.ledger(program);
		} catch {
			throw badRequest(
				`program is one of: ${PROGRAM_NAMES.join(', ')}, or the key of one that was added`,
			);
		}
	});
	app.get('/_sandbox/requests', () => ({
		maxConcurrent: sandbox.maxConcurrent,
		requests: sandbox.requests,
	}));
	app.get('/_sandbox/deliveries', () => sandbox.deliveries);
	app.post('/_sandbox/events', async (request) => {
		const given = { ...(request.query as object), ...(json(request.body) as object) };
		const {
			program = 'affiliate',
			event,
			data,
		} = given as { program?: ProgramName; event?: string; data?: object };
		if (!PROGRAM_NAMES.includes(program))
			throw badRequest(`program is one of: ${PROGRAM_NAMES.join(', ')}`);
		if (!event) throw badRequest('event is missing, such as partner.approved');
		if (data === undefined) return { status: 1, ...(await happen(sandbox, program, event)) };
		sandbox.program(program).emit(event, data);
		return { status: 1 };
	});
	app.get('/_sandbox/faults', () => sandbox.faults.list);
	app.post('/_sandbox/faults', (request) => {
		const { match, ...fault } = json(request.body) as FaultInput;
		if (!FAULT_KINDS.includes(fault.kind))
			throw badRequest(`kind is one of: ${FAULT_KINDS.join(', ')}`);
		const { pathPattern, ...rest } = match ?? {};
		sandbox.faults.add({
			...fault,
			match: pathPattern === undefined ? rest : { ...rest, path: new RegExp(pathPattern) },
		});
		return { status: 1 };
	});
	app.delete('/_sandbox/faults', () => {
		sandbox.faults.clear();
		return { status: 1 };
	});
	app.get('/_sandbox/switches', () => sandbox.switches);
	app.post('/_sandbox/switches', (request) => {
		try {
			return Object.assign(sandbox.switches, readSwitches(json(request.body)));
		} catch (error) {
			throw badRequest(error instanceof Error ? error.message : 'wrong switches');
		}
	});
	app.post('/_sandbox/quirks', (request) => {
		try {
			return Object.assign(sandbox.quirks, readQuirks(json(request.body)));
		} catch (error) {
			throw badRequest(error instanceof Error ? error.message : 'wrong quirks');
		}
	});
	app.post('/_sandbox/manners', (request) => {
		const { manners } = json(request.body) as { manners?: unknown };
		if (!isManners(manners)) throw badRequest(`manners is one of: ${MANNERS.join(', ')}`);
		sandbox.manners = manners;
		return { status: 1 };
	});
	app.post('/_sandbox/reset', (request) => {
		const { seed } = json(request.body) as { seed?: string };
		if (seed !== undefined && !isSeedName(seed)) throw badRequest('seed is one of: demo, empty');
		sandbox.reset(seed);
		return { status: 1 };
	});
}

async function happen(sandbox: Sandbox, program: ProgramName, event: string): Promise<Happening> {
	try {
		return await makeHappen(sandbox, program, event);
	} catch (error) {
		throw error instanceof NothingHappens ? badRequest(error.message) : error;
	}
}

function json(body: unknown): unknown {
	try {
		return typeof body === 'string' && body !== '' ? JSON.parse(body) : {};
	} catch {
		throw badRequest('the body is not valid JSON');
	}
}

function badRequest(message: string): Error {
	return Object.assign(new Error(message), { statusCode: 400 });
}
