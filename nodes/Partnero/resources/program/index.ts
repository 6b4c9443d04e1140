import type { Resource } from '../../operation';

import { get } from './get';
import { getReport } from './getReport';
import { update } from './update';

export const program: Resource = {
	entry: { name: 'Program', value: 'program' },
	operations: [get, getReport, update],
};
