import type { Operation } from '../../operation';
import { payoutRequest } from '../../shared/locators';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get payout request',
		description: 'Retrieve a payout request with its status and amount',
	},
	request: { method: 'GET', url: '/payout_requests/{payoutRequest}' },
	fields: [payoutRequest],
	output: { kind: 'record' },
};
