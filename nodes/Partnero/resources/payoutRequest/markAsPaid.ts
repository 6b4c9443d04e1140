import type { Operation } from '../../operation';
import { payoutRequest } from '../../shared/locators';

export const markAsPaid: Operation = {
	entry: {
		name: 'Mark as Paid',
		value: 'markAsPaid',
		action: 'Mark payout request as paid',
		description: 'Record that an approved payout request was paid, which moves no money',
	},
	request: { method: 'POST', url: '/payout_requests/{payoutRequest}/mark_as_paid' },
	fields: [payoutRequest],
	transition: {
		url: '/payout_requests/{payoutRequest}',
		from: ['approved'],
		// Statistics say `paid` (`partnero-api.md` 2.11).
		to: ['finished', 'paid'],
		advice: {
			requested: 'Approve it first.',
			resubmitted: 'Approve it first.',
			resubmit_requested: 'The partner has to send it again first, and it has to be approved.',
		},
	},
	irreversible: 'It moves no money: pay the partner first.',
	output: { kind: 'record' },
};
