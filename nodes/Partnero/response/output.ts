import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../transport/call';
import type { Delivery } from '../transport/retry';
import { readBack } from '../writes/readBack';
import { fillObject } from '../form/template';
import type { Output } from '../operation';
import { dataOf, entriesOf, isBareSuccess, isRecord, recordOf, recordsAmong, succeeded } from './unwrap';
import { refusal, verdictOf } from './errors';
import type { Summary } from './simplify';

/** Turns `data` into the items of an operation whose output is more than the record. */
export type Compute = (data: IDataObject, call: Call) => IDataObject[];

/** The record as the user asked for it: whole, or its summary if Simplify is on. */
export function shaped(record: IDataObject, summary: Summary | undefined, call: Call): IDataObject {
	return summary && call.form.value('simplify') === true ? summary(record) : record;
}

/** The records that one answer gives. */
export async function recordsIn(call: Call, delivery: Delivery): Promise<IDataObject[]> {
	const { output } = call.operation;
	switch (output.kind) {
		case 'done':
			return [await doneItem(call, delivery, output)];
		case 'answer':
			return await wholeAnswer(call, delivery);
		case 'computed':
			return output.compute(await recordOf(call, delivery), call);
		case 'record':
			return [await recordIn(call, delivery)];
		case 'list':
			return recordsAmong(await entriesOf(call, delivery));
	}
}

/** The one record of an answer, as it is output. */
export async function recordIn(call: Call, delivery: Delivery): Promise<IDataObject> {
	const isBare = isBareSuccess(call, delivery);
	const record = isBare ? await readBack(call, delivery) : await recordOf(call, delivery);
	if (!record) return bareAnswer(delivery);
	const { output } = call.operation;
	if (output.kind !== 'record') return record;
	return {
		...shaped(record, output.summary, call),
		...output.beside?.((delivery.answer!.body || {}) as IDataObject),
	};
}

async function doneItem(
	call: Call,
	delivery: Delivery,
	{ item, missing }: Extract<Output, { kind: 'done' }>,
): Promise<IDataObject> {
	if (delivery.answer?.status === 404) {
		// The answer to an earlier try was lost, and that try did it.
		if (call.operation.request.method === 'DELETE' && delivery.unknown > 0) return fillObject(item, call.form);
		if (missing && call.form.value(missing.ifAllowedBy) === true) return fillObject(missing.item, call.form);
	}
	if (!succeeded(delivery)) throw await refusal(call, delivery);
	const { message } = verdictOf((delivery.answer!.body || {}) as IDataObject);
	return { ...fillObject(item, call.form), ...(message ? { message } : {}) };
}

/** What the API answers where no document says what that is: `data`, or all there is. */
async function wholeAnswer(call: Call, delivery: Delivery): Promise<IDataObject[]> {
	if (!succeeded(delivery)) throw await refusal(call, delivery);
	const data = dataOf(delivery);
	if (Array.isArray(data)) return data as IDataObject[];
	return [isRecord(data) ? data : bareAnswer(delivery)];
}

/** All that an answer says which has no record. */
function bareAnswer({ answer }: Delivery): IDataObject {
	return (answer!.body || { done: true }) as IDataObject;
}
