import type { Operation } from '../../operation';
import { transaction } from '../../shared/locators';

export const archive: Operation = {
	entry: {
		name: 'Archive',
		value: 'archive',
		action: 'Archive transaction',
		description: 'Archive a transaction, which then counts no more (affiliate programs)',
	},
	programs: ['affiliate'],
	request: { method: 'POST', url: '/transactions/{transaction}/archive' },
	fields: [transaction],
	output: { kind: 'done', item: { archived: true, key: '{transaction|identifier}' } },
};
