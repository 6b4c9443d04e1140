import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../operation';

/** The two fields that every list begins with. */
export const limits: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		displayOptions: { show: { returnAll: [false] } },
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
	},
];

export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** Only a tool of an agent has it, and only where Simplify is on: off, that gives everything anyway. */
const forTools = { '@tool': [true], simplify: [true] };

/** What the model of an agent gets of each record. */
export const toolOutput: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		displayOptions: { show: forTools },
		options: [
			{ name: 'Raw', value: 'raw', description: 'Everything that Partnero sends' },
			{
				name: 'Selected Fields',
				value: 'selected',
				description: 'The fields that you name, with the ID or key',
			},
			{ name: 'Simplified', value: 'simplified', description: 'The most useful fields' },
		],
		default: 'simplified',
		description: 'What the model gets of each record',
	},
	{
		displayName: 'Output Fields',
		name: 'outputFields',
		type: 'string',
		required: true,
		displayOptions: { show: { ...forTools, output: ['selected'] } },
		default: '',
		placeholder: 'e.g. email, status, referrals.clicks',
		description: 'Names of fields separated by commas; a dot leads into an object',
	},
];

/** What comes back of a record. */
export const simplified: INodeProperties[] = [simplify, ...toolOutput];

/** A condition that the node checks itself, since the API has no such filter. */
export const createdAfter: INodeProperties = {
	displayName: 'Created After',
	name: 'createdAfter',
	type: 'dateTime',
	default: '',
	description:
		'Only records made later than this. To go on from the newest record that you have, go back five minutes from it and remove duplicates by ID: others may have been made in the same second. The API has no such filter: the node asks for the newest first and checks the dates itself. A date without a time zone is in the time zone of the workflow.',
};

/** The other end of the same. */
export const createdBefore: INodeProperties = {
	displayName: 'Created Before',
	name: 'createdBefore',
	type: 'dateTime',
	default: '',
	description:
		'Only records made earlier than this. The API has no such filter: the node checks the dates itself.',
};

/** The conditions of a list. */
export function filters(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options,
	};
}

/** The order of a list, for those that know `sort` (`partnero-api.md` 1.3). */
export const sortOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Sort',
			name: 'sort',
			type: 'options',
			options: [
				{ name: 'Newest First', value: 'desc' },
				{ name: 'Oldest First', value: 'asc' },
			],
			default: 'desc',
			description: 'The order in which the records come',
		},
	],
};

/** The API's search, which takes one identifier at a time and has no other filter. */
export function searches(url: string, identifiers: string[]): Operation['alternatives'] {
	return identifiers.map((name) => ({
		when: [`filters.${name}`],
		request: { method: 'GET', url, qs: { [name]: `{filters.${name}}` } },
	}));
}

/** Whether somebody was brought in by another one; each list says by whom. */
export const referStatus: INodeProperties = {
	displayName: 'Refer Status',
	name: 'referStatus',
	type: 'options',
	options: [
		{ name: 'Not Referred', value: 'non_referred' },
		{ name: 'Referred', value: 'referred' },
	],
	default: 'referred',
};
