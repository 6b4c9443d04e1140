import type { Operation } from '../../operation';
import { updateFields } from '../../shared/collections';
import { webhook } from '../../shared/locators';

import { eventsOf, isActive, rulesFor, webhookEvents, webhookName, webhookUrl } from './fields';

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update webhook',
		description:
			'Update a webhook, whose signing secret stays; that of a published workflow is up to its Partnero Trigger',
	},
	request: {
		method: 'PUT',
		url: '/webhooks/{webhook}',
		body: {
			name: '{updateFields.name}',
			url: '{updateFields.url}',
			events: eventsOf('updateFields.'),
			is_active: '{updateFields.isActive}',
		},
	},
	fields: [webhook, updateFields([...webhookEvents, isActive, webhookName, webhookUrl])],
	rules: rulesFor('updateFields.'),
	output: { kind: 'record' },
};
