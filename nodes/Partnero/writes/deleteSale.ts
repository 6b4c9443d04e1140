import type { IDataObject } from 'n8n-workflow';

import { isSimilarKey } from '../form/keys';
import { shortened } from '../form/shortened';
import { fillRequest, isSafeInPath } from '../form/template';
import { isBlank } from '../form/values';
import { lookUpInList } from '../lookup/absence';
import type { Lookup } from '../operation';
import type { Call } from '../response/call';
import { itemFailure } from '../response/errors';
import { explain } from '../response/explain';
import type { ItemFailure } from '../response/failure';
import type { Standing } from '../response/standing';
import { isLessThan, standingOf } from '../response/standing';
import { abortableSleep, clock } from '../transport/clock';
import { isSuccess } from '../transport/outcome';
import type { HttpRequest, RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import { cancelSignalOf } from '../transport/sender';

import { reconciliation } from './policy';
import { inWords } from './saleErrors';
import { longestLag, nameOfSale, salesMemory } from './salesMemory';

/** The list in which the key is looked for. */
type KeyLookup = Extract<Lookup, { match: string }>;

/** What a lost answer was found to have meant; `open` if it came to nothing, as far as anybody can see. */
type Settled = 'gone' | 'open' | 'unknown';

/** What the list shows of a key. */
interface Listed {
	/** The sales that have exactly this key, but for those of which the list says that they are deleted. */
	sales: IDataObject[];
	/** Other keys that Partnero may take for this one. */
	similar: IDataObject[];
}

/**
 * Deletes the one sale under a key (`recording-rules.md` 11). Keys are not unique, and the API says of none of them which
 * sale it deletes: so the list is read first, and more than one is refused, or one whose key Partnero may take for
 * this one. A lost answer is settled by reading, and the request is sent once more at most.
 * @param isNew whether this process has recorded it, and no look-up has shown it yet
 * @returns the answer; a 404 only if the list does not have the key either
 * @throws ItemFailure if there are several, or if nobody knows what became of it
 */
export async function deleteSale(
	call: Call,
	lookup: KeyLookup,
	key: string,
	isNew = false,
): Promise<RequestResult> {
	const { sales, similar } = await listUnder(call, lookup, key, isNew);
	if (similar.length > 0) throw await similarSales(call, key, similar, sales.length > 0);
	// A sale that was deleted before may still be listed, and so may an archived one that looks like it.
	const left = sales.filter((sale) => standingOf(sale) !== 'withdrawn');
	if (left.length > 1) throw await severalSales(call, key, left);
	if (left.length === 0 && sales.length > 1) return missing();
	const sought: Sought | undefined =
		sales.length > 0 ? { lookup, key, before: standingOf(left[0] ?? sales[0]) } : undefined;
	const doubt = call.run.indeterminate.change(call.itemIndex, {
		method: 'DELETE',
		url: lookup.url,
		body: { key },
	});
	const since = doubt.since ?? Date.now();
	let lostAttempts = doubt.since === undefined ? 0 : 1;
	for (let attempt = 1; ; attempt += 1) {
		const result = {
			...(await sendInAnyForm(call, key, sought !== undefined || isNew)),
			lostAttempts,
			since,
			repeatable: true,
		};
		if (result.outcome === 'indeterminate') {
			doubt.mark(since);
			const settled = await settle(call, { lookup, key, ...sought });
			if (settled === 'gone') {
				doubt.resolve();
				return asGone(result);
			}
			// Only one sale is under the key, so that a second request cannot hit another one; of a sale that no list has
			// shown yet, nobody knows.
			const isUnseen = isNew && !sought;
			if (settled === 'unknown' || isUnseen || attempt === 2)
				throw await mayBeDeleted(call, key, result);
			lostAttempts += 1;
			continue;
		}
		const isMissing = result.response?.status === 404;
		if (lostAttempts > 0 && !isMissing && !isSuccess(result))
			throw await mayBeDeleted(call, key, result);
		// What may be deleted already is not there, if the API says so as well.
		if (sought?.before === 'withdrawn' && isMissing) return result;
		// The list may only be late, after an earlier refund or a lost answer.
		if (
			isMissing &&
			sought &&
			(await isStillThere(call, sought)) &&
			(await settle(call, sought)) !== 'gone'
		) {
			throw lostAttempts > 0
				? await mayBeDeleted(call, key, result)
				: await outOfReach(call, key, sought.before);
		}
		if (isMissing && !sought && isNew)
			throw lostAttempts > 0 ? await mayBeDeleted(call, key, result) : await notThereYet(call, key);
		// Beside one that was deleted before, the API may have taken that one for the one that is meant.
		if (sought && sales.length > 1 && isSuccess(result) && (await settle(call, sought)) !== 'gone')
			throw await otherDeleted(call, key);
		doubt.resolve();
		// It was there a moment ago, and is not any more, whatever the answer says.
		return isMissing && sought ? asGone(result) : result;
	}
}

/** What is looked for after a deletion, and what the list showed of it before, if anything. */
interface Sought {
	lookup: KeyLookup;
	key: string;
	before?: Standing;
}

/** @param isAgain whether it was looked up before, so that a cache may have the answer of then */
async function listUnder(
	call: Call,
	lookup: KeyLookup,
	key: string,
	isAgain: boolean,
): Promise<Listed> {
	const all: IDataObject[] = [];
	// A server may compose what it keeps, and not what it looks for.
	for (const form of new Set([key, key.normalize('NFC')])) {
		if (all.length > 0) break;
		const found = await lookUpInList(call, lookup, form, () => false, isAgain);
		all.push(...('record' in found ? [found.record] : found.others));
	}
	// The same record twice is one sale.
	const records = all.filter(
		({ id }, index) => isBlank(id) || all.findIndex((other) => other.id === id) === index,
	);
	const left = records.filter((record) => !isBlank(record.key) && standingOf(record) !== 'deleted');
	const hasKey = (record: IDataObject) => String(record.key) === key;
	return {
		sales: left.filter(hasKey),
		similar: left.filter((record) => !hasKey(record) && mayBeSameKey(record.key, key)),
	};
}

/** A database's comparison may know no accents either, so that a deletion by this key could hit that one. */
function mayBeSameKey(recorded: unknown, key: string): boolean {
	return isSimilarKey(recorded, key) || withoutAccents.compare(String(recorded), key) === 0;
}

const withoutAccents = new Intl.Collator('en', { sensitivity: 'base' });

/** The sales under a key of which no less is left than before: a deleted one may stay in the list, with a mark. */
async function stillThere(
	call: Call,
	{ lookup, key, before = 'withdrawn' }: Sought,
): Promise<IDataObject[]> {
	const { sales } = await listUnder(call, lookup, key, true);
	return sales.filter((sale) => !isLessThan(standingOf(sale), before));
}

async function isStillThere(call: Call, sought: Sought): Promise<boolean> {
	return (await stillThere(call, sought)).length > 0;
}

/**
 * Sends the DELETE by the path, or by the body if the key has a slash: where a path is parted at it, or loses it at
 * its end, another sale could be meant. The other form follows if the first one leads nowhere.
 */
async function sendInAnyForm(call: Call, key: string, isListed: boolean): Promise<RequestResult> {
	const { request, byBody } = call.operation;
	const [byPath, ...others] = [request, ...(byBody ? [byBody] : [])].map((route) =>
		fillRequest(route, call.form),
	);
	// Never repeated without a look.
	const send = async (form: HttpRequest) => await sendWithRetry(call, form, false);
	const isLost = ({ response }: RequestResult) =>
		response?.status === 405 || (response?.status === 404 && isListed);
	const forms = key.includes('/')
		? [...others, ...(isSafeInPath(key) ? [byPath] : [])]
		: [byPath, ...others];
	let result = await send(forms[0]);
	for (const form of forms.slice(1)) {
		if (isLost(result)) result = await send(form);
	}
	return result;
}

/** Reads the list until it shows what a lost answer has meant. */
async function settle(call: Call, sought: Sought): Promise<Settled> {
	const { run } = call;
	const { waits, proof, giveUp } = reconciliation;
	const endedAt = clock.now();
	for (let looks = 0; ; looks += 1) {
		const wait = waits[Math.min(looks, waits.length - 1)];
		await run.semaphore.park(async () => await abortableSleep(wait, cancelSignalOf(call)));
		const passed = clock.now() - endedAt;
		const sales = await stillThere(call, sought).catch(() => undefined);
		// Another one was recorded meanwhile.
		if (sales && sales.length > 1) return 'unknown';
		// What the list did not show before says nothing by not being shown, and what was recorded just now another
		// replica may not show yet.
		const isAbsent = sales?.length === 0 && sought.before !== undefined;
		const isYoung = clock.now() - recordedAt(call, sought.key) < longestLag;
		if (isAbsent && !isYoung) return 'gone';
		if (sales && !isAbsent && passed >= proof) return 'open';
		if (passed >= giveUp) return 'unknown';
	}
}

/** When this process has recorded a sale, by the node's clock, if it was lately. */
function recordedAt({ run }: Call, key: string): number {
	return salesMemory.get(nameOfSale(run.programId, key))?.answered?.at ?? -Infinity;
}

/** The answer of a DELETE that the list shows to be done. */
function asGone(result: RequestResult): RequestResult {
	const response = { status: 200, headers: {}, ...result.response, body: { status: 1 } };
	return { ...result, outcome: 'acknowledged', response: { ...response, status: 200 } };
}

async function severalSales(call: Call, key: string, sales: IDataObject[]): Promise<ItemFailure> {
	const named = sales.slice(0, 5).map(inWords).join('; ');
	return await itemFailure(
		call,
		{
			message: `${nameOf(call, key)} was refused, since ${sales.length} sales have this key`,
			advice: `Nothing was deleted, since Partnero does not say which of them it would delete. The sales are: ${named}${sales.length > 5 ? ' …' : ''}. Delete the right one in Partnero.`,
		},
		true,
	);
}

/** Also where there is exactly one sale under the key itself: a server that folds keys may delete either. */
async function similarSales(
	call: Call,
	key: string,
	similar: IDataObject[],
	isListed: boolean,
): Promise<ItemFailure> {
	const named = similar
		.slice(0, 5)
		.map((sale) => `'${String(sale.key)}' (${inWords(sale)})`)
		.join('; ');
	return await itemFailure(
		call,
		{
			message: `${nameOf(call, key)} was refused, since its key is too similar to '${String(similar[0].key)}'`,
			advice: `Nothing was deleted. Partnero may not tell the two keys apart. ${isListed ? 'It also lists' : 'No sale has exactly this key, but it lists'} ${named}. ${
				isListed
					? 'Delete the right one in Partnero.'
					: 'If that is the sale, refund it by the listed key.'
			}`,
		},
		true,
	);
}

async function outOfReach(
	call: Call,
	key: string,
	before: Standing | undefined,
): Promise<ItemFailure> {
	return await itemFailure(
		call,
		{
			message: `${nameOf(call, key)} was not possible: Partnero lists the sale, but does not find it by its key`,
			advice:
				before === 'archived'
					? 'Nothing was deleted. The sale is archived: restore it first, or delete it in Partnero.'
					: 'Nothing was deleted, and the commission stays. Delete the sale in Partnero.',
		},
		true,
		404,
	);
}

async function notThereYet(call: Call, key: string): Promise<ItemFailure> {
	return await itemFailure(
		call,
		{
			message: `${nameOf(call, key)} was not possible yet: the sale was recorded just now, and Partnero does not show it yet`,
			advice: 'Nothing was deleted, and the commission stays. Run this again in a minute.',
		},
		false,
		404,
	);
}

/** The API says that it is done, and the sale is still there. */
async function otherDeleted(call: Call, key: string): Promise<ItemFailure> {
	return await itemFailure(
		call,
		{
			message: `${nameOf(call, key)} was accepted by Partnero, but the sale is still there`,
			advice:
				'Another sale had this key before, and is still listed as deleted or archived. The commission stays: delete the sale in Partnero.',
		},
		true,
	);
}

/** The answer for what needs no request, since all that the list has was deleted before. */
function missing(): RequestResult {
	const response = { status: 404, headers: {}, body: {} };
	return {
		response,
		outcome: 'rejected',
		mayBeInFlight: false,
		attempts: 0,
		lostAttempts: 0,
		since: Date.now(),
		waited: 0,
		repeatable: true,
	};
}

/** After a lost answer, whatever ended the item. */
async function mayBeDeleted(call: Call, key: string, result: RequestResult): Promise<ItemFailure> {
	const { message, advice } = await explain(call, result);
	const doubt = `${nameOf(call, key)} may have been carried out anyway. Run it again: the sale is deleted only if it is still there.`;
	return await itemFailure(
		call,
		{ message, advice: `${doubt}\n${advice}` },
		false,
		result.response?.status,
	);
}

function nameOf({ operation }: Call, key: string): string {
	return `${operation.entry.action} '${shortened(key)}'`;
}
