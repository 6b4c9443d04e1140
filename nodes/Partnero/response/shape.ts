import type { IDataObject } from 'n8n-workflow';

import type { Summary } from '../operation';

import type { Call } from './call';

/** The record as the user asked for it: whole, or its summary if Simplify is on. */
export function shaped(record: IDataObject, summary: Summary | undefined, call: Call): IDataObject {
	return summary && call.form.value('simplify') === true ? summary(record) : record;
}
