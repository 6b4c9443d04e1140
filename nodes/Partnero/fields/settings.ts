import type { INodeProperties } from 'n8n-workflow';

/** What holds for the whole run, whatever the operation. */
export const settings: INodeProperties = {
	displayName: 'Settings',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Requests at Once',
			name: 'requestsAtOnce',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50 },
			default: 5,
			description:
				'How many requests of this node may be under way at the same time. Lower it if Partnero answers that there are too many.',
		},
	],
};
