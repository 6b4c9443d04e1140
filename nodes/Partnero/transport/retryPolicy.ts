import type { IDataObject } from 'n8n-workflow';

/** How long the waits of a retry are: milliseconds. */
export interface BackOff {
	first: number;
	longest: number;
}

/** How often a request is sent again, and how long before that. */
export interface RetryPolicy {
	/** After a 429; how long the waits are is the gate's business, and how long it goes on as well. */
	rateLimit: { attempts: number };
	/** After a 5xx, a time-out or a cut connection, if the request may be repeated. */
	transient: BackOff & { attempts: number };
}

/** For the items of the node. */
export const usualRetry: RetryPolicy = {
	rateLimit: { attempts: Infinity },
	transient: { attempts: 6, first: 200, longest: 5_000 },
};

/** For pickers and for the hooks of the trigger: n8n calls them once, and gives up what they cannot do soon. */
export const impatientRetry: RetryPolicy = {
	rateLimit: { attempts: 3 },
	transient: { attempts: 3, first: 400, longest: 2_000 },
};

/** Exponential back-off with jitter, capped. */
export function backOff(attempt: number, { first, longest }: BackOff): number {
	const full = Math.min(longest, first * 2 ** (attempt - 1));
	return full / 2 + (Math.random() * full) / 2;
}

/**
 * The server's own wish in milliseconds: `Retry-After` in seconds or as a date, which is compared with the server's
 * own clock where it shows that. `undefined` if it says nothing that can be meant.
 */
export function retryAfter({ 'retry-after': wish, date }: IDataObject): number | undefined {
	const text = String(wish ?? '').trim();
	if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
	// A date begins with the name of a day; what else JavaScript takes for a date was never meant as one.
	if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
	const now = Date.parse(String(date ?? ''));
	const milliseconds = Date.parse(text) - (Number.isNaN(now) ? Date.now() : now);
	return milliseconds > 0 ? milliseconds : undefined;
}
