import type { IHttpRequestOptions } from 'n8n-workflow';

import { abortableSleep, clock } from './clock';
import type { Pass } from './gate';
import { isPass } from './gate';
import type { Asked, Attempt } from './outcome';
import { isUndecided, isUnreachable, outcomeOfNetworkError, outcomeOfResponse } from './outcome';
import { backOff, usualRetry } from './retryPolicy';
import type { HttpResponse, NetworkError } from './send';
import { send } from './send';
import type { Sender } from './sender';
import { cancelSignalOf } from './sender';

/** What is sent, without what all requests have in common. */
export type HttpRequest = Pick<IHttpRequestOptions, 'url' | 'qs' | 'body'> & Asked;

/** What became of a request, over all attempts: the last one's outcome, and how it came to it. */
export interface RequestResult extends Omit<Attempt, 'endedAt'> {
	attempts: number;
	/** How many of the attempts before the last may have been carried out without anybody knowing. */
	lostAttempts: number;
	/** When the first attempt began, that of an earlier try of n8n included (milliseconds since 1970). */
	since: number;
	/** Milliseconds spent waiting at the gate, over all attempts. */
	waited: number;
	/** Whether sending it twice does no more than sending it once. */
	repeatable: boolean;
	/** Whether it is the page of a list that goes round without an end. */
	endlessList?: boolean;
	/** The status of the record that was found after a refusal. */
	recordStatus?: string;
}

/**
 * Sends a request once, when the run's gate lets it through.
 * @param pass the gate's, if it has let the request through already
 */
export async function sendOnce(
	sender: Sender,
	request: HttpRequest,
	pass?: Pass,
): Promise<Attempt> {
	const { gate } = sender.run;
	// At once if possible, so that requests leave in the order in which they were made.
	const entry = pass ?? gate.tryEnter() ?? (await gate.enter(cancelSignalOf(sender)));
	const { waited } = entry;
	if (isPass(entry)) return { ...(await sendThrough(sender, request, entry)), waited };
	// Nobody waits as long as the server asks.
	return {
		response: entry.answer,
		outcome: 'rateLimited',
		mayBeInFlight: false,
		endedAt: clock.now(),
		waited,
	};
}

async function sendThrough(
	{ context, run, options }: Sender,
	{ wants, ...request }: HttpRequest,
	pass: Pass,
): Promise<Omit<Attempt, 'waited'>> {
	let response: HttpResponse | undefined;
	try {
		response = await send(context, await run.credentials(context), { ...options, ...request });
		return {
			response,
			...outcomeOfResponse({ ...request, wants }, response),
			endedAt: clock.now(),
		};
	} catch (error) {
		const networkError = error as NetworkError;
		return { networkError, ...outcomeOfNetworkError(networkError), endedAt: clock.now() };
	} finally {
		run.gate.leave(pass, response);
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
		return await retryLoop(
			sender,
			request,
			{ lostAttempts: 0, since: Date.now(), repeatable },
			first,
		);
	}
	const indeterminate = sender.run.indeterminate.change(sender.itemIndex, request);
	const { since } = indeterminate;
	// n8n's try before may have carried it out.
	const before =
		since === undefined ? { lostAttempts: 0, since: Date.now() } : { lostAttempts: 1, since };
	const result = await retryLoop(sender, request, { ...before, repeatable });
	if (result.outcome === 'indeterminate' || (isUndecided(result) && result.lostAttempts > 0))
		indeterminate.mark(result.since);
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
		const attempt = await ((attempts === 1 && first) || sendOnce(sender, request));
		waited += attempt.waited;
		const { response, networkError, outcome, mayBeInFlight } = attempt;
		const result = {
			response,
			networkError,
			outcome,
			mayBeInFlight,
			attempts,
			lostAttempts,
			since,
			waited,
			repeatable,
		};
		if (attempt.outcome === 'rateLimited') {
			limited += 1;
			if (limited >= rateLimit.attempts || sender.run.gate.hasGivenUp) return result;
			continue;
		}
		const neverArrived = attempt.networkError !== undefined && isUnreachable(attempt.networkError);
		const again = neverArrived || (repeatable && attempt.outcome === 'indeterminate');
		if (!again || attempts - limited >= transient.attempts) return result;
		if (!neverArrived) lostAttempts += 1;
		await abortableSleep(backOff(attempts - limited, transient), signal);
	}
}
