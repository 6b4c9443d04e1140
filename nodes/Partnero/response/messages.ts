import type { IDataObject } from 'n8n-workflow';

import { shortened } from '../form/shortened';
import { usualPatience } from '../transport/gate';
import { statusBlock } from '../transport/outcome';
import { retryAfter } from '../transport/retryPolicy';
import type { HttpResponse } from '../transport/send';

/** The API's own sentence, if it sent one. */
export function ownMessage(body: unknown): string {
	const { message, error } = statusBlock((body ?? {}) as IDataObject);
	return shortened([message, error].find((text) => typeof text === 'string' && text) ?? '');
}

/** The messages of the API, field by field, in every shape that it has (`partnero-api.md` 1.4). */
export function fieldMessages(body: unknown): Array<[string, string]> {
	const errors = (body as IDataObject | null)?.errors;
	if (!errors || typeof errors !== 'object') return [];
	return Object.entries(errors).map(([field, messages]) => [
		field,
		shortened((Array.isArray(messages) ? messages : [messages]).map(String).join(' ')),
	]);
}

/** All that the API said: its own sentence, and those about fields, each once. */
export function everythingSaid(body: unknown): string {
	const about = fieldMessages(body).map(([, text]) => text);
	return shortened([...new Set([ownMessage(body), ...about])].filter(Boolean).join(' '));
}

/** Whether the API says that another record has what was sent. */
export function saysTaken({ status, body }: Pick<HttpResponse, 'status' | 'body'>): boolean {
	return (
		status === 409 ||
		/already (?:been )?(?:taken|exists?|registered|in use)|duplicate/i.test(everythingSaid(body))
	);
}

/** A text as a sentence: n8n's editor shows the lines of a description one behind the other. */
export function asSentence(text: string): string {
	return text === '' || /[.!?…]["')]?$/.test(text) ? text : `${text}.`;
}

/** What the API itself said, as a sentence of its own; nothing if it said nothing. */
export function saidByPartnero(own: string): string {
	return own && asSentence(`Partnero says: ${own}`);
}

/** A message as it stands in a title: without a full stop, and without Laravel's count of the other ones. */
export function asTitle(text: string): string {
	return text.replace(/ \(and \d+ more errors?\)$/, '').replace(/(?<!\.)\.$/, '');
}

/** What a 429 means for whoever gave up because of it. */
export function limitMessage({ headers }: Pick<HttpResponse, 'headers'>): string {
	const wish = retryAfter(headers) ?? 0;
	if (wish <= usualPatience) return 'Rate limit reached';
	return `Rate limit reached: Partnero asks to wait ${Math.ceil(wish / 60_000)} minutes`;
}

/** What there is to say, line by line. */
export function together(...texts: string[]): string {
	return texts.filter(Boolean).join('\n');
}
