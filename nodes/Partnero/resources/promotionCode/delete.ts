import type { Operation } from '../../operation';
import { promotionCode } from '../../shared/locators';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete promotion code',
		description: 'Delete a promotion code for good, while its coupon stays',
	},
	request: {
		method: 'DELETE',
		url: '/promotion-codes',
		body: {
			code: '{promotionCode|identifier}',
			coupon: { uuid_code: '{promotionCode|coupon}' },
		},
	},
	fields: [promotionCode],
	irreversible: 'Nobody can redeem the code any more.',
	output: { kind: 'done', item: { deleted: true, id: '{promotionCode|identifier}' } },
};
