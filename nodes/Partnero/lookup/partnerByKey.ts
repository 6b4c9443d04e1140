import type { IDataObject } from 'n8n-workflow';

import { isBlank } from '../form/values';
import type { Call } from '../response/call';
import { refusal } from '../response/errors';
import { keysOf } from '../response/identity';
import { ownMessage } from '../response/messages';
import { recordOf, recordUnder } from '../response/unwrap';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';

import { largestPage, paginate } from './pages';

/** So many partners whose key has the wanted one in it are read, one by one. */
const mostCandidates = 25;

/**
 * The partner with exactly this referral key. GET /partner takes a key exactly; where there is no such address, the
 * search finds partners by parts of it (`partnero-api.md` 10, A11).
 * @throws ItemFailure if nobody can say whether there is one
 */
export async function partnerByKey(call: Call, key: string): Promise<IDataObject | undefined> {
	// What the search was needed for once in a run, it is needed for again.
	if (call.run.memory.lacksPartnerAddress !== true) {
		const result = await sendWithRetry(call, { method: 'GET', url: '/partner', qs: { key } });
		const isWithoutId = isSuccess(result) && isBlank(recordUnder(result)?.id);
		if (!isAddressMissing(result) && !isWithoutId) return result.response?.status === 404 ? undefined : await recordOf(call, result);
	}
	const found = await searchByKey(call, key);
	if (found) call.run.memory.lacksPartnerAddress = true;
	return found;
}

/** Whether a 404 may be about the address. One that speaks of the partner, and not of a route, is about the record. */
function isAddressMissing({ response }: RequestResult): boolean {
	if (response?.status === 405) return true;
	if (response?.status !== 404) return false;
	const message = ownMessage(response.body);
	return !/partner/i.test(message) || /\broute\b/i.test(message);
}

/** The search matches parts of keys, and lists show none, so that each partner is read for the keys in its links. */
async function searchByKey(call: Call, key: string): Promise<IDataObject | undefined> {
	const failure = async (result: RequestResult) => await refusal(call, result);
	const isEmpty = async () => await Promise.resolve(true);
	const candidates: IDataObject[] = [];
	for await (const page of paginate(call, { url: '/partners:search', qs: { key } }, { size: largestPage, failure, isEmpty })) {
		const match = page.find((partner) => keysOf(partner).includes(key));
		if (match) return match;
		candidates.push(...page.filter(({ id }) => !isBlank(id)));
		if (candidates.length > mostCandidates) break;
	}
	for (const { id } of candidates.slice(0, mostCandidates)) {
		const result = await sendWithRetry(call, { method: 'GET', url: `/partners/${encodeURIComponent(String(id))}` });
		if (result.response?.status === 404) continue;
		const partner = await recordOf(call, result);
		if (keysOf(partner).includes(key)) return partner;
	}
	if (candidates.length <= mostCandidates) return undefined;
	throw call.form.refuse(
		`More than ${mostCandidates} partners have a referral key that '${key}' is a part of`,
		'Nothing was changed. Partnero finds parts of keys only here, so choose By ID.',
	);
}
