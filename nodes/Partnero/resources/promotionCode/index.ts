import type { Resource } from '../../operation';

import { create } from './create';
import { remove } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { redeem } from './redeem';
import { update } from './update';

export const promotionCode: Resource = {
	entry: { name: 'Promotion Code', value: 'promotionCode' },
	operations: [create, remove, get, getAll, redeem, update],
};
