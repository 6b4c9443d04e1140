import type { Operation } from '../../operation';
import { transaction } from '../../shared/locators';

export const refund: Operation = {
	entry: {
		name: 'Refund',
		value: 'refund',
		action: 'Refund transaction',
		description: 'Delete a transaction for good, which takes its commission back',
	},
	request: { method: 'DELETE', url: '/transactions/{transaction}' },
	fields: [
		transaction,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Ignore Missing',
					name: 'ignoreMissing',
					type: 'boolean',
					default: true,
					description:
						'Whether to go on when there is no such transaction, for example because it was refunded before',
				},
			],
		},
	],
	byBody: { method: 'DELETE', url: '/transactions', body: { key: '{transaction|identifier}' } },
	removesSale: {
		field: 'transaction',
		lookup: { url: '/transactions', qs: { key: '{identifier}' }, match: 'key' },
	},
	irreversible:
		'The sale and its commission are gone for good. Archive the sale instead if it may count again.',
	output: {
		kind: 'done',
		item: { refunded: true, key: '{transaction|identifier}' },
		missing: {
			ifAllowedBy: 'options.ignoreMissing',
			item: { refunded: false, key: '{transaction|identifier}' },
		},
	},
};
