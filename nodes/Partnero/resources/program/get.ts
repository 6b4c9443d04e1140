import type { Operation } from '../../operation';
import { simplify } from '../../shared/list';

import { simplifyProgram } from './output';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get program',
		description: 'Retrieve the program of the API key with its statistics and settings',
	},
	request: { method: 'GET', url: '/program' },
	fields: [simplify],
	output: { kind: 'record', summary: simplifyProgram },
};
