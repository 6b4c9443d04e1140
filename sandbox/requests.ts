import type { FastifyRequest } from 'fastify';

import type { HostedProgram } from './programs';
import { invalid, refuse } from './responses';

/** Path of the base URL (partnero-api.md 1.1). */
export const BASE = '/v1';

/** A request as it arrived under /v1. */
export interface RecordedRequest {
	method: string;
	/** Below /v1, still percent-encoded, without the query. */
	path: string;
	/** As it was sent: with /v1 and the query. */
	rawUrl: string;
	query: Record<string, string>;
	/** `authorization` names the program instead of the key. */
	headers: Record<string, string>;
	/** Parsed, or as it was sent when it is not JSON. */
	body: unknown;
	/** What was answered; 0 when the connection was cut or is still open. */
	status: number;
	startedAt: Date;
	operationId?: string;
}

/** What is kept of a request; its answer is filled in later. */
export function record(
	request: FastifyRequest,
	program: HostedProgram | undefined,
): RecordedRequest {
	const { method, originalUrl: rawUrl, headers } = request;
	const [path = '', query = ''] = split(rawUrl, '?');
	const key = program ? `Bearer [key of ${program.name}]` : '[unknown]';
	const shown = Object.entries(headers).map(([name, value]) => [
		name,
		name === 'authorization' ? key : String(value),
	]);
	return {
		method,
		path: path.slice(BASE.length),
		rawUrl,
		query: Object.fromEntries(new URLSearchParams(query)),
		headers: Object.fromEntries(shown) as Record<string, string>,
		body: recordedBody(request),
		status: 0,
		startedAt: new Date(),
	};
}

function split(text: string, at: string): [string, string?] {
	const index = text.indexOf(at);
	return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function recordedBody(request: FastifyRequest): unknown {
	try {
		return jsonBody(request);
	} catch {
		return request.body;
	}
}

/** The JSON body; undefined when there is none. */
export function jsonBody(request: FastifyRequest): unknown {
	const text = request.body;
	if (typeof text !== 'string' || text === '') return undefined;
	if (!request.headers['content-type']?.includes('json'))
		refuse(415, 'Send the body as application/json.');
	const body = json(text);
	// Not a text either: the router would parse it once more.
	if (typeof body !== 'object') throw invalid({ body: ['The body field must be an object.'] });
	return body;
}

function json(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return refuse(400, 'The body is not valid JSON.');
	}
}
