import type { Resource } from '../../operation';

import { create } from './create';
import { get } from './get';
import { getAll } from './getAll';

export const reward: Resource = {
	entry: { name: 'Reward', value: 'reward' },
	programs: ['newsletter'],
	operations: [create, get, getAll],
};
