import {
	accessSync,
	constants,
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';

import { CACHE_FOLDER } from './install';
import type { Finished } from './processes';
import { run } from './processes';
import { UserError, say } from './terminal';

/** A program that can be started, and what its environment needs for that. */
export interface FoundProgram {
	file: string;
	env: Record<string, string>;
}

/** Debian's package of it; npm has none. */
const REDIS = 'redis-server';
const FOLDER = join(CACHE_FOLDER, 'debian', REDIS);

/**
 * Finds Redis: where REDIS_SERVER says, on the PATH, or else in Debian's package, which is then unpacked into the
 * cache together with the libraries that the machine lacks. Nothing is installed.
 */
export async function findRedis(): Promise<FoundProgram> {
	const installed = named('REDIS_SERVER') ?? onPath(REDIS);
	if (installed) return { file: installed, env: {} };
	const done = join(FOLDER, '.done');
	if (!existsSync(done)) {
		await unpack();
		writeFileSync(done, '');
	}
	return unpacked();
}

/** What an environment variable says, which has to be a program. */
export function named(variable: string): string | undefined {
	const file = process.env[variable];
	if (file && !isExecutable(file))
		throw new UserError(`${variable} is ${file}, which is no program.`);
	return file || undefined;
}

/** Where a program is on the PATH. */
export function onPath(command: string): string | undefined {
	return (process.env.PATH ?? '')
		.split(delimiter)
		.map((folder) => join(folder, command))
		.find(isExecutable);
}

/** Downloads Debian's package and the missing ones that it depends on, and unpacks them. Needs no rights. */
async function unpack(): Promise<void> {
	if (!isDebian()) throw missing('');
	say(`${REDIS} is not installed, so Debian's package is unpacked into the cache.`);
	rmSync(FOLDER, { recursive: true, force: true });
	const packages = join(FOLDER, 'packages');
	const [lists, cache] = [join(FOLDER, 'lists'), join(FOLDER, 'cache')];
	for (const needed of [packages, join(lists, 'partial'), cache])
		mkdirSync(needed, { recursive: true });
	// apt's own files stay as they are: these are lists and a cache beside them.
	const ours = [
		`Dir::State::Lists=${lists}`,
		`Dir::Cache=${cache}`,
		'Debug::NoLocking=true',
		'APT::Sandbox::User=root',
	];
	const apt = async (...args: string[]) => {
		const options = ours.flatMap((option) => ['-o', option]);
		const finished = await run('apt-get', ['-q', ...options, ...args], {
			cwd: packages,
			env: { ...process.env, LC_ALL: 'C' },
			timeoutMs: 10 * 60_000,
		});
		if (finished.code !== 0) throw missing(`apt-get ${args[0]} failed: ${lastLine(finished)}`);
		return finished.stdout;
	};
	await apt('update');
	const simulated = await apt('install', '--simulate', '--no-install-recommends', REDIS);
	await apt('download', ...[...simulated.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name));
	for (const name of readdirSync(packages)) {
		const extracted = await run('dpkg-deb', ['--extract', join(packages, name), FOLDER]);
		if (extracted.code !== 0)
			throw missing(`${name} could not be unpacked: ${lastLine(extracted)}`);
	}
	for (const used of [lists, cache, packages]) rmSync(used, { recursive: true, force: true });
	const { file, env } = unpacked();
	const tried = await run(file, ['--version'], { env: { ...process.env, ...env } });
	if (tried.code !== 0) throw missing(`the unpacked one does not start: ${lastLine(tried)}`);
}

/** The program in the unpacked package, with the libraries that were unpacked beside it. */
function unpacked(): FoundProgram {
	const libraries = ['usr/lib', 'lib']
		.map((name) => join(FOLDER, name))
		.filter((parent) => existsSync(parent))
		.flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
		.filter((folder) => /-linux-gnu[^/]*$/.test(folder));
	const path = [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
	return { file: join(FOLDER, 'usr/bin', REDIS), env: { LD_LIBRARY_PATH: path } };
}

function missing(reason: string): UserError {
	const why = reason ? ` (${reason})` : '';
	return new UserError(
		`${REDIS} is needed and not installed${why}: install it ("apt-get install ${REDIS}" on Debian and Ubuntu, "brew install redis" on macOS; other systems: redis.io), or say with REDIS_SERVER where it is.`,
	);
}

/** Debian and what is made of it. */
function isDebian(): boolean {
	return (
		existsSync('/etc/debian_version') &&
		existsSync('/etc/os-release') &&
		/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
	);
}

/** Whether a file is there that may be run. */
export function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function lastLine({ output }: Finished): string {
	return output.trim().split('\n').at(-1) ?? '';
}
