import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { transactionKey } from '../../shared/coupons';
import { coupon } from '../../shared/locators';
import { couponSearch } from '../../shared/searches';

import { couponExtras } from './output';

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
	readBack: { url: '/coupons/{coupon}', bySearch: couponSearch },
	fields: [coupon, additionalFields([transactionKey])],
	nonIdempotent: { counter: 'times_redeemed' },
	irreversible:
		'Each time counts as another use of the coupon, unless Partnero had the Transaction Key before.',
	output: { kind: 'record', extras: couponExtras },
};
