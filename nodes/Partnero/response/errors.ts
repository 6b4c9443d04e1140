import type { IDataObject, INodeProperties, NodeOperationError } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import type { Call } from '../transport/call';
import type { Delivery } from '../transport/retry';
import { isUnknown } from '../transport/retry';
import { lookedForBy } from '../lookup/find';
import { withoutKey } from '../transport/send';
import type { Reference } from '../form/values';
import type { Use } from '../form/template';
import { fieldsIn, fieldsInUrl } from '../form/template';
import { programsOf } from '../operation';

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

/** Where `status` and `message` stand: the deletion of a promotion code puts them into `data` (`partnero-api.md` 1.2). */
export function verdictOf(body: IDataObject): IDataObject {
	const inner = body.data as IDataObject | null | undefined;
	return body.status === undefined && [0, 1].includes(inner?.status as number) ? inner! : body;
}

/** The API's own sentence, if it sent one. */
function ownMessage(body: unknown): string {
	const { message, error } = verdictOf((body ?? {}) as IDataObject);
	return [message, error].find((text) => typeof text === 'string' && text) as string ?? '';
}

/**
 * What the user calls a field of the API. An update wraps its fields (`update.email`), and a message
 * about a part of an object (`partner.key`) is about the field that fills the object.
 */
function labelOf(apiField: string, { operation, form }: Call): string {
	const { body, qs } = operation.request;
	const bare = (name: string) => name.replace(/^update\./, '');
	const wanted = bare(apiField);
	const known = fieldsIn({ ...qs, ...body });
	const isSame = (use: Use) => bare(use.apiField) === wanted;
	const match =
		// What the record is named by beside `update` was right, or it would not have been found.
		known.find((use) => isSame(use) && use.apiField !== wanted && form.has(use.field)) ??
		known.find(isSame) ??
		known.find((use) => bare(use.apiField).startsWith(`${wanted}.`) || wanted.startsWith(`${bare(use.apiField)}.`));
	return match ? `'${form.label(match.field)}'` : `'${apiField}'`;
}

/** The field that holds the record in the address of a call. */
function pickedInPath({ operation, form }: Call): string | undefined {
	return fieldsInUrl(operation.request.url).find((field) => form.field(field)?.type === 'resourceLocator' && form.has(field));
}

/** The identifier that a call is about, as the user gave it. */
function subjectOf(call: Call): string {
	const { resource, operation, form } = call;
	const [by] = operation.identity?.by.filter((field) => form.has(field)) ?? [];
	// What has no identifier of its own is told by whom it is for.
	const owner = operation.trace && operation.fields.find(({ type }) => type === 'resourceLocator')?.name;
	for (const field of [pickedInPath(call), resource.entry.value, by, owner, 'key', 'additionalFields.id', 'email', 'name']) {
		const value = field && form.value(field);
		if (!value) continue;
		const text = typeof value === 'object' ? (value as Reference).value : String(value);
		return ` '${text.length > 100 ? `${text.slice(0, 100)}…` : text}'`;
	}
	return '';
}

/** Which types of programs have the operation, if not all: what the others answer is undocumented. */
export function programAdvice({ resource, operation, form }: Call): string {
	const { field = '', values = {} } = resource.programsBy ?? {};
	const narrowed = values[String(form.value(field))];
	const programs = (narrowed ?? programsOf(resource, operation))?.join(' and ');
	const operationIs = narrowed ? `With this '${form.label(field)}' the operation` : 'This operation';
	return programs ? `${operationIs} exists in ${programs} programs only: check which program the API key belongs to.` : '';
}

/** A referral key where an id is needed is the most frequent slip, so say which of the two was given. */
function partnerAdvice(call: Call, text: string): string {
	if (!/partner/i.test(text)) return '';
	const { form, operation: { request } } = call;
	const fields = [...fieldsInUrl(request.url), ...fieldsIn({ ...request.qs, ...request.body }).map(({ field }) => field)];
	const field = fields.find((name) => isPartner(form.field(name)) && form.has(name));
	const reference = field && form.reference(field);
	if (!reference) return '';
	if (reference.kind === 'key') {
		return `No partner has the referral key '${reference.value}'. The referral key is what follows "aff=" in the partner's link. If this is the partner's ID, choose By ID in '${form.label(field)}'.`;
	}
	return `If '${reference.value}' is a referral key, choose By Key in '${form.label(field)}'.`;
}

/** Whether a field picks a partner, under whatever name. */
function isPartner(field: INodeProperties | undefined): boolean {
	return field?.modes?.[0].typeOptions?.searchListMethod === 'searchPartners';
}

/** What stands in the way of a record that cannot be moved to another status, and what to do about it. */
function statusAdvice({ operation: { entry, transition }, resource }: Call, { recordStatus: status }: Delivery): string {
	if (!transition?.from || !status || transition.from.includes(status)) return '';
	const from = transition.from.map((allowed) => `'${allowed}'`).join(' or ');
	const already = transition.to.includes(status) ? ' already' : '';
	const rule = `${entry.name} works only on a ${resource.entry.name.toLowerCase()} in the status ${from}; this one is '${status}'${already}.`;
	return [rule, transition.advice?.[status]].filter(Boolean).join(' ');
}

function explainStatus(call: Call, delivery: Delivery): Explanation {
	const answer = delivery.answer!;
	const { action } = call.operation.entry;
	const subject = subjectOf(call);
	const inPath = pickedInPath(call);
	const name = inPath ? call.form.label(inPath) : call.resource.entry.name;
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
				advice: together(
					own && `Partnero says: ${own}`,
					'The key may lack the permission, or its account may have no API access.',
					programAdvice(call),
				),
			};
		case 404:
			if (!inPath && !call.form.has(call.resource.entry.value)) break;
			return {
				message: `${name}${subject} was not found`,
				advice: together(
					own && `Partnero says: ${own}`,
					partnerAdvice(call, `${name} ${own}`) ||
						'Check the identifier and its kind. The record may have been deleted, or belong to another program than the API key.',
					programAdvice(call),
				),
			};
		case 429:
			return {
				message: 'Partnero receives too many requests',
				advice: `The node tried ${delivery.tries} times and waited ${Math.round(delivery.waited / 1000)} seconds in all. Lower 'Requests at Once' on the Settings tab, or send fewer items at a time.`,
			};
	}
	if (answer.status >= 500 || answer.status === 408) {
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
	const isUnknownHere = [404, 405].includes(answer.status);
	// A refusal of the whole operation names no field, and no reason but the program, if any.
	const isAboutProgram = fields.length === 0 && (!own || /\bprogram/i.test(own));
	return {
		message: `${action}${subject} was refused${said ? `: ${said}` : ` (HTTP ${answer.status})`}`,
		advice: together(
			lines,
			statusAdvice(call, delivery),
			partnerAdvice(call, `${own} ${fields.map(([field]) => field).join(' ')}`),
			isUnknownHere || isAboutProgram ? programAdvice(call) : '',
			isUnknownHere ? 'If other operations do not work either, check the Base URL of the credential.' : '',
		),
	};
}

/** What there is to say, line by line. */
export function together(...texts: string[]): string {
	return texts.filter(Boolean).join('\n');
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
	if (answer.status < 300 && verdictOf((answer.body ?? {}) as IDataObject).status !== 0) {
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
	const credentials = await run.credentials(call.context);
	const redact = (text: string) => withoutKey(text, credentials);
	const error = nodeError(call, redact(message), redact(warning + advice), delivery.answer?.status);
	return isRefused(delivery) || isSentOnce(call, delivery) ? run.setFinal(error) : error;
}

/**
 * The error of what the API accepted, and what is not so all the same. Nobody may send it again before somebody
 * has looked.
 * @param contradiction what is seen instead, such as "cannot be found there"
 */
export async function contradicted(call: Call, { answer }: Delivery, contradiction: string): Promise<NodeApiError> {
	const credentials = await call.run.credentials(call.context);
	const what = `${call.operation.entry.action}${subjectOf(call)}`;
	const own = ownMessage(answer?.body);
	const advice = together(
		own && withoutKey(`Partnero says: ${own}`, credentials),
		`${what} may have been recorded nevertheless: look it up in Partnero before you run this again.`,
	);
	return call.run.setFinal(nodeError(call, `${what} was accepted by Partnero, but ${contradiction}`, advice));
}

/** The error of an item with the identifier of another one, of which nobody knows whether it was recorded. */
export function doubtedBefore(call: Call, doubt: Error): NodeApiError {
	const what = `${call.operation.entry.action}${subjectOf(call)}`;
	const error = nodeError(
		call,
		`${what} was not sent, since nobody knows whether another item has recorded it`,
		`${what} may have been recorded: look it up in Partnero before you run this again.`,
	);
	return call.run.isFinal(doubt) ? call.run.setFinal(error) : error;
}

/** Whether something arrived that cannot be looked for, so that nobody may send it again. */
function isSentOnce(call: Call, { repeatable, answer, noAnswer }: Delivery): boolean {
	if (repeatable || answer?.status === 429 || noAnswer?.mayHaveArrived === false) return false;
	const { identity, transition } = call.operation;
	if (transition) return false;
	return !identity || lookedForBy(call, identity) === undefined;
}

/** Whether the API said no, and would say so again. */
function isRefused({ answer }: Delivery): boolean {
	return answer !== undefined && answer.status >= 400 && answer.status < 500 && ![408, 429].includes(answer.status);
}

/**
 * What comes out for an item that failed, where the workflow goes on. No `error` beside `json`: n8n would replace
 * the whole `json` by its message, and with it the fields of the input that it has just copied to the item on the
 * error output. And no key but these two: older releases send an item with any other one to the output of results.
 */
export function failedJson({ message, description }: NodeApiError | NodeOperationError): IDataObject {
	return { error: message, ...(description && { message: description }) };
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
