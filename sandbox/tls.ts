import type { Server } from 'node:http';
import type { ServerOptions } from 'node:https';
import type { Socket } from 'node:net';

import { generate } from 'selfsigned';

/** A certificate for the server, and the means to break a stream that it protects. */
export class TlsEndpoint {
	/** Connections below the encryption, by the client's port. */
	private readonly streams = new Map<number | undefined, Socket>();

	private constructor(
		readonly options: ServerOptions,
		/** In PEM; a client that is to trust the server takes it for an authority. */
		readonly certificate: string,
	) {}

	/** Makes a certificate for a host. */
	static async create(host: string): Promise<TlsEndpoint> {
		const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
			extensions: [
				{
					name: 'subjectAltName',
					altNames: [
						{ type: 7, ip: host },
						{ type: 2, value: 'localhost' },
					],
				},
			],
		});
		return new TlsEndpoint({ key, cert }, cert);
	}

	/** Keeps the connections of a server at hand. */
	watch(server: Server): void {
		server.on('connection', (stream: Socket) => {
			const port = stream.remotePort;
			this.streams.set(port, stream);
			stream.once('close', () => this.streams.delete(port));
		});
	}

	/** Sends bytes that no key can decrypt, so that the client's TLS fails instead of its connection. */
	breakStream(socket: Socket): void {
		this.streams.get(socket.remotePort)?.write(Buffer.from('This was never encrypted.'));
	}
}
