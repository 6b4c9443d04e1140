import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { transactionKey } from '../../shared/coupons';
import { promotionCode } from '../../shared/locators';
import { promotionCodeSearch } from '../../shared/searches';

import { messageExtras } from './output';

export const redeem: Operation = {
	entry: {
		name: 'Redeem',
		value: 'redeem',
		action: 'Redeem promotion code',
		description: 'Record that a promotion code was used',
	},
	request: {
		method: 'PUT',
		url: '/promotion-codes',
		body: {
			code: '{promotionCode|identifier}',
			redeem: true,
			transaction_key: '{additionalFields.transactionKey}',
		},
	},
	readBack: { url: '/promotion-codes/{promotionCode}', bySearch: promotionCodeSearch },
	fields: [promotionCode, additionalFields([transactionKey])],
	nonIdempotent: { counter: 'times_redeemed' },
	irreversible:
		'Each time counts as another use of the code, unless Partnero had the Transaction Key before.',
	output: { kind: 'record', extras: messageExtras },
};
