import type { IDataObject } from 'n8n-workflow';

import { shortened } from '../form/shortened';
import type { Explanation } from '../response/apiError';
import { itemFailure } from '../response/errors';
import { explain } from '../response/explain';
import type { ItemFailure } from '../response/failure';
import {
	everythingSaid,
	fieldMessages,
	saidByPartnero,
	saysTaken,
	together,
} from '../response/messages';
import { standingOf } from '../response/standing';
import { clock } from '../transport/clock';
import { isRecord } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';

import { isForNobody } from './compare';
import type { Sale } from './sale';

const lookItUp = 'look it up in Partnero before you run this again.';

function nameOf({ call, key }: Sale): string {
	return `${call.operation.entry.action}${key === undefined ? '' : ` '${shortened(key)}'`}`;
}

/** The error of a request that did not record the sale; of a sale in doubt it says so whatever ended it. */
export async function saleRefusal(
	sale: Sale,
	result: RequestResult,
	isInDoubt: boolean,
): Promise<ItemFailure> {
	const { message, advice } = await explanationOf(sale, result);
	const doubt = isInDoubt ? `${nameOf(sale)} may have been recorded anyway: ${lookItUp}\n` : '';
	// What arrived without a key cannot be looked for, so nobody may send it again.
	const isSentOnce = sale.key === undefined && !['rateLimited', 'notSent'].includes(result.outcome);
	const isFinal =
		isInDoubt || isSentOnce || (result.outcome === 'rejected' && result.response!.status >= 400);
	return await itemFailure(
		sale.call,
		{ message, advice: doubt + advice },
		isFinal,
		result.response?.status,
	);
}

/** What a refusal means; one that is about a partner, where none was given, means that a new customer needs one. */
async function explanationOf(
	{ call, createsCustomer }: Sale,
	result: RequestResult,
): Promise<Explanation> {
	const explanation = await explain(call, result);
	const { form } = call;
	const hasReferrer = ['newCustomer.partner', 'newCustomer.referringCustomer'].some((field) =>
		form.has(field),
	);
	if (!createsCustomer || hasReferrer || result.outcome !== 'rejected') return explanation;
	const body = result.response?.body;
	const about = [everythingSaid(body), ...fieldMessages(body).map(([field]) => field)].join(' ');
	if (!/partner/i.test(about)) return explanation;
	return {
		message: `A new customer needs a partner: add '${form.label('newCustomer.partner')}'`,
		advice: together('Nothing was recorded.', saidByPartnero(everythingSaid(body))),
	};
}

/** A sale that another item, or another execution, has left in doubt. */
export async function blockedSale(sale: Sale): Promise<ItemFailure> {
	return await itemFailure(
		sale.call,
		{
			message: `${nameOf(sale)} was not sent, since another item with this key may have recorded it already`,
			advice: `${nameOf(sale)} may have been recorded: ${lookItUp}`,
		},
		true,
	);
}

/** A sale that is not sent, since too many before it are in doubt already. */
export async function notSentForDoubt(sale: Sale, inDoubt: number): Promise<ItemFailure> {
	return await itemFailure(sale.call, {
		message: `${nameOf(sale)} was not sent, since the outcome of ${inDoubt} earlier ${inDoubt === 1 ? 'sale' : 'sales'} is unknown`,
		advice:
			'Partnero does not confirm what it records at the moment. Run this again later: sales that were recorded are skipped if they have a Transaction Key.',
	});
}

/** A sale that Partnero accepted, and that is not there. */
export async function acceptedButMissing(sale: Sale, said: string): Promise<ItemFailure> {
	return await itemFailure(
		sale.call,
		{
			message: `${nameOf(sale)} was accepted by Partnero, but cannot be found there`,
			advice: together(
				saidByPartnero(said),
				`${nameOf(sale)} may have been recorded anyway: ${lookItUp}`,
			),
		},
		true,
	);
}

/** A sale that was recorded, and not as it was sent. */
export async function recordedOtherwise(
	sale: Sale,
	how: string,
	advice: string,
): Promise<ItemFailure> {
	return await itemFailure(
		sale.call,
		{ message: `${nameOf(sale)} was recorded, but ${how}`, advice },
		true,
	);
}

/** A sale that was recorded for nobody and was to be deleted again, where the answer to that was lost. */
export async function perhapsTakenBack(sale: Sale): Promise<ItemFailure> {
	return await itemFailure(
		sale.call,
		{
			message: `${nameOf(sale)} was recorded without a customer, and may have been deleted again`,
			advice: `Partnero does not know the customer '${shortened(sale.buyer.value)}', so no partner is paid for the sale. The answer to its deletion was lost. ${nameOf(sale)} may have been recorded: ${lookItUp}`,
		},
		true,
	);
}

/** A sale that is not sent, since Partnero has just dated an imported one today. */
export async function notSentForDate(sale: Sale, item: number): Promise<ItemFailure> {
	return await itemFailure(
		sale.call,
		{
			message: `${nameOf(sale)} was not sent, since Partnero ignores '${sale.call.form.label('additionalFields.createdAt')}'`,
			advice: `The sale of item ${item + 1} was recorded with today's date. Remove this field, or record past sales in Partnero.`,
		},
		true,
	);
}

/**
 * What to say of a sale that is listed under a key, and does not count. Nobody can tell an archived one, which can be
 * restored, from a deleted one (`partnero-api.md` 9, N1), so that its key counts as taken.
 */
export function noLongerCounts(record: IDataObject): string | undefined {
	const words = {
		there: undefined,
		archived: 'archived',
		withdrawn: 'archived or deleted',
		deleted: 'deleted',
	};
	const word = words[standingOf(record)];
	return (
		word &&
		`Partnero lists this sale as ${word}. Nothing was sent, since its key is taken. Restore it, or use another key for a new sale.`
	);
}

/** What to say of a sale that Partnero has answered, and does not show. */
export function notShownAnyMore(answeredAt: number): string {
	const minutes = Math.max(1, Math.round((clock.now() - answeredAt) / 60_000));
	return `Partnero confirmed this sale ${minutes === 1 ? 'a minute' : `${minutes} minutes`} ago, and does not show it. Nothing was sent. If it was deleted in Partnero, run this again ten minutes after it was recorded.`;
}

/** Whether a refusal says that there is a sale with this key already. */
export function isKeyTaken({ outcome, response }: RequestResult): boolean {
	if (outcome !== 'rejected' || !response || !saysTaken(response)) return false;
	const fields = fieldMessages(response.body).map(([field]) => field);
	return fields.length === 0 || fields.some((field) => /^(?:transactions\.\d+\.)?key$/.test(field));
}

/** A key that stands for another sale already. */
export async function conflict(sale: Sale, record: IDataObject): Promise<ItemFailure> {
	const nobody = isForNobody(record);
	return await itemFailure(
		sale.call,
		{
			message: `Transaction '${shortened(sale.key!)}' exists already, ${nobody ? 'without a customer' : 'and is another sale'}`,
			advice: [
				`Nothing was sent. Recorded: ${inWords(record)}. This item: ${askedFor(sale)}.`,
				noLongerCounts(record) ??
					(nobody
						? 'Its customer was unknown when it was recorded, so no partner is paid for it. Refund it, and run this again.'
						: 'Each sale needs its own key: use another one for this sale, or correct the item.'),
			].join('\n'),
		},
		true,
	);
}

/** A key that Partnero may take for one that is there. */
export async function similarKey(sale: Sale, other: unknown): Promise<ItemFailure> {
	return await itemFailure(
		sale.call,
		{
			message: `${nameOf(sale)} was not sent, since its key is too similar to '${shortened(other)}', which is recorded already`,
			advice:
				'Partnero may not tell the two keys apart. If both are the same sale, use the recorded key. If not, use a key that differs in more than its spelling.',
		},
		true,
	);
}

/** A sale as an error names it: amount, customer, date. */
export function inWords({
	amount,
	amount_units: units,
	customer,
	referred_customer: referred,
	created_at: date,
}: IDataObject): string {
	const buyer = referred ?? customer;
	const name = isRecord(buyer) ? (buyer.key ?? buyer.email ?? buyer.id) : buyer;
	const words = [
		[amount, units].filter((part) => part !== undefined && part !== null).join(' '),
		name && `customer '${shortened(name)}'`,
		date,
	];
	return words.filter(Boolean).map(shortened).join(', ');
}

function askedFor({ amount, currency, buyer }: Sale): string {
	return [
		amount === undefined ? '' : shortened([amount, currency].filter(Boolean).join(' ')),
		`customer '${shortened(buyer.value)}'`,
	]
		.filter(Boolean)
		.join(', ');
}
