import type { IDataObject } from 'n8n-workflow';

import { cutForms, foldKey, isSimilarKey, shortestCut } from '../form/keys';
import { lookUpInList } from '../lookup/absence';
import { paginate, largestPage } from '../lookup/pages';
import { programFacts } from '../lookup/program';
import type { Lookup } from '../operation';
import type { Call } from '../response/call';
import { refusal } from '../response/errors';
import type { RequestResult } from '../transport/retry';

import type { Sale } from './sale';

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
		await lookInCustomersList(sales, seen);
		if (!wereSent) await lookInNewestSales(sales, seen);
	}
	for (const sale of sales) {
		if (!seen.has(sale)) seen.set(sale, await lookUpSale(sale, cutAt));
		const { record, similar } = seen.get(sale)!;
		if (wereSent && !record && !similar && sale.key!.length > shortestCut)
			seen.set(sale, await lookForCutKey(sale));
	}
	return seen;
}

/** A sale whose key the server cut off stands in the customer's list, among the newest. */
async function lookForCutKey(sale: Sale): Promise<Seen> {
	const newest = new Map<Sale, Seen>();
	const { isAffiliate } = await programFacts(sale.call);
	await readCustomersList([sale], newest, isAffiliate);
	return newest.get(sale) ?? {};
}

/** Looks one sale up by its key, in every form in which it may have been recorded. */
async function lookUpSale(sale: Sale, cutAt?: number): Promise<Seen> {
	const key = sale.key!;
	let similar: IDataObject | undefined;
	for (const form of [
		key,
		...(sale.untrimmedKey === undefined ? [] : [sale.untrimmedKey]),
		...cutForms(key, cutAt),
	]) {
		const found = await lookUpKey(sale.call, form, (record) => hasKey(sale, record));
		if ('record' in found) return found;
		similar ??= found.others.find((record) => isSimilarKey(record.key, key, cutAt));
	}
	return { similar };
}

/** The record that has a key, or all that the list of this key holds instead. */
export async function lookUpKey(
	call: Call,
	key: string,
	isIt: (record: IDataObject) => boolean,
): Promise<{ record: IDataObject } | { others: IDataObject[] }> {
	return await lookUpInList(
		call,
		call.operation.idempotency!.lookup as Extract<Lookup, { match: string }>,
		key,
		isIt,
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
async function lookInCustomersList(sales: Sale[], seen: Map<Sale, Seen>): Promise<void> {
	const { isAffiliate } = await programFacts(sales[0].call);
	const first = await readCustomersList(sales, seen, isAffiliate);
	const missing = sales.filter((sale) => !seen.get(sale)?.record);
	if (!first?.isComplete || missing.length === 0) return;
	// A list of several pages can shift while it is read: what is missing is looked up by itself, or the list is read again.
	if (first.pages > 1) {
		if (missing.length <= first.pages) return;
		const second = await readCustomersList(sales, seen, isAffiliate);
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
	const wanted = () => Math.min(sales.length - pages, Math.ceil(open.size / largestPage));
	const reading = (async () => {
		const list = { url: `/customers/${encodeURIComponent(buyer.value)}/transactions` };
		for await (const page of paginate(call, list, { size: largestPage, failure, wanted })) {
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
	const { byKey, byFold } = await newestSales(sales[0].call);
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
	return await call.run.lookups.run('newest sales', async () => {
		const sales: SalesByKey = { byKey: new Map(), byFold: new Map() };
		const { url } = call.operation.idempotency!.lookup as Extract<Lookup, { match: string }>;
		const failure = async (result: RequestResult) => await refusal(call, result);
		let pages = 0;
		try {
			const wanted = () => mostPagesOfNewest - pages;
			for await (const page of paginate(call, { url }, { size: largestPage, failure, wanted })) {
				pages += 1;
				for (const record of page) {
					if (record.key === undefined || record.key === null) continue;
					sales.byKey.set(String(record.key), record);
					sales.byFold.set(foldKey(String(record.key)), record);
				}
				if (pages === mostPagesOfNewest) break;
			}
		} catch {
			// What was not read shows nothing. Absence is proven by the customers' lists, and who is canceled sends no more.
		}
		return sales;
	});
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
