import type { INodeProperties } from 'n8n-workflow';

export const couponName: INodeProperties = {
	displayName: 'Coupon Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. WINTER25',
	description: 'The name of the coupon; its UUID code if not given',
};

export const syncProvider: INodeProperties = {
	displayName: 'Sync Provider',
	name: 'syncProvider',
	type: 'options',
	options: [
		{ name: 'Paddle', value: 'paddle' },
		{ name: 'Shopify', value: 'shopify' },
		{ name: 'Stripe', value: 'stripe' },
		{ name: 'WooCommerce', value: 'woocommerce' },
	],
	default: 'stripe',
	description:
		'Where the coupon is created as well; has to be connected to the program in Partnero',
};
