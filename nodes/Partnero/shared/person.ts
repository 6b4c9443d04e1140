import type { INodeProperties } from 'n8n-workflow';

/** What partners and customers have in common. */
export const email: INodeProperties = {
	displayName: 'Email',
	name: 'email',
	type: 'string',
	placeholder: 'name@email.com',
	default: '',
	description: 'The email address, for example ann.lee@example.com',
};

export const firstName: INodeProperties = {
	displayName: 'First Name',
	name: 'name',
	type: 'string',
	placeholder: 'e.g. Ann',
	default: '',
};

export const lastName: INodeProperties = {
	displayName: 'Last Name',
	name: 'surname',
	type: 'string',
	placeholder: 'e.g. Lee',
	default: '',
};

export const tags: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	placeholder: 'e.g. vip, newsletter',
	default: '',
	description:
		'Tags separated by commas, or an expression that gives an array. The empty array {{ [] }} removes all tags in an update.',
};

/** Customers of refer-a-friend programs have none. */
export const customerTags: INodeProperties = {
	...tags,
	description: `${tags.description} (affiliate programs)`,
};

/** Attributes to one of several links of a partner. */
export const referralUrl: INodeProperties = {
	displayName: 'Referral URL',
	name: 'referralUrl',
	type: 'string',
	placeholder: 'e.g. https://shop.example?aff=annlee',
	default: '',
	description: 'The referral link that was used, to credit one of several links of a partner',
};
