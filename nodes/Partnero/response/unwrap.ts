import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../transport/call';
import type { Delivery } from '../transport/retry';
import { refusal, verdictOf } from './errors';

/**
 * Whether the API did what it was asked: a 2xx in JSON whose `status` is not 0
 * (`partnero-api.md` 1.2: 0 stands for a failure, and nobody says that it always comes with a 4xx).
 */
export function succeeded({ answer }: Delivery): boolean {
	if (!answer || answer.status < 200 || answer.status > 299) return false;
	if (answer.status === 204) return true;
	const { body } = answer;
	return typeof body === 'object' && body !== null && verdictOf(body as IDataObject).status !== 0;
}

/** `data` of an answer, or `undefined` where there is none. */
export function dataOf({ answer }: Delivery): unknown {
	const body = answer?.body;
	return typeof body === 'object' && body !== null ? (body as IDataObject).data : undefined;
}

/** Whether `data` is one record; PHP writes an empty one as `[]`. */
export function isRecord(data: unknown): data is IDataObject {
	return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/**
 * Whether the API says no more than that it did what it was asked, where a record was to come. It answers
 * so to actions (`partnero-api.md` 1.2), and of several nobody says what it answers (5.2).
 */
export function isBareSuccess({ operation }: Call, delivery: Delivery): boolean {
	if (operation.request.method === 'GET' || !succeeded(delivery) || isRecord(dataOf(delivery))) return false;
	const { status, body } = delivery.answer!;
	return status === 204 || verdictOf(body as IDataObject).status === 1;
}

/** Objects that PHP writes as `[]` when they are empty (`partnero-api.md` 5.1, 20). */
const maps = [
	...['additional_info', 'custom_fields', 'metadata'],
	...['coupon_specific_partners', 'coupon_specific_customers', 'coupon_specific_subscribers'],
];

/** Makes the empty objects of a record into objects, also in records inside it. */
export function withMaps(record: IDataObject): IDataObject {
	for (const [key, value] of Object.entries(record)) {
		if (!Array.isArray(value)) {
			if (isRecord(value)) withMaps(value);
		} else if (value.length === 0 && maps.includes(key)) {
			record[key] = {};
		} else {
			for (const entry of value as unknown[]) if (isRecord(entry)) withMaps(entry);
		}
	}
	return record;
}

/** The one record that an answer has to hold; the clear error if it holds none. */
export async function recordOf(call: Call, delivery: Delivery): Promise<IDataObject> {
	const data = dataOf(delivery);
	if (!succeeded(delivery) || !isRecord(data)) throw await refusal(call, delivery);
	return withMaps(data);
}

/** The entries of one page of a list, which are records but for what is empty. */
export async function entriesOf(call: Call, delivery: Delivery): Promise<unknown[]> {
	const data = dataOf(delivery);
	if (!succeeded(delivery) || !Array.isArray(data)) throw await refusal(call, delivery);
	return data;
}

/** The records among them. */
export function recordsAmong(entries: unknown[]): IDataObject[] {
	return entries.filter(isRecord).map(withMaps);
}
