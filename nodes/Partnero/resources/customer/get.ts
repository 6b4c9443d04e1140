import type { Operation } from '../../operation';
import { simplify } from '../../shared/list';
import { customer } from '../../shared/locators';

import { summarizeCustomer } from './output';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get customer',
		description: 'Retrieve a customer',
	},
	request: { method: 'GET', url: '/customers/{customer}' },
	bySearch: {
		url: '/customers:search',
		qs: { key: '{identifier|key}', id: '{identifier|id}', email: '{identifier|email}' },
		match: ['key', 'id', 'email'],
	},
	fields: [customer, simplify],
	output: { kind: 'record', summary: summarizeCustomer },
};
