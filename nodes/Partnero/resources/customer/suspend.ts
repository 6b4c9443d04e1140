import type { Operation } from '../../operation';
import { customer } from '../../shared/locators';

export const suspend: Operation = {
	entry: {
		name: 'Suspend',
		value: 'suspend',
		action: 'Suspend customer',
		description:
			'Suspend a customer, whose sales then earn nothing until it is approved again (affiliate programs)',
	},
	programs: ['affiliate'],
	request: { method: 'POST', url: '/customers/{customer}/suspend' },
	fields: [customer],
	output: { kind: 'done', item: { suspended: true, id: '{customer|identifier}' } },
};
