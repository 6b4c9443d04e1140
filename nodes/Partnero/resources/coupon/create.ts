import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { metadata } from '../../shared/coupons';
import { money } from '../../shared/money';

import { couponName, syncProvider } from './fields';
import { couponExtras } from './output';

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create coupon',
		description: 'Create a coupon that gives a discount',
	},
	request: {
		method: 'POST',
		url: '/coupons',
		body: {
			name: '{additionalFields.name}',
			uuid_code: '{additionalFields.uuidCode}',
			// Older documents require it (`partnero-api.md` 2.6).
			active: ['{additionalFields.active}', true],
			coupon_discount_type: '{couponDiscountType}',
			coupon_discount_amount: '{couponDiscountAmount}',
			coupon_duration_type: '{couponDurationType}',
			coupon_duration_value: '{couponDurationValue}',
			redemption_specific_date_status: '{additionalFields.expiresAt|filled}',
			redemption_specific_date_value: '{additionalFields.expiresAt|date}',
			redemption_times_status: '{additionalFields.redemptionLimit|filled}',
			redemption_times_value: '{additionalFields.redemptionLimit}',
			metadata: '{additionalFields.metadata|pairs}',
			sync: { provider: '{additionalFields.syncProvider}' },
		},
	},
	fields: [
		{
			displayName: 'Coupon Discount Type',
			name: 'couponDiscountType',
			type: 'options',
			required: true,
			options: [
				{ name: 'Percent', value: 'percent', description: 'A share of the price' },
				{ name: 'Static', value: 'static', description: 'A fixed amount of money' },
			],
			default: 'percent',
			description: 'What the discount amount means',
		},
		money({
			displayName: 'Coupon Discount Amount',
			name: 'couponDiscountAmount',
			required: true,
			placeholder: 'e.g. 25',
			description: 'The discount: from 0 to 100 for percent, currency units for static',
		}),
		{
			displayName: 'Coupon Duration Type',
			name: 'couponDurationType',
			type: 'options',
			required: true,
			options: [
				{ name: 'Days', value: 'days' },
				{ name: 'Hours', value: 'hours' },
				{ name: 'Lifetime', value: 'lifetime' },
				{ name: 'Months', value: 'months' },
				{ name: 'Once', value: 'once' },
				{ name: 'Years', value: 'years' },
			],
			default: 'once',
			description: 'For how long the discount holds for a customer who used the coupon',
		},
		{
			displayName: 'Coupon Duration Value',
			name: 'couponDurationValue',
			type: 'number',
			typeOptions: { minValue: 1 },
			displayOptions: { show: { couponDurationType: ['days', 'hours', 'months', 'years'] } },
			default: 1,
			description: 'How many hours, days, months or years the discount holds',
		},
		additionalFields([
			{
				displayName: 'Active',
				name: 'active',
				type: 'boolean',
				default: true,
				description: 'Whether the coupon can be used. On if not given.',
			},
			couponName,
			{
				displayName: 'Coupon UUID Code',
				name: 'uuidCode',
				type: 'string',
				default: '',
				placeholder: 'e.g. winter25',
				description:
					'An identifier of your own of letters, digits, _ and -, up to 255 characters; made up by Partnero if not given',
			},
			{
				displayName: 'Expires At',
				name: 'expiresAt',
				type: 'dateTime',
				default: '',
				description: 'The last day on which the coupon can be redeemed',
			},
			metadata,
			{
				displayName: 'Redemption Limit',
				name: 'redemptionLimit',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1,
				description: 'How often the coupon can be redeemed in all',
			},
			syncProvider,
		]),
	],
	requireOneOf: [['couponDurationValue']],
	idempotency: {
		keyFields: ['additionalFields.uuidCode'],
		lookup: { url: '/coupons/{identifier}' },
	},
	amounts: {
		couponDiscountAmount: { percentIf: { field: 'couponDiscountType', value: 'percent' } },
	},
	output: { kind: 'record', extras: couponExtras },
};
