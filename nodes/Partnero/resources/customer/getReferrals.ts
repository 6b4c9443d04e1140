import type { Operation } from '../../operation';
import { limits } from '../../shared/list';
import { customer } from '../../shared/locators';

export const getReferrals: Operation = {
	entry: {
		name: 'Get Referrals',
		value: 'getReferrals',
		action: 'Get referrals of customer',
		description: 'Retrieve the customers that a customer brought in (refer-a-friend programs)',
	},
	programs: ['refer-a-friend'],
	request: { method: 'GET', url: '/customers/{customer}/referrals' },
	fields: [customer, ...limits],
	output: { kind: 'list', isUnpaged: true, unique: 'id' },
};
