import type { Operation } from '../../operation';

import { create } from './create';
import { buyerBody, recordedSale, saleAmounts, saleBody, saleFields, saleNeeds } from './sale';

export const createMany: Operation = {
	entry: {
		name: 'Create Many',
		value: 'createMany',
		action: 'Create many transactions',
		description:
			'Import sales in bulk: all incoming items at once, each exactly once, in few requests',
	},
	request: create.request,
	fallbacks: create.fallbacks,
	bulk: { shared: buyerBody, list: 'transactions', record: saleBody },
	fields: [
		...saleFields,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Sales per Request',
					name: 'salesPerRequest',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: 1000 },
					default: 100,
					description: 'How many sales of one customer are sent in one request. 100 if not given.',
				},
			],
		},
	],
	requireOneOf: [...saleNeeds, ['key']],
	amounts: saleAmounts,
	idempotency: create.idempotency,
	output: recordedSale,
};
