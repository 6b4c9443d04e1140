import type { Resource } from '../operation';
import { create } from './create';
import { get } from './get';
import { getAll } from './getAll';

export const customer: Resource = {
	entry: { name: 'Customer', value: 'customer' },
	operations: [create, get, getAll],
};
