import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { largestPage } from '../lookup/pages';
import type { PartnerErrors } from '../lookup/partnerByKey';
import { partnerByKey } from '../lookup/partnerByKey';
import { isSameName } from '../response/identity';
import { leftAmong } from '../response/standing';
import { recordsAmong, recordUnder } from '../response/unwrap';
import { isSuccess } from '../transport/outcome';
import { sendWithRetry } from '../transport/retry';
import type { Sender } from '../transport/sender';
import { senderWithoutItems } from '../transport/sender';

import { getFromList, listFailure } from './get';
import type { Listing } from './search';

/**
 * The links of the partner or customer that is picked above the field: the API lists them by owner
 * only (`partnero-api.md` 2.10).
 * @throws NodeOperationError that says what to pick first
 */
export async function linksOfOwner(context: ILoadOptionsFunctions): Promise<Listing> {
	const owner = context.getCurrentNodeParameter('owner') === 'customer' ? 'customer' : 'partner';
	const { mode, value } = (context.getCurrentNodeParameter(owner) ?? {}) as {
		mode?: string;
		value?: unknown;
	};
	const identifier = String(value ?? '').trim();
	if (!identifier || identifier.startsWith('=')) {
		const label = owner === 'partner' ? 'Partner' : 'Customer';
		throw new NodeOperationError(context.getNode(), `Choose a ${owner} first`, {
			description: `The list shows the links of the ${owner} in the field '${label}', which must have a fixed value for this. Otherwise give the link By ID.`,
		});
	}
	const isPartnerById =
		owner === 'partner' && (mode === undefined || mode === 'list' || mode === 'id');
	const id =
		owner === 'customer' || isPartnerById
			? identifier
			: await partnerId(context, String(mode), identifier);
	return {
		url: `/${owner}s/${encodeURIComponent(id)}/referral_links`,
		identifiers: [],
		value: ({ id: linkId }) => linkId,
		name: ({ key, url, default: isDefault }) =>
			[key, url, isDefault === true && 'default'].filter(Boolean).join(' · '),
	};
}

/** Paths take a partner's id only (`partnero-api.md` 1.6), so that a key or an email is looked up as it is for an item. */
async function partnerId(
	context: ILoadOptionsFunctions,
	kind: string,
	value: string,
): Promise<string> {
	const sender = await senderWithoutItems(context);
	const errors: PartnerErrors = {
		failure: async (result) => await listFailure(sender, result),
		tooMany: (message, description) =>
			new NodeOperationError(context.getNode(), message, { description }),
	};
	const partner =
		kind === 'key'
			? await partnerByKey(sender, value, errors)
			: await partnerByEmail(context, sender, value);
	if (partner) return String(partner.id);
	throw new NodeOperationError(
		context.getNode(),
		`No partner has the ${kind === 'key' ? 'referral key' : kind} '${value}'`,
		{
			description: 'Check the spelling, or choose the partner from the list.',
		},
	);
}

/** The search finds parts of an email as well, and perhaps no emails at all (`partnero-api.md` 10, A12). */
async function partnerByEmail(
	context: ILoadOptionsFunctions,
	sender: Sender,
	email: string,
): Promise<IDataObject | undefined> {
	const { data } = await getFromList(context, '/partners:search', { email, limit: largestPage });
	const [partner, ...others] = leftAmong(
		recordsAmong(Array.isArray(data) ? data : []).filter((one) =>
			isSameName(String(one.email), email),
		),
		(one) => one,
	);
	if (partner) return others.length === 0 ? partner : undefined;
	const result = await sendWithRetry(sender, { method: 'GET', url: '/partner', qs: { email } });
	return isSuccess(result) ? recordUnder(result) : undefined;
}
