import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import type { Call } from '../request/call';
import type { Delivery } from '../request/deliver';
import { isUnknown } from '../request/deliver';
import { lookedForBy } from '../request/find';
import type { Reference } from '../request/values';
import { fieldsIn } from '../request/template';

/** What the node says instead of a raw answer. */
interface Explanation {
	message: string;
	/** How to put it right. */
	advice: string;
}

/** The messages of the API, field by field, in every shape that it has (`partnero-api.md` 1.4). */
function fieldMessages(body: unknown): Array<[string, string]> {
	const errors = (body as IDataObject | null)?.errors;
	if (!errors || typeof errors !== 'object') return [];
	return Object.entries(errors).map(([field, messages]) => [
		field,
		(Array.isArray(messages) ? messages : [messages]).map(String).join(' '),
	]);
}

/** The API's own sentence, if it sent one. */
function ownMessage(body: unknown): string {
	const { message, error } = (body ?? {}) as IDataObject;
	return [message, error].find((text) => typeof text === 'string' && text) as string ?? '';
}

/**
 * What the user calls a field of the API. An update wraps its fields (`update.email`), and a message
 * about a part of an object (`partner.key`) is about the field that fills the object.
 */
function labelOf(apiField: string, { operation, form }: Call): string {
	const { body, qs } = operation.request;
	const wanted = apiField.replace(/^update\./, '');
	const known = fieldsIn({ ...qs, ...body }).map(({ apiField: name, field }) => ({
		name: name.replace(/^update\./, ''),
		field,
	}));
	const match =
		known.find(({ name }) => name === wanted) ??
		known.find(({ name }) => name.startsWith(`${wanted}.`) || wanted.startsWith(`${name}.`));
	return match ? `'${form.label(match.field)}'` : `'${apiField}'`;
}

/** The identifier that a call is about, as the user gave it. */
function subjectOf({ operation, resource, form }: Call): string {
	const inPath = /\{(\w+)\}/.exec(operation.request.url)?.[1];
	for (const field of [inPath, resource.entry.value, 'key', 'additionalFields.id', 'email']) {
		const value = field && form.value(field);
		if (!value) continue;
		const text = typeof value === 'object' ? (value as Reference).value : String(value);
		return ` '${text.length > 100 ? `${text.slice(0, 100)}…` : text}'`;
	}
	return '';
}

/** A referral key where an id is needed is the most frequent slip, so say which of the two was given. */
function partnerAdvice(call: Call, text: string): string {
	if (!/partner/i.test(text)) return '';
	const reference = call.form.reference('partner');
	if (!reference) return '';
	if (reference.kind === 'key') {
		return `No partner has the referral key '${reference.value}'. The referral key is what follows "aff=" in the partner's link. If this is the partner's ID, choose By ID in 'Partner'.`;
	}
	return `If '${reference.value}' is a referral key, choose By Key in 'Partner'.`;
}

function explainStatus(call: Call, delivery: Delivery): Explanation {
	const answer = delivery.answer!;
	const { action } = call.operation.entry;
	const subject = subjectOf(call);
	const { name } = call.resource.entry;
	const fields = fieldMessages(answer.body);
	const own = ownMessage(answer.body);
	const said = own || fields.map(([, text]) => text).join(' ');
	const lines = fields.map(([field, text]) => `${labelOf(field, call)}: ${text}`).join('\n');

	switch (answer.status) {
		case 401:
			return {
				message: 'Partnero did not accept the API key',
				advice:
					'Open the credential and check the API key. Keys are made in Partnero under Program → Integration → API; each belongs to one program. Check the Base URL as well if you changed it.',
			};
		case 403:
			return {
				message: `${action}${subject} is not allowed for this API key`,
				advice: `${own ? `Partnero says: ${own}\n` : ''}The key may lack the permission, its account may have no API access, or this type of program has no such operation. Use a key of the right program.`,
			};
		case 404:
			return subject
				? {
						message: `${name}${subject} was not found`,
						advice: [
							own && `Partnero says: ${own}`,
							partnerAdvice(call, `${name} ${own}`) ||
								'Check the identifier and its kind. The record may have been deleted, or belong to another program than the API key.',
						]
							.filter(Boolean)
							.join('\n'),
					}
				: {
						message: `${action} is not available at this address`,
						advice: `${own ? `Partnero says: ${own}\n` : ''}This type of program may have no such operation. If other operations do not work either, check the Base URL of the credential.`,
					};
		case 429:
			return {
				message: 'Partnero receives too many requests',
				advice: `The node tried ${delivery.tries} times and waited ${Math.round(delivery.waited / 1000)} seconds in all. Lower 'Requests at Once' on the Settings tab, or send fewer items at a time.`,
			};
	}
	if (answer.status >= 500) {
		return {
			message: `Partnero could not handle the request (HTTP ${answer.status})`,
			advice: `${own ? `Partnero says: ${own}\n` : ''}Try again later.`,
		};
	}
	if (answer.status >= 300 && answer.status < 400) {
		return {
			message: `The server redirects to another address (HTTP ${answer.status})`,
			advice: `Check the Base URL of the credential; it is usually https://api.partnero.com/v1. The server names ${String(answer.headers.location ?? 'no address')}.`,
		};
	}
	return {
		message: `${action}${subject} was refused${said ? `: ${said}` : ` (HTTP ${answer.status})`}`,
		advice: [lines, partnerAdvice(call, `${own} ${fields.map(([field]) => field).join(' ')}`)]
			.filter(Boolean)
			.join('\n'),
	};
}

function explain(call: Call, delivery: Delivery): Explanation {
	const { answer, noAnswer } = delivery;
	if (!answer) {
		return noAnswer?.mayHaveArrived
			? {
					message: 'The connection to Partnero was lost before an answer came',
					advice: 'Try again later, or raise the time-out under Request Options.',
				}
			: {
					message: 'Partnero could not be reached',
					advice: `${noAnswer?.message ?? ''}\nCheck the Base URL of the credential and the network of your n8n.`.trim(),
				};
	}
	if (typeof answer.body === 'string' && answer.body.trim() && answer.status !== 401) {
		return {
			message: `The server answered with a text or a web page instead of data (HTTP ${answer.status})`,
			advice:
				answer.status >= 500
					? 'Partnero may be down for the moment. Try again later.'
					: 'Check the Base URL of the credential; it is usually https://api.partnero.com/v1.',
		};
	}
	if (answer.status < 300 && (answer.body as IDataObject | null)?.status !== 0) {
		return {
			message: 'The server answered without data',
			advice:
				'Check the Base URL of the credential; it is usually https://api.partnero.com/v1.',
		};
	}
	return explainStatus(call, delivery);
}

/**
 * The one error for whatever did not work out: what was refused, about which identifier, each field's
 * message under the name that the user knows, and how to put it right. Never holds the API key.
 */
export async function refusal(call: Call, delivery: Delivery): Promise<NodeApiError> {
	const { message, advice } = explain(call, delivery);
	const { operation, run } = call;
	const mayBeDone = !delivery.repeatable && isUnknown(delivery);
	const warning = mayBeDone
		? `${operation.entry.action}${subjectOf(call)} may have been recorded nevertheless: look it up in Partnero before you run this again.\n`
		: '';
	const secret = String((await run.credentials(call.context)).apiKey ?? '').trim();
	const redact = (text: string) => (secret ? text.split(secret).join('[API key]') : text);
	const error = nodeError(call, redact(message), redact(warning + advice), delivery.answer?.status);
	return isRefused(delivery) || isSentOnce(call, delivery) ? run.setFinal(error) : error;
}

/** Whether something arrived that cannot be looked for, so that nobody may send it again. */
function isSentOnce(call: Call, { repeatable, answer, noAnswer }: Delivery): boolean {
	if (repeatable || answer?.status === 429 || noAnswer?.mayHaveArrived === false) return false;
	const { identity } = call.operation;
	return !identity || lookedForBy(call, identity) === undefined;
}

/** Whether the API said no, and would say so again. */
function isRefused({ answer }: Delivery): boolean {
	return answer !== undefined && answer.status >= 400 && answer.status < 500 && ![408, 429].includes(answer.status);
}

/** An error of an item in n8n's form. */
export function nodeError(call: Call, message: string, description: string, status?: number): NodeApiError {
	const { itemIndex, node } = call.form;
	const text = `${message} [item ${itemIndex}]`;
	const error = new NodeApiError(
		node,
		{},
		{ message: text, description, httpCode: status ? String(status) : undefined, itemIndex },
	);
	// n8n puts a text of its own in place of a message that happens to name a network code.
	error.message = text;
	return error;
}
