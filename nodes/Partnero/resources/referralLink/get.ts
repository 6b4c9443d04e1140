import type { Operation } from '../../operation';
import { linkOwnerOfList } from '../../shared/linkOwner';
import { referralLink } from '../../shared/locators';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get referral link',
		description: 'Retrieve a referral link of a partner or a customer',
	},
	request: { method: 'GET', url: '/{owner}_referral_links/{referralLink}' },
	fields: [...linkOwnerOfList, referralLink],
	output: { kind: 'record' },
};
