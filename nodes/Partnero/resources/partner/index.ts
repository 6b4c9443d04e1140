import type { Resource } from '../operation';
import { get } from './get';
import { getAll } from './getAll';

export const partner: Resource = {
	entry: { name: 'Partner', value: 'partner' },
	operations: [get, getAll],
};
