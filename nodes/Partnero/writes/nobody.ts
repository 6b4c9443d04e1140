import type { IDataObject } from 'n8n-workflow';

import { shortened } from '../form/shortened';
import { itemFailure } from '../response/errors';
import type { ItemFailure } from '../response/failure';
import { abortableSleep } from '../transport/clock';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import { cancelSignalOf } from '../transport/sender';

import { betweenCustomerLooks, reconciliation } from './policy';
import type { Sale } from './sale';
import { perhapsTakenBack, recordedOtherwise } from './saleErrors';
import { lookUpKey } from './saleLookup';

/**
 * A sale that was recorded for nobody, since its customer is unknown: no partner is ever paid for it. It is taken
 * back where that is safe beyond doubt, and otherwise stays where it is (`recording-rules.md` 6).
 * @returns the error of its item, and whether the sale remains recorded
 */
export async function refuseNobody(
	sale: Sale,
	record: IDataObject,
): Promise<{ error: ItemFailure; remains: boolean }> {
	const { call, buyer, key, createsCustomer } = sale;
	const deletion = (await mayBeTakenBack(sale, record)) ? await takeBack(sale) : undefined;
	if (deletion && isSuccess(deletion)) {
		const error = await itemFailure(
			call,
			{
				message: createsCustomer
					? `Partnero did not create the customer '${shortened(buyer.value)}'`
					: `Customer '${shortened(buyer.value)}' was not found`,
				advice: `Nothing remains recorded: the sale was deleted again, since no partner would have been paid for it. ${
					createsCustomer
						? "Check 'New Customer > New Customer Partner', or create the customer first, and run this again."
						: "Create the customer first, or turn on 'Create Customer', and run this again. To record such sales all the same, choose Record in 'If Customer Is Unknown'."
				}`,
			},
			true,
		);
		return { error, remains: false };
	}
	if (deletion?.outcome === 'indeterminate') {
		return { error: await perhapsTakenBack(sale), remains: true };
	}
	const undo = key === undefined ? 'Archive or delete it in Partnero' : 'Refund it';
	const error = await recordedOtherwise(
		sale,
		'without a customer',
		`Partnero does not know the customer '${shortened(buyer.value)}', so no partner is paid for the sale. ${undo}, create the customer, and run this again.`,
	);
	return { error, remains: true };
}

/** Only what this item has made, for a customer who is surely not there, and where nothing else can be hit. */
async function mayBeTakenBack(sale: Sale, record: IDataObject): Promise<boolean> {
	if (sale.key === undefined || record.key !== sale.key) return false;
	// A path can be parted at a slash, and its 404 is about something else then.
	if (sale.buyer.value.includes('/')) return false;
	if (!(await isUnknownCustomer(sale))) return false;
	const shown = await recordsUnder(sale);
	return shown.length === 1 && shown[0].key === sale.key;
}

/** What a read by key shows, for as long as a list may take to show the sale. */
async function recordsUnder({ call, key }: Sale): Promise<IDataObject[]> {
	for (const wait of [0, ...reconciliation.waits]) {
		await call.run.semaphore.park(async () => await abortableSleep(wait, cancelSignalOf(call)));
		const read = await lookUpKey(call, key!, () => false).catch(() => undefined);
		if (!read || 'record' in read) return [];
		if (read.others.length > 0) return read.others;
	}
	return [];
}

/** Whether the customer's own look-up says twice, some time apart, that there is none; asked once per run. */
async function isUnknownCustomer({ call, buyer }: Sale): Promise<boolean> {
	const { isUnknown } = await call.run.lookups.run(
		`unknown customer ${buyer.kind} ${buyer.value}`,
		async () => {
			for (let look = 1; ; look += 1) {
				const { response } = await sendWithRetry(call, {
					method: 'GET',
					url: `/customers/${encodeURIComponent(buyer.value)}`,
				});
				const isMissing = response?.status === 404 && typeof response.body === 'object';
				if (!isMissing || look === 2) return { isUnknown: isMissing };
				await abortableSleep(betweenCustomerLooks, cancelSignalOf(call));
			}
		},
	);
	return isUnknown;
}

async function takeBack({ call, key }: Sale): Promise<RequestResult> {
	// A path can be parted at a slash, or lose one at its end, and lead to another sale.
	const form = key!.includes('/')
		? { url: '/transactions', body: { key } }
		: { url: `/transactions/${encodeURIComponent(key!)}` };
	// Repeated, it could hit the sale that is recorded next.
	return await sendWithRetry(call, { method: 'DELETE', ...form }, false);
}
