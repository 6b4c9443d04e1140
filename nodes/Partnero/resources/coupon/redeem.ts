import { additionalFields } from '../../fields/collections';
import { coupon } from '../../fields/locators';
import { couponAnswer } from '../../response/coupon';
import type { Operation } from '../operation';

export const redeem: Operation = {
	entry: {
		name: 'Redeem',
		value: 'redeem',
		action: 'Redeem coupon',
		description: 'Record that a coupon was used',
	},
	request: {
		method: 'PUT',
		url: '/coupons',
		body: {
			uuid_code: '{coupon|identifier}',
			redeem: true,
			transaction_key: '{additionalFields.transactionKey}',
		},
	},
	fields: [
		coupon,
		additionalFields([
			{
				displayName: 'Transaction Key',
				name: 'transactionKey',
				type: 'string',
				default: '',
				placeholder: 'e.g. inv_1001',
				description: 'The key of the sale in which the coupon was used; has to be recorded already',
			},
		]),
	],
	sentOnce: true,
	output: { kind: 'record', beside: couponAnswer },
};
