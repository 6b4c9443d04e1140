import { promotionCode } from '../../shared/locators';
import type { Operation } from '../../operation';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get promotion code',
		description: 'Retrieve a promotion code with its coupon',
	},
	request: { method: 'GET', url: '/promotion-codes/{promotionCode}' },
	fields: [promotionCode],
	output: { kind: 'record' },
};
