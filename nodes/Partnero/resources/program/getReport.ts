import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../operation';
import { inWorkflowZone, locale, period, weekStartsOn } from '../../shared/period';

import { knownMetrics, PERIOD_METRICS } from './metrics';

const periodMetrics = PERIOD_METRICS.map(({ name, label, description, programs }) => ({
	name: label,
	value: name,
	description: `${description} (${programs.join(' and ')} programs)`,
})).sort((a, b) => a.name.localeCompare(b.name, 'en'));

/** The numbers of all time are of the program itself; those of a period are summed from lists. */
const ofTotal = { displayOptions: { show: { '/period': ['total'] } } };
const ofPeriod = { displayOptions: { hide: { '/period': ['total'] } } };

const options: INodeProperties[] = [
	{
		displayName: 'Compare With Previous Report',
		name: 'comparePrevious',
		type: 'boolean',
		default: true,
		...ofTotal,
		description:
			'Whether to show what changed since the last report that this node made in an earlier production execution. On if not given.',
	},
	{ ...locale, ...ofPeriod },
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
		...ofTotal,
		description:
			'Which numbers to report, in this order; the usual ones of the program type if none is chosen',
	},
	{
		displayName: 'Target',
		name: 'target',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Target',
		default: {},
		...ofPeriod,
		description:
			'What numbers are to reach in the period; the report shows how much of it there is',
		options: [
			{
				displayName: 'Targets',
				name: 'targets',
				values: [
					{
						displayName: 'Metric',
						name: 'metric',
						type: 'options',
						options: periodMetrics,
						default: 'revenue',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'number',
						default: 0,
						description: "The number to reach; money is in the program's currency",
					},
				],
			},
		],
	},
	{
		displayName: 'Top Partners',
		name: 'top',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 25 },
		default: 10,
		...ofPeriod,
		description:
			'How many partners to list by revenue; in refer-a-friend programs, referring customers. Each is looked up once.',
	},
	{
		displayName: 'Waiting',
		name: 'waiting',
		type: 'boolean',
		default: true,
		...ofPeriod,
		description:
			'Whether to show what waits for a decision: partners, payout requests and leads (affiliate programs). All leads are read for it. On if not given.',
	},
	{ ...weekStartsOn, ...ofPeriod },
];

export const getReport: Operation = {
	entry: {
		name: 'Get Report',
		value: 'getReport',
		action: 'Get program report',
		description:
			"Make a report of the program's numbers, of all time or of a period, as text, Markdown and HTML",
	},
	request: { method: 'GET', url: '/program' },
	fields: [
		...period(
			`What the report is of: the numbers of all time as Partnero gives them, or those of a period beside the one before it. ${inWorkflowZone}`,
			'total',
			[{ name: 'Total', value: 'total', description: 'The numbers of all time' }],
		),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options,
		},
	],
	output: { kind: 'report' },
};
