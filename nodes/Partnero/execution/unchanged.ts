import type { IDataObject } from 'n8n-workflow';

import { readRecord } from '../lookup/bySearch';
import { sendRoute } from '../lookup/sendRoute';
import type { Call } from '../response/call';
import { recordIn } from '../writes/record';

/**
 * The output of an update whose fields are all empty for its item: the record as it is, read in the way of the
 * resource's Get, with `updated: false`. Of an update that outputs no record, that of the program, nothing is read.
 * @throws ItemFailure if the record cannot be read
 */
export async function unchanged(call: Call): Promise<IDataObject> {
	const { resource, operation } = call;
	const get = resource.operations.find(({ entry }) => entry.value === 'get');
	if (operation.output.kind !== 'record' || !get) return { updated: false };
	const reading: Call = { ...call, operation: { ...get, output: operation.output } };
	const result = get.bySearch
		? await readRecord(reading, get.bySearch)
		: await sendRoute(reading, get.request);
	return { ...(await recordIn(reading, result)), updated: false };
}
