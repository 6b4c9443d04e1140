import { randomBytes } from 'node:crypto';

import type { ProgramName } from './programs';
import { PROGRAMS } from './programs';
import type {
	Bonus,
	Coupon,
	Credit,
	Customer,
	Earning,
	Invitation,
	Lead,
	LeadField,
	LinkDomain,
	LinkPlace,
	NewCoupon,
	NewCustomer,
	NewLead,
	NewPartner,
	NewPayoutRequest,
	NewPromotionCode,
	NewReward,
	NewSubscriber,
	NewTransaction,
	NewWebhook,
	Partner,
	PayoutRequest,
	PromotionCode,
	Reward,
	Subscriber,
	Transaction,
	Webhook,
} from './records';
import { timestamp } from './responses';
import { Table } from './table';

/** Share of a sale that its partner, or the customer who referred the buyer, earns. */
export const COMMISSION_RATE = { affiliate: 0.3, referAFriend: 0.1, newsletter: 0 } as const;

export const SHOP_URL = 'https://shop.example';

/** How a body or a query names a partner or a customer. */
export interface Reference {
	id?: string;
	key?: string;
	email?: string;
}

/** The editable part of a program (partnero-api.md 2.1). */
export interface ProgramSettings {
	id: number;
	public_id: string;
	name: string;
	website: string;
	created_at: string;
	last_edited: string;
	currency: string;
	program_settings: Record<string, string | number | boolean>;
	portal_settings: Record<string, boolean>;
}

/** Listens to what happens in a program; webhooks are delivered from here. */
export type EventListener = (event: string, record: object) => void;

/**
 * Everything one program knows. `add` on a table arranges records directly, with the
 * same relations as over HTTP: a sale pays commission to the customer's partner.
 */
export class ProgramState {
	readonly partners = new Table<Partner, NewPartner, 'id' | 'key' | 'email'>(
		(input) => this.newPartner(input),
		{
			id: (partner) => [partner.id],
			key: (partner) => [partner.key, ...partner.moreKeys],
			email: (partner) => [partner.email.toLowerCase()],
		},
	);

	readonly customers = new Table<
		Customer,
		NewCustomer,
		'id' | 'key' | 'email' | 'partner' | 'referrer'
	>((input) => this.newCustomer(input), {
		id: (customer) => [customer.id],
		key: (customer) => [customer.key, ...customer.moreKeys],
		email: (customer) => [customer.email?.toLowerCase()],
		partner: (customer) => [customer.partner],
		referrer: (customer) => [customer.referringCustomer],
	});

	/** Keys are not unique: the API records a second transaction (partnero-api.md 1.6). */
	readonly transactions = new Table<
		Transaction,
		NewTransaction,
		'key' | 'buyer' | 'partner' | 'referrer'
	>((input) => this.newTransaction(input), {
		key: (transaction) => [transaction.key],
		buyer: (transaction) => [transaction.buyer],
		partner: (transaction) => [transaction.partner],
		referrer: (transaction) => [transaction.referrer],
	});

	readonly leads = new Table<Lead, NewLead, 'id'>((input) => this.newLead(input), {
		id: (lead) => [lead.id],
	});

	readonly coupons = new Table<Coupon, NewCoupon, 'uuid_code'>((input) => this.newCoupon(input), {
		uuid_code: (coupon) => [coupon.uuid_code],
	});

	readonly promotionCodes = new Table<PromotionCode, NewPromotionCode, 'code' | 'coupon'>(
		(input) => this.newPromotionCode(input),
		{ code: ({ code }) => [code], coupon: ({ coupon }) => [coupon] },
	);

	readonly subscribers = new Table<Subscriber, NewSubscriber, 'id' | 'email' | 'code' | 'referrer'>(
		(input) => this.newSubscriber(input),
		{
			id: (subscriber) => [subscriber.id],
			email: (subscriber) => [subscriber.email.toLowerCase()],
			code: (subscriber) => [subscriber.code],
			referrer: (subscriber) => [subscriber.referrer],
		},
	);

	readonly rewards = new Table<Reward, NewReward, 'id'>((input) => this.newReward(input), {
		id: (reward) => [String(reward.id)],
	});

	readonly payoutRequests = new Table<PayoutRequest, NewPayoutRequest, 'id' | 'partner'>(
		(input) => this.newPayoutRequest(input),
		{
			id: (request) => [request.id],
			partner: (request) => [request.partner],
		},
	);

	readonly webhooks = new Table<Webhook, NewWebhook, 'key'>((input) => this.newWebhook(input), {
		key: (webhook) => [webhook.key],
	});

	readonly bonuses: Bonus[] = [];
	readonly credits: Credit[] = [];
	readonly invitations: Invitation[] = [];
	readonly leadForm: LeadField[] = [];
	readonly linkDomains: LinkDomain[] = [];
	/** By key, of the referral links that are not simply on the default domain. */
	readonly linkPlaces = new Map<string, LinkPlace>();
	/** Shop systems that coupons can be passed on to (partnero-api.md 2.6, `sync.provider`). */
	readonly connectedProviders = new Set<string>();
	settings: ProgramSettings;
	/** The code of a program deletion that was announced, and until when it holds (partnero-api.md 2.1). */
	deletion?: { code: string; until: number };
	onEvent?: EventListener;

	private counter = 0;

	constructor(
		readonly name: ProgramName,
		readonly clock: () => Date,
	) {
		this.settings = this.newSettings();
	}

	/** Tells the listener, if there is one; a test may report what no endpoint does, such as an approval. */
	emit(event: string, record: object): void {
		this.onEvent?.(event, record);
	}

	now(): string {
		return timestamp(this.clock());
	}

	/** A number that this program has not used yet; long, so that nobody picks the same by chance. */
	next(): number {
		return 100_000 + ++this.counter;
	}

	/** Forgets every record and setting. */
	clear(): void {
		this.partners.clear();
		this.customers.clear();
		this.transactions.clear();
		this.leads.clear();
		this.coupons.clear();
		this.promotionCodes.clear();
		this.subscribers.clear();
		this.rewards.clear();
		this.payoutRequests.clear();
		this.webhooks.clear();
		for (const list of [
			this.bonuses,
			this.credits,
			this.invitations,
			this.leadForm,
			this.linkDomains,
		])
			list.length = 0;
		this.linkPlaces.clear();
		this.connectedProviders.clear();
		this.deletion = undefined;
		this.counter = 0;
		this.settings = this.newSettings();
	}

	isReferAFriend(): boolean {
		return this.name === 'referAFriend';
	}

	/** What a sale of this customer earns: nothing while it is suspended or archived (partnero-api.md 2.3.1). */
	earnings(buyer: Customer | undefined, sale: NewTransaction): Earning[] {
		const earner = this.isReferAFriend() ? buyer?.referringCustomer : buyer?.partner;
		if (!earner || buyer?.status !== 'active' || sale.rewardable === false) return [];
		const amount = sale.reward ?? (sale.amount ?? 0) * COMMISSION_RATE[this.name];
		return [
			{
				amount: round(amount),
				amount_units: sale.amount_units ?? this.settings.currency,
				is_currency: true,
			},
		];
	}

	/** The partner that a body or query names: `id` goes before `key` before `email`. */
	partnerBy(reference: Reference): Partner | undefined {
		return named(this.partners, reference);
	}

	/** The customer that a body names: `id` goes before `key` (partnero-api.md 1.6) before `email`. */
	customerBy(reference: Reference): Customer | undefined {
		return named(this.customers, reference);
	}

	/** A partner by id, referral key or email. */
	anyPartner(value: string): Partner | undefined {
		return anyNamed(this.partners, value);
	}

	/** A customer by id, key or email. */
	anyCustomer(value: string): Customer | undefined {
		return anyNamed(this.customers, value);
	}

	/** The subscriber that a body names: `id` goes before `email`. */
	subscriberBy({ id, email }: Reference): Subscriber | undefined {
		if (id !== undefined) return this.subscribers.find('id', id);
		return email === undefined ? undefined : this.subscribers.find('email', email.toLowerCase());
	}

	/** A subscriber by id or email. */
	anySubscriber(value: string): Subscriber | undefined {
		return this.subscriberBy({ id: value }) ?? this.subscriberBy({ email: value });
	}

	/** The rewards that a subscriber has earned by its referrals. */
	rewardsOf(subscriber: Subscriber): Reward[] {
		const earned = this.subscribers
			.all('referrer', subscriber.code)
			.flatMap(({ triggered }) => triggered);
		return earned.flatMap((id) => this.rewards.find('id', String(id)) ?? []);
	}

	/** How often a reward was earned. */
	timesTriggered({ id }: Reward): number {
		return [...this.subscribers].filter(({ triggered }) => triggered.includes(id)).length;
	}

	/** Removes a subscriber; those that it referred stay, without a referrer. */
	removeSubscriber(subscriber: Subscriber): void {
		for (const referred of this.subscribers.all('referrer', subscriber.code)) {
			this.subscribers.update(referred, { referrer: null });
		}
		this.subscribers.remove(subscriber);
	}

	/** Removes a customer with its transactions and their commission (partnero-api.md 2.3.1). */
	removeCustomer(customer: Customer): void {
		for (const transaction of this.transactions.all('buyer', customer.id))
			this.transactions.remove(transaction);
		for (const referred of this.customers.all('referrer', customer.id)) {
			this.customers.update(referred, { referringCustomer: null });
		}
		this.customers.remove(customer);
	}

	/** Removes a coupon with its promotion codes. */
	removeCoupon(coupon: Coupon): void {
		for (const code of this.promotionCodes.all('coupon', coupon.uuid_code))
			this.promotionCodes.remove(code);
		this.coupons.remove(coupon);
	}

	/** Removes a partner; its customers stay, without a partner. */
	removePartner(partner: Partner): void {
		for (const customer of this.customers.all('partner', partner.id)) {
			this.customers.update(customer, { partner: null });
		}
		this.partners.remove(partner);
	}

	/** What a refer-a-friend customer may still spend: credits and what its referrals earned it. */
	balance(customer: Customer): Earning[] {
		const totals = new Map<string, Earning>();
		const earned = this.transactions
			.all('referrer', customer.id)
			.flatMap((transaction) => transaction.earnings);
		const credited = this.credits.filter((credit) => credit.customer === customer.id);
		for (const { amount, amount_units, is_currency } of [...earned, ...credited]) {
			const units = is_currency ? amount_units.toUpperCase() : amount_units;
			const total = totals.get(units) ?? { amount: 0, amount_units: units, is_currency };
			totals.set(units, { ...total, amount: round(total.amount + amount) });
		}
		return [...totals.values()];
	}

	/** What a partner has earned by currency, in capitals, from sales and bonuses. */
	earnedBy(partner: string): Map<string, number> {
		const sales = this.transactions
			.all('partner', partner)
			.flatMap((transaction) => transaction.earnings);
		return totals([...sales, ...this.bonuses.filter((bonus) => bonus.partner === partner)]);
	}

	/** What of it nobody has asked for yet; a request that was rejected asks for nothing (partnero-api.md 2.11). */
	unpaid(partner: string): Map<string, number> {
		const asked = totals(
			this.payoutRequests.all('partner', partner).filter(({ status }) => status !== 'rejected'),
		);
		const left = [...this.earnedBy(partner)].map(([units, amount]): [string, number] => [
			units,
			round(amount - (asked.get(units) ?? 0)),
		]);
		return new Map(left.filter(([, amount]) => amount > 0));
	}

	private newSettings(): ProgramSettings {
		const day = this.now().slice(0, 10);
		const { title } = PROGRAMS[this.name];
		return {
			id: { affiliate: 7, referAFriend: 8, newsletter: 9 }[this.name],
			public_id: { affiliate: 'SBXAFF01', referAFriend: 'SBXRAF01', newsletter: 'SBXNWS01' }[
				this.name
			],
			name: `Sandbox ${title} program`,
			website: SHOP_URL,
			created_at: day,
			last_edited: day,
			currency: 'USD',
			program_settings: {},
			portal_settings: {},
		};
	}

	private dates(input: { created_at?: string; updated_at?: string }) {
		const created_at = input.created_at ?? this.now();
		return { created_at, updated_at: input.updated_at ?? created_at };
	}

	private newPartner(input: NewPartner): Partner {
		const number = this.next();
		const status = input.status ?? 'active';
		return {
			id: `ptr_${number}`,
			key: `ref_${number}`,
			moreKeys: [],
			email: `${number}@partners.example`,
			name: null,
			surname: null,
			tags: [],
			tos: false,
			approved: status !== 'pending',
			statusBefore: status,
			referringPartner: null,
			clicks: 0,
			payoutMethod: null,
			...defined(input),
			status,
			...this.dates(input),
		};
	}

	private newCustomer(input: NewCustomer): Customer {
		const number = this.next();
		const status = input.status ?? 'active';
		return {
			id: `cus_${number}`,
			key: `key_${number}`,
			moreKeys: [],
			email: null,
			name: null,
			surname: null,
			tags: [],
			statusBefore: status,
			dateOfBirth: null,
			...defined(input),
			partner: input.partner ? (this.anyPartner(input.partner)?.id ?? null) : null,
			referringCustomer: input.referringCustomer
				? (this.anyCustomer(input.referringCustomer)?.id ?? null)
				: null,
			status,
			...this.dates(input),
		};
	}

	private newTransaction(input: NewTransaction): Transaction {
		const { customer, reward: _reward, rewardable: _rewardable, ...rest } = input;
		const buyer = customer === undefined ? undefined : this.anyCustomer(customer);
		return {
			key: null,
			action: 'sale',
			amount: 0,
			amount_units: this.settings.currency,
			buyer: buyer?.id ?? null,
			partner: buyer?.partner ?? null,
			referrer: buyer?.referringCustomer ?? null,
			earnings: this.earnings(buyer, input),
			productId: null,
			productType: null,
			recordedAt: -Infinity,
			status: 'active',
			statusBefore: 'active',
			...defined(rest),
			...this.dates(input),
		};
	}

	private newLead(input: NewLead): Lead {
		const name = input.name ?? 'Lee Doe';
		const email = input.email ?? 'lead@example.com';
		return {
			id: String(this.next()),
			status: 'submitted',
			answers: [],
			customer: null,
			...defined(input),
			name,
			email,
			partner: this.anyPartner(input.partner ?? '')?.id ?? '',
			...this.dates(input),
		};
	}

	private newCoupon(input: NewCoupon): Coupon {
		const uuid_code = input.uuid_code ?? `coupon_${this.next()}`;
		return {
			name: uuid_code,
			active: true,
			coupon_discount_type: 'percent',
			coupon_discount_amount: 10,
			coupon_duration_type: 'once',
			coupon_duration_value: null,
			redemption_specific_date_status: false,
			redemption_specific_date_value: null,
			redemption_times_status: false,
			redemption_times_value: null,
			metadata: {},
			redemptions: [],
			timesRedeemed: 0,
			provider: null,
			...defined(input),
			uuid_code,
			...this.dates(input),
		};
	}

	private newPromotionCode(input: NewPromotionCode): PromotionCode {
		return {
			code: `PROMO${this.next()}`,
			first_time_order: false,
			partner: null,
			customer: null,
			subscriber: null,
			minimum_order_status: false,
			minimum_order_value: null,
			expiration_date_status: false,
			expiration_date_value: null,
			redemption_times_status: false,
			redemption_times_value: null,
			metadata: {},
			redemptions: [],
			timesRedeemed: 0,
			...defined(input),
			...this.dates(input),
		};
	}

	private newSubscriber(input: NewSubscriber): Subscriber {
		const number = this.next();
		const email = input.email ?? `${number}@subscribers.example`;
		const { referrer: named = null } = input;
		const referrer =
			named === null
				? undefined
				: (this.subscribers.find('code', named) ?? this.anySubscriber(named));
		return {
			code: `s${number}`,
			// Without a mail service behind the program, the id is the email (partnero-api.md 1.6).
			id: email,
			name: null,
			tos: true,
			marketing_consent: true,
			status: 'active',
			approved: true,
			...defined(input),
			email,
			referrer: referrer?.code ?? null,
			triggered: referrer ? this.triggeredBy(referrer) : [],
			...this.dates(input),
		};
	}

	/** Ids of the rewards that a subscriber reaches by one referral more. */
	private triggeredBy(referrer: Subscriber): number[] {
		const count = this.subscribers.all('referrer', referrer.code).length + 1;
		const earned = this.rewardsOf(referrer);
		const reached = [...this.rewards].filter(
			(reward) => reward.subscribers_count <= count && !earned.includes(reward),
		);
		return reached.map(({ id }) => id);
	}

	private newReward(input: NewReward): Reward {
		const id = this.next();
		return {
			id,
			name: `Reward ${id}`,
			description: null,
			fulfillment_type: 'generic_coupon',
			fulfillment_value: 'THANKS',
			subscribers_count: 3,
			...defined(input),
			...this.dates(input),
		};
	}

	private newPayoutRequest(input: NewPayoutRequest): PayoutRequest {
		return {
			id: String(this.next()),
			status: 'requested',
			amount: 0,
			amount_units: this.settings.currency,
			gateway: 'paypal',
			settings: {},
			rewards: [],
			...defined(input),
			partner: this.anyPartner(input.partner ?? '')?.id ?? '',
			...this.dates(input),
		};
	}

	private newWebhook(input: NewWebhook): Webhook {
		return {
			key: randomBytes(15).toString('base64url'),
			name: 'Webhook',
			url: `${SHOP_URL}/webhook`,
			is_active: true,
			// 16 characters (partnero-api.md 3.1).
			signature: randomBytes(12).toString('base64url'),
			events: [],
			...defined(input),
			...this.dates(input),
		};
	}
}

interface Named<T> {
	find(index: 'id' | 'key' | 'email', value: string): T | undefined;
}

function named<T>(table: Named<T>, { id, key, email }: Reference): T | undefined {
	if (id !== undefined) return table.find('id', id);
	if (key !== undefined) return table.find('key', key);
	return email === undefined ? undefined : table.find('email', email.toLowerCase());
}

function anyNamed<T>(table: Named<T>, value: string): T | undefined {
	return (
		table.find('id', value) ?? table.find('key', value) ?? table.find('email', value.toLowerCase())
	);
}

/** Sums by currency, in capitals. */
export function totals(
	amounts: Iterable<{ amount: number; amount_units: string }>,
): Map<string, number> {
	const sums = new Map<string, number>();
	for (const { amount, amount_units } of amounts) {
		// A test may arrange an amount as text, or none.
		if (typeof amount !== 'number') continue;
		const units = amount_units.toUpperCase();
		sums.set(units, round((sums.get(units) ?? 0) + amount));
	}
	return sums;
}

/** Four decimals: 30 % of 50.99 is 15.297 (partnero-api.md E8). */
export function round(amount: number): number {
	return Number(amount.toFixed(4));
}

/** Without what was not given, so that it does not hide a default. */
function defined<T extends object>(input: T): T {
	return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
}
