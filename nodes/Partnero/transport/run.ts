import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { EventLoop } from './eventLoop';
import type { GateSettings } from './gate';
import { Gate } from './gate';
import { IndeterminateRequests } from './indeterminate';
import { programIdOf } from './program';
import type { Semaphore } from './semaphore';
import { SingleFlight } from './singleFlight';

/** What a run is set to. */
export interface RunSettings {
	/** Lets the items through; those of all programs share it. */
	semaphore: Semaphore;
	gate: GateSettings;
	/** Whether this is the run of an agent, whose calls all come as item 0. */
	isShared: boolean;
}

/** What can be said after a run; the sentences stand in `execution/hints.ts`. */
export type Hint =
	| 'wasThere'
	| 'otherSale'
	| 'forNobody'
	| 'otherAmount'
	| 'noPartner'
	| 'undated'
	| 'undatedSales'
	| 'limitReached'
	| 'limitPerhapsReached';

/**
 * What the requests of one run of one node share that go to the same program. Items whose credentials differ have
 * nothing in common here: no lock, no memory, no look-up and no limit.
 */
export class Run {
	readonly semaphore: Semaphore;

	readonly gate: Gate;

	readonly lookups = new SingleFlight();

	readonly indeterminate: IndeterminateRequests;

	/** What the user has to be told after the run, and of how many items or records it is true. */
	readonly hints = new Map<Hint, number>();

	/** Filters that the API did not heed, by the user's name for them, and how many records the node kept out instead. */
	readonly ignoredFilters = new Map<string, number>();

	/** Filters that could not be checked, and how many records came out that do not show what was asked for. */
	readonly uncheckedFilters = new Map<string, number>();

	/** For loops over many records. */
	readonly eventLoop = new EventLoop();

	/** Kept for what is computed once per run, such as the report's comparison. */
	readonly memory: IDataObject = {};

	readonly isShared: boolean;

	/** Names the program among others, without the key. */
	readonly programId: string;

	constructor(
		credentials: ICredentialDataDecryptedObject,
		{ semaphore, gate, isShared }: RunSettings,
	) {
		this.credentials = async () => credentials;
		this.semaphore = semaphore;
		this.gate = new Gate(gate);
		this.indeterminate = new IndeterminateRequests(isShared);
		this.isShared = isShared;
		this.programId = programIdOf(credentials);
	}

	/** Notes what the user has to be told after the run. */
	hint(hint: Hint, count = 1): void {
		this.hints.set(hint, (this.hints.get(hint) ?? 0) + count);
	}

	/** The credential of all items of this run. Takes no context any more; callers that still give one may. */
	readonly credentials: (context?: unknown) => Promise<ICredentialDataDecryptedObject>;
}
