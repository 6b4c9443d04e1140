import type { IDataObject, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { idempotencyKeyOf } from '../form/identifier';
import { withoutItem } from '../form/item';
import { shortened } from '../form/shortened';
import type { RequestResult } from '../transport/retry';

import type { Explanation } from './apiError';
import { apiError } from './apiError';
import type { Call } from './call';
import type { Contradiction } from './contradictions';
import { explain } from './explain';
import { ItemFailure } from './failure';
import { ownMessage, saidByPartnero, together } from './messages';
import { labelOf, slashAdvice, subjectOf } from './subject';

/**
 * The one error for whatever did not work out: what was refused, about which identifier, each field's
 * message under the name that the user knows, and how to put it right. Never holds the API key.
 */
export async function refusal(call: Call, result: RequestResult): Promise<ItemFailure> {
	const { message, advice } = await explain(call, result);
	const warning =
		!result.repeatable && result.outcome === 'indeterminate'
			? `${nameOf(call)} may have been recorded anyway: look it up in Partnero before you run this again.\n`
			: '';
	return await itemFailure(
		call,
		{ message, advice: warning + advice },
		isFinal(call, result),
		result.response?.status,
	);
}

/**
 * The error of what the API accepted, and what is not so all the same. Nobody may send it again before somebody
 * has looked.
 * @param mismatch what is seen instead, such as "cannot be found there"
 */
export async function readBackMismatchError(
	call: Call,
	{ response }: RequestResult,
	mismatch: string,
): Promise<ItemFailure> {
	const own = ownMessage(response?.body);
	const advice = together(
		saidByPartnero(own),
		`${nameOf(call)} may have been recorded anyway: look it up in Partnero before you run this again.`,
	);
	return await itemFailure(
		call,
		{ message: `${nameOf(call)} was accepted by Partnero, but ${mismatch}`, advice },
		true,
	);
}

/**
 * The error of a credit whose answer was lost, and that no balance shows. It says what was seen, since a balance may be
 * late; so n8n does not try it again either.
 * @param seconds how long the balance was looked at
 */
export async function unchangedBalanceError(
	call: Call,
	result: RequestResult,
	seconds: number,
): Promise<ItemFailure> {
	const advice = `The balance did not change within ${seconds} seconds, so probably nothing was credited. The balance may be late: check it before you credit again.`;
	return await itemFailure(
		call,
		{ message: (await explain(call, result)).message, advice },
		true,
		result.response?.status,
	);
}

/** The error of what is not sent, since its path could lead to another record. */
export async function partedError(call: Call): Promise<ItemFailure> {
	const message = `${nameOf(call)} was not sent, since the slash in the identifier could lead to another record`;
	return await itemFailure(call, { message, advice: slashAdvice(call) }, true);
}

/** The error of an update that Partnero accepted, and whose record shows something else. */
export async function notHeededError(
	call: Call,
	contradictions: Contradiction[],
): Promise<ItemFailure> {
	const shown = contradictions.map(
		({ apiField, shown: value }) => `${labelOf(apiField, call)} shows ${inWords(value)}`,
	);
	const sent = contradictions.map(
		({ apiField, sent: value }) => `${inWords(value)} for ${labelOf(apiField, call)}`,
	);
	return await itemFailure(call, {
		message: `${nameOf(call)} was accepted by Partnero, but ${shown.join(', ')}`,
		advice: `The node sent ${sent.join(', ')}. Look the record up in Partnero: other fields may have been changed.`,
	});
}

function inWords(value: unknown): string {
	if (value === undefined || value === null || value === '') return 'nothing';
	return typeof value === 'object' ? shortened(JSON.stringify(value)) : `'${shortened(value)}'`;
}

/** An error about an item. */
export async function itemFailure(
	call: Call,
	explanation: Explanation,
	isFinal = false,
	status?: number,
): Promise<ItemFailure> {
	return new ItemFailure(await apiError(call, explanation, status, call.form.ofItem), isFinal);
}

/** What failed for several items, as the failure of this one. */
export async function failureAbout(
	call: Call,
	{ error, isFinal }: ItemFailure,
): Promise<ItemFailure> {
	const { message, description, httpCode } = error as NodeApiError;
	const explanation = { message: withoutItem(message), advice: description ?? '' };
	return await itemFailure(call, explanation, isFinal, Number(httpCode) || undefined);
}

function nameOf(call: Call): string {
	return `${call.operation.entry.action}${subjectOf(call)}`;
}

/** Whether another try of n8n would not change it, or must not be made. */
function isFinal(call: Call, { outcome, response, repeatable }: RequestResult): boolean {
	if (outcome === 'rejected' && response!.status >= 400) return true;
	// What arrived and cannot be looked for may not be sent again.
	if (repeatable || outcome === 'rateLimited' || outcome === 'notSent' || call.operation.transition)
		return false;
	const { idempotency } = call.operation;
	return !idempotency || idempotencyKeyOf(call.form, idempotency) === undefined;
}

/**
 * What comes out for an item that failed, where the workflow goes on. No `error` beside `json`: n8n would replace
 * the whole `json` by its message, and with it the fields of the input that it has just copied to the item on the
 * error output. And no key but these two: older releases send an item with any other one to the output of results.
 */
export function failedJson({
	message,
	description,
}: NodeApiError | NodeOperationError): IDataObject {
	return { error: message, ...(description && { message: description }) };
}
