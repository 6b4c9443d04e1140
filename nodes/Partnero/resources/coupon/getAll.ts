import type { Operation } from '../../operation';
import { createdAfter, createdBefore, filters, limits } from '../../shared/list';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many coupons',
		description: 'Retrieve a list of coupons',
	},
	request: { method: 'GET', url: '/coupons' },
	fields: [
		...limits,
		filters([
			{
				...createdAfter,
				description:
					'Only coupons made later than this. The API has no such filter: the node reads all coupons and checks the dates itself. A date without a time zone is in the time zone of the workflow.',
			},
			createdBefore,
		]),
	],
	output: {
		kind: 'list',
		unique: 'uuid_code',
		filters: { createdAfter: 'filters.createdAfter', createdBefore: 'filters.createdBefore' },
	},
};
