import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../request/call';
import type { Output } from '../resources/operation';
import type { Summary } from './simplify';

/** Turns `data` into the items of an operation whose output is more than the record. */
export type Compute = (data: IDataObject, call: Call) => IDataObject[];

/** The record as the user asked for it: whole, or its summary if Simplify is on. */
export function shaped(record: IDataObject, summary: Summary | undefined, call: Call): IDataObject {
	return summary && call.form.value('simplify') === true ? summary(record) : record;
}

/** The items that one record makes. */
export function toItems(record: IDataObject, output: Output, call: Call): IDataObject[] {
	if (output.kind === 'computed') return output.compute(record, call);
	return [shaped(record, output.summary, call)];
}
