import axios from 'axios';

import { responseErrors, validateRequest } from '../../sandbox/contract';
import type { ProgramName } from '../../sandbox/programs';
import type { Sandbox } from '../../sandbox/server';

export interface Reply {
	status: number;
	// What a test reads of it is what it asserts.
	body: Body;
}

/** A JSON body of any shape. */
export interface Body {
	[name: string]: Body;
	[index: number]: Body;
}

export type Send = (method: string, path: string, body?: unknown) => Promise<Reply>;

/** An answer as it came, headers included. */
export interface RawReply extends Reply {
	headers: Record<string, string | undefined>;
}

/** Sends requests with a key, whatever the answer looks like; rejects if none comes. */
export function rawClient(url: string, key: string) {
	return async (
		method: string,
		path: string,
		body?: unknown,
		contentType = 'application/json',
	): Promise<RawReply> => {
		const response = await axios.request<Body>({
			method,
			url: `${url}${path}`,
			headers: { authorization: `Bearer ${key}`, 'content-type': contentType },
			data: body === undefined ? undefined : JSON.stringify(body),
			validateStatus: () => true,
		});
		return {
			status: response.status,
			body: response.data,
			headers: response.headers as RawReply['headers'],
		};
	};
}

/**
 * Sends requests to a sandbox, and fails the test when an answer does not have
 * the shape that the contract gives it.
 */
export function client(sandbox: Sandbox, program: ProgramName = 'affiliate'): Send {
	return async (method, path, body) => {
		const settings = { program, switches: { ...sandbox.switches } };
		const response = await axios.request<Body>({
			method,
			url: `${sandbox.url}${path}`,
			headers: {
				authorization: `Bearer ${sandbox.keys[program]}`,
				'content-type': 'application/json',
			},
			data: body === undefined ? undefined : JSON.stringify(body),
			validateStatus: () => true,
		});
		const [route = ''] = path.split('?');
		const { operationId } = validateRequest({ method, path: route, body }, settings);
		if (operationId)
			expect(responseErrors(operationId, response.status, response.data, settings)).toEqual([]);
		return { status: response.status, body: response.data };
	};
}
