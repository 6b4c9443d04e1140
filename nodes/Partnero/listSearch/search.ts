import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { isBlank } from '../form/values';
import { largestPage } from '../lookup/pages';
import { isRecord } from '../transport/outcome';

import { getFromList } from './get';
import { linksOfOwner } from './referralLinks';

/** How the records of a list are shown and picked. */
export interface Listing {
	url: string;
	/** What the API's search at `url:search` takes, one at a time; none if there is no search. */
	identifiers: string[];
	/** What stands for the record in the node's parameters. */
	value(record: IDataObject): unknown;
	/** How a person knows it. */
	name(record: IDataObject): string;
}

/** How many pages are read for one screen of a filtered list. */
const pagesAtOnce = 5;

/** `Ann Lee (ann@example.com)`, or as much of it as there is. */
function person({ name, surname, email }: IDataObject, fallback: unknown): string {
	const fullName = [name, surname].filter(Boolean).join(' ');
	const address = String(email || fallback);
	return fullName ? `${fullName} (${address})` : address;
}

/** Who alone may use a promotion code. */
function limitedTo(code: IDataObject): unknown {
	const limits = [
		code.coupon_specific_partners,
		code.coupon_specific_customers,
		code.coupon_specific_subscribers,
	];
	const names = limits.map((limit) => {
		const {
			full_name: partner,
			customer_full_name: customer,
			subscriber_full_name: subscriber,
		} = (limit ?? {}) as IDataObject;
		return partner ?? customer ?? subscriber;
	});
	return names.find(Boolean);
}

const listings = {
	partners: {
		url: '/partners',
		identifiers: ['email', 'key', 'id'],
		value: ({ id }) => id,
		name: (record) => person(record, record.id),
	},
	/** Affiliate customers are picked by `key`, those of refer-a-friend programs by `id`. */
	customers: {
		url: '/customers',
		identifiers: ['email', 'key', 'id'],
		value: ({ key, id }) => key ?? id,
		name: (record) => person(record, record.key ?? record.id),
	},
	transactions: {
		url: '/transactions',
		identifiers: [],
		value: ({ key }) => key,
		name: ({ key, amount, amount_units: units, created_at: created }) =>
			[key, [amount, units].filter(Boolean).join(' '), String(created ?? '').slice(0, 10)]
				.filter(Boolean)
				.join(' · '),
	},
	leads: {
		url: '/leads',
		identifiers: [],
		value: ({ id }) => id,
		name: ({ id, lead_info: info, status }) =>
			`${person((info ?? {}) as IDataObject, id)} · ${String(status)}`,
	},
	/** The object is undocumented but for a status and an amount (`partnero-api.md` 2.11). */
	payoutRequests: {
		url: '/payout_requests',
		identifiers: [],
		value: ({ id }) => id,
		name: ({ id, partner, amount, amount_units: units, status }) =>
			[
				person((partner ?? {}) as IDataObject, id),
				[amount, units].filter(Boolean).join(' '),
				status,
			]
				.filter(Boolean)
				.join(' · '),
	},
	coupons: {
		url: '/coupons',
		identifiers: [],
		value: ({ uuid_code: code }) => code,
		name: ({ name, uuid_code: code }) =>
			name && name !== code ? `${String(name)} (${String(code)})` : String(code),
	},
	promotionCodes: {
		url: '/promotion-codes',
		identifiers: [],
		value: ({ code }) => code,
		name: ({ code, ...record }) => [code, limitedTo(record)].filter(Boolean).join(' · '),
	},
	rewards: {
		url: '/rewards',
		identifiers: [],
		value: ({ id }) => id,
		name: ({ id, name, subscriber_count: count }) =>
			`${String(name || id)} · ${String(count)} referred`,
	},
	/** Mail services give the ID later, so that a new subscriber may have none. */
	subscribers: {
		url: '/subscribers',
		identifiers: ['email'],
		value: ({ id, email }) => id ?? email,
		name: (record) => person(record, record.id),
	},
	/** The default domain has no id, and need not be picked. */
	domains: {
		url: '/partner_referral_links:domains',
		identifiers: [],
		value: ({ id }) => id,
		name: ({ domain, id }) => String(domain ?? id),
	},
	webhooks: {
		url: '/webhooks',
		identifiers: [],
		value: ({ key }) => key,
		name: ({ name, url, is_active: isActive }) =>
			[name, url, isActive === false && 'switched off'].filter(Boolean).join(' · '),
	},
} satisfies Record<string, Listing>;

async function page(context: ILoadOptionsFunctions, url: string, qs: IDataObject) {
	const { data, links } = await getFromList(context, url, { ...qs, limit: largestPage });
	const entries = Array.isArray(data) ? data : [];
	const isLast = isRecord(links) && (links.next ?? null) === null;
	return { records: entries.filter(isRecord), isLast: isLast || entries.length < largestPage };
}

function toItem({ value, name }: Listing, record: IDataObject): INodeListSearchItems {
	return { name: name(record), value: String(value(record)) };
}

/**
 * A screen of a list. With a filter: what the API's searches find by identifier, then what the pages
 * of the list hold by name, which the API cannot search for.
 */
async function search(
	context: ILoadOptionsFunctions,
	listing: Listing,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	const found = new Map<string, INodeListSearchItems>();
	const add = (records: IDataObject[]) => {
		for (const record of records) {
			// What has no identifier, such as a sale without a key, cannot be picked.
			if (isBlank(listing.value(record))) continue;
			const item = toItem(listing, record);
			if (!found.has(String(item.value))) found.set(String(item.value), item);
		}
	};
	if (wanted && !paginationToken) {
		const searches = await Promise.all(
			listing.identifiers.map(
				async (identifier) =>
					await page(context, `${listing.url}:search`, { [identifier]: filter.trim() }),
			),
		);
		for (const { records } of searches) add(records);
	}
	let number = Number(paginationToken ?? 1);
	for (let read = 0; read < (wanted ? pagesAtOnce : 1); read += 1) {
		const { records, isLast } = await page(context, listing.url, { page: number });
		add(records.filter((record) => toItem(listing, record).name.toLowerCase().includes(wanted)));
		if (isLast) return { results: [...found.values()] };
		number += 1;
	}
	return { results: [...found.values()], paginationToken: String(number) };
}

/** What n8n calls to fill a locator's list; a list may depend on the fields above it. */
function filling(listing: Listing | ((context: ILoadOptionsFunctions) => Promise<Listing>)) {
	return async function (this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) {
		const settled = typeof listing === 'function' ? await listing(this) : listing;
		return await search(this, settled, filter, paginationToken);
	};
}

/** The node's `methods.listSearch`, under the names that the locators call them by. */
export const listSearch = {
	searchCoupons: filling(listings.coupons),
	searchCustomers: filling(listings.customers),
	searchDomains: filling(listings.domains),
	searchLeads: filling(listings.leads),
	searchPartners: filling(listings.partners),
	searchPayoutRequests: filling(listings.payoutRequests),
	searchPromotionCodes: filling(listings.promotionCodes),
	searchReferralLinks: filling(linksOfOwner),
	searchRewards: filling(listings.rewards),
	searchSubscribers: filling(listings.subscribers),
	searchTransactions: filling(listings.transactions),
	searchWebhooks: filling(listings.webhooks),
};
