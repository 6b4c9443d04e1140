import type { IDataObject } from 'n8n-workflow';

import { fillObject } from '../form/template';
import type { Output } from '../operation';
import { makeReport } from '../reports/makeReport';
import { checkPeriodReport, makePeriodReport } from '../reports/periodReport';
import { checkStatements, makeStatements } from '../reports/statements';
import type { Call } from '../response/call';
import { refusal } from '../response/errors';
import { dataOf, recordOf, recordsAmong } from '../response/unwrap';
import { isRecord, isSuccess, statusBlock } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { ackBody, recordIn } from '../writes/record';

/** Whether a report is of a period, and not of all time. */
function isOfPeriod({ form }: Call): boolean {
	return form.has('period') && form.value('period') !== 'total';
}

/** Refuses, before any request, what makes no report. */
export function checkReport(call: Call): void {
	const { kind } = call.operation.output;
	if (kind === 'report' && isOfPeriod(call)) checkPeriodReport(call);
	if (kind === 'statements') checkStatements(call);
}

/** The records that one answer gives. */
export async function recordsIn(call: Call, result: RequestResult): Promise<IDataObject[]> {
	const { output } = call.operation;
	switch (output.kind) {
		case 'done':
			return [await doneItem(call, result, output)];
		case 'answer':
			return await wholeAnswer(call, result);
		case 'computed':
			return output.compute(await recordOf(call, result), call);
		case 'report': {
			const program = await recordOf(call, result);
			return isOfPeriod(call) ? await makePeriodReport(program, call) : makeReport(program, call);
		}
		case 'statements':
			return await makeStatements(await recordOf(call, result), call);
		case 'record':
			return [await recordIn(call, result)];
		case 'list': {
			const entries = dataOf(result);
			if (!isSuccess(result) || !Array.isArray(entries)) throw await refusal(call, result);
			return recordsAmong(entries);
		}
	}
}

async function doneItem(
	call: Call,
	result: RequestResult,
	{ item, missing }: Extract<Output, { kind: 'done' }>,
): Promise<IDataObject> {
	if (result.response?.status === 404) {
		// The answer to an earlier attempt was lost, and that attempt did it.
		if (call.operation.request.method === 'DELETE' && result.lostAttempts > 0)
			return fillObject(item, call.form);
		if (missing && call.form.value(missing.ifAllowedBy) === true)
			return fillObject(missing.item, call.form);
	}
	if (!isSuccess(result)) throw await refusal(call, result);
	const { message } = statusBlock((result.response!.body || {}) as IDataObject);
	return { ...fillObject(item, call.form), ...(message ? { message } : {}) };
}

/** What the API answers where no document says what that is: `data`, or all there is. */
async function wholeAnswer(call: Call, result: RequestResult): Promise<IDataObject[]> {
	if (!isSuccess(result)) throw await refusal(call, result);
	const data = dataOf(result);
	if (Array.isArray(data)) return data as IDataObject[];
	return [isRecord(data) ? data : ackBody(result)];
}
