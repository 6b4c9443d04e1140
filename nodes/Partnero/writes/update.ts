import type { IDataObject } from 'n8n-workflow';

import type { Fields } from '../form/template';
import { fieldsInUrl, fillRequest } from '../form/template';
import { sendRoute } from '../lookup/sendRoute';
import type { RequestTemplate } from '../operation';
import type { Call } from '../response/call';
import type { Contradiction } from '../response/contradictions';
import { changesIn, contradictionsIn } from '../response/contradictions';
import { notHeededError } from '../response/errors';
import { dataOf } from '../response/unwrap';
import { isRecord } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';

import { recordIn } from './record';

/**
 * Updates a record, and believes it only if it shows (`recording.md` 13). The other form of the request is sent
 * where the answer shows something else; `sendRoute` does that, and here only where the record had to be read first.
 * @throws ItemFailure if the record still shows something else
 */
export async function update(call: Call, route: RequestTemplate, fields: Fields = call.form): Promise<IDataObject> {
	let result = await sendRoute(call, route, fields);
	let record = await recordIn(call, result);
	const sent = changesIn(fillRequest(route, fields));
	let contradictions = contradictionsOf(result, record, sent);
	const other = call.operation.fallbacks?.find((fallback) => 'orIgnored' in fallback && fallback.orIgnored);
	if (contradictions.length > 0 && result.outcome === 'acknowledged' && other) {
		const instead = await sendWithRetry(call, fillRequest(other.request, fields), true);
		if (instead.outcome !== 'rejected') {
			result = instead;
			record = await recordIn(call, result);
			contradictions = contradictionsOf(result, record, sent);
		}
	}
	if (contradictions.length === 0) return record;
	// The answer may show the record as it was before.
	const read = await readAgain(call, route, fields);
	const data = read && dataOf(read);
	if (isRecord(data) && contradictionsIn(data, sent).length === 0) return await recordIn(call, read!);
	throw await notHeededError(call, contradictions);
}

/** What the address of the update answers, if the record has one of its own. */
async function readAgain(call: Call, route: RequestTemplate, fields: Fields): Promise<RequestResult | undefined> {
	if (fieldsInUrl(route.url).length === 0) return undefined;
	const { url } = fillRequest({ method: 'GET', url: route.url }, fields);
	return await sendWithRetry(call, { method: 'GET', url });
}

/**
 * Counts something up. What it was before is not known, so only a count of nothing is surely wrong.
 * @throws ItemFailure if the record shows that nothing was counted
 */
export async function countUp(call: Call, counter: string): Promise<IDataObject> {
	const record = await recordIn(call, await sendRoute(call, call.operation.request));
	const shown = record[counter];
	if (shown === 0 || shown === '0') throw await notHeededError(call, [{ apiField: counter, sent: 'one more', shown }]);
	return record;
}

/** An answer that only acknowledges, and could not be read back, shows nothing. */
function contradictionsOf({ response }: RequestResult, record: IDataObject, sent: IDataObject): Contradiction[] {
	return record === response?.body ? [] : contradictionsIn(record, sent);
}
