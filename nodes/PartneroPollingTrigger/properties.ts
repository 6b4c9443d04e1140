import type { INodeProperties } from 'n8n-workflow';

import { statuses } from '../Partnero/resources/payoutRequest/statuses';
import { knownMetrics } from '../Partnero/resources/program/metrics';

const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
};

const metricOnly = { show: { watch: ['metric'] } };

/** The form, top to bottom. n8n puts Poll Times above it. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Watch',
		name: 'watch',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'New Customer',
				value: 'customer',
				description: 'Affiliate and refer-a-friend programs',
			},
			{ name: 'New Lead', value: 'lead', description: 'Affiliate programs' },
			{ name: 'New Partner', value: 'partner', description: 'Affiliate programs' },
			{ name: 'New Subscriber', value: 'subscriber', description: 'Newsletter programs' },
			{
				name: 'New Transaction',
				value: 'transaction',
				description: 'A sale with its commissions (affiliate and refer-a-friend programs)',
			},
			{
				name: 'Payout Request',
				value: 'payoutRequest',
				description: 'A new one, or one that gets into a status (affiliate programs)',
			},
			{
				name: 'Program Number Crossed',
				value: 'metric',
				description:
					'A statistic of the program rises to a threshold, or falls below it (all programs)',
			},
		],
		default: 'transaction',
		description: 'What starts the workflow. Each new record comes out once.',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		displayOptions: { show: { watch: ['payoutRequest'] } },
		options: statuses,
		default: [],
		description:
			'Start for payout requests that get into one of these statuses, once for each status that a payout request gets into. Leave empty to start for new payout requests.',
	},
	{
		displayName: 'Metric',
		name: 'metric',
		type: 'options',
		required: true,
		displayOptions: metricOnly,
		options: knownMetrics.map(({ name, label, description }) => ({
			name: label,
			value: name,
			description,
		})),
		default: 'total_revenue',
		description:
			'The number of the program to watch. In several currencies, it is the one in the currency of the program.',
	},
	{
		displayName: 'Threshold',
		name: 'threshold',
		type: 'number',
		required: true,
		displayOptions: metricOnly,
		typeOptions: { numberPrecision: 2 },
		default: 0,
		description: 'The value that the number has to cross. Percentages are numbers such as 12.5.',
	},
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		displayOptions: metricOnly,
		options: [
			{
				name: 'Above',
				value: 'above',
				description: 'Starts when the number reaches the threshold, or exceeds it',
			},
			{
				name: 'Below',
				value: 'below',
				description: 'Starts when the number falls below the threshold',
			},
		],
		default: 'above',
		description:
			'Which crossing starts the workflow, once for each time that the number crosses the threshold',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		displayOptions: { hide: { watch: ['lead', 'payoutRequest'] } },
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		displayOptions: { hide: { watch: ['metric'] } },
		default: {},
		options: [
			{
				...limit,
				default: 1_000,
				description:
					'Max number of records of one poll. If there are more, the oldest come first, and the others with the next polls.',
			},
			{
				displayName: 'Overlap (Minutes)',
				name: 'overlap',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 60,
				description:
					'How far behind the newest known record each poll looks for records that show late. Lists of up to 500 records are read as a whole anyway, longer ones once an hour.',
			},
			{
				displayName: 'Start From',
				name: 'startFrom',
				type: 'dateTime',
				default: '',
				description:
					'Counts for the first poll only: records created from this date on come out as well. Without it, the first poll of a published workflow only remembers what is there. A date without a time zone is in the time zone of the workflow.',
			},
		],
	},
];
