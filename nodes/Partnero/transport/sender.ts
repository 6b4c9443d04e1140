import type { SharedOptions } from './options';
import type { RetryPolicy } from './retryPolicy';
import { impatientRetry } from './retryPolicy';
import { Run } from './run';
import type { Context } from './send';

/** What it takes to send a request: for the node's items, the pickers and the triggers alike. */
export interface Sender {
	context: Context;
	run: Run;
	/** What all requests have in common: time-out, proxy, TLS, allowed domains. */
	options: SharedOptions;
	/** The item that a request is for; 0 where there are none. */
	itemIndex: number;
	/** How patiently it sends; the usual policy if not given. */
	retry?: RetryPolicy;
}

/** A sender for a context without items, in which a person, or n8n itself, waits for the answer. */
export function senderWithoutItems(context: Context, options: SharedOptions = {}): Sender {
	return { context, run: new Run(1, false), options, itemIndex: 0, retry: impatientRetry };
}

/** The signal that ends an execution; only the contexts of items have one. */
export function cancelSignalOf({ context }: Pick<Sender, 'context'>): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}
