import { updateFields } from '../../fields/collections';
import { subscriber } from '../../fields/locators';
import { email } from '../../fields/person';
import type { Operation } from '../operation';
import { changeable, details, updateSubscriber } from './fields';

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update subscriber',
		description: 'Update a subscriber',
	},
	...updateSubscriber('subscriber', { email: '{updateFields.email}', ...details('updateFields') }),
	fields: [subscriber, updateFields([...changeable, { ...email, displayName: 'New Email' }])],
	output: { kind: 'record' },
};
