import type { IDataObject } from 'n8n-workflow';

import { simplifyProgram } from '../resources/program/output';
import type { Call } from '../response/call';

import { keepReport, reportBefore } from './lastReport';
import type { Report } from './programReport';
import { programReport, snapshotOf } from './programReport';

/**
 * The report of a program as one item. What a production run reported is kept per program in the node's static data,
 * and all reports of one execution are compared with the same earlier one.
 */
export function makeReport(
	data: IDataObject,
	{ context, form }: Pick<Call, 'context' | 'form'>,
): IDataObject[] {
	const { public_id: publicId, id } = simplifyProgram(data);
	const program = String(publicId ?? id);
	let report: Report;
	try {
		report = programReport(data, {
			comparePrevious: form.value('options.comparePrevious') !== false,
			metrics: form.value('options.metrics') as string[] | undefined,
			previous: reportBefore(context, program),
			generatedAt: new Date().toISOString(),
			timeZone: context.getTimezone(),
		});
	} catch (error) {
		throw form.refuse((error as Error).message);
	}
	keepReport(context, program, snapshotOf(report));
	return [{ ...report }];
}
