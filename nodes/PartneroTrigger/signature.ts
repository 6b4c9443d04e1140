import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a delivery comes from who knows the secret: `Signature` is the hex HMAC-SHA256 of the raw
 * body (`partnero-api.md` 3.4). The comparison takes the same time wherever the two differ.
 */
export function isSigned(rawBody: Buffer, signature: unknown, secret: string): boolean {
	if (typeof signature !== 'string' || !secret) return false;
	const expected = Buffer.from(createHmac('sha256', secret).update(rawBody).digest('hex'));
	const given = Buffer.from(signature.trim().toLowerCase());
	return given.length === expected.length && timingSafeEqual(given, expected);
}

const remembered = 10_000;

/**
 * Partnero waits five seconds for an answer before it delivers again (`partnero-api.md` 3.5); what comes sooner
 * after a delivery that was taken is no repeat of it.
 */
const soonestRepeat = 5_000;

interface Taken {
	/** When it was last taken, in milliseconds. */
	at: number;
	/** How many of those that were taken did not start the workflow, and come again. */
	owed: number;
}

/**
 * Tells deliveries that were seen before, since Partnero sends no number with them and repeats one
 * whose answer it missed. The oldest are forgotten; a restart forgets all.
 */
export class SeenDeliveries {
	private readonly taken = new Map<string, Taken>();

	/**
	 * Remembers a delivery and returns how to forget it; `undefined` if it was seen before.
	 * @param isExact whether the time in it is exact enough that no two events have the same bytes
	 */
	add(webhookKey: string, rawBody: Buffer, isExact: boolean): (() => void) | undefined {
		const digest = createHash('sha256')
			.update(webhookKey)
			.update('\n')
			.update(rawBody)
			.digest('base64');
		const before = this.taken.get(digest);
		const now = Date.now();
		if (before && before.owed === 0 && (isExact || now - before.at >= soonestRepeat))
			return undefined;
		const entry = before ?? { at: now, owed: 0 };
		entry.at = now;
		if (before && before.owed > 0) entry.owed -= 1;
		this.taken.set(digest, entry);
		if (this.taken.size > remembered) {
			const [oldest] = this.taken.keys();
			this.taken.delete(oldest);
		}
		return () => void (entry.owed += 1);
	}
}
