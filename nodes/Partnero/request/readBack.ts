import type { IDataObject } from 'n8n-workflow';

import type { Transition } from '../resources/operation';
import { recordOf } from '../response/answer';
import { notThere } from '../response/errors';
import type { Call } from './call';
import type { Delivery } from './deliver';
import { backOff, deliver, lost } from './deliver';
import { findRecord, lookedForBy } from './find';
import { fillUrl } from './template';
import { wait } from './wait';

/**
 * The record that a write was about, for an answer that says no more than that it was done.
 * @returns `undefined` if it cannot be looked for, or cannot be read
 * @throws NodeApiError if it is not there, whatever the answer said: the API may accept a sale for a customer whom
 * it does not know (`partnero-api.md` 5.2)
 */
export async function readBack(call: Call, delivery: Delivery): Promise<IDataObject | undefined> {
	const { identity, transition } = call.operation;
	const identifier = identity && lookedForBy(call, identity);
	const isFindable = identifier !== undefined || transition;
	for (let look = 1; isFindable && look <= lost.looks; look += 1) {
		let record: IDataObject | undefined;
		try {
			record = transition ? await moved(call, transition) : await findRecord(call, identity!, identifier!);
		} catch {
			// What was asked for is done as far as anybody knows.
			return undefined;
		}
		if (record) return record;
		await wait(backOff(look, lost), call.context.getExecutionCancelSignal());
	}
	if (isFindable) throw await notThere(call, delivery);
	return undefined;
}

/** The record, if it is in the status that it was moved to. */
async function moved(call: Call, { url, to }: Transition): Promise<IDataObject | undefined> {
	const record = await recordOf(call, await deliver(call, { method: 'GET', url: fillUrl(url, call.form) }));
	return typeof record.status !== 'string' || to.includes(record.status) ? record : undefined;
}
