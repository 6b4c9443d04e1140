import type { IDataObject } from 'n8n-workflow';

import { cutForms, foldKey, isSimilarKey, shortestCut } from '../form/keys';
import { isSafeInPath } from '../form/template';
import { lookUpInList } from '../lookup/absence';
import { freshSize, largestPage, paginate } from '../lookup/pages';
import { programFacts } from '../lookup/program';
import type { Lookup } from '../operation';
import type { Call } from '../response/call';
import { refusal } from '../response/errors';
import { recordUnder } from '../response/unwrap';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';

import { compareSale } from './compare';
import type { Sale } from './sale';
import { salesMemory } from './salesMemory';

/** How much of the program's list a run of Create Many reads. */
const mostPagesOfNewest = 10;

/** What a look-up gave for a sale: its record, a record whose key Partnero may take for the same, or proof that there is neither. */
export interface Seen {
	record?: IDataObject;
	similar?: IDataObject;
}

/** What is known of how the sales may stand in Partnero. */
interface Known {
	/** Where this server is known to cut keys. */
	cutAt?: number;
	/** Whether they were sent, so that a server may have cut their keys off where nobody expects it. */
	wereSent?: boolean;
}

/**
 * Looks sales up by whichever way costs fewer requests: the list of their customer, or each key by itself.
 * @returns something for each of the sales
 * @throws ItemFailure if a list cannot be read to its end, so that nothing is proven
 */
export async function lookUpSales(
	sales: Sale[],
	{ cutAt, wereSent = false }: Known = {},
): Promise<Map<Sale, Seen>> {
	const seen = new Map<Sale, Seen>();
	// A sale for nobody is in nobody's list.
	if (sales.length > 1 && sales.every(({ refusesNobody }) => refusesNobody)) {
		await lookInCustomersList(sales, seen, wereSent);
		if (!wereSent) await lookInNewestSales(sales, seen);
	}
	for (const sale of sales) {
		if (!seen.has(sale)) seen.set(sale, await lookUpSale(sale, { cutAt, wereSent }));
		const { record, similar } = seen.get(sale)!;
		if (record || similar || !mayBeCut(sale, wereSent)) continue;
		// Before it was sent, a list that cannot be read only shows nothing; afterwards nothing is proven without it.
		const cut = lookForCutKey(sale);
		seen.set(sale, await (wereSent ? cut : cut.catch(() => ({}))));
	}
	return seen;
}

/** Whether the server may keep a key cut off where nobody expects it: until it has given one as long back whole. */
function mayBeCut({ call, key }: Sale, wasSent: boolean): boolean {
	const { whole } = salesMemory.keyLengths(call.run.programId);
	return key!.length > (wasSent ? shortestCut : whole);
}

/** A sale whose key the server cut off stands in the customer's list, among the newest. */
async function lookForCutKey(sale: Sale): Promise<Seen> {
	const newest = new Map<Sale, Seen>();
	// Whether the list would prove absence does not matter here.
	await readCustomersList([sale], newest, true, freshSize());
	return newest.get(sale) ?? {};
}

/**
 * Looks for sales where the usual look-up does not: in their customer's list, among the newest of the program, and
 * each at its own address. A filter may be late, may not find a key as it was written, or be answered by a cache. So it
 * is asked before a sale is sent a second time, or said to be missing; what cannot be read shows nothing.
 */
export async function lookElsewhere(sales: Sale[]): Promise<Map<Sale, Seen>> {
	const seen = new Map<Sale, Seen>();
	if (sales.length === 0) return seen;
	const hasRecord = (sale: Sale) => seen.get(sale)?.record !== undefined;
	await readCustomersList(sales, seen, true, freshSize()).catch(() => undefined);
	const missing = sales.filter((sale) => !hasRecord(sale));
	if (missing.length > 0)
		showNewest(missing, seen, await readNewest(sales[0].call, 1, freshSize()));
	for (const sale of sales) {
		const record = seen.has(sale) ? undefined : await lookUpAddress(sale);
		if (record) seen.set(sale, hasKey(sale, record) ? { record } : { similar: record });
	}
	for (const [sale, { record, similar }] of seen) {
		if (!record && similar && !(await mayBe(sale, similar))) seen.delete(sale);
	}
	return seen;
}

/** Whether a record under another key may be this sale, kept under that one: the usual look-up has not shown it. */
async function mayBe(sale: Sale, record: IDataObject): Promise<boolean> {
	const { buyer, amount } = await compareSale(sale, record);
	return buyer !== 'contradicted' && amount !== 'contradicted';
}

/** What stands at the address of a sale, if it is the sale, or may be taken for it. */
async function lookUpAddress({ call, key }: Sale): Promise<IDataObject | undefined> {
	// A path can be parted at a slash, go up at dots, and has no place for half a character.
	if (key!.includes('/') || !isSafeInPath(key!) || /\p{Cs}/u.test(key!)) return undefined;
	const result = await sendWithRetry(call, {
		method: 'GET',
		url: `/transactions/${encodeURIComponent(key!)}`,
	});
	const record = isSuccess(result) ? recordUnder(result) : undefined;
	return record && isSimilarKey(record.key, key!) ? record : undefined;
}

/** Looks one sale up by its key, in every form in which it may have been recorded. */
async function lookUpSale(sale: Sale, { cutAt, wereSent = false }: Known): Promise<Seen> {
	const key = sale.key!;
	const program = sale.call.run.programId;
	let similar: IDataObject | undefined;
	const forms = [
		key,
		...(sale.untrimmedKey === undefined ? [] : [sale.untrimmedKey]),
		// A server may compose what it keeps, and not what it looks for.
		key.normalize('NFC'),
		...(key.length > salesMemory.keyLengths(program).whole ? cutForms(key, cutAt) : []),
	];
	for (const form of new Set(forms)) {
		const found = await lookUpKey(sale.call, form, (record) => hasKey(sale, record), wereSent);
		if ('record' in found) {
			salesMemory.noteFound(program, String(found.record.key));
			return found;
		}
		similar ??= found.others.find((record) => isSimilarKey(record.key, key, cutAt));
	}
	if (similar || wereSent || salesMemory.isFindable(program, key)) return { similar };
	// A search may drop characters that are no letters or digits: until it was seen to find them, it is not believed alone.
	const listed = new Map<Sale, Seen>();
	// At a slash a path can be parted.
	if (key.includes('/'))
		await readCustomersList([sale], listed, true, largestPage).catch(() => undefined);
	const record = listed.get(sale)?.record ?? (await lookUpAddress(sale));
	return record && hasKey(sale, record) ? { record } : { similar: record };
}

/** Finds out once whether the filter by key finds a key with special characters: of a sale that is surely there. */
export async function learnFromSale({ call, key = '' }: Sale): Promise<void> {
	const program = call.run.programId;
	if (salesMemory.isFindable(program, key)) return;
	const isIt = (record: IDataObject) => String(record.key) === key;
	const found = await lookUpKey(call, key, isIt, true).catch(() => undefined);
	if (found && 'record' in found) salesMemory.noteFound(program, key);
}

/** The record that has a key, or all that the list of this key holds instead. */
export async function lookUpKey(
	call: Call,
	key: string,
	isIt: (record: IDataObject) => boolean,
	isAgain = false,
): Promise<{ record: IDataObject } | { others: IDataObject[] }> {
	return await lookUpInList(
		call,
		call.operation.idempotency!.lookup as Extract<Lookup, { match: string }>,
		key,
		isIt,
		isAgain,
	);
}

function hasKey({ key, untrimmedKey }: Sale, record: IDataObject): boolean {
	return (
		record.key !== undefined &&
		record.key !== null &&
		[key, untrimmedKey].includes(String(record.key))
	);
}

/** What one reading of a customer's list gave. */
interface Reading {
	/** Whether it came to its end. */
	isComplete: boolean;
	pages: number;
	/** Every key in it, in order. */
	keys: string;
}

/** Finds what it can in the customer's list, and proves absence where the list allows that. */
async function lookInCustomersList(
	sales: Sale[],
	seen: Map<Sale, Seen>,
	isAgain: boolean,
): Promise<void> {
	const { isAffiliate } = await programFacts(sales[0].call);
	const size = () => (isAgain ? freshSize() : largestPage);
	const first = await readCustomersList(sales, seen, isAffiliate, size());
	const missing = sales.filter((sale) => !seen.get(sale)?.record);
	if (!first?.isComplete || missing.length === 0) return;
	// A list of several pages can shift while it is read: what is missing is looked up by itself, or the list is read again.
	if (first.pages > 1) {
		if (missing.length <= first.pages) return;
		const second = await readCustomersList(sales, seen, isAffiliate, size());
		if (!second?.isComplete || second.keys !== first.keys) return;
	}
	for (const sale of missing) if (!seen.get(sale)?.record) seen.set(sale, seen.get(sale) ?? {});
}

/**
 * One reading of the list.
 * @returns nothing if the customer has no list
 */
async function readCustomersList(
	sales: Sale[],
	seen: Map<Sale, Seen>,
	isAffiliate: boolean,
	size: number,
): Promise<Reading | undefined> {
	const { call, buyer } = sales[0];
	const byKey = new Map(
		sales.flatMap((sale) => [sale.key, sale.untrimmedKey].map((key) => [key, sale] as const)),
	);
	const similarTo = similarKeys(sales);
	const open = new Set(sales.filter((sale) => !seen.get(sale)?.record));
	const keys: string[] = [];
	let pages = 0;
	let hasList = true;
	// In refer-a-friend programs the list may hold only what others bought (`partnero-api.md` 2.4).
	let showsOwn = isAffiliate;
	const failure = async (result: RequestResult) => {
		hasList = result.response?.status !== 404;
		return await refusal(call, result);
	};
	const wanted = () => Math.min(sales.length - pages, Math.ceil(open.size / size));
	const reading = (async () => {
		const list = { url: `/customers/${encodeURIComponent(buyer.value)}/transactions` };
		for await (const page of paginate(call, list, { size, failure, wanted })) {
			pages += 1;
			for (const record of page) {
				keys.push(JSON.stringify(record.key ?? null));
				if (record.key !== undefined && record.key !== null) {
					const sale = byKey.get(String(record.key));
					const similar = sale ?? similarTo(record.key);
					if (sale) open.delete(sale);
					if (similar && (sale || open.has(similar)))
						seen.set(similar, sale ? { record } : { similar: record });
				}
				showsOwn ||= isBuyer(record.referred_customer, buyer.value);
			}
			if (open.size === 0) return { isComplete: true, pages, keys: keys.join() };
			// From here on it is cheaper to look up each key by itself.
			if (pages >= sales.length) return { isComplete: false, pages, keys: keys.join() };
		}
		return { isComplete: showsOwn, pages, keys: keys.join() };
	})();
	return await reading.catch(async () => (hasList ? await reading : undefined));
}

/**
 * A customer's list cannot show that a key stands for another customer's sale. The newest sales of the program can,
 * for the price of a few requests per run; what lies further back would take one request for each sale.
 */
async function lookInNewestSales(sales: Sale[], seen: Map<Sale, Seen>): Promise<void> {
	const absent = sales.filter((sale) => seen.has(sale) && !seen.get(sale)!.record);
	if (absent.length === 0) return;
	showNewest(absent, seen, await newestSales(sales[0].call));
}

function showNewest(absent: Sale[], seen: Map<Sale, Seen>, { byKey, byFold }: SalesByKey): void {
	for (const sale of absent) {
		const record = [sale.key, sale.untrimmedKey].map((key) => byKey.get(String(key))).find(Boolean);
		const similar = byFold.get(foldKey(sale.key!));
		if (record) seen.set(sale, { record });
		else if (similar) seen.set(sale, { similar });
	}
}

/** Sales by their key, letter for letter and folded. */
interface SalesByKey {
	byKey: Map<string, IDataObject>;
	byFold: Map<string, IDataObject>;
}

/** The sales on the first pages of the program's list, read once per run and before the run sends anything. */
async function newestSales(call: Call): Promise<SalesByKey> {
	return await call.run.lookups.run(
		'newest sales',
		async () => await readNewest(call, mostPagesOfNewest, largestPage),
	);
}

async function readNewest(call: Call, most: number, size: number): Promise<SalesByKey> {
	const sales: SalesByKey = { byKey: new Map(), byFold: new Map() };
	const { url } = call.operation.idempotency!.lookup as Extract<Lookup, { match: string }>;
	const failure = async (result: RequestResult) => await refusal(call, result);
	let pages = 0;
	try {
		const wanted = () => most - pages;
		for await (const page of paginate(call, { url }, { size, failure, wanted })) {
			pages += 1;
			for (const record of page) {
				if (record.key === undefined || record.key === null) continue;
				sales.byKey.set(String(record.key), record);
				sales.byFold.set(foldKey(String(record.key)), record);
			}
			if (pages === most) break;
		}
	} catch {
		// What was not read shows nothing. Absence is proven by the customers' lists, and who is canceled sends no more.
	}
	return sales;
}

/** Finds the sale whose key Partnero may take for a recorded one, without comparing each with each. */
function similarKeys(sales: Sale[]): (recorded: unknown) => Sale | undefined {
	const byFold = new Map(sales.map((sale) => [foldKey(sale.key!), sale]));
	const byNumber = new Map(sales.map((sale) => [Number(sale.key), sale]));
	const long = sales.filter(({ key }) => key!.length > shortestCut);
	return (recorded) =>
		byFold.get(foldKey(String(recorded))) ??
		(typeof recorded === 'number'
			? byNumber.get(recorded)
			: long.find(({ key }) => isSimilarKey(recorded, key!)));
}

function isBuyer(buyer: unknown, identifier: string): boolean {
	if (typeof buyer !== 'object' || buyer === null) return buyer === identifier;
	const { id, key, email } = buyer as IDataObject;
	return [id, key, email].includes(identifier);
}
