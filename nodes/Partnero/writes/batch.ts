import type { IDataObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { findRecord } from '../lookup/find';
import { paginate, largestPage } from '../lookup/pages';
import { isAffiliateProgram } from '../lookup/program';
import { sendRoute } from '../lookup/sendRoute';
import type { Call } from '../response/call';
import { itemFailure, refusal } from '../response/errors';
import { ItemFailure } from '../response/failure';
import { dataOf, recordOf } from '../response/unwrap';
import { abortableSleep } from '../transport/clock';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import { backOff } from '../transport/retryPolicy';
import { cancelSignalOf } from '../transport/sender';

import { readBackPolicy } from './policy';

/** One item's sale, ready to be sent. */
export interface Sale {
	call: Call;
	item: number;
	key: string;
	/** What to do if the key is there already: `skip`, `fail` or `record`. */
	policy: string;
	/** The part of the request that the sales of one customer share. */
	buyer: IDataObject;
	body: IDataObject;
}

/** What became of a sale. */
export type SaleOutcome = { record: IDataObject } | { failure: ItemFailure };

/** Records by key. */
type Found = Map<string, IDataObject>;

const usualSalesPerRequest = 100;

/** Refusals of a batch that may be about one of its sales. */
const aboutContent = [400, 404, 409, 413, 422];

/**
 * Records the sales of one customer. Those that are not there yet are sent in bulk, the outcome is
 * read back, and what is missing because an answer was lost is sent again.
 * @returns an outcome for each sale
 */
export async function recordGroup(sales: Sale[]): Promise<Map<Sale, SaleOutcome>> {
	const recorder = new BatchRecorder(sales);
	let failure: unknown;
	try {
		if (sales[0].policy === 'record') await recorder.send(sales);
		else await recorder.sendOnce();
	} catch (error) {
		failure = error;
	}
	if (failure) await recorder.fail(failure);
	return recorder.outcomes;
}

/** A request in bulk that was refused for a reason that has nothing to do with its sales. */
class Refused extends Error {
	constructor(readonly result: RequestResult) {
		super();
	}
}

class BatchRecorder {
	readonly outcomes = new Map<Sale, SaleOutcome>();

	/** The first of the sales stands for all of them where a request concerns them all. */
	private readonly call: Call;

	private readonly byKey: Map<string, Sale>;

	/** The sales whose last answer was lost. */
	private readonly unknown = new Map<Sale, RequestResult>();

	/** The sales that must not be sent again: accepted, or timed out and perhaps still under way. */
	private readonly arrived = new Set<Sale>();

	constructor(private readonly sales: Sale[]) {
		this.call = sales[0].call;
		this.byKey = new Map(sales.map((sale) => [sale.key, sale]));
	}

	/** What cannot go on concerns every sale that has no outcome yet. */
	async fail(failure: unknown): Promise<void> {
		for (const sale of this.open) {
			const wasSent = this.unknown.has(sale) || this.arrived.has(sale);
			this.outcomes.set(sale, { failure: wasSent ? await this.missing(sale) : await failureOf(sale, failure) });
		}
	}

	private get open(): Sale[] {
		return this.sales.filter((sale) => !this.outcomes.has(sale));
	}

	/** Sends what is not there yet, until everything is there. */
	async sendOnce(): Promise<void> {
		for (const [key, record] of await this.recorded(this.sales)) this.setExisting(key, record);
		for (let attempt = 1; this.open.length > 0; attempt += 1) {
			await this.send(this.open.filter((sale) => !this.arrived.has(sale)));
			// What was accepted can be read at once; of what was not, the outcome may take a while.
			if (attempt > 1 || this.open.some((sale) => this.unknown.has(sale))) await this.rest(attempt);
			await this.readBack(this.open);
			if (attempt === readBackPolicy.attempts) return await this.giveUp();
		}
	}

	private async readBack(sales: Sale[]): Promise<void> {
		if (sales.length === 0) return;
		for (const [key, record] of await this.recorded(sales)) this.setCreated(key, record);
	}

	/**
	 * Sends sales in bulk. A request that is refused as a whole is sent again sale by sale, so that each
	 * gets an answer of its own.
	 */
	async send(sales: Sale[]): Promise<void> {
		const size = Number(this.call.form.value('options.salesPerRequest') ?? usualSalesPerRequest);
		for (let start = 0; start < sales.length; start += size) {
			const batch = sales.slice(start, start + size);
			if (batch.length === 1) await this.sendOne(batch[0]);
			else await this.sendBatch(batch);
		}
	}

	private async sendBatch(batch: Sale[]): Promise<void> {
		const { request, bulk } = this.call.operation;
		const { method, url } = request;
		const body = { ...batch[0].buyer, [bulk!.list]: batch.map((sale) => sale.body) };
		const result = await sendWithRetry(this.call, { method, url, body }, false);
		if (result.outcome === 'indeterminate') await this.setUnknown(batch, result);
		else if (isSuccess(result)) this.noteAnswer(batch, result);
		else if (aboutContent.includes(result.response?.status ?? 0)) await this.sendEach(batch);
		else throw new Refused(result);
	}

	private async sendEach(batch: Sale[]): Promise<void> {
		// No document says that nothing of a refused request was recorded.
		if (batch[0].policy !== 'record') await this.readBack(batch);
		for (const sale of batch) {
			if (!this.outcomes.has(sale)) await this.sendOne(sale);
		}
	}

	private async sendOne(sale: Sale): Promise<void> {
		const { call } = sale;
		const result = await sendRoute(call, call.operation.request);
		if (result.outcome === 'indeterminate') await this.setUnknown([sale], result);
		else if (isSuccess(result)) this.outcomes.set(sale, created(await recordOf(call, result)));
		else this.outcomes.set(sale, { failure: await refusal(call, result) });
	}

	private async setUnknown(sales: Sale[], result: RequestResult): Promise<void> {
		for (const sale of sales) {
			this.unknown.set(sale, result);
			// Sending it again could record it twice.
			if (result.mayBeInFlight) this.arrived.add(sale);
			// Nobody can tell two recordings of a key apart, so one whose answer was lost cannot be looked for.
			if (sale.policy === 'record') this.outcomes.set(sale, { failure: await refusal(sale.call, result) });
		}
	}

	/** Takes the records from an answer that lists them; no document says that it does. */
	private noteAnswer(batch: Sale[], result: RequestResult): void {
		const data = dataOf(result);
		const records = Array.isArray(data) ? (data as IDataObject[]) : [];
		const matches = records.length === batch.length && batch.every(({ key }, index) => records[index]?.key === key);
		for (const sale of batch) {
			this.arrived.add(sale);
			this.unknown.delete(sale);
		}
		if (matches) batch.forEach((sale, index) => this.outcomes.set(sale, created(records[index])));
		else if (batch[0].policy === 'record') for (const sale of batch) this.outcomes.set(sale, created(sale.body));
	}

	private setExisting(key: string, record: IDataObject): void {
		const sale = this.byKey.get(key)!;
		this.outcomes.set(
			sale,
			sale.policy === 'fail'
				? { failure: new ItemFailure(sale.call.form.refuse(`Transaction '${key}' exists already`, 'Nothing was sent for this item.'), false) }
				: { record: { ...record, created: false } },
		);
	}

	private setCreated(key: string, record: IDataObject): void {
		this.outcomes.set(this.byKey.get(key)!, created(record));
	}

	private async giveUp(): Promise<void> {
		for (const sale of this.open) this.outcomes.set(sale, { failure: await this.missing(sale) });
	}

	/** The error of a sale that was sent and cannot be found. */
	private async missing(sale: Sale): Promise<ItemFailure> {
		const result = this.unknown.get(sale);
		if (result) return await refusal(sale.call, result);
		const message = `Transaction '${sale.key}' was accepted but cannot be found`;
		return await itemFailure(sale.call, { message, advice: 'Look it up in Partnero before you run this again.' });
	}

	private async rest(attempt: number): Promise<void> {
		await abortableSleep(backOff(attempt, readBackPolicy), cancelSignalOf(this.call));
	}

	/** Which keys are there, by whichever look-up costs fewer requests: the customer's list, or each key. */
	private async recorded(sales: Sale[]): Promise<Found> {
		const found: Found = new Map();
		if (sales.length === 1 || !(await this.readList(sales, found))) {
			for (const { call, key } of sales) {
				if (found.has(key)) continue;
				const match = await findRecord(call, call.operation.idempotency!, key);
				if (match) found.set(key, match.record);
			}
		}
		return found;
	}

	/**
	 * Looks for the keys in the customer's list.
	 * @returns whether the list is proof that a key is not there
	 */
	private async readList(sales: Sale[], found: Found): Promise<boolean> {
		const { value } = this.call.form.reference('customer')!;
		const url = `/customers/${encodeURIComponent(value)}/transactions`;
		const wanted = new Set(sales.map(({ key }) => key));
		let read = 0;
		let hasList = true;
		let showsOwn = await isAffiliateProgram(this.call);
		const how = {
			size: largestPage,
			failure: async (result: RequestResult) => {
				// A customer who is not there has no list; sales for nobody still have their keys.
				hasList = result.response?.status !== 404;
				return await refusal(this.call, result);
			},
			wanted: () => Math.min(sales.length - read, Math.ceil((wanted.size - found.size) / largestPage)),
		};
		const reading = (async () => {
			for await (const page of paginate(this.call, { url }, how)) {
				read += 1;
				for (const record of page) {
					if (wanted.has(String(record.key))) found.set(String(record.key), record);
					// In refer-a-friend programs the list may hold only what others bought (2.4).
					showsOwn ||= isBuyer(record.referred_customer, value);
				}
				if (found.size === wanted.size) return true;
				if (read >= sales.length) return false;
			}
			return showsOwn;
		})();
		return await reading.catch(async () => (hasList ? await reading : false));
	}
}

/** What failed for all sales of a batch, as the failure of one of them. */
async function failureOf({ call }: Sale, failure: unknown): Promise<ItemFailure> {
	if (failure instanceof Refused) return await refusal(call, failure.result);
	if (failure instanceof NodeOperationError) return new ItemFailure(failure, false);
	const { node, itemIndex } = call.form;
	if (!(failure instanceof ItemFailure)) return new ItemFailure(new NodeApiError(node, failure as never, { itemIndex }), false);
	const { message, description, httpCode } = failure.error as NodeApiError;
	const explanation = { message: message.replace(/ \[item \d+\]$/, ''), advice: description ?? '' };
	return await itemFailure(call, explanation, failure.isFinal, Number(httpCode) || undefined);
}

function created(record: IDataObject): SaleOutcome {
	return { record: { ...record, created: true } };
}

function isBuyer(buyer: unknown, identifier: string): boolean {
	if (typeof buyer !== 'object' || buyer === null) return buyer === identifier;
	const { id, key, email } = buyer as IDataObject;
	return [id, key, email].includes(identifier);
}
