import type { Resource } from '../../operation';

import { approve } from './approve';
import { create } from './create';
import { get } from './get';
import { getAll } from './getAll';
import { markAsPaid } from './markAsPaid';

export const payoutRequest: Resource = {
	entry: { name: 'Payout Request', value: 'payoutRequest' },
	programs: ['affiliate'],
	operations: [approve, create, get, getAll, markAsPaid],
};
