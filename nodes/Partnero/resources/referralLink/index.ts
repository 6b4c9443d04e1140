import type { Resource } from '../../operation';

import { create } from './create';
import { remove } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { getDomains } from './getDomains';
import { update } from './update';

export const referralLink: Resource = {
	entry: { name: 'Referral Link', value: 'referralLink' },
	programs: ['affiliate', 'refer-a-friend'],
	programsBy: { field: 'owner', values: { partner: ['affiliate'], customer: ['refer-a-friend'] } },
	operations: [create, remove, get, getDomains, getAll, update],
};
