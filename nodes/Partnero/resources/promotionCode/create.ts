import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { metadata } from '../../shared/coupons';
import { coupon, customer, optional, partner, subscriber } from '../../shared/locators';
import { money } from '../../shared/money';

import { limitedTo, limitTo } from './fields';
import { messageExtras } from './output';

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create promotion code',
		description: 'Create a promotion code that redeems a coupon',
	},
	request: {
		method: 'POST',
		url: '/promotion-codes',
		body: {
			coupon_uuid: '{coupon|identifier}',
			code: '{code}',
			first_time_order: '{additionalFields.firstTimeOrder}',
			limit_to_specific_partner: '{partner|filled}',
			coupon_specific_partners: limitedTo('partner', 'full_name'),
			limit_to_specific_customer: '{customer|filled}',
			coupon_specific_customers: limitedTo('customer', 'customer_full_name'),
			limit_to_specific_subscriber: '{subscriber|filled}',
			coupon_specific_subscribers: limitedTo('subscriber', 'subscriber_full_name'),
			minimum_order_status: '{additionalFields.minimumOrder|filled}',
			minimum_order_value: '{additionalFields.minimumOrder}',
			expiration_date_status: '{additionalFields.expiresAt|filled}',
			expiration_date_value: '{additionalFields.expiresAt|date}',
			redemption_times_status: '{additionalFields.redemptionLimit|filled}',
			redemption_times_value: '{additionalFields.redemptionLimit}',
			metadata: '{additionalFields.metadata|pairs}',
		},
	},
	fields: [
		coupon,
		{
			displayName: 'Promotion Code',
			name: 'code',
			type: 'string',
			default: '',
			placeholder: 'e.g. ANN25',
			description:
				'What customers enter: letters, digits, _ and -, up to 100 characters. Made up by Partnero if not given.',
		},
		limitTo(['customer', 'nobody', 'partner', 'subscriber']),
		{
			...optional(partner),
			displayOptions: { show: { limitTo: ['partner'] } },
			description: `${partner.description} (affiliate programs)`,
		},
		{
			...optional(customer),
			displayOptions: { show: { limitTo: ['customer'] } },
			description: `${customer.description} (affiliate and refer-a-friend programs)`,
		},
		{
			...optional(subscriber),
			displayOptions: { show: { limitTo: ['subscriber'] } },
			description: `${subscriber.description} (newsletter programs)`,
		},
		additionalFields([
			{
				displayName: 'Expires At',
				name: 'expiresAt',
				type: 'dateTime',
				default: '',
				description: 'The last day on which the code can be redeemed',
			},
			{
				displayName: 'First-Time Order',
				name: 'firstTimeOrder',
				type: 'boolean',
				default: true,
				description: 'Whether the code is for customers only who have not bought before',
			},
			metadata,
			money({
				displayName: 'Minimum Order',
				name: 'minimumOrder',
				placeholder: 'e.g. 20',
				description:
					'The amount from which an order can use the code, in whole currency units, for example 20',
			}),
			{
				displayName: 'Redemption Limit',
				name: 'redemptionLimit',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1,
				description: 'How often the code can be redeemed in all',
			},
		]),
	],
	requireOneOf: [['partner'], ['customer'], ['subscriber']],
	idempotency: {
		keyFields: ['code'],
		lookup: {
			url: '/promotion-codes/{identifier}',
			shows: { coupon: { uuid_code: '{coupon|identifier}' } },
		},
	},
	amounts: { 'additionalFields.minimumOrder': {} },
	output: { kind: 'record', extras: messageExtras },
};
