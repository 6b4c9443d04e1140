import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { N8nClient } from './client';
import { installPackage, recordPackage } from './community';
import type { Installation, Release } from './install';
import { ensureN8n } from './install';
import type { Finished } from './processes';
import { end, kill, run, start } from './processes';
import { UserError } from './terminal';

export interface N8nOptions {
	/** Left out: the newest. */
	release?: Release;
	/** Left out: any free one. */
	port?: number;
	/** Everything that this n8n keeps: database, packages, log. */
	userFolder: string;
	/** A packed community package, installed before n8n starts. */
	tarball?: string;
	/** Further settings of n8n. */
	env?: Record<string, string>;
}

/** A running n8n. */
export interface N8n {
	url: string;
	userFolder: string;
	client: N8nClient;
	/** Everything that it has printed. */
	log(): string;
	/** Runs n8n's own command line on the same data. */
	cli(args: string[]): Promise<Finished>;
	/** Ends it at once, as a crash of its machine would. */
	kill(): Promise<void>;
	stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** What n8n's process may see of this machine's environment; the rest would make a demo differ from another. */
const INHERITED = [
	'HOME',
	'USER',
	'LANG',
	'LC_ALL',
	'TZ',
	'TMPDIR',
	'TEMP',
	'SystemRoot',
	'APPDATA',
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'http_proxy',
	'https_proxy',
	'NODE_EXTRA_CA_CERTS',
	'SSL_CERT_FILE',
];

/** Starts a real n8n, with the package in it, owned and logged in. */
export async function startN8n(given: N8nOptions): Promise<N8n> {
	const options = { ...given, userFolder: resolve(given.userFolder) };
	const installation = await ensureN8n(options.release);
	const port = options.port ?? (await freePort());
	await requirePort(port);
	const { userFolder } = options;
	mkdirSync(userFolder, { recursive: true });
	const target = { node: installation.node, userFolder };
	const manifest = options.tarball
		? await installPackage({ ...target, tarball: options.tarball })
		: undefined;

	const url = `http://${HOST}:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	const child = start(installation.node, [installation.n8n, 'start'], {
		cwd: userFolder,
		env: { ...environment(installation, options, await freePort()), N8N_PORT: String(port) },
		logFile,
	});
	const client = new N8nClient(url, installation.folder);
	try {
		await waitUntilReady(
			async () => await client.isReady(),
			() => child.exitCode !== null || child.signalCode !== null,
			logFile,
		);
		await client.logIn();
		// Only n8n's list of packages is read from there, and only its own SQLite is within reach.
		if (manifest && !options.env?.DB_TYPE)
			await recordPackage(target, manifest, await client.nodeTypes());
	} catch (error) {
		await end(child);
		throw error;
	}
	return {
		url,
		userFolder,
		client,
		log: () => readFileSync(logFile, 'utf8'),
		cli: async (args) =>
			await run(installation.node, [installation.n8n, ...args], {
				cwd: userFolder,
				env: environment(installation, options, await freePort()),
			}),
		kill: async () => await kill(child),
		stop: async () => await end(child),
	};
}

/** A worker of n8n's queue mode. */
export interface Worker {
	/** Everything that it has printed. */
	log(): string;
	/** Ends it at once, as a crash of its machine would. */
	kill(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * Starts a worker, with the package in a folder of its own. What it shares with the main process
 * comes in `env`: the queue, the database and the key that encrypts credentials.
 */
export async function startWorker(given: Omit<N8nOptions, 'port'>): Promise<Worker> {
	const options = { ...given, userFolder: resolve(given.userFolder) };
	const installation = await ensureN8n();
	const { userFolder, tarball } = options;
	mkdirSync(userFolder, { recursive: true });
	if (tarball) await installPackage({ node: installation.node, userFolder, tarball });

	const port = await freePort();
	const logFile = join(userFolder, 'n8n.log');
	const child = start(installation.node, [installation.n8n, 'worker', '--concurrency=5'], {
		cwd: userFolder,
		env: {
			...environment(installation, options, await freePort()),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
		},
		logFile,
	});
	const ready = async () =>
		(await fetch(`http://${HOST}:${port}/healthz/readiness`).catch(() => undefined))?.ok === true;
	try {
		await waitUntilReady(
			ready,
			() => child.exitCode !== null || child.signalCode !== null,
			logFile,
		);
	} catch (error) {
		await end(child);
		throw error;
	}
	return {
		log: () => readFileSync(logFile, 'utf8'),
		kill: async () => await kill(child),
		stop: async () => await end(child),
	};
}

function environment(
	installation: Installation,
	options: N8nOptions,
	brokerPort: number,
): NodeJS.ProcessEnv {
	const inherited = INHERITED.filter((name) => process.env[name] !== undefined);
	return {
		...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
		PATH: installation.path,
		NO_PROXY: `localhost,${HOST}`,
		N8N_USER_FOLDER: options.userFolder,
		N8N_LISTEN_ADDRESS: HOST,
		N8N_HOST: HOST,
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		// A browser keeps a secure cookie of this address, but not every browser.
		N8N_SECURE_COOKIE: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		GENERIC_TIMEZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
		...QUIET,
		...(options.release !== 'oldest' && QUIET_NOW),
		...options.env,
	};
}

/** Nothing leaves this machine unless a workflow sends it, and nothing stands before the canvas. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	// The catalog of verified community nodes is fetched from n8n.
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
};

/** The catalog of MCP servers is fetched from n8n too; an n8n that does not have it would not start with this. */
const QUIET_NOW = { N8N_DISABLED_MODULES: 'mcp-registry' };

async function waitUntilReady(
	isReady: () => Promise<boolean>,
	hasEnded: () => boolean,
	logFile: string,
): Promise<void> {
	const deadline = Date.now() + 180_000;
	while (!(await isReady())) {
		const log = relative(process.cwd(), logFile);
		if (hasEnded())
			throw new UserError(`n8n stopped while it started: ${lastLine(logFile)} Its log is ${log}.`);
		if (Date.now() > deadline)
			throw new UserError(`n8n did not start within three minutes. Its log is ${log}.`);
		await sleep(150);
	}
}

function lastLine(file: string): string {
	const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
	return lines[lines.length - 1] ?? '';
}

/** Refuses a port that somebody listens on, before anything is started. */
export async function requirePort(port: number): Promise<void> {
	const reason = await tryPort(port);
	if (reason === 'EADDRINUSE') {
		throw new UserError(
			`Port ${port} is in use, perhaps by another n8n: stop that one, or choose another port with "npm run demo -- --port ${await freePort()}".`,
		);
	}
	if (typeof reason === 'string')
		throw new UserError(`Port ${port} cannot be used (${reason}): choose another one with --port.`);
}

/** Whether nobody listens on a port at the moment. */
export async function isFree(port: number): Promise<boolean> {
	return typeof (await tryPort(port)) === 'number';
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
	const port = await tryPort(0);
	if (typeof port !== 'number') throw new UserError(`No free port on ${HOST} (${port}).`);
	return port;
}

/** Listens for a moment: the port that it got, or why it did not. */
async function tryPort(port: number): Promise<number | string> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
		server.listen(port, HOST, () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
		});
	});
}
