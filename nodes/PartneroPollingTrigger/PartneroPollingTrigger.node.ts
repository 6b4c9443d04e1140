import type {
	IDataObject,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { clock } from '../Partnero/transport/clock';
import type { Sender } from '../Partnero/transport/sender';
import { senderOfPoll } from '../Partnero/transport/sender';

import type { Threshold } from './crossing';
import { crossingItem, measure } from './crossing';
import { listsOf, optionsOf, thresholdOf, watchOf } from './form';
import type { Kept } from './keeping';
import { keep, kept, keptBefore } from './keeping';
import type { SavedMemory } from './memory';
import { digestOf, Memory } from './memory';
import { isKnownTo, learn, newestRecord, newRecords } from './newRecords';
import { properties } from './properties';
import type { Listed } from './reading';
import type { WatchedList } from './watches';

/** Milliseconds after which a poll ends, since n8n may give it up after five minutes. */
const longestPoll = 240_000;

/** Nodes whose poll is under way in this process: a poll that takes longer than the time between two must not have its records come out twice. */
const underWay = new Set<string>();

export class PartneroPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Partnero Polling Trigger',
		name: 'partneroPollingTrigger',
		icon: { light: 'file:../../icons/partnero.svg', dark: 'file:../../icons/partnero.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["watch"] }}',
		description:
			'Starts a workflow for new records in a Partnero program, without an address that Partnero can reach',
		defaults: { name: 'Partnero Polling Trigger' },
		polling: true,
		triggerPanel: {
			header: 'Read the newest record',
			executionsHelp: {
				inactive:
					'<b>To try it</b>, press the button: it shows the newest record, however old, and remembers nothing.<br /><br /><b>Once the workflow is published</b>, each new record comes out once. What is there at that time does not, unless Start From says so.',
				active:
					'<b>To try it</b>, press the button: it shows the newest record, however old, and remembers nothing.<br /><br /><b>The workflow is published</b>, so each new record starts it once; those runs stand under Executions.',
			},
			activationHint: 'Publish the workflow to have it run for each new record.',
		},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'partneroApi', required: true }],
		properties,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		// Nothing is written for a test, and nothing is read.
		if (this.getMode() === 'manual')
			return await withinTime(this, async (sender) => asItems(this, await sampleOf(this, sender)));
		const node = nameOf(this);
		if (underWay.has(node)) return null;
		underWay.add(node);
		try {
			return await withinTime(this, async (sender) => {
				const items =
					watchOf(this) === 'metric'
						? await pollNumber(this, sender)
						: await pollLists(this, sender);
				return items.length > 0 ? asItems(this, items) : null;
			});
		} finally {
			underWay.delete(node);
		}
	}
}

/** Names the node as it is set up. Where n8n stages what polls remember, each poll has contexts and static data of its own. */
function nameOf(context: IPollFunctions): string {
	const { id, parameters, credentials } = context.getNode();
	return JSON.stringify([context.getWorkflow().id, id, parameters, credentials]);
}

/** Polls, and ends after the longest time that a poll may take. */
async function withinTime<T>(
	context: IPollFunctions,
	work: (sender: Sender) => Promise<T>,
): Promise<T> {
	// Earlier releases of n8n have no budget.
	const { getPollBudgetMs: budget } = context as Partial<IPollFunctions>;
	const milliseconds = Math.min(longestPoll, budget?.call(context) ?? longestPoll);
	const ends = AbortSignal.timeout(clock.real(milliseconds));
	try {
		return await work(await senderOfPoll(context, ends));
	} catch (error) {
		const isRefused =
			error instanceof NodeOperationError ||
			(error instanceof NodeApiError && error.httpCode !== null);
		if (ends.aborted && !isRefused) {
			throw new NodeOperationError(
				context.getNode(),
				`Partnero did not answer within the ${Math.round(milliseconds / 1000)} seconds that a poll may take`,
				{
					description: 'Nothing is lost: the next poll starts where this one started.',
				},
			);
		}
		// Both constructors hand an error of their own kind on as it is.
		if (error instanceof NodeApiError)
			throw new NodeApiError(context.getNode(), error as unknown as JsonObject);
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}

/** The records that are new since the last poll; what is remembered changes only when all went well. */
async function pollLists(context: IPollFunctions, sender: Sender): Promise<IDataObject[]> {
	const lists = listsOf(context);
	const addresses = lists.map(({ url, qs }) => `${url} ${JSON.stringify(qs)}`);
	const of = memoryName(sender, addresses);
	const watched = digestOf(addresses.join('\n'), 16);
	const saved =
		kept<SavedMemory>(context, of) ?? (await savedWithOtherKey(context, sender, lists, watched));
	const { startFrom, ...options } = optionsOf(context);
	const memory = new Memory(saved ?? { from: startFrom });
	let found: Listed[] = [];
	if (saved || startFrom !== undefined) found = await newRecords(sender, lists, memory, options);
	else await learn(sender, lists, memory);
	keep(context, { ...memory.saved(of), watched });
	return shaped(context, lists, found);
}

/** What was remembered of the same lists with another API key, if that was one of the same program. */
async function savedWithOtherKey(
	context: IPollFunctions,
	sender: Sender,
	lists: WatchedList[],
	watched: string,
): Promise<SavedMemory | undefined> {
	const before = keptBefore<SavedMemory>(context, watched);
	return before && (await isKnownTo(sender, lists, new Memory(before))) ? before : undefined;
}

/** The number, if it has crossed the threshold in the wanted direction since the last poll. */
async function pollNumber(context: IPollFunctions, sender: Sender): Promise<IDataObject[]> {
	const threshold = thresholdOf(context);
	const of = memoryName(sender, [threshold.metric, String(threshold.threshold)]);
	const measured = await numberOf(context, sender, threshold);
	// A number that is missing for once has crossed nothing.
	if (measured.value === null) return [];
	const wasReached =
		kept<Kept & { isReached: boolean }>(context, of)?.isReached ?? measured.isReached;
	keep(context, { of, isReached: measured.isReached });
	if (measured.isReached === wasReached || measured.isReached !== (threshold.direction === 'above'))
		return [];
	return [crossingItem(threshold, measured, isSimplified(context))];
}

/** What a person sees who tries the trigger in the editor. */
async function sampleOf(context: IPollFunctions, sender: Sender): Promise<IDataObject[]> {
	if (watchOf(context) === 'metric') {
		const threshold = thresholdOf(context);
		return [
			crossingItem(threshold, await numberOf(context, sender, threshold), isSimplified(context)),
		];
	}
	const lists = listsOf(context);
	// What is wrong is best said before the workflow is published.
	optionsOf(context);
	const newest = await newestRecord(sender, lists);
	if (newest) return shaped(context, lists, [newest]);
	throw new NodeOperationError(
		context.getNode(),
		`There is no ${lists.map(({ record }) => record).join(' or ')} yet`,
		{
			description: 'A test shows the newest one. Create one in Partnero and test again.',
		},
	);
}

async function numberOf(context: IPollFunctions, sender: Sender, threshold: Threshold) {
	const measured = await measure(sender, threshold);
	if (measured.value === null || typeof measured.value === 'number') return measured;
	throw new NodeOperationError(
		context.getNode(),
		`This program has no metric '${threshold.metric}'`,
		{
			description:
				"Choose another one in 'Metric'. Its description says which types of programs have a metric.",
		},
	);
}

function shaped(
	context: IPollFunctions,
	[{ summary }]: WatchedList[],
	found: Listed[],
): IDataObject[] {
	const isShort = summary !== undefined && isSimplified(context);
	return found.map(({ record }) => (isShort ? summary(record) : record));
}

function isSimplified(context: IPollFunctions): boolean {
	return context.getNodeParameter('simplify', true) === true;
}

/** Names what a memory is of, without the key and without any word of the form. */
function memoryName(sender: Sender, watched: string[]): string {
	return digestOf([sender.run.programId, ...watched].join('\n'), 16);
}

function asItems(context: IPollFunctions, items: IDataObject[]): INodeExecutionData[][] {
	return [context.helpers.returnJsonArray(items)];
}
