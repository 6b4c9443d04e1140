import type { Operation } from '../../operation';
import { lead } from '../../shared/locators';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete lead',
		description: 'Delete a lead for good',
	},
	request: { method: 'DELETE', url: '/leads/{lead}' },
	fields: [lead],
	irreversible: 'Reject the lead instead to keep a record of it.',
	output: { kind: 'done', item: { deleted: true, id: '{lead|number}' } },
};
