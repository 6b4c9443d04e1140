import { simplify } from '../../fields/list';
import { simplifyProgram } from '../../report/simplifyProgram';
import type { Operation } from '../operation';

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
