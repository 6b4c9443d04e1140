import type { Operation } from '../../operation';
import { simplified } from '../../shared/list';
import { partner } from '../../shared/locators';
import { partnerSearch } from '../../shared/searches';

import { summarizePartner } from './output';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get partner',
		description: 'Retrieve a partner with clicks, sign-ups, sales and commissions',
	},
	request: { method: 'GET', url: '/partners/{partner}' },
	bySearch: partnerSearch,
	fields: [partner, ...simplified],
	output: { kind: 'record', summary: summarizePartner },
};
