import type { INodeProperties } from 'n8n-workflow';

/** One partner: picked from the list, or by the ID, a referral key or the email. */
export const partner: INodeProperties = {
	displayName: 'Partner',
	name: 'partner',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a partner…',
			typeOptions: { searchListMethod: 'searchPartners', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. p_1a2b3c' },
		{ displayName: 'By Key', name: 'key', type: 'string', placeholder: 'e.g. annlee' },
		{ displayName: 'By Email', name: 'email', type: 'string', placeholder: 'e.g. ann@example.com' },
	],
	description:
		'The partner: picked from the list, or by ID, by referral key (what follows "aff=" in the partner\'s link) or by email',
};

/** One customer: picked from the list, or by key, ID or email. */
export const customer: INodeProperties = {
	displayName: 'Customer',
	name: 'customer',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a customer…',
			typeOptions: { searchListMethod: 'searchCustomers', searchable: true },
		},
		{ displayName: 'By Key', name: 'key', type: 'string', placeholder: 'e.g. user_77' },
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. user_77' },
		{ displayName: 'By Email', name: 'email', type: 'string', placeholder: 'e.g. bob@example.com' },
	],
	description:
		'The customer: picked from the list, or by key (the identifier that you gave it), by ID or by email',
};

/** The customer of a refer-a-friend program who brought another one in. */
export const referringCustomer: INodeProperties = {
	...customer,
	displayName: 'Referring Customer',
	name: 'referringCustomer',
	description:
		'The customer who brought the new one in (refer-a-friend programs): picked from the list, by ID, by key (what follows "ref=" in the customer\'s link) or by email',
};

/** One transaction: picked from the list, or by its key. */
export const transaction: INodeProperties = {
	displayName: 'Transaction',
	name: 'transaction',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a transaction…',
			typeOptions: { searchListMethod: 'searchTransactions', searchable: true },
		},
		{ displayName: 'By Key', name: 'key', type: 'string', placeholder: 'e.g. inv_1001' },
	],
	description: 'The transaction: picked from the list, or by the key that it was recorded with',
};

/** One lead: picked from the list, or by its ID. */
export const lead: INodeProperties = {
	displayName: 'Lead',
	name: 'lead',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a lead…',
			typeOptions: { searchListMethod: 'searchLeads', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 44',
			// Other addresses stand beside those of leads, such as /leads/details.
			validation: [
				{
					type: 'regex',
					properties: { regex: '^\\d{1,15}$', errorMessage: 'The ID of a lead is a number' },
				},
			],
		},
	],
	description: 'The lead: picked from the list, or by its ID',
};

/** One coupon: picked from the list, or by its UUID code. */
export const coupon: INodeProperties = {
	displayName: 'Coupon',
	name: 'coupon',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a coupon…',
			typeOptions: { searchListMethod: 'searchCoupons', searchable: true },
		},
		{ displayName: 'By Code', name: 'uuidCode', type: 'string', placeholder: 'e.g. winter25' },
	],
	description: 'The coupon: picked from the list, or by its UUID code',
};

/** A locator that may stay empty, as in a collection. */
export function optional(locator: INodeProperties): INodeProperties {
	const field = { ...locator };
	delete field.required;
	return field;
}

/** What a body names a picked record by: only the identifier that was given is sent. */
export function reference(field: string) {
	return { id: `{${field}|id}`, key: `{${field}|key}`, email: `{${field}|email}` };
}

/** The same for a referring customer, whom the API knows by id or key only (`partnero-api.md` 2.3.2). */
export function referrer(field: string) {
	return { id: `{${field}|id}`, key: `{${field}|key}` };
}
