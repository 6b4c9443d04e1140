import type { Operation } from '../../operation';
import { webhook } from '../../shared/locators';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete webhook',
		description:
			'Delete a webhook for good; deleting that of a published workflow stops the workflow',
	},
	request: { method: 'DELETE', url: '/webhooks/{webhook}' },
	fields: [webhook],
	irreversible:
		'Nothing is sent to its address any more. Switch the webhook off instead to pause it.',
	output: { kind: 'done', item: { deleted: true, id: '{webhook|identifier}' } },
};
