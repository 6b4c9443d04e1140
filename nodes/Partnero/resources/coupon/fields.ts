import type { INodeProperties } from 'n8n-workflow';

import { pairs } from '../../shared/collections';

export const couponName: INodeProperties = {
	displayName: 'Coupon Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. WINTER25',
	description: 'The name of the coupon; its UUID code if not given',
};

export const metadata: INodeProperties = pairs({
	displayName: 'Metadata',
	name: 'metadata',
	description: 'Names and values of your own that are kept with the record',
});

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
	description: 'Where the coupon is created as well; has to be connected to the program in Partnero',
};

export const transactionKey: INodeProperties = {
	displayName: 'Transaction Key',
	name: 'transactionKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. inv_1001',
	description:
		'The key of the sale in which it was used, which has to be recorded already. Partnero ignores a key that it does not know, or that was given before.',
};
