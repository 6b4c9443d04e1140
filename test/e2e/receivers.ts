import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, json } from 'node:stream/consumers';

import type { Email } from 'postal-mime';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

import type { WorkflowFile } from '../../n8n/client';

const HOST = '127.0.0.1';

/** A CRM, as far as an example's HTTP Request nodes see one. */
export class Crm {
	/** What it answers to a GET. */
	contacts: object[] = [];
	/** The addresses that were asked for with GET. */
	readonly asked: URL[] = [];
	/** The bodies that were posted. */
	readonly sent: Array<Record<string, unknown>> = [];
	/** Whether it answers every POST with a 500. */
	isDown = false;
	/** Whom it answers with a 422. */
	refused = '';
	private readonly server: Server;

	private constructor() {
		this.server = createServer((request, response) => {
			const answer = (status: number, body: object) =>
				response
					.writeHead(status, { 'content-type': 'application/json' })
					.end(JSON.stringify(body));
			if (request.method === 'GET') {
				this.asked.push(new URL(request.url ?? '', this.url));
				answer(200, this.contacts);
				return;
			}
			void json(request).then((body) => {
				if (this.isDown) return answer(500, {});
				if (this.refused && (body as { email?: string }).email === this.refused)
					return answer(422, { message: 'No such domain' });
				this.sent.push(body as Record<string, unknown>);
				return answer(200, { id: this.sent.length });
			});
		});
	}

	static async start(): Promise<Crm> {
		const crm = new Crm();
		await new Promise<void>((resolve) => crm.server.listen(0, HOST, resolve));
		return crm;
	}

	get url(): string {
		return `http://${HOST}:${(this.server.address() as AddressInfo).port}`;
	}

	/** Puts this CRM's address in place of the one in an example. */
	readonly fillIn = (nodes: WorkflowFile['nodes']): void => {
		for (const node of nodes) {
			const parameters = node.parameters as { url?: string };
			parameters.url &&= parameters.url.replace('https://crm.example', this.url);
		}
	};

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** A mail server that keeps what it gets. */
export class Mailbox {
	readonly mails: Email[] = [];
	/** The addresses that each mail went to, blind copies included. */
	readonly recipients: string[][] = [];
	private readonly account = { user: 'n8n', password: 'of the mailbox' };
	private readonly server = new SMTPServer({
		disabledCommands: ['STARTTLS'],
		allowInsecureAuth: true,
		onAuth: ({ username, password }, _session, done) => {
			if (username === this.account.user && password === this.account.password)
				done(null, { user: username });
			else done(new Error('Wrong user or password'));
		},
		onData: (stream, { envelope }, done) => {
			this.recipients.push(envelope.rcptTo.map(({ address }) => address));
			void buffer(stream)
				.then(async (raw) => this.mails.push(await PostalMime.parse(raw)))
				.then(() => done(), done);
		},
	});

	static async start(): Promise<Mailbox> {
		const mailbox = new Mailbox();
		await new Promise<void>((resolve) => mailbox.server.listen(0, HOST, resolve));
		return mailbox;
	}

	/** What goes into n8n's SMTP credential. */
	get credential() {
		const { port } = this.server.server.address() as AddressInfo;
		return { ...this.account, host: HOST, port, secure: false, disableStartTls: true };
	}

	async close(): Promise<void> {
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}
}
