import type { Operation } from '../../operation';
import { transaction } from '../../shared/locators';

export const unarchive: Operation = {
	entry: {
		name: 'Unarchive',
		value: 'unarchive',
		action: 'Unarchive transaction',
		description: 'Bring an archived transaction back (affiliate programs)',
	},
	programs: ['affiliate'],
	request: { method: 'POST', url: '/transactions/{transaction}/revoke-archive' },
	fields: [transaction],
	output: { kind: 'done', item: { archived: false, key: '{transaction|identifier}' } },
};
