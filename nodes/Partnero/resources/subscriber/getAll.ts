import type { Operation } from '../../operation';
import { filters, limits, referStatus, searches, simplified } from '../../shared/list';
import { email } from '../../shared/person';

import { summarizeSubscriber } from './output';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many subscribers',
		description: 'Retrieve a list of subscribers',
	},
	request: { method: 'GET', url: '/subscribers', qs: { refer_status: '{filters.referStatus}' } },
	alternatives: searches('/subscribers:search', ['email']),
	fields: [
		...limits,
		...simplified,
		filters([
			{
				...email,
				description: 'Search by email; parts match as well. Cannot be combined with Refer Status.',
			},
			{
				...referStatus,
				description: 'Only subscribers who were, or were not, brought in by another one',
			},
		]),
	],
	output: {
		kind: 'list',
		summary: summarizeSubscriber,
		unique: 'email',
		filters: {
			checks: [
				{ field: 'filters.email', shownBy: ['email'], by: 'contains' },
				{ field: 'filters.referStatus', shownBy: ['is_referred'], by: 'referral' },
			],
		},
	},
};
