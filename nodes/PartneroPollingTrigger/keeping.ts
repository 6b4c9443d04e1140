import type { IDataObject, IPollFunctions } from 'n8n-workflow';

/** What is remembered, and of what. */
export interface Kept extends IDataObject {
	/** Names the program and what is watched in it. */
	of: string;
	/** Names what is watched, in whatever program. */
	watched?: string;
}

/** What the last poll remembered; `undefined` if that was of something else, or there was none. */
export function kept<T extends Kept>(context: IPollFunctions, of: string): T | undefined {
	return allKept<T>(context).find((one) => one.of === of);
}

/** What was remembered last of the same lists, maybe in another program. */
export function keptBefore<T extends Kept>(
	context: IPollFunctions,
	watched: string,
): T | undefined {
	return allKept<T>(context).find((one) => one.watched === watched);
}

function allKept<T extends Kept>(context: IPollFunctions): T[] {
	const { memory } = context.getWorkflowStaticData('node') as { memory?: T };
	const atPublication = context.getWorkflowStaticData('global')[shelf(context)] as T | undefined;
	return [memory, atPublication].filter((one) => one !== undefined);
}

/**
 * Remembers for the next poll. n8n saves it with the workflow that the poll starts, after the poll of a publication, or,
 * where it stages what a poll remembers (2.41 with durable cursors), with every poll but that of the publication: there
 * it stands in the workflow's own static data until another poll has kept it.
 */
export function keep(context: IPollFunctions, memory: Kept): void {
	const own = context.getWorkflowStaticData('node');
	const all = context.getWorkflowStaticData('global');
	const isFirst = (own.memory as Kept | undefined)?.of !== memory.of;
	if (isFirst && isStaged(own)) all[shelf(context)] = memory;
	else if (shelf(context) in all && !isFirst) delete all[shelf(context)];
	own.memory = memory;
}

/** n8n watches the static data of a workflow for changes, and no copy of it. */
function isStaged(staticData: IDataObject): boolean {
	return !('__dataChanged' in staticData);
}

function shelf(context: IPollFunctions): string {
	return `partneroPollingTrigger ${context.getNode().id}`;
}
