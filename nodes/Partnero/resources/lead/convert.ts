import type { Operation } from '../../operation';
import { lead } from '../../shared/locators';
import { money } from '../../shared/money';

const parameters = {
	id: '{lead|number}',
	commission_transaction_amount: '{commissionTransactionAmount}',
};

export const convert: Operation = {
	entry: {
		name: 'Convert',
		value: 'convert',
		action: 'Convert lead',
		description:
			'Turn a lead into a customer, and pay the partner the commission on its first sale',
	},
	request: { method: 'POST', url: '/leads/convert', body: parameters },
	// The documents say GET, the newest client sends POST; a 405 carries nothing out (`partnero-api.md` 2.5), and
	// neither does a 404 while the lead is there as before.
	fallbacks: [
		{
			status: 405,
			unlessMoved: true,
			request: { method: 'GET', url: '/leads/convert', qs: parameters },
		},
	],
	fields: [
		lead,
		money({
			displayName: 'Commission Transaction Amount',
			name: 'commissionTransactionAmount',
			required: true,
			placeholder: 'e.g. 500',
			description:
				'The amount of the sale that the commission is computed from, in currency units, for example 500',
		}),
	],
	transition: { url: '/leads/{lead}', from: ['submitted'], to: ['converted'] },
	irreversible: 'A lead that was converted stays converted. Only the sale can be refunded.',
	amounts: { commissionTransactionAmount: {} },
	output: { kind: 'record' },
};
