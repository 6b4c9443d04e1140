import type { IDataObject } from 'n8n-workflow';

import { statusBlock } from '../transport/outcome';

/** The API's own sentence, if it sent one. */
export function ownMessage(body: unknown): string {
	const { message, error } = statusBlock((body ?? {}) as IDataObject);
	return ([message, error].find((text) => typeof text === 'string' && text) as string) ?? '';
}

/** The messages of the API, field by field, in every shape that it has (`partnero-api.md` 1.4). */
export function fieldMessages(body: unknown): Array<[string, string]> {
	const errors = (body as IDataObject | null)?.errors;
	if (!errors || typeof errors !== 'object') return [];
	return Object.entries(errors).map(([field, messages]) => [
		field,
		(Array.isArray(messages) ? messages : [messages]).map(String).join(' '),
	]);
}

/** What there is to say, line by line. */
export function together(...texts: string[]): string {
	return texts.filter(Boolean).join('\n');
}
