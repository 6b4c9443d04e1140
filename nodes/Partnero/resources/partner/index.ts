import type { Resource } from '../../operation';

import { addReward } from './addReward';
import { archive } from './archive';
import { create } from './create';
import { remove } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { getSignInUrl } from './getSignInUrl';
import { getStatements } from './getStatements';
import { unarchive } from './unarchive';
import { update } from './update';
import { upsert } from './upsert';

export const partner: Resource = {
	entry: { name: 'Partner', value: 'partner' },
	programs: ['affiliate'],
	operations: [
		addReward,
		archive,
		create,
		upsert,
		remove,
		get,
		getAll,
		getSignInUrl,
		getStatements,
		unarchive,
		update,
	],
};
