import type { Operation } from '../../operation';
import { simplified } from '../../shared/list';

import { simplifyProgram } from './output';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get program',
		description: 'Retrieve the program of the API key with its statistics and settings',
	},
	request: { method: 'GET', url: '/program' },
	fields: simplified,
	output: { kind: 'record', summary: simplifyProgram },
};
