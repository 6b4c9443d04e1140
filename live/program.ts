import { contractFor } from '../sandbox/contract';
import type { ProgramName } from '../sandbox/programs';
import { PROGRAMS } from '../sandbox/programs';

import { at } from './address';
import type { Exchange, Sender } from './sender';
import { accepted, Undecided } from './sender';

/** The program that the key belongs to. */
export interface Program {
	name: ProgramName;
	/** Its name in the contract and in sandbox/assumptions.yaml. */
	contract: 'affiliate' | 'refer-a-friend' | 'newsletter';
	/** What the person has to type; undefined if the API does not show it. */
	publicId?: string;
	/** What the program was answered with. */
	answer: Exchange;
}

/** What a person at the terminal is told instead of a stack trace. */
export class UserError extends Error {}

/** The program is not one that may be written into; nothing was written. */
export class Refusal extends UserError {}

/**
 * Reads the program; the first request of every check.
 * @throws UserError if there is none behind this address and key
 */
export async function readProgram(sender: Sender): Promise<Program> {
	const answer = await sender.get(at`/program`).catch((error: unknown) => {
		throw error instanceof Undecided
			? new UserError(`The program cannot be read: ${error.message}.`)
			: error;
	});
	if (answer.status === 401) throw new UserError('Partnero does not know this API key.');
	const data = dataIn(answer);
	if (!accepted(answer) || !data)
		throw new UserError(`There is no Partnero program at this address (status ${answer.status}).`);
	const inner = record(data.program) ?? {};
	const name = typeOf(String(inner.type ?? ''), data);
	if (!name) throw new UserError('The answer does not say what type of program this is.');
	const publicId = inner.public_id ?? (name === 'newsletter' ? data.id : undefined);
	return {
		name,
		contract: PROGRAMS[name].contract as Program['contract'],
		...(typeof publicId === 'string' && { publicId }),
		answer,
	};
}

function typeOf(type: string, data: Record<string, unknown>): ProgramName | undefined {
	if (/affiliate/i.test(type)) return 'affiliate';
	if (/refer/i.test(type)) return 'referAFriend';
	return /newsletter/i.test(type) || 'esp_type' in data ? 'newsletter' : undefined;
}

/** An object, if it is one. */
export function record(of: unknown): Record<string, unknown> | undefined {
	return typeof of === 'object' && of !== null && !Array.isArray(of)
		? (of as Record<string, unknown>)
		: undefined;
}

/** The record of an answer. */
export function dataIn({ body }: Exchange): Record<string, unknown> | undefined {
	return record(record(body)?.data);
}

/** The records of a list; undefined if it is none. */
export function recordsIn({ body }: Exchange): Array<Record<string, unknown>> | undefined {
	const data = record(body)?.data;
	return Array.isArray(data) ? data.map(record).filter((entry) => entry !== undefined) : undefined;
}

/** The paths of all lists that a type of program has, by the contract, and the name of each one's operation. */
export function listsOf(program: Program): Array<{ path: string; operationId: string }> {
	return contractFor({ program: program.name })
		.getOperations()
		.filter(
			({ method, path, operationId = '' }) =>
				method === 'get' && /^list/.test(operationId) && !path.includes('{'),
		)
		.filter((operation) =>
			(operation as { 'x-programs'?: string[] })['x-programs']?.includes(program.contract),
		)
		.map(({ path, operationId = '' }) => ({ path, operationId }));
}
