import type { Operation } from '../../operation';
import {
	createdAfter,
	createdBefore,
	filters,
	limits,
	referStatus,
	searches,
	simplified,
} from '../../shared/list';
import { optional, partner } from '../../shared/locators';
import { email } from '../../shared/person';

import { summarizeCustomer } from './output';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many customers',
		description: 'Retrieve a list of customers',
	},
	request: {
		method: 'GET',
		url: '/customers',
		qs: {
			// The underscore form of the newest official client (`partnero-api.md` 5.1, 5).
			partner_key: '{filters.partner|key}',
			partner_email: '{filters.partner|email}',
			refer_status: '{filters.referStatus}',
		},
	},
	alternatives: searches('/customers:search', ['email', 'id', 'key']),
	fields: [
		...limits,
		...simplified,
		filters([
			createdAfter,
			createdBefore,
			{
				displayName: 'Customer ID',
				name: 'id',
				type: 'string',
				default: '',
				placeholder: 'e.g. user_77',
				description: 'Search by ID (refer-a-friend programs); parts match as well',
			},
			{
				displayName: 'Customer Key',
				name: 'key',
				type: 'string',
				default: '',
				placeholder: 'e.g. user_77',
				description: 'Search by key; parts match as well',
			},
			{
				...email,
				description:
					'Search by email; parts match as well. Only one of Email, Customer ID and Customer Key at a time, and neither Partner nor Refer Status with it.',
			},
			{
				...optional(partner),
				description: 'Only the customers of this partner (affiliate programs)',
			},
			{
				...referStatus,
				description:
					'Only customers who were, or were not, brought in by another one (refer-a-friend programs)',
			},
		]),
	],
	output: {
		kind: 'list',
		unique: 'key',
		summary: summarizeCustomer,
		filters: {
			checks: [
				{ field: 'filters.email', shownBy: ['email'], by: 'contains' },
				{ field: 'filters.id', shownBy: ['id'], by: 'contains' },
				{ field: 'filters.key', shownBy: ['key'], by: 'contains' },
				{ field: 'filters.partner', shownBy: ['partner'], by: 'person' },
				{ field: 'filters.referStatus', shownBy: ['referring_customer'], by: 'referral' },
			],
			createdAfter: 'filters.createdAfter',
			createdBefore: 'filters.createdBefore',
			sortable: true,
		},
	},
};
