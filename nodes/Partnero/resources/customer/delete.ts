import type { Operation } from '../../operation';
import { customer } from '../../shared/locators';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete customer',
		description: 'Delete a customer for good with its transactions, which takes commissions back',
	},
	request: { method: 'DELETE', url: '/customers/{customer}' },
	byBody: { method: 'DELETE', url: '/customers', body: { key: '{customer|key}' } },
	fields: [customer],
	irreversible:
		'The commissions on its sales are taken back. Archive the customer instead if it may come back.',
	output: { kind: 'done', item: { deleted: true, id: '{customer|identifier}' } },
};
