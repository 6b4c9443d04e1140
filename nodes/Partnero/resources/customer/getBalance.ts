import type { Operation } from '../../operation';
import { customer } from '../../shared/locators';

import { balanceItem } from './output';

export const getBalance: Operation = {
	entry: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get balance of customer',
		description: 'Retrieve what a customer has earned and not yet used (refer-a-friend programs)',
	},
	programs: ['refer-a-friend'],
	request: { method: 'GET', url: '/customers/{customer}/balance' },
	fields: [customer],
	output: { kind: 'computed', compute: balanceItem },
};
