import type { Operation } from '../../operation';

import { buyerBody, recordedSale, saleAmounts, saleBody, saleFields, saleNeeds } from './sale';

const request: Operation['request'] = {
	method: 'POST',
	url: '/transactions',
	body: { ...saleBody, ...buyerBody },
};

const isoBody = { ...request.body, created_at: '{additionalFields.createdAt}' };

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create transaction',
		description: 'Record a sale, exactly once if it has a key',
	},
	request,
	// The documents want Unix seconds, the newest client sends ISO dates (`partnero-api.md` 5.1, 7).
	fallbacks: [{ status: 422, field: 'created_at', request: { ...request, body: isoBody } }],
	fields: saleFields,
	requireOneOf: saleNeeds,
	amounts: saleAmounts,
	idempotency: {
		keyFields: ['key'],
		lookup: { url: '/transactions', qs: { key: '{identifier}' }, match: 'key' },
		onConflict: 'ifKeyExists',
	},
	output: recordedSale,
};
