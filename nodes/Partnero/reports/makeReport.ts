import type { IDataObject } from 'n8n-workflow';

import { simplifyProgram } from '../resources/program/output';
import type { Call } from '../response/call';

import type { Report, Snapshot } from './programReport';
import { programReport, snapshotOf } from './programReport';

/** Where the node's static data keeps the last report of each program. */
const place = 'lastReports';

/**
 * The report of a program as one item. What a production run reported is kept per program in the
 * node's static data, once per run: n8n keeps it in no manual run, and all items of a run are
 * compared with the same report.
 */
export function makeReport(data: IDataObject, { context, form, run }: Pick<Call, 'context' | 'form' | 'run'>): IDataObject[] {
	const staticData = context.getWorkflowStaticData('node');
	const before = (run.memory[place] ??= { ...(staticData[place] as IDataObject) }) as Record<string, Snapshot>;
	const { public_id: publicId, id } = simplifyProgram(data);
	const program = String(publicId ?? id);
	let report: Report;
	try {
		report = programReport(data, {
			comparePrevious: form.value('options.comparePrevious') !== false,
			metrics: form.value('options.metrics') as string[] | undefined,
			previous: before[program],
			generatedAt: new Date().toISOString(),
			timeZone: context.getTimezone(),
		});
	} catch (error) {
		throw form.refuse((error as Error).message);
	}
	if (context.getMode() !== 'manual') {
		staticData[place] = { ...(staticData[place] as IDataObject), [program]: snapshotOf(report) };
	}
	return [report];
}
