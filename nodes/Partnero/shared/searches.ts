import type { Search } from '../operation';

/*
 * Where records are found whose identifier has a slash, if their path does not lead to them (`partnero-api.md` 10, A2).
 * Without a slash none of these is asked.
 */

export const customerSearch: Search = {
	url: '/customers:search',
	qs: { key: '{identifier|key}', id: '{identifier|id}', email: '{identifier|email}' },
	match: ['key', 'id', 'email'],
};

export const partnerSearch: Search = {
	url: '/partners:search',
	qs: { id: '{identifier}' },
	match: ['id'],
};

export const transactionSearch: Search = {
	url: '/transactions',
	qs: { key: '{identifier}' },
	match: ['key'],
};

/** The list as a whole: it knows no filter. */
export const couponSearch: Search = { url: '/coupons', match: ['uuid_code'] };

/** As for coupons. */
export const promotionCodeSearch: Search = { url: '/promotion-codes', match: ['code'] };
