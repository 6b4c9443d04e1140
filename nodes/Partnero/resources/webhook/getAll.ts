import type { Operation } from '../../operation';
import { limits } from '../../shared/list';

import { simplifiedWebhook } from './fields';
import { summarizeWebhook } from './output';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many webhooks',
		description: 'Retrieve a list of webhooks, those of Partnero Trigger and those of other tools',
	},
	request: { method: 'GET', url: '/webhooks' },
	fields: [...limits, ...simplifiedWebhook],
	output: { kind: 'list', unique: 'key', summary: summarizeWebhook },
};
