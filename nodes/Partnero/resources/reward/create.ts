import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create reward',
		description: 'Create a reward that subscribers earn when they have referred enough others',
	},
	request: {
		method: 'POST',
		url: '/rewards',
		body: {
			name: '{name}',
			description: '{additionalFields.description}',
			subscribers_count: '{subscribersCount}',
			fulfillment_type: '{fulfillmentType}',
			fulfillment_value: '{fulfillmentValue}',
		},
	},
	fields: [
		{
			displayName: 'Reward Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 10% off',
			description: 'What subscribers see that they can earn',
		},
		{
			displayName: 'Subscribers Count',
			name: 'subscribersCount',
			type: 'number',
			typeOptions: { minValue: 1 },
			required: true,
			default: 1,
			placeholder: 'e.g. 5',
			description:
				'How many others somebody has to refer to earn the reward; comes back as subscriber_count',
		},
		{
			displayName: 'Fulfillment Type',
			name: 'fulfillmentType',
			type: 'options',
			required: true,
			options: [
				{ name: 'Amazon Gift Card', value: 'amazon_gift_card' },
				{ name: 'Coupon Code', value: 'generic_coupon' },
				{ name: 'URL', value: 'url_link' },
			],
			default: 'generic_coupon',
			description: 'How the reward is handed over',
		},
		{
			displayName: 'Fulfillment Value',
			name: 'fulfillmentValue',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. REWARD10',
			description: 'The coupon code, the URL, or what the gift card is for',
		},
		additionalFields([
			{
				displayName: 'Description',
				name: 'description',
				type: 'string',
				default: '',
				placeholder: 'e.g. For your first friend',
				description: 'More about the reward',
			},
		]),
	],
	output: { kind: 'record' },
};
