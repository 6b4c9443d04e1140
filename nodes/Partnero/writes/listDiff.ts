import type { IDataObject } from 'n8n-workflow';

import { fillObject } from '../form/template';
import { isBlank } from '../form/values';
import { fillRoute, paginateRoute, sendRoute } from '../lookup/sendRoute';
import type { ListDiff } from '../operation';
import type { Call } from '../response/call';
import { readBackMismatchError } from '../response/errors';
import { abortableSleep } from '../transport/clock';
import { inTurn } from '../transport/inTurn';
import { backOff } from '../transport/retryPolicy';
import { cancelSignalOf } from '../transport/sender';

import { readBackPolicy } from './policy';
import { RecentWrites } from './recent';
import { recordIn } from './record';

/** Which records of a list this process has just made, by program and list. */
const recent = new RecentWrites<string[]>();

/**
 * For what has no identifier of its own and must not be sent twice: it is sent once, and if the answer
 * is lost, the one record counts that was not there before. The clocks of two machines would tell less.
 * Items whose records show up in the same list take turns, so that none takes another one's for its own.
 */
export async function createByListDiff(call: Call, listDiff: ListDiff): Promise<IDataObject> {
	// The list is named by the references of the form, once they are resolved as the request needs them.
	await fillRoute(call, call.operation.request);
	const { url, qs } = listDiff.list;
	const list = `${url} ${JSON.stringify(fillObject(qs, call.form)).toLowerCase()}`;
	const name = `list ${call.run.programId} ${list}`;
	return await inTurn(call, [name], async () => {
		const made = recent.get(name) ?? [];
		const record = await sendAndCompare(call, listDiff, new Set(made));
		const identity = record[listDiff.unique];
		if (!isBlank(identity)) recent.note(name, [...made, String(identity)]);
		return record;
	});
}

/** @param known records that were made just now, and that the list before may not show yet */
async function sendAndCompare(
	call: Call,
	listDiff: ListDiff,
	known: Set<string>,
): Promise<IDataObject> {
	const before = await recordsOf(call, listDiff).catch(() => undefined);
	const result = await sendRoute(call, call.operation.request);
	const isAcknowledged = result.outcome === 'acknowledged';
	if (!before || !(isAcknowledged || result.outcome === 'indeterminate'))
		return await recordIn(call, result);
	for (let looks = 1; looks <= readBackPolicy.looks; looks += 1) {
		await abortableSleep(backOff(looks, readBackPolicy), cancelSignalOf(call));
		const after = await recordsOf(call, listDiff).catch(() => undefined);
		// Whether it is there stays unknown, and that is what the error has to say.
		if (!after) break;
		const made = [...after].filter(([identity]) => !before.has(identity) && !known.has(identity));
		if (made.length > 1) break;
		if (made.length === 1) return made[0][1];
		if (looks === readBackPolicy.looks && isAcknowledged) {
			throw await readBackMismatchError(call, result, 'cannot be found there');
		}
	}
	return await recordIn(call, result);
}

/** The records of the list, by what tells them apart. */
async function recordsOf(
	call: Call,
	{ list, unique }: ListDiff,
): Promise<Map<string, IDataObject>> {
	const found = new Map<string, IDataObject>();
	for await (const page of paginateRoute(call, { method: 'GET', ...list }, { unique })) {
		for (const record of page) found.set(String(record[unique]), record);
	}
	return found;
}
