import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';

export interface Finished {
	/** Undefined when the process was ended by a signal. */
	code: number | undefined;
	stdout: string;
	/** What it printed to both outputs, in order. */
	output: string;
}

interface Options {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Gets a copy of everything that is printed. */
	logFile?: string;
	timeoutMs?: number;
	/** The user and group to run it as, where root starts what root must not run. */
	uid?: number;
}

const GROUPS = process.platform !== 'win32';
const running = new Set<ChildProcess>();

process.on('exit', () => {
	for (const child of running) signal(child, 'SIGKILL');
});

/**
 * The last resort: nothing that was started here outlives this process, however it ends. A signal leaves it
 * no time, and in jest it does not hear of its own end, so a shell waits for the pipe from here to break.
 */
function endWithUs(child: ChildProcess): void {
	if (!GROUPS || child.pid === undefined) return;
	const watcher = spawn('sh', ['-c', 'read -r _; kill -s KILL -- "-$0"', String(child.pid)], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	watcher.once('error', () => undefined);
	watcher.unref();
	(watcher.stdin as Socket).unref();
	child.once('exit', () => watcher.kill('SIGKILL'));
}

/**
 * Starts a process as the head of its own group, so that it and whatever it starts can be
 * ended together, by their id, and so that Ctrl-C reaches us first.
 */
export function start(file: string, args: string[], options: Options = {}): ChildProcess {
	const child = spawn(file, args, {
		cwd: options.cwd,
		env: options.env,
		...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
		detached: GROUPS,
		windowsHide: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	running.add(child);
	endWithUs(child);
	child.once('error', () => running.delete(child));
	child.once('exit', () => {
		running.delete(child);
		// Helpers that it left behind go with it.
		signal(child, 'SIGKILL');
	});
	if (options.logFile) {
		mkdirSync(dirname(options.logFile), { recursive: true });
		const log = createWriteStream(options.logFile, { flags: 'a' });
		child.stdout?.pipe(log, { end: false });
		child.stderr?.pipe(log, { end: false });
		child.once('close', () => log.end());
	}
	return child;
}

/** Runs a process to its end. A program that is not there counts as failed, with the reason as output. */
export async function run(file: string, args: string[], options: Options = {}): Promise<Finished> {
	const child = start(file, args, options);
	const finished: Finished = { code: undefined, stdout: '', output: '' };
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		finished.stdout += text;
		finished.output += text;
	});
	child.stderr?.setEncoding('utf8').on('data', (text: string) => (finished.output += text));
	const timer = options.timeoutMs
		? setTimeout(() => signal(child, 'SIGKILL'), options.timeoutMs)
		: undefined;
	return await new Promise((resolve) => {
		const end = (code: number | undefined) => {
			clearTimeout(timer);
			resolve({ ...finished, code });
		};
		child.once('error', (error) => {
			finished.output += error.message;
			end(undefined);
		});
		child.once('close', (code) => end(code ?? undefined));
	});
}

/** Ends a process and what it started: first politely, then for good. */
export async function end(
	child: ChildProcess,
	patienceMs = 8000,
	first: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
	const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	signal(child, first);
	const timer = setTimeout(() => signal(child, 'SIGKILL'), patienceMs);
	await gone;
	clearTimeout(timer);
}

/** Ends a process and what it started at once, as a crash would. */
export async function kill(child: ChildProcess): Promise<void> {
	await end(child, 0, 'SIGKILL');
}

/** Ends everything that was started here and still runs. */
export async function endAll(): Promise<void> {
	await Promise.all([...running].map(async (child) => await end(child)));
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		if (GROUPS) process.kill(-child.pid, name);
		else child.kill(name);
	} catch {
		// Already gone.
	}
}
