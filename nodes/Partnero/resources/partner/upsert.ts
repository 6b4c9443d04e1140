import type { Operation } from '../../operation';
import { partnerSearch } from '../../shared/searches';
import { updateRequest } from '../../shared/update';

import { create } from './create';

const changes = {
	name: '{additionalFields.name}',
	surname: '{additionalFields.surname}',
	password: '{additionalFields.password}',
	key: '{additionalFields.key}',
	tags: '{additionalFields.tags|list}',
};

const { request: update, fallbacks } = updateRequest('/partners/{identifier}', changes);

export const upsert: Operation = {
	entry: {
		name: 'Create or Update',
		value: 'upsert',
		action: 'Create or update partner',
		description: 'Create a new partner, or update the current one if it already exists (upsert)',
	},
	request: create.request,
	fields: create.fields,
	rules: create.rules,
	fallbacks,
	byBody: { method: 'PUT', url: '/partners', body: { email: '{email}', update: changes } },
	readBack: { bySearch: partnerSearch },
	idempotency: { ...create.idempotency!, update },
	output: { kind: 'record' },
};
