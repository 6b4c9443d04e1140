import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { clock } from './clock';
import type { SharedOptions } from './options';
import type { RetryPolicy } from './retryPolicy';
import { impatientRetry } from './retryPolicy';
import { Run } from './run';
import { Semaphore } from './semaphore';
import type { Context } from './send';
import { credentialName } from './send';

/** What it takes to send a request: for the node's items, the pickers and the triggers alike. */
export interface Sender {
	context: Context;
	run: Run;
	/** What all requests have in common: time-out, proxy, TLS. */
	options: SharedOptions;
	/** The item that a request is for; 0 where there are none. */
	itemIndex: number;
	/** How patiently it sends; the usual policy if not given. */
	retry?: RetryPolicy;
}

/** Milliseconds, in which a person, or n8n itself, waits for the answer. */
const impatientTimeout = 30_000;
const impatientPatience = 10_000;

/** A sender for a context without items, in which a person, or n8n itself, waits for the answer. */
export async function senderWithoutItems(context: Context): Promise<Sender> {
	const gate = { ceiling: 5, patience: impatientPatience };
	const run = new Run(await credentialsOf(context), {
		semaphore: new Semaphore(1),
		gate,
		isShared: false,
	});
	return {
		context,
		run,
		options: { timeout: impatientTimeout },
		itemIndex: 0,
		retry: impatientRetry,
	};
}

/** Milliseconds of a poll, for which nobody waits. */
const pollTimeout = 30_000;
const pollPatience = 60_000;

/**
 * A sender for a poll, whose requests and waits all end with the signal.
 * @param ends the poll's own end, since n8n gives it none
 */
export async function senderOfPoll(context: IPollFunctions, ends: AbortSignal): Promise<Sender> {
	const ending = Object.create(context, {
		getExecutionCancelSignal: { value: () => ends },
	}) as IPollFunctions;
	const gate = { ceiling: 5, patience: pollPatience };
	const run = new Run(await credentialsOf(context), {
		semaphore: new Semaphore(1),
		gate,
		isShared: false,
	});
	return { context: ending, run, options: { timeout: clock.real(pollTimeout) }, itemIndex: 0 };
}

/** The credential as it comes out for an item: any field of it can be an expression. */
export async function credentialsOf(
	context: Context,
	itemIndex = 0,
): Promise<ICredentialDataDecryptedObject> {
	return await (context as IExecuteFunctions).getCredentials(credentialName, itemIndex);
}

/** The signal that ends an execution; only the contexts of items have one. */
export function cancelSignalOf({ context }: Pick<Sender, 'context'>): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}
