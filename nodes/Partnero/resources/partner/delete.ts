import type { Operation } from '../../operation';
import { partner } from '../../shared/locators';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete partner',
		description: 'Delete a partner for good',
	},
	request: { method: 'DELETE', url: '/partners/{partner}' },
	byBody: { method: 'DELETE', url: '/partners', body: { email: '{partner|email}' } },
	fields: [partner],
	irreversible: 'Archive the partner instead if it may come back.',
	output: { kind: 'done', item: { deleted: true, id: '{partner|identifier}' } },
};
