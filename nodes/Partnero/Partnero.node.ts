import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { properties } from './description';
import { hints } from './editorHints';
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
		hints,
		// In releases that heed it, the editor shows neither; the workflow gets both.
		sensitiveOutputFields: ['signInUrl', 'signature'],
		builderHint: {
			searchHint:
				'Record sales with Transaction: Create. Fill Transaction Key from the order, invoice or payment ID of the event, so that a sale is recorded once however often the workflow runs. To start a workflow use Partnero Trigger, or Partnero Polling Trigger where Partnero cannot reach n8n.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-partnero.partneroTrigger',
					relationHint: 'Starts a workflow on events of a Partnero program',
				},
			],
		},
		properties: [...properties],
	};

	// The routes stand in the Operation menus; these carry them out (docs/architecture.md, "One run").
	customOperations = customOperations;

	methods = { listSearch, resourceMapping: { getLeadFields } };
}
