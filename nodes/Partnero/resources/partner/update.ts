import type { Operation } from '../../operation';
import { clearFields, updateFields } from '../../shared/collections';
import { partner } from '../../shared/locators';
import { email, firstName, lastName, tags } from '../../shared/person';
import { keysAlone } from '../../shared/referralKeys';
import { partnerSearch } from '../../shared/searches';
import { updateRequest } from '../../shared/update';

import { password, referralKey } from './fields';

const changes = {
	email: '{updateFields.email}',
	name: '{updateFields.name}',
	surname: '{updateFields.surname}',
	password: '{updateFields.password}',
	key: '{updateFields.key}',
	tags: '{updateFields.tags|list}',
};

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update partner',
		description: 'Update a partner',
	},
	...updateRequest('/partners/{partner}', changes),
	byBody: { method: 'PUT', url: '/partners', body: { email: '{partner|email}', update: changes } },
	readBack: { bySearch: partnerSearch },
	fields: [
		partner,
		updateFields([
			{ ...email, displayName: 'New Email' },
			firstName,
			lastName,
			password,
			referralKey,
			tags,
		]),
		clearFields([firstName, lastName, tags]),
	],
	rules: keysAlone('updateFields.key'),
	output: { kind: 'record' },
};
