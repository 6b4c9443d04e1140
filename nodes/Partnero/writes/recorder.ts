import type { IDataObject } from 'n8n-workflow';

import { isCutOff, isSimilarKey } from '../form/keys';
import { shortened } from '../form/shortened';
import { fillObject } from '../form/template';
import { fillRoute, sendRoute } from '../lookup/sendRoute';
import { failureAbout } from '../response/errors';
import { ItemFailure } from '../response/failure';
import { ownMessage } from '../response/messages';
import { standingOf } from '../response/standing';
import { dataOf, recordsAmong, recordUnder } from '../response/unwrap';
import { abortableSleep, clock } from '../transport/clock';
import { inTurn } from '../transport/inTurn';
import { lookAfter } from '../transport/lookAfter';
import { isRecord, isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import { cancelSignalOf } from '../transport/sender';

import { compareSale, isForNobody, isPast } from './compare';
import { refuseNobody } from './nobody';
import { reconciliation } from './policy';
import { deleted, noteDeleted } from './recent';
import type { Sale, SaleOutcome } from './sale';
import { saleItem } from './sale';
import {
	acceptedButMissing,
	blockedSale,
	conflict,
	isKeyTaken,
	noLongerCounts,
	notShownAnyMore,
	notSentForDate,
	notSentForDoubt,
	recordedOtherwise,
	saleRefusal,
	similarKey,
} from './saleErrors';
import type { Seen } from './saleLookup';
import { learnFromSale, lookElsewhere, lookUpSales } from './saleLookup';
import type { Doubt } from './salesMemory';
import { longestLag, nameOfSale, salesMemory } from './salesMemory';

const usualSalesPerRequest = 100;

/** Refusals that have nothing to do with the sales, so that none of a batch was recorded. */
const notAboutContent = [401, 403];

/** How many sales of a run have ended in doubt since the last one that was recorded. */
const endedInDoubt = new WeakMap<object, number>();

/**
 * Records sales, each once (`recording-rules.md`): the one path of Create and Create Many. Several sales of one buyer go
 * together, which is cheaper and otherwise the same.
 * @param sales of one program and one buyer, no two of them with keys that fold to the same
 * @returns an outcome for each sale
 */
export async function recordSales(sales: Sale[]): Promise<Map<Sale, SaleOutcome>> {
	const recorder = new Recorder(sales);
	await recorder.record();
	return recorder.outcomes;
}

/** A sale that was accepted, and how. */
interface Accepted {
	result: RequestResult;
	/** The record that was answered, if it did not show whose the sale is. */
	record?: IDataObject;
	/** Whether the answer was about this sale alone, so that there is no doubt that it was done. */
	isAlone: boolean;
	/** Whether it was another item, or another execution, that sent it. */
	isRemembered?: boolean;
}

class Recorder {
	readonly outcomes = new Map<Sale, SaleOutcome>();

	/** The first of the sales stands for all of them where a request concerns them all. */
	private readonly call: Sale['call'];

	/** Which program they are of. */
	private readonly program: string;

	/** What the process knows the sales by. */
	private readonly names = new Map<Sale, string>();

	/** Sales whose last attempt was indeterminate. */
	private readonly doubts = new Map<Sale, Doubt>();

	/** Sales that were accepted, of which no record has been read yet. */
	private readonly accepted = new Map<Sale, Accepted>();

	constructor(private readonly sales: Sale[]) {
		this.call = sales[0].call;
		this.program = this.call.run.programId;
	}

	async record(): Promise<void> {
		try {
			if (this.sales[0].key === undefined) await this.send(this.sales);
			else await this.recordKeyed();
			await this.readBackAccepted();
		} catch (error) {
			for (const sale of this.sales) {
				if (!this.outcomes.has(sale))
					this.outcomes.set(sale, { error: await this.failureOf(sale, error) });
			}
		}
	}

	/** With a key: looked for before it is sent, and sent by nobody else meanwhile. */
	private async recordKeyed(): Promise<void> {
		for (const sale of this.sales) this.names.set(sale, nameOfSale(this.program, sale.key!));
		const names = [...this.names.values()];
		await inTurn(this.call, names, async () => {
			await this.settleKnown();
			await this.reconcile();
			await this.send(this.open);
			await this.reconcile();
			await this.readBackAccepted();
		});
	}

	/** The sales that have no outcome yet, and wait for nothing. */
	private get open(): Sale[] {
		return this.sales.filter((sale) => !this.outcomes.has(sale) && !this.accepted.has(sale));
	}

	/** Settles what is there already, or what this process knows to be. */
	private async settleKnown(): Promise<void> {
		for (const sale of this.sales) {
			const doubt = salesMemory.get(this.names.get(sale)!)?.doubt;
			if (doubt) this.doubts.set(sale, doubt);
		}
		const seen = await this.lookUpBefore();
		for (const sale of this.sales) {
			await this.call.run.eventLoop.pass();
			const { record, similar } = seen.get(sale)!;
			const known = salesMemory.get(this.names.get(sale)!);
			if (record) {
				await this.settleFound(sale, record);
			} else if (similar) {
				// In doubt, it may be this very sale, under a key that Partnero has changed.
				if (this.doubts.has(sale)) await this.settleFound(sale, similar);
				else this.outcomes.set(sale, { error: await similarKey(sale, similar.key) });
			} else if (known?.answered && known.key === sale.key) {
				const { record: answered, result } = known.answered;
				if (answered)
					await this.settleRemembered(sale, answered as IDataObject, {
						at: known.answered.at,
						isSeen: known.isSeen,
					});
				else this.accepted.set(sale, { result, isAlone: false, isRemembered: true });
			} else if (known && known.key !== sale.key) {
				await this.settleOtherKey(sale, known.key);
			}
		}
	}

	/** A sale that this process has just deleted is waited for to disappear, or it would be taken for the one to record. */
	private async lookUpBefore(): Promise<Map<Sale, Seen>> {
		const seen = await lookUpSales(this.sales);
		for (const wait of reconciliation.waits) {
			const gone = this.sales.filter((sale) => {
				const { record } = seen.get(sale)!;
				return record && standingOf(record) === 'there' && deleted.get(this.names.get(sale)!);
			});
			if (gone.length === 0) break;
			await this.wait(wait);
			for (const [sale, now] of await lookUpSales(gone, { wereSent: true })) seen.set(sale, now);
		}
		return seen;
	}

	/** Another key that Partnero may take for this one was just sent; only if it shows under its own are they two. */
	private async settleOtherKey(sale: Sale, other: string): Promise<void> {
		const seen = (await lookUpSales([{ ...sale, key: other, untrimmedKey: undefined }]))
			.values()
			.next().value as Seen;
		if (!seen.record) this.outcomes.set(sale, { error: await similarKey(sale, other) });
		this.doubts.delete(sale);
	}

	/**
	 * What was answered is believed, though a look-up does not show it. After as long as a list may take, it is looked for
	 * everywhere: what was seen before is gone then, and what was never seen is said not to be shown.
	 */
	private async settleRemembered(
		sale: Sale,
		answered: IDataObject,
		{ at, isSeen }: { at: number; isSeen?: boolean },
	): Promise<void> {
		const isOld = clock.now() - at >= longestLag;
		const again = isOld ? await this.lookAgain(sale) : undefined;
		const record = again?.record ?? again?.similar;
		if (record) await this.settleFound(sale, record);
		else if (isOld && isSeen) this.forget(sale);
		else await this.settleExisting(sale, answered, isOld ? notShownAnyMore(at) : undefined);
	}

	/** Looks by the key once more, as nobody has asked before, and then everywhere else. */
	private async lookAgain(sale: Sale): Promise<Seen | undefined> {
		const seen = (await lookUpSales([sale], { wereSent: true })).get(sale);
		if (seen?.record ?? seen?.similar) return seen;
		return (await lookElsewhere([sale])).get(sale);
	}

	/** A record was found: it is this item's own, if it was in doubt in this run, or was there before. */
	private async settleFound(sale: Sale, record: IDataObject): Promise<void> {
		const doubt = this.doubts.get(sale);
		this.noteSeen(sale, record);
		if (doubt && this.isOwn(sale, doubt)) await this.settleRecorded(sale, record);
		else await this.settleExisting(sale, record);
	}

	/**
	 * A look-up shows the sale. Lists and replicas may lag behind each other, so it is remembered for a while longer
	 * if it was sent only just now.
	 */
	private noteSeen(sale: Sale, record: IDataObject): void {
		salesMemory.see(this.names.get(sale)!, sale.key!, record);
		if (record.key === sale.key) this.noteKey(sale.key!, record);
		this.doubts.delete(sale);
	}

	/** A key that is there is a duplicate, or stands for another sale (`recording-rules.md` 7). */
	private async settleExisting(
		sale: Sale,
		record: IDataObject,
		warning = noLongerCounts(record),
	): Promise<void> {
		const { key, buyer, amount } = await compareSale(sale, record);
		if (key === 'contradicted') {
			this.outcomes.set(sale, { error: await similarKey(sale, record.key) });
			return;
		}
		const isConflict =
			buyer === 'contradicted' ||
			amount === 'contradicted' ||
			(buyer === 'nobody' && sale.refusesNobody);
		if (isConflict) {
			if (buyer !== 'nobody') this.call.run.hint('otherSale');
			this.outcomes.set(sale, { error: await conflict(sale, record) });
		} else if (sale.failsIfThere) {
			const { form, resource } = sale.call;
			const message = `${resource.entry.name} '${shortened(sale.key!)}' exists already`;
			const description = `Nothing was sent. Choose Skip in '${form.label('ifKeyExists')}' to go on with the record that is there.`;
			this.outcomes.set(sale, { error: form.refuse(message, description) });
		} else {
			this.call.run.hint('wasThere');
			this.outcomes.set(sale, {
				record: saleItem(sale, record, { created: false, ...(warning && { warning }) }),
			});
		}
	}

	/** Sends what is surely not there. */
	private async send(sales: Sale[]): Promise<void> {
		const rest = await this.probeDates(await this.probeLongKeys(await this.heedTrouble(sales)));
		const size = Number(this.call.form.value('options.salesPerRequest') ?? usualSalesPerRequest);
		for (let start = 0; start < rest.length; start += size) {
			const batch = await this.heedTrouble(rest.slice(start, start + size));
			if (batch.length === 1) await this.sendOne(batch[0]);
			else if (batch.length > 1) await this.sendBatch(batch);
			// No more is sent before it is known what became of these.
			await this.reconcile();
		}
	}

	/** As many sales in doubt as may be under way at once, and no more are sent. */
	private async heedTrouble(sales: Sale[]): Promise<Sale[]> {
		const inDoubt = endedInDoubt.get(this.call.run) ?? 0;
		if (inDoubt < this.call.run.semaphore.count) return sales;
		for (const sale of sales)
			this.outcomes.set(sale, { error: await notSentForDoubt(sale, inDoubt) });
		return [];
	}

	/**
	 * Keys that are longer than any that this program has given back whole are sent one after the other, until it is
	 * known whether Partnero cuts them off: two keys could become one.
	 */
	private async probeLongKeys(sales: Sale[]): Promise<Sale[]> {
		const isLong = ({ key = '' }: Sale) => key.length > salesMemory.keyLengths(this.program).whole;
		if (!sales.some(isLong)) return sales;
		await inTurn(this.call, [`long keys of ${this.program}`], async () => {
			for (const sale of sales) {
				if (!isLong(sale)) continue;
				await this.sendLongKey(sale);
			}
		});
		return sales.filter(
			(sale) => !this.outcomes.has(sale) && !this.doubts.has(sale) && !this.accepted.has(sale),
		);
	}

	private async sendLongKey(sale: Sale): Promise<void> {
		const { cutAt } = salesMemory.keyLengths(this.program);
		if (cutAt !== undefined) {
			const name = nameOfSale(this.program, sale.key!.slice(0, cutAt));
			const similar =
				(await lookUpSales([sale], { cutAt })).get(sale)?.similar?.key ??
				salesMemory.get(name)?.key;
			if (similar !== undefined) {
				this.outcomes.set(sale, { error: await similarKey(sale, similar) });
				return;
			}
		}
		await this.sendOne(sale);
		await this.reconcile();
		await this.readBackAccepted();
	}

	/** One sale of the past is sent alone first, so that the others are not, if its date is not heeded. */
	private async probeDates(sales: Sale[]): Promise<Sale[]> {
		const { run } = this.call;
		// Asked again behind the lock: another item may have found out.
		const heedsDates = () => run.memory.heedsDates === true;
		if (heedsDates() || !sales.some(({ createdAt }) => isPast(createdAt))) return sales;
		return await inTurn(this.call, [`dates of ${this.program}`], async () => {
			const past = sales.filter(({ createdAt }) => isPast(createdAt));
			if (typeof run.memory.ignoredDateOf === 'number') {
				for (const sale of past)
					this.outcomes.set(sale, { error: await notSentForDate(sale, run.memory.ignoredDateOf) });
			} else if (!heedsDates()) {
				await this.sendOne(past[0]);
				await this.readBackAccepted();
				if (typeof run.memory.ignoredDateOf === 'number') return await this.probeDatesAgain(sales);
				run.memory.heedsDates = 'record' in (this.outcomes.get(past[0]) ?? {});
			}
			return sales.filter(
				(sale) => !this.outcomes.has(sale) && !this.doubts.has(sale) && !this.accepted.has(sale),
			);
		});
	}

	private async probeDatesAgain(sales: Sale[]): Promise<Sale[]> {
		const item = this.call.run.memory.ignoredDateOf as number;
		const isOpen = (sale: Sale) => !this.outcomes.has(sale) && !this.doubts.has(sale);
		for (const sale of sales.filter(isOpen)) {
			if (isPast(sale.createdAt))
				this.outcomes.set(sale, { error: await notSentForDate(sale, item) });
		}
		return sales.filter(isOpen);
	}

	private async sendOne(sale: Sale): Promise<void> {
		const before = this.doubts.get(sale);
		const wasInDoubt = before !== undefined;
		// What the route needs is looked up before anybody has to wonder whether it was sent.
		await fillRoute(sale.call, sale.call.operation.request);
		this.remember(sale);
		const result = await sendRoute(sale.call, sale.call.operation.request);
		if (result.outcome === 'indeterminate') {
			await this.setInDoubt(sale, result, wasInDoubt);
		} else if (isSuccess(result)) {
			await this.setAccepted(sale, { result, isAlone: true }, recordUnder(result));
			if ('record' in (this.outcomes.get(sale) ?? {}) && this.names.has(sale))
				await learnFromSale(sale);
		} else if (wasInDoubt && result.outcome === 'rejected') {
			await this.settleRejectedDoubt(sale, before, result);
		} else if (!(isKeyTaken(result) && (await this.settleTaken(sale)))) {
			this.endInDoubt(sale, wasInDoubt);
			this.outcomes.set(sale, { error: await saleRefusal(sale, result, wasInDoubt) });
		}
	}

	/**
	 * The key is taken, though no look-up showed it: another process has just recorded it, or a proxy sent the request
	 * twice. Looked for as long as a list may take to show it.
	 * @param isOwn whether an earlier attempt of this item may have made it
	 * @returns whether it was found
	 */
	private async settleTaken(sale: Sale, isOwn = false): Promise<boolean> {
		if (!this.names.has(sale)) return false;
		for (const wait of [0, ...reconciliation.waits]) {
			await this.wait(wait);
			const found = (await lookUpSales([sale], { wereSent: true }).catch(() => undefined))?.get(
				sale,
			);
			if (await this.settleIfFound(sale, found, isOwn)) return true;
		}
		return await this.settleIfFound(sale, (await lookElsewhere([sale])).get(sale), isOwn);
	}

	private async settleIfFound(
		sale: Sale,
		found: Seen | undefined,
		isOwn: boolean,
	): Promise<boolean> {
		const record = found?.record ?? found?.similar;
		if (!record) return false;
		this.noteSeen(sale, record);
		if (isOwn) await this.settleRecorded(sale, record);
		else await this.settleExisting(sale, record);
		return true;
	}

	/** Waits without a permit. */
	private async wait(milliseconds: number): Promise<void> {
		await this.call.run.semaphore.park(
			async () => await abortableSleep(milliseconds, cancelSignalOf(this.call)),
		);
	}

	/** What was in doubt and is refused now may be refused because it is there. */
	private async settleRejectedDoubt(
		sale: Sale,
		before: Doubt,
		result: RequestResult,
	): Promise<void> {
		// A batch that was refused, and of which this sale surely was not recorded, leaves no doubt.
		const isInDoubt = before.result.outcome !== 'rejected';
		const seen = await lookUpSales([sale], { wereSent: true }).catch(() => undefined);
		const record = seen?.get(sale)?.record;
		if (await this.settleIfFound(sale, record && { record }, isInDoubt)) return;
		if (isKeyTaken(result) && (await this.settleTaken(sale, isInDoubt))) return;
		this.endInDoubt(sale, isInDoubt);
		this.outcomes.set(sale, { error: await saleRefusal(sale, result, isInDoubt) });
	}

	private async sendBatch(batch: Sale[]): Promise<void> {
		const { operation, form } = this.call;
		const { method, url } = operation.request;
		const records = batch.map(({ call }) => fillObject(operation.bulk!.record, call.form));
		const body = { ...fillObject(operation.bulk!.shared, form), [operation.bulk!.list]: records };
		for (const sale of batch) this.remember(sale);
		const result = await sendWithRetry(this.call, { method, url, body }, false);
		if (isSuccess(result)) {
			const data = dataOf(result);
			const answered = Array.isArray(data) ? recordsAmong(data) : [];
			const isWhole = answered.length === batch.length;
			const byKey = new Map(answered.map((record) => [String(record.key), record]));
			for (const [index, sale] of batch.entries()) {
				await this.call.run.eventLoop.pass();
				const own =
					byKey.get(sale.key ?? '') ?? (isOwn(sale, answered[index]) ? answered[index] : undefined);
				await this.setAccepted(sale, { result, isAlone: false }, isWhole ? own : undefined);
			}
			return;
		}
		const isInDoubt =
			result.outcome === 'indeterminate' ||
			// No document says that nothing of a refused batch was recorded.
			(result.outcome === 'rejected' && !notAboutContent.includes(result.response!.status));
		for (const sale of batch) {
			if (isInDoubt) {
				await this.setInDoubt(sale, result, false);
			} else {
				this.forget(sale);
				this.outcomes.set(sale, { error: await saleRefusal(sale, result, false) });
			}
		}
	}

	/** Before it leaves: who is canceled while it is under way leaves it in doubt. */
	private remember(sale: Sale): void {
		const name = this.names.get(sale);
		if (name === undefined) return;
		deleted.forget(name);
		const isResent = this.doubts.has(sale);
		const result: RequestResult = {
			outcome: 'indeterminate',
			mayBeInFlight: true,
			attempts: 1,
			lostAttempts: 0,
			since: Date.now(),
			waited: 0,
			repeatable: false,
		};
		this.leaveInDoubt(sale, name, result, { mayBeInFlight: true, isResent });
	}

	private leaveInDoubt(
		sale: Sale,
		name: string,
		result: RequestResult,
		how: Pick<Doubt, 'mayBeInFlight' | 'isResent'>,
	): Doubt {
		const { run, itemIndex } = sale.call;
		const doubt: Doubt = { ...how, endedAt: clock.now(), run, itemIndex, result };
		salesMemory.doubt(name, sale.key!, doubt);
		return doubt;
	}

	private forget(sale: Sale): void {
		const name = this.names.get(sale);
		if (name !== undefined) salesMemory.forget(name);
		this.doubts.delete(sale);
	}

	private async setInDoubt(sale: Sale, result: RequestResult, isResent: boolean): Promise<void> {
		const name = this.names.get(sale);
		// Without a key it cannot be looked for.
		if (name === undefined) {
			this.outcomes.set(sale, { error: await saleRefusal(sale, result, true) });
			return;
		}
		this.doubts.set(
			sale,
			this.leaveInDoubt(sale, name, result, { mayBeInFlight: result.mayBeInFlight, isResent }),
		);
	}

	/** An answer without a record is read back later, with the others. */
	private async setAccepted(
		sale: Sale,
		accepted: Accepted,
		record: IDataObject | undefined,
	): Promise<void> {
		const { result } = accepted;
		this.doubts.delete(sale);
		const name = this.names.get(sale);
		if (name !== undefined) salesMemory.settle(name, sale.key!, { record, result });
		if (record) {
			await this.settleRecorded(sale, record, accepted);
		} else if (name === undefined) {
			const { response } = result;
			const said = isRecord(response?.body) ? response.body : { done: true };
			this.outcomes.set(sale, {
				record: {
					created: true,
					...(this.sales.length > 1
						? fillObject(sale.call.operation.bulk?.record, sale.call.form)
						: said),
				},
			});
		} else {
			this.accepted.set(sale, accepted);
		}
	}

	/** Compares what was recorded with what was asked for (`recording-rules.md` 6). */
	private async settleRecorded(sale: Sale, record: IDataObject, answer?: Accepted): Promise<void> {
		const comparison = await compareSale(sale, record);
		if (sale.key !== undefined && record.key !== undefined && record.key !== null)
			this.noteKey(sale.key, record);
		if (
			answer &&
			sale.key !== undefined &&
			(comparison.key === 'notShown' || comparison.buyer === 'notShown')
		) {
			// Read back; what is not shown then either is accepted.
			this.accepted.set(sale, { ...answer, record });
			return;
		}
		// What has nothing in common with the key may be another sale's record: its own is looked for.
		if (answer && comparison.key === 'contradicted' && !isSimilarKey(record.key, sale.key!)) {
			this.accepted.set(sale, { ...answer, record });
			return;
		}
		if (comparison.key === 'contradicted') {
			this.outcomes.set(sale, {
				error: await recordedOtherwise(
					sale,
					`under the key '${shortened(record.key)}'`,
					'Use that key from now on, also for refunds. Another run would not find the sale under the key that was sent.',
				),
			});
		} else if (comparison.buyer === 'contradicted') {
			this.outcomes.set(sale, {
				error: await recordedOtherwise(
					sale,
					'for another customer',
					'Look it up in Partnero, and refund it if it is wrong.',
				),
			});
		} else if (comparison.createdAt === 'contradicted') {
			this.call.run.memory.ignoredDateOf = sale.call.itemIndex;
			this.outcomes.set(sale, {
				error: await recordedOtherwise(
					sale,
					"with today's date",
					`Partnero ignored '${sale.call.form.label('additionalFields.createdAt')}'. Refund the sale if its date matters.`,
				),
			});
		} else if (comparison.buyer === 'nobody' && isForNobody(record) && sale.refusesNobody) {
			const { error, remains } = await refuseNobody(sale, record);
			if (!remains) {
				this.doubts.delete(sale);
				noteDeleted(this.names.get(sale)!);
			}
			this.outcomes.set(sale, { error });
		} else {
			const warning = warningOf(comparison);
			endedInDoubt.delete(this.call.run);
			if (comparison.buyer === 'nobody') this.call.run.hint('forNobody');
			if (comparison.amount === 'contradicted') this.call.run.hint('otherAmount');
			if (comparison.partner === 'contradicted') this.call.run.hint('noPartner');
			this.outcomes.set(sale, {
				record: saleItem(sale, record, { created: true, ...(warning && { warning }) }),
			});
		}
	}

	/** A key that was cut off is remembered by what is left of it, too. */
	private noteKey(sent: string, record: IDataObject): void {
		const recorded = String(record.key);
		salesMemory.noteKey(this.program, sent, recorded);
		if (isCutOff(recorded, sent))
			salesMemory.settle(nameOfSale(this.program, recorded), recorded, { record });
	}

	/** Looks for what was accepted without a record, for as long as a list may take to show it. */
	private async readBackAccepted(): Promise<void> {
		const waiting = () => [...this.accepted.keys()];
		if (waiting().length === 0) return;
		let hasLooked = false;
		const settle = async (seen: Map<Sale, Seen>) => {
			for (const sale of waiting()) {
				const { record = seen.get(sale)?.similar } = seen.get(sale) ?? {};
				if (!record) continue;
				const { isRemembered } = this.accepted.get(sale)!;
				this.accepted.delete(sale);
				this.noteSeen(sale, record);
				if (isRemembered) await this.settleExisting(sale, record);
				else await this.settleRecorded(sale, record);
			}
		};
		const look = async () => {
			// Where nobody can look, it may be there or not.
			const seen = await lookUpSales(waiting(), { wereSent: true }).catch(() => undefined);
			cancelSignalOf(this.call)?.throwIfAborted();
			if (!seen) return;
			hasLooked = true;
			await settle(seen);
		};
		await look();
		for (const wait of reconciliation.waits) {
			if (waiting().length === 0) return;
			await this.wait(wait);
			await look();
		}
		// What was answered with a record is done, whether or not it shows the rest.
		const unread = waiting().filter((sale) => !this.accepted.get(sale)!.record);
		if (hasLooked) await settle(await lookElsewhere(unread));
		for (const sale of waiting())
			await this.settleUnread(sale, this.accepted.get(sale)!, hasLooked);
	}

	/** What was accepted, and cannot be read back. */
	private async settleUnread(
		sale: Sale,
		{ result, record, isAlone, isRemembered }: Accepted,
		hasLooked: boolean,
	): Promise<void> {
		this.accepted.delete(sale);
		if (record) {
			await this.settleRecorded(sale, record);
		} else if (isAlone && !hasLooked) {
			// It is done as far as anybody knows.
			const { response } = result;
			this.outcomes.set(sale, {
				record: { ...(isRecord(response?.body) ? response.body : { done: true }), created: true },
			});
		} else {
			// It may show yet. The process remembers that it was accepted, so that nobody sends it again meanwhile.
			this.outcomes.set(sale, {
				error: isRemembered
					? await blockedSale(sale)
					: await acceptedButMissing(sale, ownMessage(result.response?.body)),
			});
		}
	}

	/**
	 * Settles the sales in doubt (`recording-rules.md` 4): each is looked for until it is found, or until a complete look-up
	 * that began long enough after the attempt shows that it is not there. Then it is sent once more, once only.
	 */
	private async reconcile(): Promise<void> {
		const began = clock.now();
		const { waits, giveUp } = reconciliation;
		for (let looks = 0; this.doubts.size > 0; looks += 1) {
			// Looks as well as waits without a permit, so that no other sale begins while these are in doubt.
			const wait = waits[Math.min(looks, waits.length - 1)];
			const look = async () => await this.lookForDoubtful([...this.doubts.keys()]);
			const { found, absent } = await lookAfter(this.call, wait, look);
			for (const sale of [...this.doubts.keys()]) {
				const doubt = this.doubts.get(sale)!;
				const record = found.get(sale);
				if (record) await this.settleFound(sale, record);
				else if (absent.has(sale)) await this.settleAbsent(sale, doubt);
				else if (clock.now() - began >= giveUp) await this.giveUp(sale, doubt);
			}
		}
	}

	/** Which of the sales in doubt are there, and of which that is proven not to be so. */
	private async lookForDoubtful(
		doubtful: Sale[],
	): Promise<{ found: Map<Sale, IDataObject>; absent: Set<Sale> }> {
		const lookedAt = clock.now();
		const seen = await lookUpSales(doubtful, { wereSent: true }).catch(() => undefined);
		cancelSignalOf(this.call)?.throwIfAborted();
		const found = new Map<Sale, IDataObject>();
		const note = (shown?: Map<Sale, Seen>) => {
			for (const [sale, { record, similar }] of shown ?? []) {
				if (record ?? similar) found.set(sale, (record ?? similar)!);
			}
		};
		note(seen);
		const isLongAgo = (sale: Sale) =>
			lookedAt - this.doubts.get(sale)!.endedAt >= reconciliation.proof;
		const absent = doubtful.filter((sale) => seen && isLongAgo(sale) && !found.has(sale));
		note(await lookElsewhere(absent));
		cancelSignalOf(this.call)?.throwIfAborted();
		return { found, absent: new Set(absent) };
	}

	/** An attempt that surely came to nothing is made once more, unless it may still be under way in this execution. */
	private async settleAbsent(sale: Sale, doubt: Doubt): Promise<void> {
		if (doubt.run === this.call.run && (doubt.mayBeInFlight || doubt.isResent))
			await this.giveUp(sale, doubt);
		else await this.sendOne(sale);
	}

	private async giveUp(sale: Sale, doubt: Doubt): Promise<void> {
		this.endInDoubt(sale, true);
		this.outcomes.set(sale, {
			error: this.isOwn(sale, doubt)
				? await saleRefusal(sale, doubt.result, true)
				: await blockedSale(sale),
		});
	}

	/** Whether it was this item that left the sale in doubt. */
	private isOwn({ call }: Sale, { run, itemIndex }: Doubt): boolean {
		return run === call.run && itemIndex === call.itemIndex;
	}

	private endInDoubt(sale: Sale, isInDoubt: boolean): void {
		this.doubts.delete(sale);
		if (!isInDoubt) {
			this.forget(sale);
			return;
		}
		endedInDoubt.set(this.call.run, (endedInDoubt.get(this.call.run) ?? 0) + 1);
	}

	/** What failed for all sales, as the failure of one of them; whatever it was, a sale in doubt stays one. */
	private async failureOf(sale: Sale, error: unknown): Promise<unknown> {
		const result = this.doubts.get(sale)?.result ?? this.accepted.get(sale)?.result;
		if (result) return await saleRefusal(sale, result, true);
		return error instanceof ItemFailure ? await failureAbout(sale.call, error) : error;
	}
}

/** Whether a record of an answer that stands where the sale stood in the request is the sale's, by its key. */
function isOwn({ key }: Sale, record: IDataObject | undefined): boolean {
	return key === undefined || (record !== undefined && isSimilarKey(record.key, key));
}

function warningOf({ amount, partner }: { amount: string; partner: string }): string | undefined {
	const warnings = [
		amount === 'contradicted' && 'Partnero shows another amount than was sent.',
		partner === 'contradicted' &&
			"The sale was recorded, but the new customer has no partner: Partnero does not know the one in 'New Customer Partner'.",
	];
	return warnings.filter(Boolean).join(' ') || undefined;
}
