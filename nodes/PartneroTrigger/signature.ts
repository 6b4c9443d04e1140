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
 * Tells deliveries that were seen before, since Partnero sends no number with them and repeats one
 * whose answer it missed. The oldest are forgotten; a restart forgets all.
 */
export class SeenDeliveries {
	private readonly digests = new Set<string>();

	/** Remembers a delivery and returns how to forget it; `undefined` if it was seen before. */
	add(webhookKey: string, rawBody: Buffer): (() => void) | undefined {
		const digest = createHash('sha256').update(webhookKey).update('\n').update(rawBody).digest('base64');
		if (this.digests.has(digest)) return undefined;
		this.digests.add(digest);
		if (this.digests.size > remembered) {
			const [oldest] = this.digests;
			this.digests.delete(oldest);
		}
		return () => void this.digests.delete(digest);
	}
}
