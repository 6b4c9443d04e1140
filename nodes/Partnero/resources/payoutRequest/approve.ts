import type { Operation } from '../../operation';
import { payoutRequest } from '../../shared/locators';

export const approve: Operation = {
	entry: {
		name: 'Approve',
		value: 'approve',
		action: 'Approve payout request',
		description: 'Approve a payout request that waits for a decision',
	},
	request: { method: 'POST', url: '/payout_requests/{payoutRequest}/approve' },
	fields: [payoutRequest],
	transition: {
		url: '/payout_requests/{payoutRequest}',
		from: ['requested', 'resubmitted'],
		to: ['approved'],
		advice: { resubmit_requested: 'The partner has to send it again first.' },
	},
	irreversible: 'The partner is promised the money. Nothing in this node takes an approval back.',
	output: { kind: 'record' },
};
