import { chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { end, run, start } from '../../n8n/processes';
import { copyPostgres } from '../../n8n/programs';
import { freePort } from '../../n8n/server';
import { findRedis, named } from '../../n8n/system';

/** A server on loopback that forgets everything when it stops. */
export interface Service {
	port: number;
	stop(): Promise<void>;
}

interface Started {
	uid?: number;
	env?: NodeJS.ProcessEnv;
	/** What it prints once it can be used. */
	ready: string;
}

async function startService(
	file: string,
	args: string[],
	{ uid, env, ready }: Started,
): Promise<() => Promise<void>> {
	const child = start(file, args, { env: { ...process.env, ...env }, uid });
	let said = '';
	for (const stream of [child.stdout, child.stderr])
		stream?.on('data', (text: Buffer) => (said += text.toString()));
	child.once('error', (error) => (said += error.message));
	while (!said.includes(ready)) {
		if (child.exitCode !== null || child.pid === undefined)
			throw new Error(`${file} did not start: ${said}`);
		await sleep(20);
	}
	return async () => await end(child);
}

export async function startRedis(): Promise<Service> {
	const { file, env } = await findRedis();
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
	return {
		port,
		stop: await startService(file, args, { env, ready: 'Ready to accept connections' }),
	};
}

/** PostgreSQL refuses to be run by root, who is `nobody` for it. */
const NOBODY = 65_534;

/** A database `postgres` of the user `n8n`, without a password. */
export async function startPostgres(): Promise<Service> {
	const uid = process.getuid?.() === 0 ? NOBODY : undefined;
	const folder = mkdtempSync(join(tmpdir(), 'partnero-postgres-'));
	try {
		if (uid !== undefined) chownSync(folder, uid, uid);
		const given = named('POSTGRES_SERVER');
		const bin = given ? dirname(realpathSync(given)) : await copyPostgres(folder);
		const data = join(folder, 'data');
		const made = await run(
			join(bin, 'initdb'),
			['-D', data, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
			{
				cwd: folder,
				uid,
			},
		);
		if (made.code !== 0) throw new Error(`PostgreSQL could not make its database: ${made.output}`);
		const port = await freePort();
		const settings = [
			'listen_addresses=127.0.0.1',
			'unix_socket_directories=',
			'fsync=off',
			'jit=off',
			'max_connections=60',
		];
		const args = [
			'-D',
			data,
			'-p',
			String(port),
			...settings.flatMap((setting) => ['-c', setting]),
		];
		const stop = await startService(join(bin, 'postgres'), args, {
			uid,
			ready: 'database system is ready to accept connections',
		});
		return {
			port,
			stop: async () => {
				await stop();
				rmSync(folder, { recursive: true, force: true });
			},
		};
	} catch (error) {
		rmSync(folder, { recursive: true, force: true });
		throw error;
	}
}
