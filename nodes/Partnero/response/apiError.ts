import { NodeApiError } from 'n8n-workflow';

import { cut } from '../form/shortened';
import { redact } from '../transport/redact';
import type { Sender } from '../transport/sender';

/** What the user reads: what happened, and how to put it right. */
export interface Explanation {
	message: string;
	advice: string;
}

/**
 * The one form of every error about what the API answered, or did not answer: for items, pickers and triggers.
 * Never holds the API key, not even when the server repeats it.
 * @param ofItem which item it is about, to be put behind the message
 */
export async function apiError(
	{ context, run }: Pick<Sender, 'context' | 'run'>,
	{ message, advice }: Explanation,
	status?: number,
	ofItem = '',
): Promise<NodeApiError> {
	const credentials = await run.credentials(context);
	const text = `${cut(redact(message, credentials))}${ofItem}`;
	const error = new NodeApiError(
		context.getNode(),
		{},
		{
			message: text,
			description: cut(redact(advice, credentials)),
			httpCode: status ? String(status) : undefined,
		},
	);
	// n8n puts a text of its own in place of a message that happens to name a network code.
	error.message = text;
	return error;
}
