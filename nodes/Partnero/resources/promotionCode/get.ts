import type { Operation } from '../../operation';
import { promotionCode } from '../../shared/locators';
import { promotionCodeSearch } from '../../shared/searches';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get promotion code',
		description: 'Retrieve a promotion code with its coupon',
	},
	request: { method: 'GET', url: '/promotion-codes/{promotionCode}' },
	bySearch: promotionCodeSearch,
	fields: [promotionCode],
	output: { kind: 'record' },
};
