import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { subscriberReference } from '../../shared/locators';

import { details, newSubscriber, subscriberEmail } from './fields';

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create subscriber',
		description: 'Create a subscriber, which may earn the one who referred it a reward',
	},
	request: {
		method: 'POST',
		url: '/subscribers',
		body: {
			email: '{email}',
			id: '{additionalFields.id}',
			...details('additionalFields'),
			referral: subscriberReference('additionalFields.referredBy'),
		},
	},
	fields: [subscriberEmail, additionalFields(newSubscriber)],
	idempotency: {
		keyFields: ['email'],
		// Not its id, which a new subscriber may not have yet (`partnero-api.md` 1.6).
		lookup: {
			url: '/subscribers:search',
			qs: { email: '{email}' },
			match: 'email',
			otherwise: { url: '/subscribers/{identifier}' },
		},
	},
	output: { kind: 'record' },
};
