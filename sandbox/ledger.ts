import type {
	Coupon,
	Customer,
	Earning,
	Invitation,
	Lead,
	Partner,
	PayoutRequest,
	PromotionCode,
	Reward,
	Subscriber,
	Webhook,
} from './records';
import type { RecordedRequest } from './requests';
import type { ProgramState } from './state';
import { round } from './state';

/** What is recorded under one transaction key. */
export interface LedgerSale {
	/** More than 1: recorded, and paid for, more than once. */
	count: number;
	/** Sum of all of them. */
	amount: number;
	commission: number;
	/** Keys of the customers who bought; `null` for nobody. */
	customers: Array<string | null>;
	/** Ids of the partners, or of the referring customers, who earn. */
	earners: string[];
}

/** What one partner, or referring customer, earned. */
export interface LedgerEarner {
	/** Its referral key. */
	key: string;
	email: string | null;
	sales: number;
	/** From sales. */
	commission: number;
	/** From bonuses and credits. */
	bonuses: number;
}

/** What of a payout request matters: how much, and how far it is. */
export type LedgerPayout = Pick<
	PayoutRequest,
	'id' | 'status' | 'amount' | 'amount_units' | 'gateway'
>;

/** What was recorded, how often, and for whom. */
export interface Ledger {
	program: string;
	transactions: {
		total: number;
		withoutKey: number;
		amount: number;
		byKey: Record<string, LedgerSale>;
		/** Keys that were recorded more than once. */
		twice: string[];
		/** Keys of sales that nobody known bought, `null` for one without a key. */
		forNobody: Array<string | null>;
	};
	/** How many requests there were since the last reset, by the contract's `operationId`, or method and path. */
	requests: Record<string, number>;
	/** Commission of all sales, and who earned it, by id. */
	commission: { total: number; byEarner: Record<string, LedgerEarner> };
	partners: Partner[];
	customers: Customer[];
	leads: Lead[];
	coupons: Coupon[];
	/** How often each coupon was redeemed, by `uuid_code`. */
	redemptions: Record<string, number>;
	/** With whom each is limited to and how often it was redeemed. */
	promotionCodes: PromotionCode[];
	/** Payout requests of each partner, by its id, as they were made. */
	payouts: Record<string, LedgerPayout[]>;
	bonuses: Array<Earning & { partner: string; note: string | null }>;
	credits: Array<Earning & { customer: string }>;
	invitations: Invitation[];
	subscribers: Subscriber[];
	/** Rewards of a newsletter program, and how often each was earned. */
	rewards: Array<Reward & { timesTriggered: number }>;
	webhooks: Webhook[];
}

/** A copy of what a program has recorded. */
export function ledgerOf(program: ProgramState, requests: readonly RecordedRequest[] = []): Ledger {
	// Without a prototype: a key may be called `__proto__`.
	const byKey: Record<string, LedgerSale> = Object.create(null);
	const byEarner: Record<string, LedgerEarner> = Object.create(null);
	let withoutKey = 0;
	let amount = 0;
	let commission = 0;
	for (const sale of program.transactions) {
		const earned = sale.earnings.reduce((sum, earning) => sum + earning.amount, 0);
		const earner = sale.earnings.length ? (sale.partner ?? sale.referrer) : null;
		amount += sale.amount;
		commission += earned;
		if (sale.key === null) withoutKey++;
		else
			addSale(
				(byKey[sale.key] ??= emptySale()),
				sale.amount,
				earned,
				buyerKey(program, sale.buyer),
				earner,
			);
		if (earner !== null) {
			const entry = (byEarner[earner] ??= emptyEarner(program, earner));
			entry.sales++;
			entry.commission = round(entry.commission + earned);
		}
	}
	for (const bonus of program.bonuses)
		addBonus((byEarner[bonus.partner] ??= emptyEarner(program, bonus.partner)), bonus);
	for (const credit of program.credits)
		addBonus((byEarner[credit.customer] ??= emptyEarner(program, credit.customer)), credit);
	return structuredClone({
		program: program.name,
		transactions: {
			total: program.transactions.size,
			withoutKey,
			amount: round(amount),
			byKey,
			twice: Object.keys(byKey).filter((key) => (byKey[key]?.count ?? 0) > 1),
			forNobody: [...program.transactions]
				.filter(({ buyer }) => buyer === null)
				.map(({ key }) => key),
		},
		requests: counted(requests),
		commission: { total: round(commission), byEarner },
		partners: [...program.partners],
		customers: [...program.customers],
		leads: [...program.leads],
		coupons: [...program.coupons],
		redemptions: Object.fromEntries(
			[...program.coupons].map((coupon) => [coupon.uuid_code, coupon.timesRedeemed]),
		),
		promotionCodes: [...program.promotionCodes],
		payouts: payoutsOf(program),
		bonuses: program.bonuses,
		credits: program.credits,
		invitations: program.invitations,
		subscribers: [...program.subscribers],
		rewards: [...program.rewards].map((reward) => ({
			...reward,
			timesTriggered: program.timesTriggered(reward),
		})),
		webhooks: [...program.webhooks],
	});
}

function counted(requests: readonly RecordedRequest[]): Ledger['requests'] {
	const counts: Ledger['requests'] = Object.create(null);
	for (const { operationId, method, path } of requests) {
		const kind = operationId ?? `${method} ${path}`;
		counts[kind] = (counts[kind] ?? 0) + 1;
	}
	return counts;
}

function payoutsOf(program: ProgramState): Ledger['payouts'] {
	const byPartner: Ledger['payouts'] = Object.create(null);
	for (const { partner, id, status, amount, amount_units, gateway } of program.payoutRequests) {
		(byPartner[partner] ??= []).push({ id, status, amount, amount_units, gateway });
	}
	return byPartner;
}

function emptySale(): LedgerSale {
	return { count: 0, amount: 0, commission: 0, customers: [], earners: [] };
}

function addSale(
	entry: LedgerSale,
	amount: number,
	earned: number,
	customer: string | null,
	earner: string | null,
): void {
	entry.count++;
	entry.amount = round(entry.amount + amount);
	entry.commission = round(entry.commission + earned);
	entry.customers.push(customer);
	if (earner !== null) entry.earners.push(earner);
}

function emptyEarner(program: ProgramState, id: string): LedgerEarner {
	const { key = id, email = null } =
		program.partners.find('id', id) ?? program.customers.find('id', id) ?? {};
	return { key, email, sales: 0, commission: 0, bonuses: 0 };
}

function addBonus(entry: LedgerEarner, { amount }: Earning): void {
	entry.bonuses = round(entry.bonuses + amount);
}

function buyerKey(program: ProgramState, id: string | null): string | null {
	return id === null ? null : (program.customers.find('id', id)?.key ?? null);
}
