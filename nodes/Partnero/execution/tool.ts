import type { INode, NodeApiError } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isDateTime } from '../form/values';
import type { Operation } from '../operation';
import type { CallContext } from '../response/call';

import type { RunState } from './outcomes';

/** Whether the node is a tool of an agent, for which n8n has a type of its own. */
export function isTool({ type }: INode): boolean {
	return type.endsWith('Tool');
}

/**
 * What a model fills in, without the words that it gives for nothing. Only to the letter: Null is a surname.
 * @returns the value with `''` in their place, at any depth
 */
export function withoutWordsForNothing(value: unknown): unknown {
	if (value === 'null' || value === 'undefined') return '';
	if (Array.isArray(value)) return value.map(withoutWordsForNothing);
	if (Object.prototype.toString.call(value) !== '[object Object]' || isDateTime(value))
		return value;
	return Object.fromEntries(
		Object.entries(value as object).map(([name, part]) => [name, withoutWordsForNothing(part)]),
	);
}

/**
 * Whether an error has to be an item. Where the agent calls the node itself (AI Agent before version
 * 3), n8n gives the model an empty text for what is thrown, and Retry On Fail repeats it in a call
 * that nothing tells from a new one, so that a sale without a key could be sent twice.
 */
export function returnsErrorsAsItems(
	context: CallContext,
	{ isShared }: Pick<RunState, 'isShared'>,
): boolean {
	const { onError, retryOnFail } = context.getNode();
	return isShared && (onError !== 'stopWorkflow' || retryOnFail === true);
}

/** An error as it is thrown. Of a tool's error n8n gives the model the message alone, which then has to say it all. */
export function toThrow<T extends NodeApiError | NodeOperationError>(
	context: CallContext,
	error: T,
): T {
	if (!isTool(context.getNode()) || !error.description) return error;
	error.message = `${error.message}\n${error.description}`;
	error.description = undefined;
	return error;
}

/** The refusal of an operation in bulk that n8n hands one item at a time. */
export function bulkRefusal(context: CallContext, { entry }: Operation): NodeOperationError {
	const node = context.getNode();
	const message = isTool(node)
		? `${entry.name} takes all incoming items at once, so an agent cannot use it`
		: `${entry.name} takes all incoming items at once, so Operation cannot be an expression`;
	return new NodeOperationError(node, message, {
		description: 'Use Create instead.',
	});
}
