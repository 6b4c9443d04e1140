import type { IDataObject, INodeProperties, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { InvalidValue } from '../Partnero/form/values';
import { parseValue, positiveInteger } from '../Partnero/form/values';
import { statuses } from '../Partnero/resources/payoutRequest/statuses';

import type { Threshold } from './crossing';
import type { WatchOptions } from './newRecords';
import type { WatchedList } from './watches';
import { lists, payoutRequestsIn } from './watches';

const usualLimit = 1_000;
const usualOverlap = 60;
const minute = 60_000;

/** What is watched: a list, or `metric`. */
export function watchOf(context: IPollFunctions): string {
	return String(context.getNodeParameter('watch'));
}

/** The lists that are watched: one, or one for each status of payout requests. */
export function listsOf(context: IPollFunctions): WatchedList[] {
	const watch = watchOf(context);
	if (!Object.hasOwn(lists, watch)) throw refusal(context, 'Watch', `cannot be '${watch}'`);
	const wanted = watch === 'payoutRequest' ? statusesOf(context) : [];
	return wanted.length > 0 ? wanted.map(payoutRequestsIn) : [lists[watch as keyof typeof lists]];
}

/** The statuses as the API calls them, however they are written; none if they were left empty. */
function statusesOf(context: IPollFunctions): string[] {
	const given = context.getNodeParameter('statuses', []) as unknown;
	if (Array.isArray(given) && given.length === 0) return [];
	const label = 'Statuses';
	const field = {
		displayName: label,
		name: 'statuses',
		type: 'multiOptions' as const,
		options: statuses,
		default: [],
	};
	const chosen = (valueOf(context, field, given) ?? []) as string[];
	if (chosen.length === 0) throw refusal(context, label, 'is empty');
	const known = statuses.map(({ value }) => value);
	if (!chosen.every((status) => known.includes(status)))
		throw refusal(context, label, `must contain only ${known.join(', ')}`);
	return [...new Set(chosen)].sort();
}

/** How the lists are watched, and from when on. */
export function optionsOf(context: IPollFunctions): WatchOptions & { startFrom?: number } {
	return { limit: limitOf(context), overlap: overlapOf(context), startFrom: startFromOf(context) };
}

/** @throws NodeOperationError if the threshold is no number, or a direction or a metric is not given */
export function thresholdOf(context: IPollFunctions): Threshold {
	const metric = String(context.getNodeParameter('metric') ?? '').trim();
	if (!metric) throw refusal(context, 'Metric', 'is empty');
	const threshold = numberIn(context, 'Threshold', context.getNodeParameter('threshold'));
	const direction = String(context.getNodeParameter('direction')).trim().toLowerCase();
	if (direction !== 'above' && direction !== 'below')
		throw refusal(context, 'Direction', "must be 'above' or 'below'");
	return { metric, threshold, direction };
}

/** At most so many records at once. */
function limitOf(context: IPollFunctions): number {
	const limit = numberIn(
		context,
		'Options > Limit',
		context.getNodeParameter('options.limit', usualLimit),
	);
	return checked(context, 'Options > Limit', () => positiveInteger(limit));
}

/** Milliseconds. */
function overlapOf(context: IPollFunctions): number {
	const minutes = numberIn(
		context,
		'Options > Overlap (Minutes)',
		context.getNodeParameter('options.overlap', usualOverlap),
	);
	if (minutes < 0) throw refusal(context, 'Options > Overlap (Minutes)', 'must not be negative');
	return minutes * minute;
}

/** The date from which on records come out at the first poll (milliseconds since 1970). */
function startFromOf(context: IPollFunctions): number | undefined {
	const given = context.getNodeParameter('options.startFrom', '') as unknown;
	const date = valueOf(
		context,
		{ displayName: 'Options > Start From', name: 'startFrom', type: 'dateTime', default: '' },
		given,
	);
	if (date !== undefined) return (date as { toMillis(): number }).toMillis();
	// Left empty by hand, it starts from nowhere; an expression was meant to give a date.
	const { startFrom } = (context.getNode().parameters.options ?? {}) as IDataObject;
	if (typeof startFrom === 'string' && startFrom.startsWith('='))
		throw refusal(context, 'Options > Start From', 'is empty');
	return undefined;
}

/** What a field of the node would make of a value. */
function valueOf(context: IPollFunctions, field: INodeProperties, given: unknown): unknown {
	return checked(context, field.displayName, () => parseValue(given, field, context.getTimezone()));
}

/** What `make` makes of a value; an error that names the field if the value does not fit it. */
function checked<T>(context: IPollFunctions, label: string, make: () => T): T {
	try {
		return make();
	} catch (error) {
		const { message, advice } = error as InvalidValue;
		throw refusal(context, label, message, advice);
	}
}

function numberIn(context: IPollFunctions, label: string, given: unknown): number {
	const number = valueOf(
		context,
		{ displayName: label, name: 'number', type: 'number', default: 0 },
		given,
	);
	if (number === undefined) throw refusal(context, label, 'is empty');
	return number as number;
}

function refusal(
	context: IPollFunctions,
	label: string,
	demand: string,
	description?: string,
): NodeOperationError {
	return new NodeOperationError(context.getNode(), `'${label}' ${demand}`, { description });
}
