import type { Operation } from '../../operation';
import { customer } from '../../shared/locators';

export const getStatistics: Operation = {
	entry: {
		name: 'Get Statistics',
		value: 'getStatistics',
		action: 'Get statistics of customer',
		description: 'Retrieve the numbers of a customer (refer-a-friend programs)',
	},
	programs: ['refer-a-friend'],
	request: { method: 'GET', url: '/customers/{customer}/stats' },
	fields: [customer],
	output: { kind: 'answer' },
};
