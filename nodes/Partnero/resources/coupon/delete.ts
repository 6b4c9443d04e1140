import type { Operation } from '../../operation';
import { coupon } from '../../shared/locators';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete coupon',
		description: 'Delete a coupon for good',
	},
	request: { method: 'DELETE', url: '/coupons/{coupon}' },
	fields: [coupon],
	irreversible: 'Nobody can redeem the coupon any more.',
	output: { kind: 'done', item: { deleted: true, id: '{coupon|identifier}' } },
};
