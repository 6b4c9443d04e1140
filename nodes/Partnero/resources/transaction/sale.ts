import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { simplify, toolOutput } from '../../shared/list';
import {
	customer,
	optional,
	partner,
	reference,
	referrer,
	referringCustomer,
} from '../../shared/locators';
import { money } from '../../shared/money';
import { email, firstName, lastName, referralUrl, tags } from '../../shared/person';

import { summarizeTransaction } from './output';

/** What was sold, and under which key. */
const sale: INodeProperties[] = [
	// Not required: n8n would stop a workflow that fills Reward in its place.
	money({
		displayName: 'Amount',
		name: 'amount',
		placeholder: 'e.g. 99.99',
		description:
			'What was paid, in currency units and not in cents, for example 99.99. The commission is computed from it. Has to be filled unless Reward is.',
		builderHint: {
			propertyHint:
				'Currency units: divide amounts in cents, such as those of Stripe, by 100. Never negative: refund with Transaction: Refund.',
		},
	}),
	{
		displayName: 'Transaction Key',
		name: 'key',
		type: 'string',
		default: '',
		placeholder: 'e.g. inv_1001',
		description:
			'Your own identifier of the sale, such as the number of the order or the invoice. With it the sale is recorded once, however often the workflow runs, and can be refunded. Without it every run records it anew.',
		builderHint: {
			propertyHint:
				'Always fill it, with an ID of the event that stays the same when it is delivered again: order, invoice or payment ID. Never a random value or the time.',
		},
	},
	{
		displayName: 'If Key Exists',
		name: 'ifKeyExists',
		type: 'options',
		options: [
			{
				name: 'Fail',
				value: 'fail',
				description: 'Send nothing and stop, or continue with the item as set under On Error',
			},
			{
				name: 'Record',
				value: 'record',
				description: 'Record it anyway, which pays a second commission',
			},
			{
				name: 'Skip',
				value: 'skip',
				description: 'Send nothing and output the transaction that is there',
			},
		],
		default: 'skip',
		description: 'What to do when a transaction with this key is there already',
		builderHint: {
			propertyHint: 'Keep skip. record pays a second commission for the same sale.',
		},
	},
];

/** The form of a sale. */
export const saleFields: INodeProperties[] = [
	customer,
	...sale,
	{
		displayName: 'Create Customer',
		name: 'createCustomer',
		type: 'boolean',
		default: false,
		description: 'Whether to create the customer in the same step if it does not exist yet',
	},
	{
		displayName: 'If Customer Is Unknown',
		name: 'ifCustomerUnknown',
		type: 'options',
		displayOptions: { show: { createCustomer: [false] } },
		options: [
			{
				name: 'Fail',
				value: 'fail',
				description: 'Record nothing, and stop, or continue with the item as set under On Error',
			},
			{
				name: 'Record',
				value: 'record',
				description: 'Record the sale for nobody, so that no partner is paid for it',
			},
		],
		default: 'fail',
		description: 'What to do when Partnero does not know the customer',
	},
	{
		displayName: 'New Customer',
		name: 'newCustomer',
		type: 'collection',
		placeholder: 'Add Field',
		displayOptions: { show: { createCustomer: [true] } },
		default: {},
		description: 'What is known of the customer, in case it is created',
		options: [
			{
				...email,
				displayName: 'New Customer Email',
			},
			{ ...firstName, displayName: 'New Customer First Name' },
			{ ...lastName, displayName: 'New Customer Last Name' },
			{
				...optional(partner),
				displayName: 'New Customer Partner',
				description: 'The partner who brought the customer in (affiliate programs)',
			},
			{
				...optional(referringCustomer),
				displayName: 'New Customer Referred By',
			},
			{ ...tags, displayName: 'New Customer Tags' },
		],
	},
	// Off, since workflows from before there was such a field use the whole record.
	{ ...simplify, default: false },
	...toolOutput,
	additionalFields([
		{
			displayName: 'Action',
			name: 'action',
			type: 'string',
			default: 'sale',
			placeholder: 'e.g. sale',
			description:
				'What the customer did, as the commission rules of the program name it. Sent as "sale" if not given.',
		},
		{
			displayName: 'Amount Units',
			name: 'amountUnits',
			type: 'string',
			default: '',
			placeholder: 'e.g. USD',
			description: "The currency of the amount; the program's currency if not given",
		},
		{
			displayName: 'Created At',
			name: 'createdAt',
			type: 'dateTime',
			default: '',
			description: 'When the sale took place, to record it later; now if not given',
		},
		money({
			displayName: 'Discount Amount',
			name: 'discountAmount',
			description: 'The discount that was given, in currency units, for example 5.50',
		}),
		{
			displayName: 'Discount Code',
			name: 'discountCode',
			type: 'string',
			default: '',
			placeholder: 'e.g. WINTER25',
			description: 'The code that gave the discount',
		},
		money({
			displayName: 'Gross Amount',
			name: 'grossAmount',
			description: 'The amount before discount and tax, in currency units, for example 120.00',
		}),
		{
			displayName: 'Product ID',
			name: 'productId',
			type: 'string',
			default: '',
			placeholder: 'e.g. pro',
			description:
				'The product, for commission rules by product; of an order with several products all of them, separated by commas, or an expression that gives an array',
		},
		{
			displayName: 'Product Type',
			name: 'productType',
			type: 'string',
			default: '',
			placeholder: 'e.g. monthly',
			description:
				'The kind of product, for commission rules by product; several separated by commas, or an expression that gives an array',
		},
		referralUrl,
		money({
			displayName: 'Reward',
			name: 'reward',
			description:
				'The commission itself, in currency units, instead of having it computed. Amount is not sent then.',
		}),
		{
			displayName: 'Rewardable',
			name: 'rewardable',
			type: 'boolean',
			default: true,
			description: 'Whether the sale earns a commission',
		},
		{
			displayName: 'Rewarded',
			name: 'rewarded',
			type: 'boolean',
			default: false,
			description: 'Whether the commission has been paid out already',
		},
	]),
];

/** What a sale is on the wire. */
export const saleBody = {
	key: '{key}',
	action: ['{additionalFields.action}', 'sale'],
	amount: '{amount|unless:additionalFields.reward}',
	amount_units: '{additionalFields.amountUnits}',
	product_id: '{additionalFields.productId|oneOrMany}',
	product_type: '{additionalFields.productType|oneOrMany}',
	reward: '{additionalFields.reward}',
	rewardable: '{additionalFields.rewardable}',
	rewarded: '{additionalFields.rewarded}',
	created_at: '{additionalFields.createdAt|unix}',
	gross_amount: '{additionalFields.grossAmount}',
	discount_amount: '{additionalFields.discountAmount}',
	discount_code: '{additionalFields.discountCode}',
};

/** Who bought, which several sales can share. */
export const buyerBody = {
	customer: {
		...reference('customer'),
		email: ['{customer|email}', '{newCustomer.email}'],
		name: '{newCustomer.name}',
		surname: '{newCustomer.surname}',
		tags: '{newCustomer.tags|list}',
		partner: reference('newCustomer.partner'),
		referring_customer: referrer('newCustomer.referringCustomer'),
	},
	options: {
		create_customer: '{createCustomer|onlyTrue}',
		referral_url: '{additionalFields.referralUrl}',
	},
};

const inUnits = {
	units: 'additionalFields.amountUnits',
	insteadOfNegative: 'To take a sale back, use Transaction: Refund.',
};

/** The amounts of a sale, all in one currency. */
export const saleAmounts: Operation['amounts'] = {
	amount: inUnits,
	'additionalFields.discountAmount': inUnits,
	'additionalFields.grossAmount': inUnits,
	'additionalFields.reward': inUnits,
};

/** Needed of every sale; the commission itself can stand in for the amount. */
export const saleNeeds = [['amount', 'additionalFields.reward']];

/** The sale as it was recorded, with what tells a person how it went before all else. */
export const recordedSale: Operation['output'] = {
	kind: 'record',
	summary: summarizeTransaction,
	first: ['commission', 'commission_units'],
};
