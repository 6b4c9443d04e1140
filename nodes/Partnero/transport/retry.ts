import type { IHttpRequestOptions } from 'n8n-workflow';

import { abortableSleep, clock } from './clock';
import type { Attempt } from './outcome';
import { isUndecided, outcomeOfNetworkError, outcomeOfResponse } from './outcome';
import { backOff, retryAfter, usualRetry } from './retryPolicy';
import type { NetworkError } from './send';
import { send } from './send';
import type { Sender } from './sender';
import { cancelSignalOf } from './sender';

/** What is sent, without what all requests have in common. */
export type HttpRequest = Pick<IHttpRequestOptions, 'url' | 'qs' | 'body'> & {
	method: NonNullable<IHttpRequestOptions['method']>;
};

/** What became of a request, over all attempts: the last one's outcome, and how it came to it. */
export interface RequestResult extends Omit<Attempt, 'endedAt'> {
	attempts: number;
	/** How many of the attempts before the last may have been carried out without anybody knowing. */
	lostAttempts: number;
	/** When the first attempt began, that of an earlier try of n8n included (milliseconds since 1970). */
	since: number;
	/** Milliseconds spent waiting because of the rate limit. */
	waited: number;
	/** Whether sending it twice does no more than sending it once. */
	repeatable: boolean;
	/** The status of the record that was found after a refusal. */
	recordStatus?: string;
}

/** Sends a request once. */
export async function sendOnce({ context, run, options }: Sender, request: HttpRequest): Promise<Attempt> {
	const credentials = await run.credentials(context);
	try {
		const response = await send(context, credentials, { ...options, ...request });
		return { response, ...outcomeOfResponse(request.method, response), endedAt: clock.now() };
	} catch (error) {
		const networkError = error as NetworkError;
		return { networkError, ...outcomeOfNetworkError(networkError), endedAt: clock.now() };
	}
}

/**
 * Sends a request, again if that is safe: after a 429, which carries nothing out, always; after an
 * indeterminate attempt only if the request may be repeated. A change that stays indeterminate is remembered for
 * n8n's next try.
 * @param first the first attempt, if it is under way already
 */
export async function sendWithRetry(
	sender: Sender,
	request: HttpRequest,
	repeatable = request.method === 'GET',
	first?: Promise<Attempt>,
): Promise<RequestResult> {
	if (!repeatable || request.method === 'GET') {
		return await retryLoop(sender, request, { lostAttempts: 0, since: Date.now(), repeatable }, first);
	}
	const indeterminate = sender.run.indeterminate.change(sender.itemIndex, request);
	const { since } = indeterminate;
	// n8n's try before may have carried it out.
	const before = since === undefined ? { lostAttempts: 0, since: Date.now() } : { lostAttempts: 1, since };
	const result = await retryLoop(sender, request, { ...before, repeatable });
	if (result.outcome === 'indeterminate' || (isUndecided(result) && result.lostAttempts > 0)) indeterminate.mark(result.since);
	else indeterminate.resolve();
	return result;
}

async function retryLoop(
	sender: Sender,
	request: HttpRequest,
	{ lostAttempts, since, repeatable }: Pick<RequestResult, 'lostAttempts' | 'since' | 'repeatable'>,
	first?: Promise<Attempt>,
): Promise<RequestResult> {
	const { rateLimit, transient } = sender.retry ?? usualRetry;
	const signal = cancelSignalOf(sender);
	let waited = 0;
	let limited = 0;
	for (let attempts = 1; ; attempts += 1) {
		const { endedAt, ...attempt } = await ((attempts === 1 && first) || sendOnce(sender, request));
		const result = { ...attempt, attempts, lostAttempts, since, waited, repeatable };
		if (attempt.outcome === 'rateLimited') {
			limited += 1;
			if (limited >= rateLimit.attempts || waited >= rateLimit.milliseconds) return result;
			const pause = retryAfter(attempt.response!.headers, rateLimit.milliseconds) ?? backOff(limited, rateLimit);
			const left = Math.max(0, pause - (clock.now() - endedAt));
			waited += left;
			await abortableSleep(left, signal);
			continue;
		}
		const isUnreachable = attempt.networkError?.isUnreachable ?? false;
		const again = isUnreachable || (repeatable && attempt.outcome === 'indeterminate');
		if (!again || attempts - limited >= transient.attempts) return result;
		if (!isUnreachable) lostAttempts += 1;
		await abortableSleep(backOff(attempts - limited, transient), signal);
	}
}
