import type { Operation } from '../../operation';
import { clearFields, updateFields } from '../../shared/collections';
import { metadata } from '../../shared/coupons';
import { coupon } from '../../shared/locators';
import { couponSearch } from '../../shared/searches';

import { couponName, syncProvider } from './fields';
import { couponExtras } from './output';

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update coupon',
		description: 'Update a coupon, whose discount and duration stay as they are',
	},
	request: {
		method: 'PUT',
		url: '/coupons',
		body: {
			uuid_code: '{coupon|identifier}',
			name: '{updateFields.name}',
			metadata: '{updateFields.metadata|pairs}',
			sync: { provider: '{updateFields.syncProvider}' },
		},
	},
	readBack: { url: '/coupons/{coupon}', bySearch: couponSearch },
	fields: [coupon, updateFields([couponName, metadata, syncProvider]), clearFields([metadata])],
	output: { kind: 'record', extras: couponExtras },
};
