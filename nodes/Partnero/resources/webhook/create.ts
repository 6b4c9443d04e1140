import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';

import { eventsOf, isActive, rulesFor, webhookEvents, webhookName, webhookUrl } from './fields';

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create webhook',
		description:
			'Create a webhook for another tool, with its signing secret; to start a workflow use Partnero Trigger',
	},
	request: {
		method: 'POST',
		url: '/webhooks',
		body: {
			name: '{name}',
			url: '{url}',
			events: eventsOf(),
			is_active: '{additionalFields.isActive}',
		},
	},
	fields: [
		{ ...webhookName, required: true },
		{ ...webhookUrl, required: true },
		...webhookEvents,
		additionalFields([isActive]),
	],
	requireOneOf: [['events', 'customEvents']],
	rules: rulesFor(),
	output: { kind: 'record' },
};
