import type { Operation, Template } from '../../operation';
import { filters, limits, sortOptions } from '../../shared/list';
import { optional, partner } from '../../shared/locators';

import { amountUnits } from './fields';
import { statuses } from './statuses';

const sort: { [key: string]: Template } = { sort: '{options.sort}' };

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many payout requests',
		description: 'Retrieve a list of payout requests',
	},
	request: { method: 'GET', url: '/payout_requests', qs: sort },
	alternatives: [
		{
			when: ['filters.status', 'filters.partner', 'filters.amountUnits'],
			request: {
				method: 'GET',
				url: '/payout_requests:search',
				qs: {
					...sort,
					status: '{filters.status}',
					partner_id: '{filters.partner|id}',
					partner_key: '{filters.partner|key}',
					partner_email: '{filters.partner|email}',
					amount_units: '{filters.amountUnits}',
				},
			},
		},
	],
	fields: [
		...limits,
		filters([
			{ ...amountUnits, description: 'Only payouts in this currency, for example usd' },
			{ ...optional(partner), description: `Only payouts of this partner. ${partner.description}` },
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: statuses,
				default: 'requested',
				description: 'Only payouts in this status',
			},
		]),
		sortOptions,
	],
	output: {
		kind: 'list',
		unique: 'id',
		filters: {
			checks: [
				{ field: 'filters.amountUnits', shownBy: ['amount_units'], by: 'is' },
				{ field: 'filters.partner', shownBy: ['partner'], by: 'person' },
				// Statistics say `paid` (`partnero-api.md` 2.11).
				{
					field: 'filters.status',
					shownBy: ['status'],
					by: 'is',
					alsoCalled: { finished: ['paid'] },
				},
			],
		},
	},
};
