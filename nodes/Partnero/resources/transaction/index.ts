import type { Resource } from '../operation';
import { create } from './create';
import { getAll } from './getAll';

export const transaction: Resource = {
	entry: { name: 'Transaction', value: 'transaction' },
	operations: [create, getAll],
};
