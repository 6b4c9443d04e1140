import type { IDataObject } from 'n8n-workflow';

import type { CallContext } from '../response/call';
import type { ItemFailure } from '../response/failure';
import { Run } from '../transport/run';

/** What became of an item. */
export type ItemOutcome = { records: IDataObject[] } | { failure: ItemFailure };

/** One run of the node: what its requests share, and what became of its items over n8n's own tries. */
export class RunState {
	readonly run: Run;

	/** The first item that was refused, once the present try is over because of it. */
	stoppedBy?: number;

	/** Outcomes that stand, whatever n8n repeats. */
	private readonly outcomes = new Map<number, ItemOutcome>();

	/** The items that the present try has begun. */
	private readonly begun = new Set<number>();

	/**
	 * @param isShared whether this is the run of an agent, whose calls all come as item 0
	 * @param isRetried whether n8n repeats all items when one of them fails (Retry On Fail)
	 */
	constructor(
		requestsAtOnce: number,
		isShared: boolean,
		private readonly isRetried: boolean,
	) {
		this.run = new Run(requestsAtOnce, isShared);
	}

	/**
	 * Begins an item. An item that has been begun before tells that n8n has started another try.
	 * @returns what became of the item in an earlier try, if that stands
	 */
	begin(itemIndex: number): ItemOutcome | undefined {
		if (this.begun.has(itemIndex)) {
			this.begun.clear();
			this.run.indeterminate.unblock();
			this.stoppedBy = undefined;
		}
		this.begun.add(itemIndex);
		return this.outcomes.get(itemIndex);
	}

	/** Keeps an outcome for n8n's next try, if there can be one and it would change nothing. */
	settle(itemIndex: number, outcome: ItemOutcome): void {
		if (!this.isRetried || this.run.isShared) return;
		if ('records' in outcome || outcome.failure.isFinal) this.outcomes.set(itemIndex, outcome);
	}
}

const states = new WeakMap<object, Map<string, RunState>>();

/**
 * The run that an item belongs to. n8n hands all items of a run, and all its tries, the same execute
 * data; an agent hands its own to all of its tools, hence the node's name.
 */
export function runStateOf(context: CallContext, settings: IDataObject): RunState {
	const owner = context.getExecuteData();
	const { name, retryOnFail } = context.getNode();
	let byNode = states.get(owner);
	if (!byNode) states.set(owner, (byNode = new Map()));
	let state = byNode.get(name);
	if (!state) {
		state = new RunState(Number(settings.requestsAtOnce) || 5, owner.node.name !== name, retryOnFail === true);
		byNode.set(name, state);
	}
	return state;
}
