import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteSingleFunctions,
} from 'n8n-workflow';

import { credentialName } from './send';
import { Slots } from './slots';

/** What the items of one run of one node share. */
export class Run {
	readonly slots: Slots;

	/** Look-ups under way and done, by what was asked. */
	private readonly known = new Map<string, Promise<unknown>>();

	/** The last in each queue of items that concern the same record. */
	private readonly turns = new Map<string, Promise<unknown>>();

	private decrypted?: Promise<ICredentialDataDecryptedObject>;

	/** The first item that was refused, once the run is over because of it. */
	stoppedBy?: number;

	/** Kept for what is computed once per run, such as the report's comparison. */
	readonly memory: IDataObject = {};

	constructor(requestsAtOnce: number) {
		this.slots = new Slots(requestsAtOnce);
	}

	/** The credential, decrypted once. */
	async credentials(context: IExecuteSingleFunctions): Promise<ICredentialDataDecryptedObject> {
		this.decrypted ??= context.getCredentials(credentialName);
		return await this.decrypted;
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
export function runOf(context: IExecuteSingleFunctions): Run {
	const owner = context.getExecuteData();
	const name = context.getNode().name;
	let byNode = runs.get(owner);
	if (!byNode) runs.set(owner, (byNode = new Map()));
	let run = byNode.get(name);
	if (!run) {
		const settings = context.getNodeParameter('settings', {}) as IDataObject;
		byNode.set(name, (run = new Run(Number(settings.requestsAtOnce) || 5)));
	}
	return run;
}
