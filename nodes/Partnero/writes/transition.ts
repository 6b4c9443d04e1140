import { fillRoute, sendRoute } from '../lookup/sendRoute';
import type { Transition } from '../operation';
import type { Call } from '../response/call';
import { foldStatus } from '../response/standing';
import { recordUnder } from '../response/unwrap';
import { clock } from '../transport/clock';
import { lookAfter } from '../transport/lookAfter';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';

import { reconciliation } from './policy';

/** Refusals that have nothing to do with the status of the record. */
const notAboutStatus = [401, 403, 404, 405, 429];

/**
 * Moves a record from one status to another. After a lost answer, also in an earlier try of n8n, the record is read
 * before the request is sent once more, and once only (`recording-rules.md` 12): if it is where it should be, that was it.
 * @returns the answer, or the record as it was read
 */
export async function applyTransition(call: Call, transition: Transition): Promise<RequestResult> {
	const { operation, run } = call;
	const { url } = await fillRoute(call, { method: 'GET', url: transition.url });
	const doubt = run.indeterminate.transition(
		{ method: operation.request.method, url },
		transition.to,
	);
	for (;;) {
		const before = doubt.last;
		if (before) {
			const found = await look(call, url, transition, before.endedAt);
			const status = statusOf(found);
			if (status && transition.to.includes(status)) return found;
			if (!status || !before.mayBeSentAgain) return { ...before.result, recordStatus: status };
		}
		const result = await sendRoute(call, operation.request);
		if (result.outcome === 'indeterminate') {
			const mayBeSentAgain = !before && !result.mayBeInFlight;
			doubt.mark(doubt.since ?? result.since, { result, endedAt: clock.now(), mayBeSentAgain });
			continue;
		}
		if (isSuccess(result)) return result;
		if (!before) return await withStatus(call, url, result);
		// It may be refused since the lost attempt has done it, and the record may show that late.
		const found = await look(call, url, transition, clock.now());
		const status = statusOf(found);
		if (status && transition.to.includes(status)) return found;
		// What ends an item in doubt says so (`recording-rules.md` 10).
		return { ...result, outcome: 'indeterminate', repeatable: false, recordStatus: status };
	}
}

/**
 * Reads a record until it is no longer where it was, or until that was read long enough after the last attempt.
 * @param since when the last attempt ended, by the node's clock
 */
async function look(
	call: Call,
	url: string,
	{ from, to }: Transition,
	since: number,
): Promise<RequestResult> {
	const { waits, proof } = reconciliation;
	for (let looks = 0; ; looks += 1) {
		const wait = waits[Math.min(looks, waits.length - 1)];
		const { found, isLate } = await lookAfter(call, wait, async () => {
			const late = clock.now() - since >= proof;
			return { found: await sendWithRetry(call, { method: 'GET', url }), isLate: late };
		});
		const status = statusOf(found);
		const isUnmoved = status && !to.includes(status) && (!from || from.includes(status));
		if (isLate || !isUnmoved) return found;
	}
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
