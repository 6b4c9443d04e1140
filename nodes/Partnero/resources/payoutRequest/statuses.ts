/** The statuses of a payout request (`partnero-api.md` 2.11), for fields of options. */
export const statuses = [
	{ name: 'Approved', value: 'approved', description: 'To be paid' },
	{ name: 'Finished', value: 'finished', description: 'Paid' },
	{ name: 'Rejected', value: 'rejected' },
	{ name: 'Requested', value: 'requested', description: 'Waits for a decision' },
	{
		name: 'Resubmit Requested',
		value: 'resubmit_requested',
		description: 'The partner has to send it again',
	},
	{ name: 'Resubmitted', value: 'resubmitted', description: 'Sent again, waits for a decision' },
];
