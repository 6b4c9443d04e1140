import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { optional, partner, reference, referrer, referringCustomer } from '../../shared/locators';
import { customerTags, email, firstName, lastName, referralUrl } from '../../shared/person';
import { customerSearch } from '../../shared/searches';

const key: INodeProperties = {
	displayName: 'Customer Key',
	name: 'key',
	type: 'string',
	default: '',
	placeholder: 'e.g. user_77',
	description:
		'Your own identifier of the customer, by which sales find the customer later. In refer-a-friend programs the public key in the link. Needed unless Customer ID is given.',
};

const attributeTo: INodeProperties = {
	displayName: 'Attribute To',
	name: 'attributeTo',
	type: 'options',
	options: [
		{
			name: 'Nobody',
			value: 'nobody',
			description: 'The customer came without a referral (refer-a-friend programs)',
		},
		{
			name: 'Partner',
			value: 'partner',
			description:
				'The partner earns a commission on the sales of the customer (affiliate programs)',
		},
		{
			name: 'Referring Customer',
			value: 'referringCustomer',
			description: 'Another customer brought this one in (refer-a-friend programs)',
		},
	],
	default: 'partner',
	description: 'Who brought the customer in; stays as it is once the customer is created',
};

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create customer',
		description: 'Create a customer and attribute it to whoever brought it in',
	},
	request: {
		method: 'POST',
		url: '/customers',
		body: {
			id: '{additionalFields.id}',
			key: '{key}',
			email: '{additionalFields.email}',
			name: '{additionalFields.name}',
			surname: '{additionalFields.surname}',
			tags: '{additionalFields.tags|list}',
			metadata: { date_of_birth: '{additionalFields.dateOfBirth|date}' },
			partner: reference('partner'),
			referring_customer: referrer('referringCustomer'),
			options: { referral_url: '{additionalFields.referralUrl}' },
		},
	},
	fields: [
		key,
		attributeTo,
		{ ...optional(partner), displayOptions: { show: { attributeTo: ['partner'] } } },
		{
			...optional(referringCustomer),
			displayOptions: { show: { attributeTo: ['referringCustomer'] } },
		},
		additionalFields([
			{
				displayName: 'Customer ID',
				name: 'id',
				type: 'string',
				default: '',
				placeholder: 'e.g. user_77',
				description: 'The private identifier of the customer (refer-a-friend programs only)',
			},
			{
				displayName: 'Date of Birth',
				name: 'dateOfBirth',
				type: 'dateTime',
				default: '',
				description: 'The day of birth (refer-a-friend programs only)',
			},
			email,
			firstName,
			lastName,
			{ ...referralUrl, description: `${referralUrl.description} (affiliate programs)` },
			customerTags,
		]),
	],
	requireOneOf: [['key', 'additionalFields.id'], ['partner'], ['referringCustomer']],
	idempotency: {
		keyFields: ['additionalFields.id', 'key'],
		lookup: {
			url: '/customers/{identifier}',
			bySearch: customerSearch,
		},
	},
	output: { kind: 'record' },
};
