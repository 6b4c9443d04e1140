import { updateRequest } from '../../shared/update';
import type { Operation } from '../../operation';
import { create } from './create';

const { request: update, fallbacks } = updateRequest('/customers/{found}', {
	email: '{additionalFields.email}',
	name: '{additionalFields.name}',
	surname: '{additionalFields.surname}',
	tags: '{additionalFields.tags|list}',
	metadata: { date_of_birth: '{additionalFields.dateOfBirth|date}' },
});

export const upsert: Operation = {
	entry: {
		name: 'Create or Update',
		value: 'upsert',
		action: 'Create or update customer',
		description: 'Create a new customer, or update the current one if it already exists (upsert)',
	},
	request: create.request,
	fields: create.fields,
	needs: create.needs,
	fallbacks,
	identity: { ...create.identity!, update },
	output: { kind: 'record' },
};
