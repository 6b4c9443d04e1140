import type { INodeProperties } from 'n8n-workflow';

export const amountUnits: INodeProperties = {
	displayName: 'Amount Units',
	name: 'amountUnits',
	type: 'string',
	default: '',
	placeholder: 'e.g. usd',
	description: 'The currency of the payout, for example usd',
};
