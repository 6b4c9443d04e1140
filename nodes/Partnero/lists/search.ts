import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { largestPage } from '../request/pages';
import { credentialName, send } from '../request/send';

/** How the records of a list are shown and picked. */
interface Listing {
	/** The list; its search is `url:search`. */
	url: string;
	/** What the API's search takes, one at a time. */
	identifiers: string[];
	/** What stands for the record in the node's parameters. */
	value(record: IDataObject): unknown;
}

/** How many pages are read for one screen of a filtered list. */
const pagesAtOnce = 5;

const partners: Listing = {
	url: '/partners',
	identifiers: ['email', 'key', 'id'],
	value: ({ id }) => id,
};

/** Affiliate customers are picked by `key`, those of refer-a-friend programs by `id`. */
const customers: Listing = {
	url: '/customers',
	identifiers: ['email', 'key', 'id'],
	value: ({ key, id }) => key ?? id,
};

async function get(context: ILoadOptionsFunctions, url: string, qs: IDataObject) {
	const credentials = await context.getCredentials(credentialName);
	const { status, body } = await send(context, credentials, { method: 'GET', url, qs });
	const { data, links, message } = (body ?? {}) as IDataObject;
	if (status > 299 || !Array.isArray(data)) {
		throw new NodeApiError(
			context.getNode(),
			{},
			{
				message: 'The list could not be loaded from Partnero',
				description: `HTTP ${status}${typeof message === 'string' ? `: ${message}` : ''}. Check the credential; this type of program may have no such list.`,
				httpCode: String(status),
			},
		);
	}
	const isLast = ((links as IDataObject | undefined)?.next ?? null) === null;
	return { records: data as IDataObject[], isLast: isLast || data.length < largestPage };
}

function toItem({ value }: Listing, record: IDataObject): INodeListSearchItems {
	const name = [record.name, record.surname].filter(Boolean).join(' ');
	const address = String(record.email ?? value(record));
	return { name: name ? `${name} (${address})` : address, value: String(value(record)) };
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
			const item = toItem(listing, record);
			if (!found.has(String(item.value))) found.set(String(item.value), item);
		}
	};
	if (wanted && !paginationToken) {
		const searches = await Promise.all(
			listing.identifiers.map(
				async (identifier) =>
					await get(context, `${listing.url}:search`, { [identifier]: filter.trim(), limit: largestPage }),
			),
		);
		for (const { records } of searches) add(records);
	}
	let page = Number(paginationToken ?? 1);
	for (let read = 0; read < (wanted ? pagesAtOnce : 1); read += 1) {
		const { records, isLast } = await get(context, listing.url, { limit: largestPage, page });
		add(records.filter((record) => toItem(listing, record).name.toLowerCase().includes(wanted)));
		if (isLast) return { results: [...found.values()] };
		page += 1;
	}
	return { results: [...found.values()], paginationToken: String(page) };
}

/** Fills the list of a partner locator. */
export async function searchPartners(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await search(this, partners, filter, paginationToken);
}

/** Fills the list of a customer locator. */
export async function searchCustomers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await search(this, customers, filter, paginationToken);
}
