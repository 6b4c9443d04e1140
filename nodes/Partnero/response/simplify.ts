import type { IDataObject } from 'n8n-workflow';

/** The few fields of a record that most workflows need, under the API's names. */
export type Summary = (record: IDataObject) => IDataObject;

/** `[{ value: 'x' }]`, as the API gives tags (`partnero-api.md` 2.12), as `['x']`. */
function tagsOf(record: IDataObject): string[] {
	const tags = Array.isArray(record.tags) ? (record.tags as Array<IDataObject | string>) : [];
	return tags.map((tag) => String(typeof tag === 'string' ? tag : tag.value));
}

/** The id of another record, which the API gives as the id or as the record. */
function idOf(value: IDataObject[string]): IDataObject[string] {
	if (value === null || typeof value !== 'object') return value ?? null;
	const { id, key } = value as IDataObject;
	return id ?? key ?? null;
}

function pick(record: IDataObject, keys: string[]): IDataObject {
	return Object.fromEntries(keys.map((key) => [key, record[key] ?? null]));
}

/** Lists give less than single records do; what the API did not send is left out rather than invented. */
function ifSent(record: IDataObject, keys: string[]): IDataObject {
	return pick(record, keys.filter((key) => record[key] !== undefined));
}

export const summarizePartner: Summary = (record) => ({
	...pick(record, ['id', 'email', 'name', 'surname', 'status', 'approved']),
	...ifSent(record, ['referral_link']),
	...(record.tags === undefined ? {} : { tags: tagsOf(record) }),
	...ifSent(record, ['referrals_count', 'created_at']),
});

/** Affiliate customers have a `key` and a partner, those of refer-a-friend programs an `id` and a referrer. */
export const summarizeCustomer: Summary = (record) => ({
	...ifSent(record, record.key === undefined ? ['id'] : ['key']),
	...pick(record, ['email', 'name', 'surname']),
	...ifSent(record, ['status']),
	...('partner' in record ? { partner: idOf(record.partner) } : {}),
	...('referring_customer' in record ? { referring_customer: idOf(record.referring_customer) } : {}),
	...(record.tags === undefined ? {} : { tags: tagsOf(record) }),
	...ifSent(record, ['referrals_count', 'referral_link', 'created_at']),
});

export const summarizeSubscriber: Summary = (record) => ({
	...pick(record, ['id', 'email', 'name', 'status', 'approved']),
	...ifSent(record, ['marketing_consent', 'is_referred', 'referrals_count', 'share_link', 'created_at']),
});

/** With the commission added up over the rewards that were not rejected. */
export const summarizeTransaction: Summary = (record) => {
	const rewards = (Array.isArray(record.rewards) ? (record.rewards as IDataObject[]) : []).filter(
		({ status }) => status !== 'rejected',
	);
	const total = rewards.reduce((sum, { amount }) => sum + (Number(amount) || 0), 0);
	return {
		...pick(record, ['key', 'action', 'amount', 'amount_units']),
		customer: idOf(record.customer),
		...('partner' in record ? { partner: idOf(record.partner) } : {}),
		...('referred_customer' in record ? { referred_customer: idOf(record.referred_customer) } : {}),
		// Sums of decimal fractions carry noise in the last digits.
		commission: Math.round(total * 1e6) / 1e6,
		commission_units: rewards[0]?.amount_units ?? null,
		...pick(record, ['created_at']),
	};
};

/** Everything but the signing secret, which nobody needs who only looks after webhooks. */
export const summarizeWebhook: Summary = (record) => pick(record, ['key', 'name', 'url', 'is_active', 'events']);
