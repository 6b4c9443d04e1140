import type { INodeProperties } from 'n8n-workflow';

import { customer, optional, partner } from './locators';

/** Which kind of record a referral link belongs to; the routes are named after it. */
export const owner: INodeProperties = {
	displayName: 'Owner',
	name: 'owner',
	type: 'options',
	options: [
		{ name: 'Customer', value: 'customer', description: 'A customer of a refer-a-friend program' },
		{ name: 'Partner', value: 'partner', description: 'A partner of an affiliate program' },
	],
	default: 'partner',
	description:
		'Whose referral link it is: that of a partner, or that of a customer in refer-a-friend programs',
};

function picked(field: INodeProperties, description: string): INodeProperties {
	return { ...optional(field), displayOptions: { show: { owner: [field.name] } }, description };
}

const ways = {
	partner: 'picked from the list, or by ID, by referral key or by email',
	customer: 'picked from the list, or by key, by ID or by email',
};

/** Whose links: one of the two locators is shown, and has to be filled (`ownerNeeded`). */
export const linkOwner: INodeProperties[] = [
	owner,
	picked(partner, `The partner whose links are meant: ${ways.partner} (affiliate programs)`),
	picked(
		customer,
		`The customer whose links are meant: ${ways.customer} (refer-a-friend programs)`,
	),
];

export const ownerNeeded = [['partner'], ['customer']];

/** The same where the link itself is picked, so that its list knows whose links to show. */
export const linkOwnerOfList: INodeProperties[] = [
	owner,
	picked(
		partner,
		`Only to fill the list of links, not needed with By ID: the partner, ${ways.partner} (affiliate programs)`,
	),
	picked(
		customer,
		`Only to fill the list of links, not needed with By ID: the customer, ${ways.customer} (refer-a-friend programs)`,
	),
];
