import type { NodeHint } from 'n8n-workflow';

import { resources } from './resources';

/** Names what a node is set to, as `operationSet` does in an expression. */
interface Choice {
	resource: string;
	operation: string;
}

const operationSet = '$parameter["resource"] + "." + $parameter["operation"]';

/** What n8n's editor evaluates to `true` or `false` for an open node. */
function condition(expression: string): string {
	return `={{ ${expression} }}`;
}

/** Whether the node is set to one of these. */
function isOneOf(choices: Choice[]): string {
	const names = choices.map(({ resource, operation }) => `${resource}.${operation}`);
	return `${JSON.stringify(names)}.includes(${operationSet})`;
}

const operations = resources.flatMap(({ entry, operations: all }) =>
	all.map((operation) => ({
		resource: entry.value,
		operation: operation.entry.value,
		...{ irreversible: operation.irreversible, output: operation.output },
	})),
);

/** The filters that only the node knows, each with what the node has to be set to. */
const ownFilters = operations.flatMap(({ resource, operation, output }) => {
	const {
		checks = [],
		createdAfter,
		createdBefore,
	} = (output.kind === 'list' && output.filters) || {};
	const fields = [
		...checks.filter(({ isOwn }) => isOwn).map(({ field }) => field),
		...[createdAfter, createdBefore].filter((field) => field !== undefined),
	];
	return fields.map((field) => `${resource}.${operation}.${field.split('.').at(-1)}`);
});

/**
 * What the editor says beside an open node, as it is set. A condition sees the parameters, as they are written in
 * `$rawParameter`, and the items of the input in `$input`, once there are any.
 */
export const hints: NodeHint[] = [
	{
		message:
			'Without a Transaction Key every run records the sale anew, and pays a second commission. Fill it with the number of the order or the invoice.',
		type: 'warning',
		location: 'outputPane',
		displayCondition: condition(
			`${isOneOf([{ resource: 'transaction', operation: 'create' }])} && !$rawParameter["key"]`,
		),
	},
	{
		message:
			'This cannot be undone, and is done for each of the input items. Turn on Execute Once under Settings if it is for one only.',
		type: 'warning',
		location: 'outputPane',
		displayCondition: condition(
			`${isOneOf(operations.filter(({ irreversible }) => irreversible))} && $input.all().length > 1`,
		),
	},
	{
		message:
			'Partnero has no such filter, so the node applies it itself: it may read many more records than come out.',
		type: 'info',
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
		displayCondition: condition(
			`Object.keys($rawParameter["filters"] || {}).some((name) => ${JSON.stringify(ownFilters)}.includes(${operationSet} + "." + name))`,
		),
	},
];
