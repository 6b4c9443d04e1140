import type { Operation } from '../../operation';
import { limits } from '../../shared/list';

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
