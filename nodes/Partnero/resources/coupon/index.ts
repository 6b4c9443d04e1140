import type { Resource } from '../../operation';

import { create } from './create';
import { remove } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { redeem } from './redeem';
import { update } from './update';

export const coupon: Resource = {
	entry: { name: 'Coupon', value: 'coupon' },
	operations: [create, remove, get, getAll, redeem, update],
};
