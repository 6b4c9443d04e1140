import type { Operation } from '../../operation';
import { clearFields, updateFields } from '../../shared/collections';
import { partner } from '../../shared/locators';
import { email, firstName, lastName, tags } from '../../shared/person';
import { updateRequest } from '../../shared/update';

import { password, referralKey } from './fields';

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update partner',
		description: 'Update a partner',
	},
	...updateRequest('/partners/{partner}', {
		email: '{updateFields.email}',
		name: '{updateFields.name}',
		surname: '{updateFields.surname}',
		password: '{updateFields.password}',
		key: '{updateFields.key}',
		tags: '{updateFields.tags|list}',
	}),
	fields: [
		partner,
		updateFields([{ ...email, displayName: 'New Email' }, firstName, lastName, password, referralKey, tags]),
		clearFields([firstName, lastName, tags]),
	],
	output: { kind: 'record' },
};
