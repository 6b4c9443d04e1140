import type { Operation } from '../../operation';
import { coupon } from '../../shared/locators';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get coupon',
		description: 'Retrieve a coupon with its promotion codes',
	},
	request: { method: 'GET', url: '/coupons/{coupon}' },
	bySearch: { url: '/coupons', match: ['uuid_code'] },
	fields: [coupon],
	output: { kind: 'record' },
};
