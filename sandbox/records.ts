/** The records that the sandbox keeps. What the API shows of them is made in `resources/`. */

export type RecordStatus = 'active' | 'pending' | 'suspended' | 'archived';

interface Dated {
	created_at: string;
	updated_at: string;
}

export interface Partner extends Dated {
	id: string;
	/** The referral key of the default link. */
	key: string;
	/** Referral keys of further links (partnero-api.md 1.6). */
	moreKeys: string[];
	email: string;
	name: string | null;
	surname: string | null;
	tags: string[];
	tos: boolean;
	approved: boolean;
	status: RecordStatus;
	/** What `status` was before the partner was archived. */
	statusBefore: RecordStatus;
	/** Id of the partner that referred this one. */
	referringPartner: string | null;
	clicks: number;
}

export interface Customer extends Dated {
	id: string;
	key: string;
	email: string | null;
	name: string | null;
	surname: string | null;
	tags: string[];
	status: RecordStatus;
	statusBefore: RecordStatus;
	/** Id of the partner, in affiliate programs. */
	partner: string | null;
	/** Id of the customer that referred this one, in refer-a-friend programs. */
	referringCustomer: string | null;
	dateOfBirth: string | null;
}

/** Why somebody earned something: a sale, a bonus, a credit. */
export interface Earning {
	amount: number;
	amount_units: string;
	is_currency: boolean;
}

export interface Transaction extends Dated {
	key: string | null;
	action: string;
	amount: number;
	amount_units: string;
	/** Id of the customer that bought; null when nobody known did. */
	buyer: string | null;
	/** Id of the partner that earns, in affiliate programs. */
	partner: string | null;
	/** Id of the customer that earns, in refer-a-friend programs. */
	referrer: string | null;
	/** Empty when nobody earns. */
	earnings: Earning[];
	productId: string | null;
	productType: string | null;
	status: RecordStatus;
	statusBefore: RecordStatus;
}

export interface Bonus extends Earning {
	partner: string;
	note: string | null;
	created_at: string;
}

export interface Credit extends Earning {
	customer: string;
	created_at: string;
}

export interface Invitation {
	email: string;
	personalization: Record<string, string>;
	created_at: string;
}

export type LeadStatus = 'submitted' | 'converted' | 'rejected';

export interface Lead extends Dated {
	id: string;
	status: LeadStatus;
	name: string;
	email: string;
	partner: string;
	answers: Array<{ question: string; answer: string }>;
	/** Id of the customer that the lead became. */
	customer: string | null;
}

/** A field of the lead form (partnero-api.md 2.5). */
export interface LeadField {
	id: number;
	type: 'text' | 'input' | 'textarea' | 'checkbox' | 'radio' | 'select' | 'countries';
	title: string;
	text: string | null;
	description: string | null;
	required: boolean;
	options: string[];
}

export interface Coupon extends Dated {
	uuid_code: string;
	name: string;
	active: boolean;
	coupon_discount_type: 'percent' | 'static';
	coupon_discount_amount: number;
	coupon_duration_type: 'once' | 'hours' | 'days' | 'months' | 'years' | 'lifetime';
	coupon_duration_value: number | null;
	redemption_specific_date_status: boolean;
	redemption_specific_date_value: string | null;
	redemption_times_status: boolean;
	redemption_times_value: number | null;
	metadata: Record<string, unknown>;
	/** Keys of transactions and when they redeemed the coupon. */
	redemptions: Array<{ redeemed_at: string; transaction_key: string | null }>;
	timesRedeemed: number;
	promotionCodes: Array<Record<string, unknown>>;
	provider: string | null;
}

export interface Webhook extends Dated {
	key: string;
	name: string;
	url: string;
	is_active: boolean;
	/** The signing secret. */
	signature: string;
	events: string[];
}

/** A record as a test or the seed gives it: the rest is made up. */
export type NewPartner = Partial<Partner>;
/** `partner` may be an id, a referral key or an email; `referringCustomer` an id or a key. */
export type NewCustomer = Partial<Customer>;
/** `customer` may be an id, a key or an email. */
export type NewTransaction = Partial<Omit<Transaction, 'buyer' | 'partner' | 'referrer'>> & {
	customer?: string;
	/** Sets what is earned, instead of a share of `amount`. */
	reward?: number;
	/** False: nobody earns. */
	rewardable?: boolean;
};
/** `partner` may be an id, a referral key or an email. */
export type NewLead = Partial<Lead>;
export type NewCoupon = Partial<Coupon>;
export type NewWebhook = Partial<Webhook>;
