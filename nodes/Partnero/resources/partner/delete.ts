import { partner } from '../../fields/locators';
import type { Operation } from '../operation';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete partner',
		description: 'Delete a partner for good, which cannot be undone',
	},
	request: { method: 'DELETE', url: '/partners/{partner}' },
	fields: [partner],
	output: { kind: 'done', item: { deleted: true, id: '{partner|identifier}' } },
};
