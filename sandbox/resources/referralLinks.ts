import type { Customer, Partner } from '../records';
import type { Call, Handlers } from '../responses';
import { ApiError, created, data, done, found, invalid } from '../responses';
import type { Reference } from '../state';
import type { Table } from '../table';

import { bareChanges, refuseTaken, search } from './common';
import { customerOfPath } from './customers';
import type { LinkOwner } from './links';
import { linkKeys, linkStart, linkUrl } from './links';
import { partnerOfPath } from './partners';

interface LinkFields {
	key: string;
	partner?: Reference;
	customer?: Reference;
	domain_id?: string | number | null;
	is_additional?: boolean;
}

/** The link object; its id is its key (partnero-api.md 1.6, 2.10). */
function show({ program }: Call, owner: LinkOwner, key: string) {
	return {
		id: key,
		key,
		url: linkUrl(program, key),
		default: key === owner.key,
		is_additional: program.linkPlaces.get(key)?.is_additional ?? false,
		direct_tracking: false,
		direct_tracking_redirect: false,
		direct_tracking_redirect_url: null,
	};
}

/** A page without `links` and `meta` (partnero-api.md 1.2). */
function bare({ query: { limit, page } }: Call, records: object[]) {
	return data(records.slice((page - 1) * limit, page * limit));
}

/** The default domain, which has no id, and after it the others. */
function listDomains(call: Call) {
	const { linkDomains } = call.program;
	const start = linkStart(call.program);
	const others = linkDomains.map(({ id, domain, is_additional }) => ({
		id,
		domain,
		url: linkStart(call.program, id),
		is_additional,
	}));
	return bare(call, [
		{ id: null, domain: new URL(start).host, url: start, is_additional: false },
		...others,
	]);
}

/** The links of partners and those of customers are the same, but for whom they belong to. */
function handlersFor<T extends LinkOwner>(
	tableOf: (call: Call) => Table<T, never, 'id' | 'key' | 'email'>,
	ownerOfPath: (call: Call) => T,
	ownerOfBody: (call: Call) => T | undefined,
) {
	const ownerOfLink = (call: Call) =>
		found(tableOf(call).find('key', call.params.id ?? ''), 'Referral link');
	return {
		list: (call: Call) => {
			const owner = ownerOfPath(call);
			return bare(
				call,
				linkKeys(owner).map((key) => show(call, owner, key)),
			);
		},
		search: (call: Call) => {
			const wanted = call.query['customer[id]'];
			const owners = [...tableOf(call)].filter(
				({ id }) => wanted === undefined || id === String(wanted),
			);
			const links = owners.flatMap((owner) =>
				linkKeys(owner).map((key) => ({ ...show(call, owner, key), created_at: '' })),
			);
			const matches = search(call, links, { key: ({ key }) => [key], id: ({ id }) => [id] });
			return bare(
				call,
				matches.map(({ created_at: _created, ...link }) => link),
			);
		},
		get: (call: Call) => data(show(call, ownerOfLink(call), call.params.id ?? '')),
		create: (call: Call) => {
			const { program } = call;
			const { key, domain_id, is_additional } = call.body as LinkFields;
			const domain = domain_id === undefined || domain_id === null ? undefined : String(domain_id);
			const owner = ownerOfBody(call);
			if (!owner) throw new ApiError(400, 'Invalid owner of the link');
			refuseTaken(tableOf(call), 'key', key);
			if (domain !== undefined && !program.linkDomains.some(({ id }) => id === domain)) {
				throw invalid({ domain_id: ['The selected domain is invalid.'] });
			}
			tableOf(call).update(owner, { moreKeys: [...owner.moreKeys, key] } as Partial<T>);
			if (domain !== undefined || is_additional) {
				program.linkPlaces.set(key, {
					domain: domain ?? null,
					is_additional: is_additional ?? false,
				});
			}
			return created(call, show(call, owner, key));
		},
		/** The id and the address change with the key (partnero-api.md 2.10). */
		update: (call: Call) => {
			const {
				program,
				params: { id = '' },
			} = call;
			const { key = id } = bareChanges<LinkFields>(call);
			const owner = ownerOfLink(call);
			if (key !== id && linkKeys(owner).includes(key))
				throw invalid({ key: ['The key has already been taken.'] });
			refuseTaken(tableOf(call), 'key', key, owner);
			const renamed = (one: string) => (one === id ? key : one);
			const place = program.linkPlaces.get(id);
			tableOf(call).update(owner, {
				key: renamed(owner.key),
				moreKeys: owner.moreKeys.map(renamed),
			} as Partial<T>);
			program.linkPlaces.delete(id);
			if (place) program.linkPlaces.set(key, place);
			return data(show(call, owner, key));
		},
		remove: (call: Call) => {
			const {
				program,
				params: { id },
			} = call;
			const owner = ownerOfLink(call);
			if (owner.key === id) throw invalid({ id: ['The default link cannot be deleted.'] });
			tableOf(call).update(owner, {
				moreKeys: owner.moreKeys.filter((key) => key !== id),
			} as Partial<T>);
			program.linkPlaces.delete(id ?? '');
			return done;
		},
	};
}

const ofPartners = handlersFor<Partner>(
	({ program }) => program.partners,
	partnerOfPath,
	({ program, body }) => program.partnerBy((body as LinkFields).partner ?? {}),
);

const ofCustomers = handlersFor<Customer>(
	({ program }) => program.customers,
	customerOfPath,
	({ program, body }) => program.customerBy((body as LinkFields).customer ?? {}),
);

export const referralLinkHandlers: Handlers = {
	listReferralLinkDomains: listDomains,
	listPartnerReferralLinks: ofPartners.list,
	searchPartnerReferralLinks: ofPartners.search,
	getPartnerReferralLink: ofPartners.get,
	createPartnerReferralLink: ofPartners.create,
	updatePartnerReferralLink: ofPartners.update,
	deletePartnerReferralLink: ofPartners.remove,
	listCustomerReferralLinks: ofCustomers.list,
	searchCustomerReferralLinks: ofCustomers.search,
	getCustomerReferralLink: ofCustomers.get,
	createCustomerReferralLink: ofCustomers.create,
	updateCustomerReferralLink: ofCustomers.update,
	deleteCustomerReferralLink: ofCustomers.remove,
};
