import type { IDataObject } from 'n8n-workflow';

import { conversions } from '../form/values';
import type { Summary } from '../operation';
import { isRecord } from '../transport/outcome';

import type { Call } from './call';

/** By what a record is known, which the model of an agent gets whatever fields were selected. */
const identifiers = ['id', 'key'];

/** The record as the user asked for it: whole, its summary if Simplify is on, or the fields that a tool selects. */
export function shaped(
	record: IDataObject,
	summary: Summary | undefined,
	{ form }: Call,
): IDataObject {
	if (!summary || form.value('simplify') !== true) return record;
	switch (form.value('output')) {
		case 'raw':
			return record;
		case 'selected':
			return selected(
				{ record, summary: summary(record) },
				conversions.list(form.value('outputFields')) as string[],
			);
		default:
			return summary(record);
	}
}

/** Fields by their paths: of the record, or of its summary where only that has them; null for what neither has. */
function selected(
	{ record, summary }: { record: IDataObject; summary: IDataObject },
	paths: string[],
): IDataObject {
	const own = identifiers.filter((name) => record[name] !== undefined);
	return Object.fromEntries(
		[...new Set([...own, ...paths])].map((path) => [
			path,
			(valueAt(record, path) ?? valueAt(summary, path) ?? null) as IDataObject[string],
		]),
	);
}

function valueAt(record: IDataObject, path: string): unknown {
	let value: unknown = record;
	for (const name of path.split('.')) {
		if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
		value = value[name];
	}
	return value;
}
