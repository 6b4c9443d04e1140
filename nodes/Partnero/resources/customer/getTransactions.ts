import type { Operation } from '../../operation';
import { limits } from '../../shared/list';
import { customer } from '../../shared/locators';

export const getTransactions: Operation = {
	entry: {
		name: 'Get Transactions',
		value: 'getTransactions',
		action: 'Get transactions of customer',
		description: 'Retrieve the transactions of a customer with their commissions',
	},
	request: { method: 'GET', url: '/customers/{customer}/transactions' },
	fields: [customer, ...limits],
	output: { kind: 'list' },
};
