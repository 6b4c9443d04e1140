import type { Operation } from '../../operation';
import { webhook } from '../../shared/locators';

import { simplifiedWebhook } from './fields';
import { summarizeWebhook } from './output';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get webhook',
		description: 'Retrieve a webhook; to start a workflow use Partnero Trigger',
	},
	request: { method: 'GET', url: '/webhooks/{webhook}' },
	fields: [webhook, ...simplifiedWebhook],
	output: { kind: 'record', summary: summarizeWebhook },
};
