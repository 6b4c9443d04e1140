import { clock } from './clock';
import type { FaultAnswer } from './faults';
import type { Quirks } from './quirks';

const minute = 60_000;

type Setting = NonNullable<Quirks['rateLimit']>;

/** What the limiter says of one request: headers for its answer, or a refusal. */
export interface Admission {
	headers: Record<string, string>;
	refusal?: FaultAnswer;
}

/** A limiter as Laravel's: a minute begins with the first request in it. */
export class RateLimiter {
	private began = -Infinity;
	private count = 0;

	/** Counts a request and admits it, or not. */
	take({ perMinute, retryAfter = 'seconds' }: Setting): Admission {
		if (clock.now() - this.began >= minute) {
			this.began = clock.now();
			this.count = 0;
		}
		const left = Math.max(0, perMinute - this.count - 1);
		const headers: Record<string, string> = {
			'x-ratelimit-limit': String(perMinute),
			'x-ratelimit-remaining': String(left),
		};
		if (this.count < perMinute) {
			this.count++;
			return { headers };
		}
		const seconds = Math.ceil((this.began + minute - clock.now()) / 1000);
		const wish = wishes[retryAfter](seconds);
		if (wish !== undefined) headers['retry-after'] = wish;
		const body = JSON.stringify({ message: 'Too Many Attempts.', status: 0 });
		return { headers, refusal: { status: 429, type: 'application/json', body, headers } };
	}
}

const wishes: Record<
	NonNullable<Setting['retryAfter']>,
	(seconds: number) => string | undefined
> = {
	seconds: String,
	none: () => undefined,
	zero: () => '0',
	past: () => new Date(Date.now() - minute).toUTCString(),
	nonsense: () => 'soon',
};
