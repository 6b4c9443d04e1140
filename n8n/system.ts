import {
	accessSync,
	constants,
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';

import { CACHE_FOLDER } from './install';
import { run, type Finished } from './processes';
import { UserError, say } from './terminal';

/** A program that the tests need and npm does not have. */
export interface SystemProgram {
	command: string;
	/** The environment variable that names the program where it is somewhere else. */
	variable: string;
	/** Debian's package. */
	debian: string;
	/** Where that package, or one that it depends on, puts the program; a star stands for any one folder. */
	inside: string;
	/** How to install it elsewhere. */
	elsewhere: string;
}

/** A program that can be started, and what its environment needs for that. */
export interface FoundProgram {
	file: string;
	env: Record<string, string>;
}

export const REDIS: SystemProgram = {
	command: 'redis-server',
	variable: 'REDIS_SERVER',
	debian: 'redis-server',
	inside: 'usr/bin/redis-server',
	elsewhere: '"brew install redis" on macOS; other systems: redis.io',
};

export const CHROMIUM: SystemProgram = {
	command: 'chromium',
	variable: 'CHROMIUM_PATH',
	debian: 'chromium',
	inside: 'usr/lib/chromium/chromium',
	elsewhere: '"brew install --cask chromium" on macOS; Chrome does as well',
};

export const POSTGRES: SystemProgram = {
	command: 'postgres',
	variable: 'POSTGRES_SERVER',
	debian: 'postgresql',
	inside: 'usr/lib/postgresql/*/bin/postgres',
	elsewhere: '"brew install postgresql" on macOS; other systems: postgresql.org',
};

const DEBIAN_FOLDER = join(CACHE_FOLDER, 'debian');

/**
 * Finds a program: where its variable says, on the PATH, or else in Debian's package, which is then
 * unpacked into the cache together with the libraries that the machine lacks. Nothing is installed.
 */
export async function findProgram(program: SystemProgram): Promise<FoundProgram> {
	const { command, variable, debian } = program;
	const named = process.env[variable];
	if (named) {
		if (!isExecutable(named)) throw new UserError(`${variable} is ${named}, which is no program.`);
		return { file: named, env: {} };
	}
	const onPath = (process.env.PATH ?? '')
		.split(delimiter)
		.map((folder) => join(folder, command))
		.find(isExecutable);
	const installed = onPath ?? within('/', program);
	if (installed) return { file: installed, env: {} };

	const folder = join(DEBIAN_FOLDER, debian);
	const done = join(folder, '.done');
	if (!existsSync(done)) {
		await unpack(program, folder);
		writeFileSync(done, '');
	}
	return unpacked(program, folder)!;
}

/** Downloads Debian's package and the missing ones that it depends on, and unpacks them. Needs no rights. */
async function unpack(program: SystemProgram, folder: string): Promise<void> {
	const { command, debian } = program;
	if (!isDebian()) throw missing(program, '');
	say(`${command} is not installed, so Debian's package is unpacked into the cache.`);
	rmSync(folder, { recursive: true, force: true });
	const lists = join(DEBIAN_FOLDER, 'lists');
	for (const needed of [
		join(folder, 'packages'),
		join(lists, 'partial'),
		join(DEBIAN_FOLDER, 'cache'),
	])
		mkdirSync(needed, { recursive: true });
	// apt's own files stay as they are: these are lists and a cache beside them.
	const ours = [
		`Dir::State::Lists=${lists}`,
		`Dir::Cache=${join(DEBIAN_FOLDER, 'cache')}`,
		'Debug::NoLocking=true',
		'APT::Sandbox::User=root',
	];
	const apt = async (...args: string[]) => {
		const finished = await run(
			'apt-get',
			['-q', ...ours.flatMap((option) => ['-o', option]), ...args],
			{
				cwd: join(folder, 'packages'),
				env: { ...process.env, LC_ALL: 'C' },
				timeoutMs: 10 * 60_000,
			},
		);
		if (finished.code !== 0)
			throw missing(program, `apt-get ${args[0]} failed: ${lastLine(finished)}`);
		return finished.stdout;
	};
	await apt('update');
	const simulated = await apt('install', '--simulate', '--no-install-recommends', debian);
	await apt('download', ...[...simulated.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name));
	for (const name of readdirSync(join(folder, 'packages'))) {
		const extracted = await run('dpkg-deb', ['--extract', join(folder, 'packages', name), folder]);
		if (extracted.code !== 0)
			throw missing(program, `${name} could not be unpacked: ${lastLine(extracted)}`);
	}
	for (const used of [lists, join(DEBIAN_FOLDER, 'cache'), join(folder, 'packages')])
		rmSync(used, { recursive: true, force: true });
	const found = unpacked(program, folder);
	if (!found) throw missing(program, `Debian's package ${debian} does not hold it`);
	const tried = await run(found.file, ['--version'], { env: { ...process.env, ...found.env } });
	if (tried.code !== 0)
		throw missing(program, `the unpacked one does not start: ${lastLine(tried)}`);
}

/** The program in an unpacked package, with the libraries that were unpacked beside it. */
function unpacked(program: SystemProgram, folder: string): FoundProgram | undefined {
	const file = within(folder, program);
	if (!file) return undefined;
	const libraries = ['usr/lib', 'lib']
		.map((name) => join(folder, name))
		.flatMap((parent) =>
			names(parent)
				.filter((name) => /-linux-gnu/.test(name))
				.map((name) => join(parent, name)),
		)
		// Some keep what they share among themselves one folder deeper, and know it by Debian's own path.
		.flatMap((parent) => [
			parent,
			...names(parent)
				.map((name) => join(parent, name))
				.filter(hasLibraries),
		]);
	const path = [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
	return { file, env: path ? { LD_LIBRARY_PATH: path } : {} };
}

/** Where a program is below a folder that is laid out like Debian's root; the newest if there are several. */
function within(root: string, { inside }: SystemProgram): string | undefined {
	const [before, after] = inside.split('*');
	if (after === undefined) return [join(root, inside)].find(isExecutable);
	const versions = names(join(root, before)).sort((a, b) => Number(b) - Number(a));
	return versions.map((version) => join(root, before, version, after)).find(isExecutable);
}

function hasLibraries(folder: string): boolean {
	return (
		statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true &&
		names(folder).some((name) => /^lib.*\.so/.test(name))
	);
}

function names(folder: string): string[] {
	return existsSync(folder) ? readdirSync(folder) : [];
}

function missing(
	{ command, variable, debian, elsewhere }: SystemProgram,
	reason: string,
): UserError {
	const why = reason ? ` (${reason})` : '';
	return new UserError(
		`${command} is needed and not installed${why}: install it ("apt-get install ${debian}" on Debian, ${elsewhere}), or say with ${variable} where it is.`,
	);
}

/** Debian and what is made of it. Ubuntu has its Chromium as a snap only, which cannot be unpacked. */
function isDebian(): boolean {
	return (
		existsSync('/etc/debian_version') &&
		existsSync('/etc/os-release') &&
		/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
	);
}

function isExecutable(file: string): boolean {
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
