import type { Operation } from '../../operation';
import { updateRequest } from '../../shared/update';

import { create } from './create';

const { request: update, fallbacks } = updateRequest('/partners/{identifier}', {
	name: '{additionalFields.name}',
	surname: '{additionalFields.surname}',
	password: '{additionalFields.password}',
	key: '{additionalFields.key}',
	tags: '{additionalFields.tags|list}',
});

export const upsert: Operation = {
	entry: {
		name: 'Create or Update',
		value: 'upsert',
		action: 'Create or update partner',
		description: 'Create a new partner, or update the current one if it already exists (upsert)',
	},
	request: create.request,
	fields: create.fields,
	fallbacks,
	idempotency: { ...create.idempotency!, update },
	output: { kind: 'record' },
};
