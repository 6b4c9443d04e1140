import { transaction } from '../../shared/locators';
import type { Operation } from '../../operation';

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
