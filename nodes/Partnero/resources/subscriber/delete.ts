import type { Operation } from '../../operation';
import { subscriber, subscriberReference } from '../../shared/locators';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete subscriber',
		description: 'Delete a subscriber for good',
	},
	request: { method: 'DELETE', url: '/subscribers', body: subscriberReference('subscriber') },
	fields: [subscriber],
	irreversible: 'Suspend the subscriber instead to keep what it has referred and earned.',
	output: { kind: 'done', item: { deleted: true, id: '{subscriber|identifier}' } },
};
