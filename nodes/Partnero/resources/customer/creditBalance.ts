import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { customer } from '../../shared/locators';
import { money } from '../../shared/money';

export const creditBalance: Operation = {
	entry: {
		name: 'Credit Balance',
		value: 'creditBalance',
		action: 'Credit balance of customer',
		description: 'Add an amount to the balance of a customer (refer-a-friend programs)',
	},
	programs: ['refer-a-friend'],
	request: {
		method: 'POST',
		url: '/customers/{customer}/balance/credit',
		body: {
			amount: '{amount}',
			is_currency: ['{additionalFields.isCurrency}', true],
			amount_units: '{additionalFields.amountUnits}',
		},
	},
	fields: [
		customer,
		money({
			displayName: 'Credit Amount',
			name: 'amount',
			required: true,
			placeholder: 'e.g. 10',
			description: 'How much to add, in currency units or in units of the reward, for example 10',
		}),
		additionalFields([
			{
				displayName: 'Amount Units',
				name: 'amountUnits',
				type: 'string',
				default: '',
				placeholder: 'e.g. usd',
				description:
					'The currency, or the unit of the reward if it is no currency. If not given, the currency that the program or the balance of the customer shows.',
			},
			{
				displayName: 'Is Currency',
				name: 'isCurrency',
				type: 'boolean',
				default: true,
				description: 'Whether the amount is money. On if not given.',
			},
		]),
	],
	credit: {
		balance: '/customers/{customer}/balance',
		amount: 'amount',
		units: 'additionalFields.amountUnits',
		isCurrency: 'additionalFields.isCurrency',
	},
	irreversible: 'The customer can use the amount at once, and doing it twice credits it twice.',
	amounts: { amount: { units: 'additionalFields.amountUnits' } },
	output: { kind: 'answer' },
};
