import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../response/call';

import type { Snapshot } from './programReport';

/** Where the node's static data keeps the last report of each program. */
const place = 'lastReports';

/** The last report of a program, as static data keeps it. */
interface Kept extends Snapshot {
	/** The execution that made it; an older version of the node did not note it. */
	execution?: string;
	/** The last report of an earlier execution. */
	before?: Snapshot;
}

/** Which execution of n8n a report is made in, as far as reports are concerned. */
interface Execution {
	id: string;
	/** Whether a person runs it to try something; its reports are not remembered. */
	isByHand: boolean;
}

/**
 * The report that one of this execution is compared with: the last one of an earlier execution, however often this
 * execution has made it before, as in a loop.
 */
export function reportBefore(context: Call['context'], program: string): Snapshot | undefined {
	const kept = keptIn(context)[program] as Kept | undefined;
	return isOf(kept, executionOf(context)) ? kept?.before : kept;
}

/** Remembers a report for later executions; the numbers of this execution are kept together. */
export function keepReport(context: Call['context'], program: string, snapshot: Snapshot): void {
	const execution = executionOf(context);
	if (execution.isByHand) return;
	const last = keptIn(context)[program] as Kept | undefined;
	const isSame = isOf(last, execution);
	const before = isSame
		? last?.before
		: last && { generatedAt: last.generatedAt, values: last.values };
	const values = isSame ? { ...last?.values, ...snapshot.values } : snapshot.values;
	const kept: Kept = { ...snapshot, values, execution: execution.id, ...(before && { before }) };
	context.getWorkflowStaticData('node')[place] = { ...keptIn(context), [program]: kept };
}

function keptIn(context: Call['context']): IDataObject {
	return (context.getWorkflowStaticData('node')[place] ?? {}) as IDataObject;
}

function isOf(kept: Kept | undefined, { id }: Execution): boolean {
	return id !== '' && kept?.execution === id;
}

/**
 * Several calls of a sub-workflow count as the execution that calls them. n8n runs a sub-workflow as production, also
 * where a person tries the workflow that calls it. What tells is what n8n hands down from there: a Manual Trigger that
 * it began with, or the login of the person. n8n 1.x hands neither down.
 */
function executionOf(context: Call['context']): Execution {
	const own = context.getExecutionId() ?? '';
	const { parentExecutionId, triggerNode, credentials } = context.getExecutionContext?.() ?? {};
	const isCalled = context.getMode() === 'integrated';
	return {
		id: isCalled ? (parentExecutionId ?? own) : own,
		isByHand:
			context.getMode() === 'manual' ||
			(isCalled &&
				(triggerNode?.type === 'n8n-nodes-base.manualTrigger' || credentials !== undefined)),
	};
}
