import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { reference } from '../../shared/locators';
import { keysAlone } from '../../shared/referralKeys';

import { newPartner, partnerEmail } from './fields';

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create partner',
		description: 'Create a partner',
	},
	request: {
		method: 'POST',
		url: '/partners',
		body: {
			email: '{email}',
			id: '{additionalFields.id}',
			key: '{additionalFields.key}',
			name: '{additionalFields.name}',
			surname: '{additionalFields.surname}',
			password: '{additionalFields.password}',
			tags: '{additionalFields.tags|list}',
			referring_partner: reference('additionalFields.referringPartner'),
		},
	},
	fields: [partnerEmail, additionalFields(newPartner)],
	rules: keysAlone('additionalFields.key'),
	idempotency: {
		keyFields: ['email'],
		lookup: {
			url: '/partners:search',
			qs: { email: '{email}' },
			match: 'email',
			id: 'id',
			otherwise: { url: '/partner', qs: { email: '{email}' } },
		},
	},
	output: { kind: 'record' },
};
