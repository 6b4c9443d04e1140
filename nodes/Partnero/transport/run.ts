import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteSingleFunctions,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { CallContext } from './call';
import { credentialName } from './send';
import { Slots } from './semaphore';

/** What became of an item. */
export type Outcome = { records: IDataObject[] } | { error: NodeApiError | NodeOperationError };

const itemsBetweenTurns = 50;

/** What the items of one run of one node share. */
export class Run {
	readonly slots: Slots;

	/** Look-ups under way and done, by what was asked. */
	private readonly known = new Map<string, Promise<unknown>>();

	/** The last in each queue of items that concern the same record. */
	private readonly turns = new Map<string, Promise<unknown>>();

	private decrypted?: Promise<ICredentialDataDecryptedObject>;

	private itemsSinceTurn = 0;

	private turn = Promise.resolve();

	/** The first item that was refused, once the run is over because of it. */
	stoppedBy?: number;

	/** Outcomes that stand, whatever n8n repeats. */
	private readonly outcomes = new Map<number, Outcome>();

	/** Errors that another try would not change, or must not try to. */
	private readonly finalErrors = new WeakSet<Error>();

	/** The items that the present try has begun. */
	private readonly begun = new Set<number>();

	/** Requests of which nobody knows whether they were carried out, over all tries, and since when (milliseconds since 1970). */
	readonly inDoubt = new Map<string, number>();

	/** What no other item may send, since nobody knows whether it was recorded, and the error that says so. */
	readonly notAgain = new Map<string, Error>();

	/** Kept for what is computed once per run, such as the report's comparison. */
	readonly memory: IDataObject = {};

	/**
	 * @param isShared whether this is the run of an agent, whose calls all come as item 0
	 * @param isRetried whether n8n repeats all items when one of them fails (Retry On Fail)
	 */
	constructor(
		requestsAtOnce: number,
		readonly isShared: boolean,
		private readonly isRetried: boolean,
	) {
		this.slots = new Slots(requestsAtOnce);
	}

	/**
	 * Begins an item. An item that has been begun before tells that n8n has started another try.
	 * @returns what became of the item in an earlier try, if that stands
	 */
	begin(itemIndex: number): Outcome | undefined {
		if (this.begun.has(itemIndex)) {
			this.begun.clear();
			for (const [subject, error] of this.notAgain) if (!this.isFinal(error)) this.notAgain.delete(subject);
			this.stoppedBy = undefined;
		}
		this.begun.add(itemIndex);
		return this.outcomes.get(itemIndex);
	}

	/** Whether a request was in doubt; a record that was found for it settles that. */
	takeDoubt(name: string, found: IDataObject | undefined): boolean {
		return found ? this.inDoubt.delete(name) : this.inDoubt.has(name);
	}

	/** Marks an error that stands: a refusal, or an unknown outcome of what must not be sent twice. */
	setFinal<T extends Error>(error: T): T {
		this.finalErrors.add(error);
		return error;
	}

	isFinal(error: Error): boolean {
		return this.finalErrors.has(error);
	}

	/** Keeps an outcome for n8n's next try, if there can be one and it would change nothing. */
	settle(itemIndex: number, outcome: Outcome): void {
		if (!this.isRetried || this.isShared) return;
		if ('records' in outcome || this.isFinal(outcome.error)) this.outcomes.set(itemIndex, outcome);
	}

	/** The credential, decrypted once; asked for again if it could not be had. */
	async credentials(context: CallContext): Promise<ICredentialDataDecryptedObject> {
		if (!this.decrypted) {
			this.decrypted = (context as IExecuteSingleFunctions).getCredentials(credentialName);
			this.decrypted.catch(() => (this.decrypted = undefined));
		}
		return await this.decrypted;
	}

	/** Gives n8n a turn after so many items, whether or not they had to wait for anything. */
	async giveWay(): Promise<void> {
		this.itemsSinceTurn += 1;
		if (this.itemsSinceTurn >= itemsBetweenTurns) {
			this.itemsSinceTurn = 0;
			this.turn = sleep(0);
		}
		await this.turn;
	}

	/**
	 * Asks once for all items that want to know the same. Whoever waits for an answer that fails asks
	 * again, so that each item gets an error of its own and nothing that was missing is remembered.
	 */
	async once<T extends object>(question: string, ask: () => Promise<T>): Promise<T> {
		for (let known = this.known.get(question); known; known = this.known.get(question)) {
			const answer = (await known.catch(() => undefined)) as T | undefined;
			if (answer) return answer;
		}
		const asked = ask();
		this.known.set(question, asked);
		asked.catch(() => this.known.delete(question));
		return await asked;
	}

	/** Lets one item after the other do what concerns the same record. */
	async inTurn<T>(subject: string, work: () => Promise<T>): Promise<T> {
		const before = this.turns.get(subject) ?? Promise.resolve();
		const mine = before.then(work, work);
		this.turns.set(subject, mine);
		return await mine;
	}
}

const runs = new WeakMap<object, Map<string, Run>>();

/**
 * The run that an item belongs to. n8n hands all items of a run, and all its tries, the same execute
 * data; an agent hands its own to all of its tools, hence the node's name.
 */
export function runOf(context: CallContext, settings: IDataObject): Run {
	const owner = context.getExecuteData();
	const name = context.getNode().name;
	let byNode = runs.get(owner);
	if (!byNode) runs.set(owner, (byNode = new Map()));
	let run = byNode.get(name);
	if (!run) {
		const { retryOnFail } = context.getNode();
		run = new Run(Number(settings.requestsAtOnce) || 5, owner.node.name !== name, retryOnFail === true);
		byNode.set(name, run);
	}
	return run;
}
