import type { IDataObject } from 'n8n-workflow';

import { idempotencyKeyOf } from '../form/identifier';
import { shortened } from '../form/shortened';
import { findRecord } from '../lookup/find';
import { fillRoute } from '../lookup/sendRoute';
import type { Transition } from '../operation';
import type { Call } from '../response/call';
import { readBackMismatchError } from '../response/errors';
import { shaped } from '../response/shape';
import { foldStatus } from '../response/standing';
import { recordOf } from '../response/unwrap';
import { abortableSleep, clock } from '../transport/clock';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import { backOff } from '../transport/retryPolicy';
import { cancelSignalOf } from '../transport/sender';

import { readBackPolicy } from './policy';

/**
 * The one record of an answer, as it is output. An answer that only acknowledges the write is read back, and so is one
 * whose record has not left its status.
 */
export async function recordIn(call: Call, result: RequestResult): Promise<IDataObject> {
	const answered = result.outcome === 'acknowledged' ? undefined : await recordOf(call, result);
	const isUnmoved =
		answered && call.operation.transition?.from?.includes(foldStatus(answered.status));
	const record = answered && !isUnmoved ? answered : ((await readBack(call, result)) ?? answered);
	return record ? asOutput(call, record, result) : ackBody(result);
}

/** A record as it is output, with what the answer that holds it has beside it. */
export function asOutput(call: Call, record: IDataObject, result: RequestResult): IDataObject {
	const { output } = call.operation;
	if (output.kind !== 'record') return record;
	return {
		...shaped(record, output.summary, call),
		...output.extras?.((result.response!.body || {}) as IDataObject),
	};
}

/** All that an answer says which has no record. */
export function ackBody({ response }: RequestResult): IDataObject {
	return (response!.body || { done: true }) as IDataObject;
}

/** What a look gave: the record, or what is wrong with it. */
type Look = { record: IDataObject } | { mismatch: string };

/**
 * The record that a write was about, for an answer that says no more than that it was done.
 * @returns `undefined` if it cannot be looked for, or cannot be read
 * @throws ItemFailure if it is not there, whatever the answer said: the API may accept a sale for a customer whom
 * it does not know (`partnero-api.md` 5.2)
 */
async function readBack(call: Call, result: RequestResult): Promise<IDataObject | undefined> {
	const { operation, run, form } = call;
	const { idempotency, transition } = operation;
	const identifier = idempotency && idempotencyKeyOf(form, idempotency);
	if (identifier === undefined && !transition) return undefined;
	for (let looks = 1; ; looks += 1) {
		let look: Look;
		try {
			const found = transition ? undefined : await findRecord(call, idempotency!, identifier!);
			look = transition
				? await moved(call, transition)
				: (found ?? { mismatch: 'cannot be found there' });
		} catch {
			// What was asked for is done as far as anybody knows.
			return undefined;
		}
		if ('record' in look) return look.record;
		if (looks === readBackPolicy.looks) {
			if (identifier !== undefined)
				run.indeterminate
					.creation(call.itemIndex, operation.request.url, identifier)
					.mark(result.since, { result, endedAt: clock.now(), mayBeSentAgain: false });
			throw await readBackMismatchError(call, result, look.mismatch);
		}
		await abortableSleep(backOff(looks, readBackPolicy), cancelSignalOf(call));
	}
}

/** Whether the record has left the status from which it was to be moved; somebody else may have moved it on. */
async function moved(call: Call, { url, from = [] }: Transition): Promise<Look> {
	const record = await recordOf(
		call,
		await sendWithRetry(call, await fillRoute(call, { method: 'GET', url })),
	);
	const status = foldStatus(record.status);
	return from.includes(status) ? { mismatch: `is still '${shortened(status)}'` } : { record };
}
