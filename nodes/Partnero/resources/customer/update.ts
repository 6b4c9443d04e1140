import type { Operation } from '../../operation';
import { clearFields, updateFields } from '../../shared/collections';
import { customer } from '../../shared/locators';
import { customerTags, email, firstName, lastName } from '../../shared/person';
import { customerSearch } from '../../shared/searches';
import { updateRequest } from '../../shared/update';

const changes = {
	email: '{updateFields.email}',
	name: '{updateFields.name}',
	surname: '{updateFields.surname}',
	key: '{updateFields.key}',
	tags: '{updateFields.tags|list}',
};

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update customer',
		description: 'Update a customer',
	},
	...updateRequest(
		'/customers/{customer}',
		changes,
		'/customers/{updateFields.key,updateFields.email}',
	),
	byBody: {
		method: 'PUT',
		url: '/customers',
		body: { key: '{customer|key}', id: '{customer|id}', update: changes },
	},
	readBack: { bySearch: customerSearch },
	fields: [
		customer,
		updateFields([
			{ ...email, displayName: 'New Email' },
			firstName,
			lastName,
			{
				displayName: 'New Key',
				name: 'key',
				type: 'string',
				default: '',
				placeholder: 'e.g. user_78',
				description: 'Another identifier for the customer, by which sales find it from now on',
			},
			customerTags,
		]),
		clearFields([firstName, lastName, customerTags]),
	],
	output: { kind: 'record' },
};
