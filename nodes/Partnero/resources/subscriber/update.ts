import type { Operation } from '../../operation';
import { clearFields, updateFields } from '../../shared/collections';
import { subscriber } from '../../shared/locators';
import { email } from '../../shared/person';
import { atNewAddress } from '../../shared/update';

import { changeable, details, fullName, subscriberId, updateSubscriber } from './fields';

const { request, fallbacks, readBack } = updateSubscriber('subscriber', {
	// The one client that has an update calls it so (`partnero-api.md` 2.8).
	identifier: '{updateFields.id}',
	email: '{updateFields.email}',
	...details('updateFields'),
});

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update subscriber',
		description: 'Update a subscriber',
	},
	request,
	readBack,
	fallbacks: [...fallbacks, atNewAddress('/subscribers/{updateFields.id,updateFields.email}')],
	fields: [
		subscriber,
		updateFields([
			...changeable,
			{ ...email, displayName: 'New Email' },
			{ ...subscriberId, displayName: 'New ID' },
		]),
		clearFields([fullName]),
	],
	output: { kind: 'record' },
};
