import type { IDataObject } from 'n8n-workflow';

import { programFacts } from '../lookup/program';
import type { Call } from '../response/call';
import { recordUnder } from '../response/unwrap';
import { shownAmount } from '../shared/amounts';
import { isRecord } from '../transport/outcome';
import { sendWithRetry } from '../transport/retry';

import type { Sale } from './sale';

/** Whether a record shows a fact as it was sent, shows another one, or does not show it. */
export type Shown = 'shown' | 'contradicted' | 'notShown';

/** How a record compares with the sale that was asked for (`recording-rules.md` 6). */
export interface Comparison {
	key: Shown;
	/** `nobody` if the record says that it has no buyer. */
	buyer: Shown | 'nobody';
	amount: Shown;
	createdAt: Shown;
	/** Of a new customer. */
	partner: Shown;
}

const day = 86_400_000;

/** Compares a record with the sale. Asks for the buyer's other identifiers, or the program's currency, only where it has to. */
export async function compareSale(sale: Sale, record: IDataObject): Promise<Comparison> {
	return {
		key: compareKey(sale, record),
		buyer: await compareBuyer(sale, record),
		amount: await compareAmount(sale, record),
		createdAt: compareDate(sale, record),
		partner:
			sale.hasPartner && record.partner === null
				? 'contradicted'
				: sale.hasPartner && record.partner
					? 'shown'
					: 'notShown',
	};
}

function compareKey({ key, untrimmedKey }: Sale, record: IDataObject): Shown {
	if (key === undefined || record.key === undefined || record.key === null) return 'notShown';
	return [key, untrimmedKey].includes(String(record.key)) ? 'shown' : 'contradicted';
}

/** In refer-a-friend programs `customer` is the one who referred the buyer (`partnero-api.md` 2.4). */
function buyerIn(record: IDataObject): unknown {
	return 'referred_customer' in record ? record.referred_customer : record.customer;
}

/** Whether a record says that its sale is nobody's. */
export function isForNobody(record: IDataObject): boolean {
	const buyer = buyerIn(record);
	return buyer === null || buyer === '' || (Array.isArray(buyer) && buyer.length === 0);
}

async function compareBuyer(
	{ call, buyer }: Sale,
	record: IDataObject,
): Promise<Comparison['buyer']> {
	if (isForNobody(record)) return 'nobody';
	const shown = identifiersIn(buyerIn(record));
	if (shown.length === 0) return 'notShown';
	if (shown.some((identifier) => isSame(identifier, buyer.value))) return 'shown';
	const known = await identifiersOf(call, buyer.value);
	// Another kind of identifier that nobody can resolve is no contradiction.
	if (known.length === 0) return 'notShown';
	return shown.some((identifier) => known.some((other) => isSame(identifier, other)))
		? 'shown'
		: 'contradicted';
}

function identifiersIn(customer: unknown): string[] {
	if (typeof customer === 'string' || typeof customer === 'number') return [String(customer)];
	if (!isRecord(customer)) return [];
	const { key, id, email } = customer;
	return [key, id, email]
		.filter((one) => one !== undefined && one !== null && one !== '')
		.map(String);
}

function isSame(one: string, other: string): boolean {
	return one === other || (one.includes('@') && one.toLowerCase() === other.toLowerCase());
}

/** All identifiers of a customer, asked once per run; none if they cannot be had. */
async function identifiersOf(call: Call, value: string): Promise<string[]> {
	const { identifiers } = await call.run.lookups.run(
		`identifiers of customer ${value}`,
		async () => {
			const result = await sendWithRetry(call, {
				method: 'GET',
				url: `/customers/${encodeURIComponent(value)}`,
			});
			return {
				identifiers: identifiersIn(result.outcome === 'ok' ? recordUnder(result) : undefined),
			};
		},
	);
	return identifiers;
}

async function compareAmount(
	{ call, amount, currency }: Sale,
	record: IDataObject,
): Promise<Shown> {
	if (
		amount === undefined ||
		record.amount === undefined ||
		record.amount === null ||
		record.amount === ''
	)
		return 'notShown';
	const shown = shownAmount(record.amount, record.amount_units);
	if (shown === null) return 'notShown';
	const decimals = decimalsIn(record.amount);
	// A server may round to the last place that it shows, or cut off there; with cents floating point may make a whole one of it.
	const place = 10 ** -decimals * (decimals < 2 ? 0.999999 : 1.000001);
	// More decimals than any currency has are what is left of a floating-point column, of single precision at worst.
	const noise = decimals > mostDecimals ? Math.max(1e-6, Math.abs(amount) * 1e-7) : 0;
	if (Math.abs(shown - amount) < Math.max(place, noise)) return 'shown';
	const sent = currency ?? (await programFacts(call).catch(() => undefined))?.currency;
	const isComparable =
		typeof record.amount_units !== 'string' ||
		!sent ||
		record.amount_units.toLowerCase() === sent.toLowerCase();
	return isComparable ? 'contradicted' : 'notShown';
}

/** As many decimals as a currency, or a price in parts of a cent, may have. */
const mostDecimals = 4;

/** How many decimals an amount shows: three digits behind a comma are thousands. */
function decimalsIn(amount: unknown): number {
	const [, plain, formatted = ''] = /^-?\d+\.(\d+)$|[.,](\d{1,2})\D*$/.exec(String(amount)) ?? [];
	return (plain ?? formatted).length;
}

/** A date of more than a day ago that came back as that of today was not heeded. */
function compareDate({ createdAt }: Sale, { created_at: shown }: IDataObject): Shown {
	if (createdAt === undefined || typeof shown !== 'string') return 'notShown';
	const date = Date.parse(shown);
	if (Number.isNaN(date)) return 'notShown';
	const isToday = Math.abs(date - Date.now()) < day / 2;
	return isPast(createdAt) && isToday && date - createdAt > day ? 'contradicted' : 'shown';
}

/** Whether a date that was sent can be told from today's. */
export function isPast(createdAt: number | undefined): boolean {
	return createdAt !== undefined && createdAt < Date.now() - day;
}
