import type { IDataObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { simplifyProgram } from '../resources/program/output';
import type { Call } from '../transport/call';
import type { Delivery } from '../transport/retry';
import { backOff, deliver, deliverRoute, isUnknown, lost, timedOut } from '../transport/retry';
import { findRecord } from '../lookup/find';
import type { Reading } from '../lookup/pages';
import { largestPage, pages } from '../lookup/pages';
import type { Outcome } from '../transport/run';
import { abortableSleep } from '../transport/clock';
import { dataOf, recordOf, succeeded } from '../response/unwrap';
import { nodeError, refusal } from '../response/errors';

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

/** Records by key. */
type Found = Map<string, IDataObject>;

const usualSalesPerRequest = 100;

/**
 * Records the sales of one customer. Those that are not there yet are sent in bulk, the outcome is
 * read back, and what is missing because an answer was lost is sent again.
 * @returns an outcome for each sale
 */
export async function recordGroup(sales: Sale[]): Promise<Map<Sale, Outcome>> {
	const group = new Group(sales);
	let failure: unknown;
	try {
		if (sales[0].policy === 'record') await group.send(sales);
		else await group.sendOnce();
	} catch (error) {
		failure = error;
	}
	if (failure) await group.fail(failure);
	return group.outcomes;
}

/** A request in bulk that was refused for a reason that has nothing to do with its sales. */
class Refused extends Error {
	constructor(readonly delivery: Delivery) {
		super();
	}
}

class Group {
	readonly outcomes = new Map<Sale, Outcome>();

	/** The first of the sales stands for all of them where a request concerns them all. */
	private readonly call: Call;

	private readonly byKey: Map<string, Sale>;

	/** The sales whose last answer was lost. */
	private readonly unknown = new Map<Sale, Delivery>();

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
			this.outcomes.set(sale, { error: wasSent ? await this.missing(sale) : await failureOf(sale, failure) });
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
			if (attempt === lost.tries) return await this.giveUp();
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
		const delivery = await deliver(this.call, { method, url, body }, false);
		if (isUnknown(delivery)) await this.setUnknown(batch, delivery);
		else if (succeeded(delivery)) this.noteAnswer(batch, delivery);
		else if (delivery.answer && [400, 404, 409, 413, 422].includes(delivery.answer.status)) await this.sendEach(batch);
		else throw new Refused(delivery);
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
		const delivery = await deliverRoute(call, call.operation.request);
		if (isUnknown(delivery)) await this.setUnknown([sale], delivery);
		else if (succeeded(delivery)) this.outcomes.set(sale, created(await recordOf(call, delivery)));
		else this.outcomes.set(sale, { error: await refusal(call, delivery) });
	}

	private async setUnknown(sales: Sale[], delivery: Delivery): Promise<void> {
		for (const sale of sales) {
			this.unknown.set(sale, delivery);
			// Sending it again could record it twice.
			if (timedOut(delivery)) this.arrived.add(sale);
			// Nobody can tell two recordings of a key apart, so one whose answer was lost cannot be looked for.
			if (sale.policy === 'record') this.outcomes.set(sale, { error: await refusal(sale.call, delivery) });
		}
	}

	/** Takes the records from an answer that lists them; no document says that it does. */
	private noteAnswer(batch: Sale[], delivery: Delivery): void {
		const data = dataOf(delivery);
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
				? { error: sale.call.form.refuse(`Transaction '${key}' exists already`, 'Nothing was sent for this item.') }
				: { records: [{ ...record, created: false }] },
		);
	}

	private setCreated(key: string, record: IDataObject): void {
		this.outcomes.set(this.byKey.get(key)!, created(record));
	}

	private async giveUp(): Promise<void> {
		for (const sale of this.open) this.outcomes.set(sale, { error: await this.missing(sale) });
	}

	/** The error of a sale that was sent and cannot be found. */
	private async missing(sale: Sale): Promise<NodeApiError> {
		const delivery = this.unknown.get(sale);
		if (delivery) return await refusal(sale.call, delivery);
		const message = `Transaction '${sale.key}' was accepted but cannot be found`;
		return nodeError(sale.call, message, 'Look it up in Partnero before you run this again.');
	}

	private async rest(attempt: number): Promise<void> {
		await abortableSleep(backOff(attempt, lost), this.call.context.getExecutionCancelSignal());
	}

	/** Which keys are there, by whichever look-up costs fewer requests: the customer's list, or each key. */
	private async recorded(sales: Sale[]): Promise<Found> {
		const found: Found = new Map();
		if (sales.length === 1 || !(await this.readList(sales, found))) {
			for (const { call, key } of sales) {
				if (found.has(key)) continue;
				const record = await findRecord(call, call.operation.identity!, key);
				if (record) found.set(key, record);
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
		const isAffiliate = await this.isAffiliate();
		let read = 0;
		let showsOwn = isAffiliate;
		const reading: Reading = {
			size: largestPage,
			wanted: () => Math.min(sales.length - read, Math.ceil((wanted.size - found.size) / largestPage)),
		};
		try {
			for await (const page of pages(this.call, { url, qs: {} }, reading)) {
				read += 1;
				for (const record of page) {
					if (wanted.has(String(record.key))) found.set(String(record.key), record);
					// In refer-a-friend programs the list may hold only what others bought (2.4).
					showsOwn ||= isBuyer(record.referred_customer, value);
				}
				if (found.size === wanted.size) return true;
				if (read >= sales.length) return false;
			}
		} catch (error) {
			// A customer who is not there has no list; sales for nobody still have their keys.
			if (!(error instanceof NodeApiError) || error.httpCode !== '404') throw new NodeApiError(this.call.form.node, error as never);
			return false;
		}
		return showsOwn;
	}

	private async isAffiliate(): Promise<boolean> {
		const { type } = await this.call.run.once('program', async () =>
			simplifyProgram(await recordOf(this.call, await deliver(this.call, { method: 'GET', url: '/program' }))),
		);
		return String(type).toLowerCase() === 'affiliate';
	}
}

/** What failed for all sales of a group, as the error of one of them. */
async function failureOf({ call }: Sale, failure: unknown): Promise<NodeApiError | NodeOperationError> {
	if (failure instanceof NodeOperationError) return failure;
	if (failure instanceof Refused) return await refusal(call, failure.delivery);
	const { node, itemIndex } = call.form;
	if (!(failure instanceof NodeApiError)) return new NodeApiError(node, failure as never, { itemIndex });
	const message = failure.message.replace(/ \[item \d+\]$/, '');
	const error = nodeError(call, message, failure.description ?? '', Number(failure.httpCode) || undefined);
	return call.run.isFinal(failure) ? call.run.setFinal(error) : error;
}

function created(record: IDataObject): Outcome {
	return { records: [{ ...record, created: true }] };
}

function isBuyer(buyer: unknown, identifier: string): boolean {
	if (typeof buyer !== 'object' || buyer === null) return buyer === identifier;
	const { id, key, email } = buyer as IDataObject;
	return [id, key, email].includes(identifier);
}
