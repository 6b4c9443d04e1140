import { coupon } from '../../fields/locators';
import type { Operation } from '../operation';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete coupon',
		description: 'Delete a coupon for good',
	},
	request: { method: 'DELETE', url: '/coupons/{coupon}' },
	fields: [coupon],
	output: { kind: 'done', item: { deleted: true, id: '{coupon|identifier}' } },
};
