import type { ICredentialDataDecryptedObject, IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { IndeterminateRequests } from './indeterminate';
import { KeyedLock } from './keyedLock';
import { Semaphore } from './semaphore';
import type { Context } from './send';
import { credentialName } from './send';
import { SingleFlight } from './singleFlight';

const itemsBetweenYields = 50;

/** What the requests of one run of one node share. */
export class Run {
	readonly semaphore: Semaphore;

	readonly lookups = new SingleFlight();

	readonly locks = new KeyedLock();

	readonly indeterminate: IndeterminateRequests;

	/** Kept for what is computed once per run, such as the report's comparison. */
	readonly memory: IDataObject = {};

	private decrypted?: Promise<ICredentialDataDecryptedObject>;

	private itemsSinceYield = 0;

	private lastYield = Promise.resolve();

	/** @param isShared whether this is the run of an agent, whose calls all come as item 0 */
	constructor(
		requestsAtOnce: number,
		readonly isShared: boolean,
	) {
		this.semaphore = new Semaphore(requestsAtOnce);
		this.indeterminate = new IndeterminateRequests(isShared);
	}

	/** The credential, decrypted once; asked for again if it could not be had. */
	async credentials(context: Context): Promise<ICredentialDataDecryptedObject> {
		if (!this.decrypted) {
			this.decrypted = (context as IExecuteSingleFunctions).getCredentials(credentialName);
			this.decrypted.catch(() => (this.decrypted = undefined));
		}
		return await this.decrypted;
	}

	/** Yields to the event loop after so many items, whether or not they had to wait for anything. */
	async yieldToEventLoop(): Promise<void> {
		this.itemsSinceYield += 1;
		if (this.itemsSinceYield >= itemsBetweenYields) {
			this.itemsSinceYield = 0;
			this.lastYield = sleep(0);
		}
		await this.lastYield;
	}
}
