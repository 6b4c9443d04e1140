import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { getFromList } from './get';
import type { Listing } from './search';

/**
 * The links of the partner or customer that is picked above the field: the API lists them by owner
 * only (`partnero-api.md` 2.10).
 * @throws NodeOperationError that says what to pick first
 */
export async function linksOfOwner(context: ILoadOptionsFunctions): Promise<Listing> {
	const owner = context.getCurrentNodeParameter('owner') === 'customer' ? 'customer' : 'partner';
	const { mode, value } = (context.getCurrentNodeParameter(owner) ?? {}) as { mode?: string; value?: unknown };
	const identifier = String(value ?? '').trim();
	if (!identifier || identifier.startsWith('=')) {
		const label = owner === 'partner' ? 'Partner' : 'Customer';
		throw new NodeOperationError(context.getNode(), `Pick a ${owner} first`, {
			description: `The list shows the links of the ${owner} in the field '${label}', which needs a fixed value for that. To name the link itself, choose By ID.`,
		});
	}
	const isPartnerById = owner === 'partner' && (mode === undefined || mode === 'list' || mode === 'id');
	const id = owner === 'customer' || isPartnerById ? identifier : await partnerId(context, String(mode), identifier);
	return {
		url: `/${owner}s/${encodeURIComponent(id)}/referral_links`,
		identifiers: [],
		value: ({ id: linkId }) => linkId,
		name: ({ key, url, default: isDefault }) => [key, url, isDefault === true && 'default'].filter(Boolean).join(' · '),
	};
}

/** Paths take a partner's id only (`partnero-api.md` 1.6); GET /partner takes a key or an email (2.2). */
async function partnerId(context: ILoadOptionsFunctions, kind: string, value: string): Promise<string> {
	const { data } = await getFromList(context, '/partner', { [kind]: value });
	return String((data as IDataObject | undefined)?.id ?? value);
}
