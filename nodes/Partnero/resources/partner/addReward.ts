import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { partner } from '../../shared/locators';
import { money } from '../../shared/money';

export const addReward: Operation = {
	entry: {
		name: 'Add Reward',
		value: 'addReward',
		action: 'Add reward to partner',
		description: 'Give a partner a one-off bonus, which is paid out with the commissions',
	},
	request: {
		method: 'POST',
		url: '/partners/{partner}/reward',
		body: { amount: '{amount}', note: '{additionalFields.note}', date: '{additionalFields.date}' },
	},
	fields: [
		partner,
		money({
			displayName: 'Reward Amount',
			name: 'amount',
			required: true,
			placeholder: 'e.g. 25.50',
			description: 'The bonus in units of the currency of the program, for example 25.50',
		}),
		additionalFields([
			{
				displayName: 'Date',
				name: 'date',
				type: 'dateTime',
				default: '',
				description: 'The date of the bonus; now if not given',
			},
			{
				displayName: 'Note',
				name: 'note',
				type: 'string',
				default: '',
				placeholder: 'e.g. Q4 bonus',
				description: 'What the bonus is for',
			},
		]),
	],
	irreversible: 'The bonus is owed to the partner from now on, and doing it twice pays it twice.',
	amounts: { amount: {} },
	output: { kind: 'answer' },
};
