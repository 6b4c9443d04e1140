import type { INodePropertyOptions } from 'n8n-workflow';

/**
 * The events that a webhook can be registered for, with the program types that have them
 * (`partnero-api.md` 3.2). A program refuses those of other types.
 */
export const events: INodePropertyOptions[] = [
	{
		name: 'Customer Created',
		value: 'customer.created',
		description: 'A customer was created (affiliate and refer-a-friend programs)',
	},
	{
		name: 'Customer Credited',
		value: 'customer.credited',
		description: 'The balance of a customer was credited (refer-a-friend programs)',
	},
	{
		name: 'Customer Deleted',
		value: 'customer.deleted',
		description: 'A customer was deleted (affiliate and refer-a-friend programs)',
	},
	{
		name: 'Customer Rewarded',
		value: 'customer.rewarded',
		description: 'A customer earned a reward (refer-a-friend programs)',
	},
	{
		name: 'Customer Updated',
		value: 'customer.updated',
		description: 'A customer was changed (affiliate and refer-a-friend programs)',
	},
	{
		name: 'Lead Converted',
		value: 'lead.converted',
		description: 'A lead became a customer (affiliate programs)',
	},
	{
		name: 'Lead Rejected',
		value: 'lead.rejected',
		description: 'A lead was rejected (affiliate programs)',
	},
	{
		name: 'Lead Submitted',
		value: 'lead.submitted',
		description: 'A partner submitted a lead (affiliate programs)',
	},
	{
		name: 'Partner Approved',
		value: 'partner.approved',
		description: 'A partner was approved (affiliate programs)',
	},
	{
		name: 'Partner Archived',
		value: 'partner.archived',
		description: 'A partner was archived (affiliate programs)',
	},
	{
		name: 'Partner Created',
		value: 'partner.created',
		description: 'A partner signed up or was created (affiliate programs)',
	},
	{
		name: 'Partner Deleted',
		value: 'partner.deleted',
		description: 'A partner was deleted (affiliate programs)',
	},
	{
		name: 'Partner Rejected',
		value: 'partner.rejected',
		description: 'A partner was rejected (affiliate programs)',
	},
	{
		name: 'Partner Updated',
		value: 'partner.updated',
		description: 'A partner was changed (affiliate programs)',
	},
	{
		name: 'Subscriber Created',
		value: 'subscriber.created',
		description: 'Somebody subscribed (newsletter programs)',
	},
	{
		name: 'Subscriber Deleted',
		value: 'subscriber.deleted',
		description: 'A subscriber was deleted (newsletter programs)',
	},
	{
		name: 'Subscriber Rewarded',
		value: 'subscriber.rewarded',
		description: 'A subscriber earned a reward (newsletter programs)',
	},
	{
		name: 'Subscriber Updated',
		value: 'subscriber.updated',
		description: 'A subscriber was changed (newsletter programs)',
	},
	{
		name: 'Transaction Created',
		value: 'transaction.created',
		description: 'A sale was recorded (affiliate and refer-a-friend programs)',
	},
	{
		name: 'Transaction Deleted',
		value: 'transaction.deleted',
		description: 'A sale was refunded (affiliate and refer-a-friend programs)',
	},
];
