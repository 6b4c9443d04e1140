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
	/** How the partner wants to be paid; `null` until it has said so. */
	payoutMethod: PayoutMethod | null;
}

export type PayoutGateway = 'crypto' | 'paypal' | 'venmo' | 'wise';

/** A way to be paid, with what it needs, such as the email of a PayPal account. */
export interface PayoutMethod {
	gateway: PayoutGateway;
	settings: Record<string, string>;
}

export interface Customer extends Dated {
	id: string;
	key: string;
	/** Keys of further links, in refer-a-friend programs (partnero-api.md 2.10). */
	moreKeys: string[];
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

/** Orders with several products have a list (partnero-api.md N5). */
export type ProductValue = string | number | Array<string | number>;

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
	productId: ProductValue | null;
	productType: ProductValue | null;
	/** When it was recorded, by the sandbox's clock; what a test arranges was always there. */
	recordedAt: number;
	status: RecordStatus;
	statusBefore: RecordStatus;
}

export interface Bonus extends Earning {
	id: number;
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

/** When something was redeemed, and the key of the sale if one was named. */
export interface Redemption {
	redeemed_at: string;
	transaction_key: string | null;
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
	redemptions: Redemption[];
	timesRedeemed: number;
	provider: string | null;
}

/** Somebody whom a promotion code is limited to. */
export interface LimitedTo {
	id: string;
	fullName: string;
}

export interface PromotionCode extends Dated {
	code: string;
	/** `uuid_code` of its coupon. */
	coupon: string;
	first_time_order: boolean;
	/** The only ones who may use it; null for everybody. */
	partner: LimitedTo | null;
	customer: LimitedTo | null;
	subscriber: LimitedTo | null;
	minimum_order_status: boolean;
	minimum_order_value: number | null;
	expiration_date_status: boolean;
	expiration_date_value: string | null;
	redemption_times_status: boolean;
	redemption_times_value: number | null;
	metadata: Record<string, unknown>;
	redemptions: Redemption[];
	timesRedeemed: number;
}

/** A domain beside the default one that a referral link can be on (partnero-api.md 2.10). */
export interface LinkDomain {
	id: string;
	domain: string;
	is_additional: boolean;
}

/** The domain that a referral link was made for. */
export interface LinkPlace {
	domain: string | null;
	is_additional: boolean;
}

export const PAYOUT_STATUSES = [
	'requested',
	'approved',
	'finished',
	'rejected',
	'resubmit_requested',
	'resubmitted',
] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

export interface PayoutRequest extends Dated, PayoutMethod {
	id: string;
	status: PayoutStatus;
	/** Id of the partner. */
	partner: string;
	amount: number;
	/** In capitals. */
	amount_units: string;
	/** The bonuses that were chosen; empty for everything that was unpaid. */
	rewards: number[];
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

/** A subscriber of a newsletter program (partnero-api.md 2.8). */
export interface Subscriber extends Dated {
	/** Made up by the sandbox, so that a subscriber without an id can be referred to. */
	code: string;
	/** Null for as long as the mail service has not given one. */
	id: string | null;
	email: string;
	name: string | null;
	tos: boolean;
	marketing_consent: boolean;
	status: SubscriberStatus;
	approved: boolean;
	/** Code of the subscriber that referred this one. */
	referrer: string | null;
	/** Ids of the rewards that the referrer earned by this subscriber. */
	triggered: number[];
}

export type SubscriberStatus = 'active' | 'rejected' | 'suspended';

/** What a subscriber earns by so many referrals (partnero-api.md 2.9). */
export interface Reward extends Dated {
	id: number;
	name: string;
	description: string | null;
	fulfillment_type: 'url_link' | 'generic_coupon' | 'amazon_gift_card';
	fulfillment_value: string;
	subscribers_count: number;
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
export type NewPromotionCode = Partial<PromotionCode> & Pick<PromotionCode, 'coupon'>;
export type NewReward = Partial<Reward>;
/** `referrer` may be a code, an id or an email. */
export type NewSubscriber = Partial<Omit<Subscriber, 'triggered'>>;
/** `partner` may be an id, a referral key or an email. */
export type NewPayoutRequest = Partial<PayoutRequest>;
export type NewWebhook = Partial<Webhook>;
