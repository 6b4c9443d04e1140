import type { Operation } from '../../operation';
import { coupon } from '../../shared/locators';
import { couponSearch } from '../../shared/searches';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get coupon',
		description: 'Retrieve a coupon with its promotion codes',
	},
	request: { method: 'GET', url: '/coupons/{coupon}' },
	bySearch: couponSearch,
	fields: [coupon],
	output: { kind: 'record' },
};
