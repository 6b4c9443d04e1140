import type { Operation } from '../../operation';
import { simplified } from '../../shared/list';
import { subscriber } from '../../shared/locators';

import { summarizeSubscriber } from './output';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get subscriber',
		description: 'Retrieve a subscriber with the number of referrals and the rewards',
	},
	request: { method: 'GET', url: '/subscribers/{subscriber}' },
	fields: [subscriber, ...simplified],
	output: { kind: 'record', summary: summarizeSubscriber },
};
