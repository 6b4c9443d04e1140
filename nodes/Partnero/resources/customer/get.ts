import type { Operation } from '../../operation';
import { simplified } from '../../shared/list';
import { customer } from '../../shared/locators';
import { customerSearch } from '../../shared/searches';

import { summarizeCustomer } from './output';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get customer',
		description: 'Retrieve a customer',
	},
	request: { method: 'GET', url: '/customers/{customer}' },
	bySearch: customerSearch,
	fields: [customer, ...simplified],
	output: { kind: 'record', summary: summarizeCustomer },
};
