import type { INodeProperties } from 'n8n-workflow';

import { pairs } from './collections';

/** What coupons and promotion codes may carry along. */
export const metadata: INodeProperties = pairs({
	displayName: 'Metadata',
	name: 'metadata',
	description: 'Names and values of your own that are kept with the record',
});

/** The sale in which a coupon or a promotion code was used. */
export const transactionKey: INodeProperties = {
	displayName: 'Transaction Key',
	name: 'transactionKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. inv_1001',
	description:
		'The key of the sale in which it was used, which has to be recorded already. Partnero ignores a key that it does not know, or that was given before.',
};
