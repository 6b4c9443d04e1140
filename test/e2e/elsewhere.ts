import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { generate } from 'selfsigned';

const HOST = '127.0.0.1';

/** A request to a service out there. */
export interface Asked {
	method: string;
	path: string;
	query: Record<string, string>;
	authorization: string;
	/** An object, whether it came as JSON or as a form. */
	body: Record<string, unknown>;
}

/** What a service answers: a body, or a body with a status. */
interface Answered {
	status: number;
	body: unknown;
}
type Service = (asked: Asked) => Answered;

/**
 * The services whose addresses n8n's own nodes have built in (Stripe, PayPal, Slack, HubSpot). n8n reaches them through
 * this proxy, which decrypts what is meant for them with a certificate that n8n is told to trust. Any other address is
 * refused, so that nothing leaves this machine.
 */
export class Elsewhere {
	private readonly services = new Map<string, Service>();

	private constructor(
		private readonly proxy: Server,
		private readonly inside: Server,
		private readonly folder: string,
	) {}

	/** @param hosts the names that it stands in for */
	static async start(hosts: string[]): Promise<Elsewhere> {
		const altNames = hosts.map((value) => ({ type: 2 as const, value }));
		const { private: key, cert } = await generate([{ name: 'commonName', value: hosts[0] }], {
			extensions: [{ name: 'subjectAltName', altNames }],
		});
		const folder = mkdtempSync(join(tmpdir(), 'partnero-elsewhere-'));
		writeFileSync(join(folder, 'certificate.pem'), cert);

		const inside = createTlsServer({ key, cert }, (request, response) => {
			void elsewhere.answer(request).then(({ status, body }) => {
				response
					.writeHead(status, { 'content-type': 'application/json' })
					.end(body === undefined ? undefined : JSON.stringify(body));
			});
		});
		const proxy = createServer((_request, response) => response.writeHead(403).end());
		proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
			socket.on('error', () => socket.destroy());
			if (!hosts.includes(url.split(':')[0])) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			return inside.emit('connection', socket);
		});
		const elsewhere = new Elsewhere(proxy, inside, folder);
		await new Promise<void>((resolve) => proxy.listen(0, HOST, resolve));
		return elsewhere;
	}

	/** What an n8n has to be started with. */
	get env(): Record<string, string> {
		const proxy = `http://${HOST}:${(this.proxy.address() as AddressInfo).port}`;
		return {
			HTTPS_PROXY: proxy,
			https_proxy: proxy,
			NODE_EXTRA_CA_CERTS: join(this.folder, 'certificate.pem'),
		};
	}

	/** Puts a service behind a name; one that nobody stands in for is down. */
	serve(host: string, service: Service): void {
		this.services.set(host, service);
	}

	/** Takes all services away. */
	reset(): void {
		this.services.clear();
	}

	async close(): Promise<void> {
		this.proxy.closeAllConnections();
		this.inside.closeAllConnections();
		await new Promise((resolve) => this.proxy.close(resolve));
		rmSync(this.folder, { recursive: true, force: true });
	}

	private async answer(request: IncomingMessage): Promise<Answered> {
		const { host = '', authorization = '' } = request.headers;
		const { pathname: path, searchParams } = new URL(request.url ?? '', `https://${host}`);
		const sent = await text(request);
		const isJson = request.headers['content-type']?.includes('json');
		const fields = isJson ? (JSON.parse(sent || '{}') as object) : new URLSearchParams(sent);
		const body = Object.fromEntries(
			fields instanceof URLSearchParams ? fields : Object.entries(fields),
		) as Record<string, unknown>;
		const query = Object.fromEntries(searchParams);
		const service = this.services.get(host.split(':')[0]);
		return (
			service?.({ method: request.method ?? '', path, query, authorization, body }) ?? {
				status: 503,
				body: {},
			}
		);
	}
}
