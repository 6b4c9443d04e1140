import type { IDataObject } from 'n8n-workflow';

/** What Partnero delivers (`partnero-api.md` 3.3). */
interface Envelope extends IDataObject {
	event: string;
	data: IDataObject;
	webhook_key?: string;
	created_at?: string;
}

/** Deliveries are a few kilobytes; whatever is much larger is none. */
export const largestBody = 1024 * 1024;

/** Reads a delivery; `undefined` if it is not what the documents describe. */
export function readEnvelope(rawBody: Buffer): Envelope | undefined {
	let parsed: unknown;
	let isTampered = false;
	try {
		parsed = JSON.parse(rawBody.toString('utf8'), (key, value: unknown) => {
			// No document has such a key, and what handles the item later may trip over it.
			if (key === '__proto__') isTampered = true;
			return value;
		});
	} catch {
		return undefined;
	}
	if (isTampered || !isObject(parsed) || !isObject(parsed.data)) return undefined;
	return typeof parsed.event === 'string' && parsed.event ? (parsed as Envelope) : undefined;
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The item of a delivery: the record with the event beside it, or the whole envelope. */
export function itemOf(envelope: Envelope, simplify: boolean): IDataObject {
	if (!simplify) return envelope;
	const { event, created_at: createdAt, timestamp, data } = envelope;
	return { ...data, event, createdAt: createdAt ?? timestamp ?? null };
}
