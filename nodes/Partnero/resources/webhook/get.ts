import { webhook } from '../../shared/locators';
import { summarizeWebhook } from './output';
import type { Operation } from '../../operation';
import { simplifyWebhook } from './fields';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get webhook',
		description: 'Retrieve a webhook; to start a workflow use Partnero Trigger',
	},
	request: { method: 'GET', url: '/webhooks/{webhook}' },
	fields: [webhook, simplifyWebhook],
	output: { kind: 'record', summary: summarizeWebhook },
};
