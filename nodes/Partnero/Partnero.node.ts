import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { properties } from './description';
import { customOperations, executeRouted } from './execution/execute';
import { getLeadFields } from './listSearch/leadFields';
import { listSearch } from './listSearch/search';

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
		properties: [...properties],
	};

	// The routes stand in the Operation menus; these carry them out (docs/architecture.md, "One run").
	customOperations = customOperations;

	methods = { listSearch, resourceMapping: { getLeadFields } };
}
