import { fillRoute, sendRoute } from '../lookup/sendRoute';
import type { Transition } from '../operation';
import type { Call } from '../response/call';
import { foldStatus } from '../response/standing';
import { recordUnder } from '../response/unwrap';
import { abortableSleep } from '../transport/clock';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import { backOff } from '../transport/retryPolicy';
import { cancelSignalOf } from '../transport/sender';

import { readBackPolicy, reconciliation } from './policy';

/** Refusals that have nothing to do with the status of the record. */
const notAboutStatus = [401, 403, 404, 405, 429];

/**
 * Moves a record from one status to another. When an answer is lost, also in an earlier try of n8n, the
 * record is read before anything is sent again: if it is where it should be, that was it.
 * @returns the answer, or the record as it was read
 */
export async function applyTransition(call: Call, transition: Transition): Promise<RequestResult> {
	const { operation, run } = call;
	const { url } = await fillRoute(call, { method: 'GET', url: transition.url });
	const indeterminate = run.indeterminate.transition(
		{ method: operation.request.method, url },
		transition.to,
	);
	let result: RequestResult | undefined;
	for (let attempts = 1; ; attempts += 1) {
		if (indeterminate.since !== undefined) {
			const isRefused = result !== undefined && result.outcome !== 'indeterminate';
			const found = await look(call, url, transition, isRefused);
			const status = statusOf(found);
			if (status && transition.to.includes(status)) return found;
			// What ends an item in doubt says so, also where the last attempt was refused (`recording-rules.md` 10).
			if (isRefused)
				return {
					...result!,
					outcome: 'indeterminate',
					repeatable: false,
					recordStatus: status,
				};
			// What timed out may still be under way.
			if (!status || attempts > readBackPolicy.attempts || result?.mayBeInFlight)
				return { ...(result ?? found), recordStatus: status };
		}
		result = await sendRoute(call, operation.request);
		if (result.outcome === 'indeterminate') indeterminate.mark(Date.now());
		else if (isSuccess(result)) return result;
		else if (indeterminate.since === undefined) return await withStatus(call, url, result);
		await abortableSleep(backOff(attempts, readBackPolicy), cancelSignalOf(call));
	}
}

/**
 * Reads the record. What is refused after a lost answer would be refused again, and may be refused since the lost attempt
 * has done it: then the record is read until a late answer would show that.
 */
async function look(
	call: Call,
	url: string,
	{ from, to }: Transition,
	isRefused: boolean,
): Promise<RequestResult> {
	let found = await sendWithRetry(call, { method: 'GET', url });
	for (const wait of isRefused ? reconciliation.waits : []) {
		const status = statusOf(found);
		if (!status || to.includes(status) || (from && !from.includes(status))) break;
		found = await call.run.semaphore.park(async () => {
			await abortableSleep(wait, cancelSignalOf(call));
			return await sendWithRetry(call, { method: 'GET', url });
		});
	}
	return found;
}

/** A refusal with the status that the record is in, if that can have been the reason. */
async function withStatus(call: Call, url: string, result: RequestResult): Promise<RequestResult> {
	if (!result.response || notAboutStatus.includes(result.response.status)) return result;
	return { ...result, recordStatus: statusOf(await sendWithRetry(call, { method: 'GET', url })) };
}

/** The status of a record, without regard to case and white space. */
function statusOf(result: RequestResult): string | undefined {
	const status = isSuccess(result) ? recordUnder(result)?.status : undefined;
	return foldStatus(status) || undefined;
}
