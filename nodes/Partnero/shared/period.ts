import type { INodeProperties } from 'n8n-workflow';

type Options = NonNullable<INodeProperties['options']>;

const periods: Options = [
	{ name: 'Custom', value: 'custom', description: 'From a day to another one' },
	{ name: 'Last 30 Days', value: 'last30Days', description: 'The 30 days before today' },
	{ name: 'Last 7 Days', value: 'last7Days', description: 'The 7 days before today' },
	{ name: 'Last Month', value: 'lastMonth', description: 'The calendar month before this one' },
	{
		name: 'Last Quarter',
		value: 'lastQuarter',
		description: 'The calendar quarter before this one',
	},
	{ name: 'Last Week', value: 'lastWeek', description: 'The week before this one' },
	{ name: 'This Month', value: 'thisMonth', description: 'From the first of the month until now' },
	{ name: 'This Week', value: 'thisWeek', description: 'From the first day of the week until now' },
];

const ofCustom = { show: { period: ['custom'] } };

/** What every description of a period ends with. */
export const inWorkflowZone = 'Days are those of the time zone of the workflow.';

/**
 * The field Period with the two days of a custom one.
 * @param more choices that only one operation has
 */
export function period(description: string, preset: string, more: Options = []): INodeProperties[] {
	return [
		{
			displayName: 'Period',
			name: 'period',
			type: 'options',
			options: [...periods, ...more],
			default: preset,
			description,
		},
		{
			displayName: 'From',
			name: 'from',
			type: 'dateTime',
			default: '',
			required: true,
			displayOptions: ofCustom,
			description: 'The first day of the period, or the instant at which it begins',
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'dateTime',
			default: '',
			required: true,
			displayOptions: ofCustom,
			description:
				'The last day of the period, all of which belongs to it. With a time of day other than midnight: the instant at which the period ends.',
		},
	];
}

/** The option for how numbers and dates are written. */
export const locale: INodeProperties = {
	displayName: 'Locale',
	name: 'locale',
	type: 'string',
	default: 'en-US',
	placeholder: 'e.g. de-DE',
	description: 'How numbers and dates are written, as a language tag. The words stay English.',
};

/** The option for the first day of a week. */
export const weekStartsOn: INodeProperties = {
	displayName: 'Week Starts On',
	name: 'weekStartsOn',
	type: 'options',
	options: [
		{ name: 'Friday', value: 'friday' },
		{ name: 'Monday', value: 'monday' },
		{ name: 'Saturday', value: 'saturday' },
		{ name: 'Sunday', value: 'sunday' },
		{ name: 'Thursday', value: 'thursday' },
		{ name: 'Tuesday', value: 'tuesday' },
		{ name: 'Wednesday', value: 'wednesday' },
	],
	default: 'monday',
	description: 'The first day of a week',
};
