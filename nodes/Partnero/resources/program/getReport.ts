import type { Operation } from '../../operation';

import { knownMetrics } from './metrics';

export const getReport: Operation = {
	entry: {
		name: 'Get Report',
		value: 'getReport',
		action: 'Get program report',
		description: "Make a report of the program's numbers as text, Markdown and HTML",
	},
	request: { method: 'GET', url: '/program' },
	fields: [
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Compare With Previous Report',
					name: 'comparePrevious',
					type: 'boolean',
					default: true,
					description:
						'Whether to show what changed since the last report that this node made in an earlier production execution. On if not given.',
				},
				{
					displayName: 'Metrics',
					name: 'metrics',
					type: 'multiOptions',
					options: knownMetrics.map(({ name, label, description }) => ({
						name: label,
						value: name,
						description,
					})),
					default: [],
					description: 'Which numbers to report, in this order; the usual ones of the program type if none is chosen',
				},
			],
		},
	],
	output: { kind: 'report' },
};
