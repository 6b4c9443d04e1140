import type { Resource } from '../../operation';

import { approve } from './approve';
import { archive } from './archive';
import { create } from './create';
import { creditBalance } from './creditBalance';
import { remove } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { getBalance } from './getBalance';
import { getReferrals } from './getReferrals';
import { getStatistics } from './getStatistics';
import { getTransactions } from './getTransactions';
import { invite } from './invite';
import { suspend } from './suspend';
import { unarchive } from './unarchive';
import { update } from './update';
import { upsert } from './upsert';

export const customer: Resource = {
	entry: { name: 'Customer', value: 'customer' },
	programs: ['affiliate', 'refer-a-friend'],
	operations: [
		approve,
		archive,
		create,
		upsert,
		creditBalance,
		remove,
		get,
		getBalance,
		getAll,
		getReferrals,
		getStatistics,
		getTransactions,
		invite,
		suspend,
		unarchive,
		update,
	],
};
