import type { IDataObject } from 'n8n-workflow';

import type { Transition } from '../operation';
import { recordOf } from '../response/unwrap';
import { contradicted } from '../response/errors';
import type { Call } from '../transport/call';
import type { Delivery } from '../transport/retry';
import { backOff, deliver, lost, nameOf } from '../transport/retry';
import { findRecord, lookedForBy } from '../lookup/find';
import { fillUrl } from '../form/template';
import { abortableSleep } from '../transport/clock';

/** What a look gave: the record, or what is wrong with it. */
type Look = { record: IDataObject } | { contradiction: string };

/**
 * The record that a write was about, for an answer that says no more than that it was done.
 * @returns `undefined` if it cannot be looked for, or cannot be read
 * @throws NodeApiError if it is not there, whatever the answer said: the API may accept a sale for a customer whom
 * it does not know (`partnero-api.md` 5.2)
 */
export async function readBack(call: Call, delivery: Delivery): Promise<IDataObject | undefined> {
	const { operation, run, context } = call;
	const { identity, transition } = operation;
	const identifier = identity && lookedForBy(call, identity);
	if (identifier === undefined && !transition) return undefined;
	for (let look = 1; ; look += 1) {
		let seen: Look;
		try {
			seen = transition ? await moved(call, transition) : there(await findRecord(call, identity!, identifier!));
		} catch {
			// What was asked for is done as far as anybody knows.
			return undefined;
		}
		if ('record' in seen) return seen.record;
		if (look === lost.looks) {
			if (identifier !== undefined) run.inDoubt.set(nameOf(call, [operation.request.url, identifier]), delivery.since);
			throw await contradicted(call, delivery, seen.contradiction);
		}
		await abortableSleep(backOff(look, lost), context.getExecutionCancelSignal());
	}
}

function there(record: IDataObject | undefined): Look {
	return record ? { record } : { contradiction: 'cannot be found there' };
}

/** Whether the record has left the status from which it was to be moved; somebody else may have moved it on. */
async function moved(call: Call, { url, from = [] }: Transition): Promise<Look> {
	const record = await recordOf(call, await deliver(call, { method: 'GET', url: fillUrl(url, call.form) }));
	const status = String(record.status);
	return from.includes(status) ? { contradiction: `is still '${status}'` } : { record };
}
