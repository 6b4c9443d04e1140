import type { IDataObject } from 'n8n-workflow';

import { isRecord, isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';

import type { Call } from './call';
import { refusal } from './errors';

/** `data` of an answer, or `undefined` where there is none. */
export function dataOf({ response }: Pick<RequestResult, 'response'>): unknown {
	const body = response?.body;
	return typeof body === 'object' && body !== null ? (body as IDataObject).data : undefined;
}

/** Objects that PHP writes as `[]` when they are empty (`partnero-api.md` 5.1, 20). */
const maps = [
	...['additional_info', 'custom_fields', 'metadata'],
	...['coupon_specific_partners', 'coupon_specific_customers', 'coupon_specific_subscribers'],
];

/** Makes the empty objects of a record into objects, also in records inside it. */
function withMaps(record: IDataObject): IDataObject {
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
export async function recordOf(call: Call, result: RequestResult): Promise<IDataObject> {
	const data = dataOf(result);
	if (!isSuccess(result) || !isRecord(data)) throw await refusal(call, result);
	return withMaps(data);
}

/** The records among the entries of a list. */
export function recordsAmong(entries: unknown[]): IDataObject[] {
	return entries.filter(isRecord).map(withMaps);
}
