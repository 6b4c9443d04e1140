import type { Operation } from '../../operation';
import {
	createdAfter,
	createdBefore,
	filters,
	limits,
	simplified,
	sortOptions,
} from '../../shared/list';
import { customer, optional, partner } from '../../shared/locators';

import { summarizeTransaction } from './output';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many transactions',
		description: 'Retrieve a list of transactions with their commissions',
	},
	request: {
		method: 'GET',
		url: '/transactions',
		qs: {
			key: '{filters.key}',
			partner_key: '{filters.partner|key}',
			partner_email: '{filters.partner|email}',
			sort: '{options.sort}',
		},
	},
	// The newest sources know no filter by customer, only a customer's own list (`partnero-api.md` 2.4).
	alternatives: [
		{
			when: ['filters.customer'],
			request: { method: 'GET', url: '/customers/{filters.customer}/transactions' },
		},
	],
	fields: [
		...limits,
		...simplified,
		filters([
			createdAfter,
			createdBefore,
			{
				...optional(customer),
				description:
					'Only the sales of this customer. Cannot be combined with Partner or Transaction Key.',
			},
			{
				...optional(partner),
				description: 'Only the sales that this partner brought (affiliate programs)',
			},
			{
				displayName: 'Transaction Key',
				name: 'key',
				type: 'string',
				default: '',
				placeholder: 'e.g. inv_1001',
				description: 'Only sales with this key. Keys are not unique: there may be several.',
			},
		]),
		sortOptions,
	],
	output: {
		kind: 'list',
		summary: summarizeTransaction,
		filters: {
			checks: [
				// In refer-a-friend programs the list has sales that the customer made, or brought (`partnero-api.md` 2.4).
				{
					field: 'filters.customer',
					shownBy: ['customer', 'referred_customer'],
					by: 'person',
					isInAddress: true,
				},
				{ field: 'filters.key', shownBy: ['key'], by: 'key' },
				{ field: 'filters.partner', shownBy: ['partner'], by: 'person' },
			],
			createdAfter: 'filters.createdAfter',
			createdBefore: 'filters.createdBefore',
			sortable: true,
		},
	},
};
