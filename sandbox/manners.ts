import type { FastifyRequest } from 'fastify';

import { trimmed } from './quirks';
import type { RecordedRequest } from './requests';
import { jsonBody } from './requests';

/**
 * How the server takes what it gets. `strict` refuses whatever the contract does not know, which finds
 * nonsense that the node sends. `laravel` does as the real API most probably does (partnero-api.md 9): it
 * trims, takes blank and null for absent, ignores what it does not know, and decodes `%2F` before it routes.
 */
export const MANNERS = ['strict', 'laravel'] as const;
export type Manners = (typeof MANNERS)[number];

/** Whether a text names manners. */
export function isManners(name: unknown): name is Manners {
	return MANNERS.some((known) => known === name);
}

/** A request as the contract's router gets it. */
export interface Sent {
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	body?: unknown;
}

/** Reads a request to the letter. */
export function readStrictly(
	request: FastifyRequest,
	{ method, path, query }: RecordedRequest,
): Sent {
	// What a GET's body is for, HTTP does not say.
	const body = method === 'GET' ? undefined : jsonBody(request);
	return { method, path, query: { ...query }, headers: {}, ...(body !== undefined && { body }) };
}

/** Reads a request as Laravel does: query and JSON body are one input, whatever the method. */
export function readAsLaravel(
	request: FastifyRequest,
	{ method, path, query }: RecordedRequest,
): Sent {
	const body = cleaned(tolerantBody(request)) as Record<string, unknown>;
	const asked = Object.entries(query).map(([name, value]) => [phpName(name), value]);
	const input = cleaned(Object.fromEntries(asked)) as Record<string, string>;
	const sent = { method, path: decodedPath(path), headers: {} };
	if (method === 'GET') return { ...sent, query: { ...input, ...asQuery(body) } };
	return { ...sent, query: {}, body: { ...input, ...body } };
}

/** PHP turns a dot and a blank in the name of a query parameter into `_`. */
function phpName(name: string): string {
	const [, start = '', rest = ''] = /^([^[]*)(.*)$/.exec(name) ?? [];
	return start.replace(/[. ]/g, '_') + rest;
}

/** What is no JSON, or no object, is no input. */
function tolerantBody(request: FastifyRequest): object {
	try {
		const body = jsonBody(request);
		return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
	} catch {
		return {};
	}
}

/** Texts trimmed; blank and null left out. */
function cleaned(value: unknown): unknown {
	if (typeof value === 'string') return trimmed(value) || undefined;
	if (Array.isArray(value)) return value.map(cleaned).filter((entry) => entry !== undefined);
	if (typeof value !== 'object') return value;
	if (value === null) return undefined;
	const entries = Object.entries(value).map(([name, entry]) => [name, cleaned(entry)]);
	return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

/** The fields of a GET's body as query parameters: `{partner: {key: 'a'}}` is `partner[key]=a`. */
function asQuery(body: Record<string, unknown>): Record<string, string> {
	const entries = Object.entries(body).flatMap(([name, value]) =>
		typeof value === 'object' && value !== null
			? Object.entries(value).map(([inner, entry]) => [`${name}[${inner}]`, String(entry)])
			: [[name, String(value)]],
	);
	return Object.fromEntries(entries);
}

/** The path decoded before it is routed, so that `%2F` parts it; a slash at its end does not count. */
function decodedPath(path: string): string {
	const decoded = decodeURIComponent(path).replace(/[%?#]/g, encodeURIComponent);
	return decoded.replace(/(.)\/+$/, '$1');
}
