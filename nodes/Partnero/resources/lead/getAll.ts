import type { Operation } from '../../operation';
import { createdAfter, createdBefore, filters, limits, sortOptions } from '../../shared/list';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many leads',
		description: 'Retrieve a list of leads',
	},
	request: { method: 'GET', url: '/leads', qs: { sort: '{options.sort}' } },
	fields: [
		...limits,
		filters([
			{
				...createdAfter,
				description: `${createdAfter.description} A lead has no time of day, so those of that day count as later.`,
			},
			createdBefore,
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: [
					{ name: 'Converted', value: 'converted' },
					{ name: 'Rejected', value: 'rejected' },
					{ name: 'Submitted', value: 'submitted' },
				],
				default: 'submitted',
				description:
					'Only leads in this status. The API has no such filter: the node checks it itself.',
			},
		]),
		sortOptions,
	],
	output: {
		kind: 'list',
		unique: 'id',
		filters: {
			checks: [{ field: 'filters.status', shownBy: ['status'], by: 'is', isOwn: true }],
			createdAfter: 'filters.createdAfter',
			createdBefore: 'filters.createdBefore',
			sortable: true,
		},
	},
};
