import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { customOperations, executeRouted } from './execution/execute';
import { settings } from './shared/settings';
import { getLeadFields } from './listSearch/leadFields';
import { listSearch } from './listSearch/search';
import { operationProperties } from './resources';

export class Partnero implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Partnero',
		name: 'partnero',
		icon: { light: 'file:../../icons/partnero.svg', dark: 'file:../../icons/partnero.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Run Partnero affiliate, referral and newsletter programs',
		defaults: { name: 'Partnero' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'partneroApi', required: true }],
		// A literal; the address in the credential takes its place when a request is sent (transport/send.ts).
		requestDefaults: { baseURL: 'https://api.partnero.com/v1' },
		// For what n8n routes: it calls this for each item, since the Resource field makes every request paginated.
		requestOperations: { pagination: executeRouted },
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Coupon', value: 'coupon' },
					{ name: 'Customer', value: 'customer', description: 'Affiliate and refer-a-friend programs' },
					{ name: 'Lead', value: 'lead', description: 'Affiliate programs' },
					{ name: 'Partner', value: 'partner', description: 'Affiliate programs' },
					{ name: 'Payout Request', value: 'payoutRequest', description: 'Affiliate programs' },
					{ name: 'Program', value: 'program' },
					{ name: 'Promotion Code', value: 'promotionCode' },
					{ name: 'Referral Link', value: 'referralLink', description: 'Affiliate and refer-a-friend programs' },
					{ name: 'Reward', value: 'reward', description: 'Newsletter programs' },
					{ name: 'Subscriber', value: 'subscriber', description: 'Newsletter programs' },
					{ name: 'Transaction', value: 'transaction', description: 'Affiliate and refer-a-friend programs' },
					{ name: 'Webhook', value: 'webhook' },
				],
				routing: { send: { paginate: true } },
				default: 'partner',
			},
			...operationProperties,
			settings,
		],
	};

	// The routes stand in the Operation menus; these carry them out (docs/architecture.md, "One run").
	customOperations = customOperations;

	methods = { listSearch, resourceMapping: { getLeadFields } };
}
