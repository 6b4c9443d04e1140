import type { IDataObject } from 'n8n-workflow';

import type { CallContext } from '../response/call';
import type { ItemFailure } from '../response/failure';
import { EventLoop } from '../transport/eventLoop';
import { usualPatience } from '../transport/gate';
import { KeyedLock } from '../transport/keyedLock';
import { batchingOf } from '../transport/options';
import { programIdOf } from '../transport/program';
import type { RunSettings } from '../transport/run';
import { Run } from '../transport/run';
import { Semaphore } from '../transport/semaphore';
import { credentialsOf } from '../transport/sender';

import { Order } from './order';

const usualRequestsAtOnce = 20;

/** What became of an item. */
export type ItemOutcome = { records: IDataObject[] } | { failure: ItemFailure };

/** One run of the node: what its items share, by program, and what became of them over n8n's own tries. */
export class RunState {
	/** Lets the items through, whatever their program. */
	readonly semaphore: Semaphore;

	/** Whether this is the run of an agent, whose calls all come as item 0. */
	readonly isShared: boolean;

	/** The first item that was refused, once the present try is over for all items behind it. */
	stoppedBy = Infinity;

	/** By what tells the credentials of the items apart. */
	private readonly runs = new Map<string, Run>();

	/** Outcomes that stand, whatever n8n repeats. */
	private readonly outcomes = new Map<number, ItemOutcome>();

	/** The items that the present try has begun. */
	private readonly begun = new Set<number>();

	/** In which the items begin. */
	readonly order = new Order();

	/** For the items about one record. Their credentials may differ in what has nothing to do with the program. */
	readonly locks = new KeyedLock();

	/** For the loops over the items. */
	readonly eventLoop = new EventLoop();

	/** @param isRetried whether n8n repeats all items when one of them fails (Retry On Fail) */
	constructor(
		private readonly settings: RunSettings,
		private readonly isRetried: boolean,
	) {
		this.semaphore = settings.semaphore;
		this.isShared = settings.isShared;
	}

	/**
	 * What the requests of an item share with those of other items: only of the same program. The credential is
	 * read for each item, as n8n's HTTP Request node does, since a field of it can be an expression.
	 * @throws what n8n throws if it cannot be had
	 */
	async runOf(context: CallContext, itemIndex: number): Promise<Run> {
		const credentials = await credentialsOf(context, itemIndex);
		const { allowedHttpRequestDomains, allowedDomains } = credentials;
		const name = JSON.stringify([
			programIdOf(credentials),
			allowedHttpRequestDomains,
			allowedDomains,
		]);
		let run = this.runs.get(name);
		if (!run) this.runs.set(name, (run = new Run(credentials, this.settings)));
		return run;
	}

	/** The runs of all programs. */
	get allRuns(): Run[] {
		return [...this.runs.values()];
	}

	/**
	 * Begins an item. An item that has been begun before tells that n8n has started another try.
	 * @returns what became of the item in an earlier try, if that stands
	 */
	begin(itemIndex: number): ItemOutcome | undefined {
		if (this.begun.has(itemIndex)) {
			this.begun.clear();
			this.stoppedBy = Infinity;
		}
		this.begun.add(itemIndex);
		return this.outcomes.get(itemIndex);
	}

	/** Keeps an outcome for n8n's next try, if there can be one and it would change nothing. */
	settle(itemIndex: number, outcome: ItemOutcome): void {
		if (!this.isRetried || this.isShared) return;
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
		const requestsAtOnce = Number(settings.requestsAtOnce) || usualRequestsAtOnce;
		const gate = {
			ceiling: Math.max(1, Math.floor(requestsAtOnce)),
			patience: usualPatience,
			rate: batchingOf(context),
		};
		const isShared = owner.node.name !== name;
		state = new RunState(
			{ semaphore: new Semaphore(requestsAtOnce), gate, isShared },
			retryOnFail === true,
		);
		byNode.set(name, state);
	}
	return state;
}
