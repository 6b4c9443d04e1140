import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that reached a bare server. */
export interface Arrival {
	method: string;
	path: string;
	authorization: string;
	body: string;
}

/** A server that answers what a test wants, and knows nothing of Partnero. */
export interface BareServer {
	/** The base URL. */
	url: string;
	arrivals: Arrival[];
}

export type Answering = (
	arrival: Arrival,
	response: ServerResponse,
	request: IncomingMessage,
) => void | Promise<void>;

const open: Server[] = [];

/** Starts a server for the length of a test; `closeAll` ends it. */
export async function serve(
	answering: Answering,
	create: (listener: RequestListener) => Server = createServer,
	protocol = 'http',
): Promise<BareServer> {
	const arrivals: Arrival[] = [];
	const server = create((request, response) => {
		void text(request).then(async (body) => {
			const { method = '', url = '', headers } = request;
			const arrival = {
				method,
				path: url.replace(/^\/v1/, ''),
				authorization: headers.authorization ?? '',
				body,
			};
			arrivals.push(arrival);
			await answering(arrival, response, request);
		});
	});
	open.push(server);
	return { url: `${protocol}://127.0.0.1:${await listen(server)}/v1`, arrivals };
}

/** Opens a port for a server that `closeAll` shall end as well. */
export async function listen(server: Server): Promise<number> {
	if (!open.includes(server)) open.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

/** Ends all servers of a test, and what is connected to them. */
export async function closeAll(): Promise<void> {
	for (const server of open.splice(0)) {
		if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
		await new Promise((resolve) => server.close(resolve));
	}
}

/** Answers with JSON. */
export function json(
	response: ServerResponse,
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): void {
	response
		.writeHead(status, { 'content-type': 'application/json', ...headers })
		.end(JSON.stringify(body));
}

/** Hands a request on to the server at another base URL, and its answer back. */
export async function passOn(
	to: string,
	{ method, path, authorization, body }: Arrival,
	response: ServerResponse,
	headers: Record<string, string> = {},
): Promise<void> {
	const answer = await fetch(`${to}${path}`, {
		method,
		headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
		...(body && { body }),
	});
	response
		.writeHead(answer.status, { 'content-type': 'application/json', ...headers })
		.end(await answer.text());
}
