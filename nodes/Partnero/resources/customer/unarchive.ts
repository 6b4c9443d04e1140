import type { Operation } from '../../operation';
import { customer } from '../../shared/locators';

export const unarchive: Operation = {
	entry: {
		name: 'Unarchive',
		value: 'unarchive',
		action: 'Unarchive customer',
		description: 'Bring an archived customer back',
	},
	request: { method: 'POST', url: '/customers/{customer}/revoke-archive' },
	fields: [customer],
	output: { kind: 'done', item: { archived: false, id: '{customer|identifier}' } },
};
