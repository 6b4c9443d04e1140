import type { Operation } from '../../operation';
import { customer } from '../../shared/locators';

export const approve: Operation = {
	entry: {
		name: 'Approve',
		value: 'approve',
		action: 'Approve customer',
		description: 'Approve a suspended customer, whose sales then earn again (affiliate programs)',
	},
	programs: ['affiliate'],
	request: { method: 'POST', url: '/customers/{customer}/approve' },
	fields: [customer],
	output: { kind: 'done', item: { approved: true, id: '{customer|identifier}' } },
};
