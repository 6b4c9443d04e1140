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
	if (isTampered || !isObject(parsed)) return undefined;
	// PHP writes an object without fields as a list without entries.
	const data = Array.isArray(parsed.data) && parsed.data.length === 0 ? {} : parsed.data;
	if (!isObject(data)) return undefined;
	return typeof parsed.event === 'string' && parsed.event
		? ({ ...parsed, data } as Envelope)
		: undefined;
}

/**
 * Whether the time of an event is more exact than a second, so that two events never have the same one. Laravel
 * writes six digits behind the second even where its database keeps none of them.
 */
export function hasExactTime({ created_at: createdAt, timestamp }: Envelope): boolean {
	const time = createdAt ?? timestamp;
	if (typeof time === 'number')
		return !Number.isInteger(time) || (time > 1e11 && time % 1000 !== 0);
	return typeof time === 'string' && /\.\d*[1-9]/.test(time);
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
