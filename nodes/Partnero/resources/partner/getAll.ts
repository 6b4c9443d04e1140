import type { Operation } from '../../operation';
import {
	createdAfter,
	createdBefore,
	filters,
	limits,
	searches,
	simplified,
	sortOptions,
} from '../../shared/list';
import { email } from '../../shared/person';
import { keysAlone } from '../../shared/referralKeys';

import { summarizePartner } from './output';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many partners',
		description: 'Retrieve a list of partners',
	},
	request: { method: 'GET', url: '/partners', qs: { sort: '{options.sort}' } },
	alternatives: searches('/partners:search', ['email', 'id', 'key']),
	fields: [
		...limits,
		...simplified,
		filters([
			createdAfter,
			createdBefore,
			{
				...email,
				description:
					'Search by email; parts match as well. Only one of Email, Partner ID and Referral Key at a time.',
			},
			{
				displayName: 'Partner ID',
				name: 'id',
				type: 'string',
				default: '',
				placeholder: 'e.g. p_1a2b3c',
				description: 'Search by the ID of the partner; parts match as well',
			},
			{
				displayName: 'Referral Key',
				name: 'key',
				type: 'string',
				default: '',
				placeholder: 'e.g. annlee',
				description: 'Search by any referral key of a partner; parts match as well',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: [
					{ name: 'Active', value: 'active' },
					{ name: 'Archived', value: 'archived' },
					{ name: 'Deleted', value: 'deleted' },
					{ name: 'Pending', value: 'pending' },
				],
				default: 'active',
				description:
					'Only partners in this status. The API has no such filter: the node checks it itself.',
			},
		]),
		sortOptions,
	],
	rules: keysAlone('filters.key'),
	output: {
		kind: 'list',
		summary: summarizePartner,
		unique: 'id',
		filters: {
			checks: [
				{ field: 'filters.email', shownBy: ['email'], by: 'contains' },
				{ field: 'filters.id', shownBy: ['id'], by: 'contains' },
				// A partner may have several, and lists show none (`partnero-api.md` 1.6).
				{ field: 'filters.key', shownBy: [], by: 'contains' },
				{ field: 'filters.status', shownBy: ['status'], by: 'is', isOwn: true },
			],
			createdAfter: 'filters.createdAfter',
			createdBefore: 'filters.createdBefore',
			sortable: true,
		},
	},
};
