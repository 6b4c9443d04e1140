import type { Resource } from '../../operation';

import { archive } from './archive';
import { create } from './create';
import { createMany } from './createMany';
import { get } from './get';
import { getAll } from './getAll';
import { refund } from './refund';
import { unarchive } from './unarchive';

export const transaction: Resource = {
	entry: { name: 'Transaction', value: 'transaction' },
	programs: ['affiliate', 'refer-a-friend'],
	operations: [archive, create, createMany, get, getAll, refund, unarchive],
};
