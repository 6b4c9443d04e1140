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
	'additional_info',
	'custom_fields',
	'metadata',
	'coupon_specific_partners',
	'coupon_specific_customers',
	'coupon_specific_subscribers',
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

/**
 * The one record of an answer: `data` itself, the only record in it, or what stands in it under the name of its kind.
 * @returns `undefined` if there is none
 */
export function recordUnder(result: Pick<RequestResult, 'response'>): IDataObject | undefined {
	const data = dataOf(result);
	const one: unknown = Array.isArray(data) && data.length === 1 ? data[0] : data;
	return isRecord(one) && Object.keys(one).length > 0 ? withMaps(insideOf(one)) : undefined;
}

/** What a record may be called in an answer; the program's own has a block of its name among others. */
const kinds = [
	'coupon',
	'customer',
	'lead',
	'partner',
	'payoutrequest',
	'promotioncode',
	'reward',
	'subscriber',
	'transaction',
	'webhook',
	'referrallink',
	'partnerreferrallink',
	'customerreferrallink',
];

/** What may stand beside it. */
const besideRecord = ['created', 'message', 'status', 'success', 'updated'];

/** The record in `{ partner: { … } }`. */
function insideOf(data: IDataObject): IDataObject {
	const [only, ...others] = Object.keys(data).filter((name) => !besideRecord.includes(name));
	if (
		only === undefined ||
		others.length > 0 ||
		!kinds.includes(only.replace(/_/g, '').toLowerCase())
	)
		return data;
	const inner = data[only];
	return isRecord(inner) ? inner : data;
}

/** The one record that an answer has to hold; the clear error if it holds none. */
export async function recordOf(call: Call, result: RequestResult): Promise<IDataObject> {
	const record = isSuccess(result) ? recordUnder(result) : undefined;
	if (!record) throw await refusal(call, result);
	return record;
}

/** The records among the entries of a list. */
export function recordsAmong(entries: unknown[]): IDataObject[] {
	return entries.filter(isRecord).map(withMaps);
}
