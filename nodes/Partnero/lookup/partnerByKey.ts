import type { IDataObject } from 'n8n-workflow';

import { shortened } from '../form/shortened';
import { isBlank } from '../form/values';
import type { Call } from '../response/call';
import { refusal } from '../response/errors';
import { keysOf } from '../response/identity';
import { ownMessage } from '../response/messages';
import { otherTypeOfProgram } from '../response/programType';
import { programsOfCall, worksIn } from '../response/subject';
import { recordUnder } from '../response/unwrap';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import type { Sender } from '../transport/sender';

import { largestPage, paginate } from './pages';

/** So many partners whose key has the wanted one in it are read, one by one. */
const mostCandidates = 25;

/** What a look-up for a partner ends with where nobody can say whether there is one. */
export interface PartnerErrors {
	/** For an answer that holds none, and does not say that there is none. */
	failure(result: RequestResult): Promise<Error>;
	/** Throws where an address that is not there means that the program has no partners. */
	missing?(result: RequestResult): Promise<void>;
	/** For more partners than can be read one by one. */
	tooMany(message: string, advice: string): Error;
}

/** The errors of an item. */
export function partnerErrorsOf(call: Call): PartnerErrors {
	return {
		failure: async (result) => await refusal(call, result),
		missing: async (result) => {
			const other = await otherTypeOfProgram(call, result, worksIn(call), programsOfCall(call));
			if (other) throw call.form.refuse(other.message, other.advice);
		},
		tooMany: (message, advice) => call.form.refuse(message, `Nothing was changed. ${advice}`),
	};
}

/**
 * The partner with exactly this referral key. GET /partner takes a key exactly; where there is no such address, the
 * search finds partners by parts of it (`partnero-api.md` 10, A11).
 * @throws if nobody can say whether there is one
 */
export async function partnerByKey(
	sender: Sender,
	key: string,
	errors: PartnerErrors,
): Promise<IDataObject | undefined> {
	// What the search was needed for once in a run, it is needed for again.
	let refused: RequestResult | undefined;
	if (sender.run.memory.lacksPartnerAddress !== true) {
		const result = await sendWithRetry(sender, { method: 'GET', url: '/partner', qs: { key } });
		const isWithoutId = isSuccess(result) && isBlank(recordUnder(result)?.id);
		if (!isAddressMissing(result) && !isWithoutId)
			return result.response?.status === 404 ? undefined : await partnerIn(result, errors);
		refused = result;
	}
	const found = await searchByKey(sender, key, errors);
	if (found) sender.run.memory.lacksPartnerAddress = true;
	else if (refused) await errors.missing?.(refused);
	return found;
}

async function partnerIn(result: RequestResult, { failure }: PartnerErrors): Promise<IDataObject> {
	const record = isSuccess(result) ? recordUnder(result) : undefined;
	if (!record) throw await failure(result);
	return record;
}

/** Whether a 404 may be about the address. One that speaks of the partner, and not of a route, is about the record. */
function isAddressMissing({ response }: RequestResult): boolean {
	if (response?.status === 405) return true;
	if (response?.status !== 404) return false;
	const message = ownMessage(response.body);
	return !/partner/i.test(message) || /\broute\b/i.test(message);
}

/** The search matches parts of keys, and lists show none, so that each partner is read for the keys in its links. */
async function searchByKey(
	sender: Sender,
	key: string,
	errors: PartnerErrors,
): Promise<IDataObject | undefined> {
	const { failure } = errors;
	const isEmpty = async () => await Promise.resolve(true);
	const candidates: IDataObject[] = [];
	for await (const page of paginate(
		sender,
		{ url: '/partners:search', qs: { key } },
		{ size: largestPage, failure, isEmpty },
	)) {
		const match = page.find((partner) => keysOf(partner).includes(key));
		if (match) return match;
		candidates.push(...page.filter(({ id }) => !isBlank(id)));
		if (candidates.length > mostCandidates) break;
	}
	for (const { id } of candidates.slice(0, mostCandidates)) {
		const result = await sendWithRetry(sender, {
			method: 'GET',
			url: `/partners/${encodeURIComponent(String(id))}`,
		});
		if (result.response?.status === 404) continue;
		const partner = await partnerIn(result, errors);
		if (keysOf(partner).includes(key)) return partner;
	}
	if (candidates.length <= mostCandidates) return undefined;
	throw errors.tooMany(
		`More than ${mostCandidates} partners have a referral key that contains '${shortened(key)}'`,
		'Partnero cannot search for the exact key. Choose the partner from the list, or By ID.',
	);
}
