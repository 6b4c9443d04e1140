import type { Operation } from '../../operation';
import { lead } from '../../shared/locators';

const parameters = { id: '{lead|number}' };

export const reject: Operation = {
	entry: {
		name: 'Reject',
		value: 'reject',
		action: 'Reject lead',
		description: 'Reject a lead, which then earns the partner nothing',
	},
	request: { method: 'POST', url: '/leads/reject', body: parameters },
	// As for Convert.
	fallbacks: [
		{
			status: 405,
			unlessMoved: true,
			request: { method: 'GET', url: '/leads/reject', qs: parameters },
		},
	],
	fields: [lead],
	transition: { url: '/leads/{lead}', from: ['submitted'], to: ['rejected'] },
	irreversible: 'A rejected lead cannot be converted any more. Submit it again as a new one.',
	output: { kind: 'record' },
};
