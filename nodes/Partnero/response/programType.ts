import type { IDataObject } from 'n8n-workflow';

import type { ProgramType } from '../operation';
import { isRecord, isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import type { Sender } from '../transport/sender';

import type { Explanation } from './apiError';
import { fieldMessages, ownMessage, saidByPartnero, together } from './messages';

export type { ProgramType };

/** With which a server may answer where the type of program lacks something: no document says it. */
const statuses = [400, 403, 404, 405, 422];

/** What is said of a whole address, and not of a record or of a field. */
const aboutAddress =
	/\bprogram|route|method|\burl\b|endpoint|\bpage\b|unauthori[sz]ed|forbidden|permission|^not found\.?$|not (?:allowed|available|supported)/i;

/** Whether an answer may mean that the program of the API key is of a type that lacks this. */
export function mayBeOtherType({ response }: RequestResult): boolean {
	if (!response || !statuses.includes(response.status)) return false;
	const own = ownMessage(response.body);
	return fieldMessages(response.body).length === 0 && (own === '' || aboutAddress.test(own));
}

/** What a run remembers the type of the program under, once it was asked for. */
export const knownType = 'type of program';

/** The type of the program of an API key, asked once per run; `undefined` where the answer does not show it. */
export async function programTypeOf(sender: Sender): Promise<ProgramType | undefined> {
	const asked = sender.run.lookups.run(knownType, async () => {
		const result = await sendWithRetry(sender, { method: 'GET', url: '/program' });
		if (!isSuccess(result)) throw new Error('The program could not be read');
		const type = typeIn((result.response?.body as IDataObject | undefined)?.data);
		sender.run.memory[knownType] = type;
		return { type };
	});
	return (await asked.catch(() => undefined))?.type;
}

function typeIn(data: unknown): ProgramType | undefined {
	if (!isRecord(data)) return undefined;
	if (data.esp_type !== undefined || data.total_subscribers !== undefined) return 'newsletter';
	const settings = data.overview_program_current_settings as IDataObject | undefined;
	const { type = data.type ?? settings?.program_type_title } = isRecord(data.program)
		? data.program
		: data;
	const word = String(type).toLowerCase();
	if (word.includes('newsletter')) return 'newsletter';
	if (word.includes('refer')) return 'refer-a-friend';
	return word.includes('affiliate') ? 'affiliate' : undefined;
}

/**
 * What an answer means if the program of the API key is of a type that lacks what was asked for.
 * @param what what the other types have, as the beginning of a sentence: `Leads exist`
 */
export async function otherTypeOfProgram(
	sender: Sender,
	result: RequestResult,
	what: string,
	programs: readonly ProgramType[] | undefined,
): Promise<Explanation | undefined> {
	if (!programs || !mayBeOtherType(result)) return undefined;
	const own = ownMessage(result.response!.body);
	const type = await programTypeOf(sender);
	if (type === undefined || programs.includes(type)) return undefined;
	return {
		message: `${what} only in ${programs.join(' and ')} programs; this API key belongs to ${inWords(type)}`,
		advice: together(
			saidByPartnero(own),
			`Choose the credential of ${programs.map(inWords).join(' or ')}.`,
		),
	};
}

/** A type of program with its article: `an affiliate program`. */
export function inWords(type: ProgramType): string {
	return `${type === 'affiliate' ? 'an' : 'a'} ${type} program`;
}
