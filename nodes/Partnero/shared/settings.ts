import type { INodeProperties } from 'n8n-workflow';

/** What holds for the whole run, whatever the operation: on the Settings tab, beside n8n's Request Options. */
export const settings: INodeProperties = {
	displayName: 'Options',
	name: 'settings',
	type: 'collection',
	isNodeSetting: true,
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Requests at Once',
			name: 'requestsAtOnce',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50 },
			default: 20,
			description:
				'How many requests of this node may be under way at the same time. The node begins with five and finds out how many Partnero takes; it never goes beyond this number.',
		},
	],
};
