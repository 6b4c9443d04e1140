import type { Operation } from '../../operation';
import { customer } from '../../shared/locators';

export const archive: Operation = {
	entry: {
		name: 'Archive',
		value: 'archive',
		action: 'Archive customer',
		description: 'Archive a customer, whose sales then earn nothing more',
	},
	request: { method: 'POST', url: '/customers/{customer}/archive' },
	fields: [customer],
	output: { kind: 'done', item: { archived: true, id: '{customer|identifier}' } },
};
