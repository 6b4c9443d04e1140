import { limits } from '../../shared/list';
import type { Operation } from '../../operation';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many rewards',
		description: 'Retrieve a list of rewards',
	},
	request: { method: 'GET', url: '/rewards' },
	fields: limits,
	output: { kind: 'list', unique: 'id' },
};
