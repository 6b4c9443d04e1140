import type { Operation } from '../../operation';
import { linkOwner, ownerNeeded } from '../../shared/linkOwner';
import { limits } from '../../shared/list';

export const getAll: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many referral links',
		description: 'Retrieve a list of the referral links of one partner or customer',
	},
	request: { method: 'GET', url: '/{owner}s/{partner,customer}/referral_links' },
	fields: [...linkOwner, ...limits],
	requireOneOf: ownerNeeded,
	output: { kind: 'list', unique: 'id' },
};
