import type { IDataObject } from 'n8n-workflow';

/** How long the waits of a retry are: milliseconds. */
export interface BackOff {
	first: number;
	longest: number;
}

/** How often a request is sent again, and how long before that. */
export interface RetryPolicy {
	/** After a 429, as long as all waits together are no longer than `milliseconds`. */
	rateLimit: BackOff & { attempts: number; milliseconds: number };
	/** After a 5xx, a time-out or a cut connection, if the request may be repeated. */
	transient: BackOff & { attempts: number };
}

/** For the items of the node. */
export const usualRetry: RetryPolicy = {
	rateLimit: { attempts: 8, milliseconds: 120_000, first: 500, longest: 30_000 },
	transient: { attempts: 6, first: 200, longest: 5_000 },
};

/** For pickers and for the hooks of the trigger: n8n calls them once, and gives up what they cannot do soon. */
export const impatientRetry: RetryPolicy = {
	rateLimit: { attempts: 3, milliseconds: 10_000, first: 400, longest: 2_000 },
	transient: { attempts: 3, first: 400, longest: 2_000 },
};

/** Exponential back-off with jitter, capped. */
export function backOff(attempt: number, { first, longest }: BackOff): number {
	const full = Math.min(longest, first * 2 ** (attempt - 1));
	return full / 2 + (Math.random() * full) / 2;
}

/** The server's own wish in milliseconds, capped: `Retry-After` in seconds or as a date. */
export function retryAfter(headers: IDataObject, longest: number): number | undefined {
	const wish = headers['retry-after'];
	if (wish === undefined || wish === '') return undefined;
	const seconds = Number(wish);
	const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(wish)) - Date.now();
	return Number.isFinite(milliseconds) ? Math.min(longest, Math.max(0, milliseconds)) : undefined;
}
