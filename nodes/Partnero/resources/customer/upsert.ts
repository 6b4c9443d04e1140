import type { Operation } from '../../operation';
import { customerSearch } from '../../shared/searches';
import { updateRequest } from '../../shared/update';

import { create } from './create';

const changes = {
	email: '{additionalFields.email}',
	name: '{additionalFields.name}',
	surname: '{additionalFields.surname}',
	tags: '{additionalFields.tags|list}',
	metadata: { date_of_birth: '{additionalFields.dateOfBirth|date}' },
};

const { request: update, fallbacks } = updateRequest('/customers/{identifier}', changes);

export const upsert: Operation = {
	entry: {
		name: 'Create or Update',
		value: 'upsert',
		action: 'Create or update customer',
		description: 'Create a new customer, or update the current one if it already exists (upsert)',
	},
	request: create.request,
	fields: create.fields,
	requireOneOf: create.requireOneOf,
	fallbacks,
	byBody: {
		method: 'PUT',
		url: '/customers',
		body: { key: '{identifier|key}', id: '{identifier|id}', update: changes },
	},
	readBack: { bySearch: customerSearch },
	idempotency: { ...create.idempotency!, update },
	output: { kind: 'record' },
};
