import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import axios from 'axios';

import { lag } from '../../../sandbox/clock';

/** Requests that reach the server late, whether or not anybody still waits for an answer. */
export interface Hold {
	method: string;
	/** How many of them. */
	times: number;
	ms: number;
	/** The status that the gateway answers at once; without it the client waits. */
	answer?: number;
}

/** What stands before a server in the real world: it lets go of a client, and carries on. */
export interface Gateway {
	/** The base URL, in place of the sandbox's. */
	url: string;
	hold(hold: Hold): void;
	/** Waits until everything that was held has reached the server. */
	settled(): Promise<void>;
	close(): Promise<void>;
}

/** Starts a gateway before the server that has this base URL. */
export async function startGateway(target: string): Promise<Gateway> {
	const holds: Hold[] = [];
	const underWay = new Set<Promise<void>>();

	async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { method = 'GET', url = '/', headers } = request;
		const data = await text(request);
		const hold = holds.find((one) => one.method === method && one.times > 0);
		if (hold) {
			hold.times -= 1;
			if (hold.answer) response.writeHead(hold.answer).end();
			await lag(hold.ms);
		}
		const { authorization, 'content-type': type } = headers;
		const answer = await axios.request<string>({
			method,
			url: new URL(url, target).href,
			headers: { authorization, ...(type && { 'content-type': type }) },
			data: data || undefined,
			responseType: 'text',
			transformResponse: (body: string) => body,
			validateStatus: () => true,
			proxy: false,
		});
		if (response.headersSent || response.destroyed) return;
		response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.data);
	}

	const server = createServer((request, response) => {
		const passed = pass(request, response)
			.catch(() => void response.destroy())
			.finally(() => underWay.delete(passed));
		underWay.add(passed);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}${new URL(target).pathname}`,
		hold: (hold) => void holds.push({ ...hold }),
		settled: async () => void (await Promise.all(underWay)),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
