import type { Operation } from '../../operation';
import { limits } from '../../shared/list';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many promotion codes',
		description: 'Retrieve a list of promotion codes',
	},
	request: { method: 'GET', url: '/promotion-codes' },
	fields: limits,
	output: { kind: 'list', unique: 'code' },
};
