import type { Operation } from '../../operation';
import { limits } from '../../shared/list';

export const getDomains: Operation = {
	entry: {
		name: 'Get Domains',
		value: 'getDomains',
		action: 'Get domains of referral links',
		description: 'Retrieve the domains that a new referral link can be on (affiliate programs)',
	},
	programs: ['affiliate'],
	request: { method: 'GET', url: '/partner_referral_links:domains' },
	fields: [...limits],
	output: { kind: 'list' },
};
