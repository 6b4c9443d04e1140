import type { Operation } from '../../operation';
import { filters } from '../../shared/list';
import { optional, partner } from '../../shared/locators';
import { inWorkflowZone, locale, period, weekStartsOn } from '../../shared/period';

export const getStatements: Operation = {
	entry: {
		name: 'Get Statements',
		value: 'getStatements',
		action: 'Get statements of partners',
		description:
			'Make a statement for each partner who had a sale in a period, to be mailed as it is',
	},
	request: { method: 'GET', url: '/program' },
	fields: [
		...period(
			`Whose sales the statements are of: those that were made in this period. ${inWorkflowZone}`,
			'lastMonth',
		),
		filters([
			{
				...optional(partner),
				description: `Only the statement of this partner. ${partner.description}.`,
			},
		]),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				locale,
				{
					displayName: 'Minimum Amount',
					name: 'minimumAmount',
					type: 'string',
					default: '',
					placeholder: '25.00',
					description: 'Only partners who have earned so much in the period, in any one currency',
				},
				{
					displayName: 'Show Customers',
					name: 'showCustomers',
					type: 'boolean',
					default: true,
					description:
						'Whether a statement shows who bought, by the key of the customer. On if not given.',
				},
				weekStartsOn,
			],
		},
	],
	amounts: { 'options.minimumAmount': {} },
	output: { kind: 'statements' },
};
