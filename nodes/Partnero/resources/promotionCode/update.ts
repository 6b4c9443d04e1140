import type { Operation } from '../../operation';
import { clearFields, updateFields } from '../../shared/collections';
import { metadata } from '../../shared/coupons';
import { optional, partner, promotionCode } from '../../shared/locators';
import { promotionCodeSearch } from '../../shared/searches';

import { limitedTo, limitTo } from './fields';
import { messageExtras } from './output';

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update promotion code',
		description: 'Update whom a promotion code is limited to, or its metadata',
	},
	request: {
		method: 'PUT',
		url: '/promotion-codes',
		body: {
			code: '{promotionCode|identifier}',
			// The API changes the limit to a partner only (`partnero-api.md` 2.7).
			limit_to_specific_partner: '{updateFields.limitTo|is:partner}',
			coupon_specific_partners: limitedTo('updateFields.partner', 'full_name'),
			metadata: '{updateFields.metadata|pairs}',
		},
	},
	readBack: { url: '/promotion-codes/{promotionCode}', bySearch: promotionCodeSearch },
	fields: [
		promotionCode,
		updateFields([
			limitTo(['nobody', 'partner']),
			metadata,
			{
				...optional(partner),
				displayOptions: { show: { limitTo: ['partner'] } },
				description: `${partner.description} (affiliate programs)`,
			},
		]),
		clearFields([metadata]),
	],
	requireOneOf: [['updateFields.partner']],
	output: { kind: 'record', extras: messageExtras },
};
