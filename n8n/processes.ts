import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';

import type { ExecaChildProcess, Options as ExecaOptions } from 'execa';
import execa from 'execa';
import treeKill from 'tree-kill';

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
	const begun = begin(file, args, options, { buffer: false });
	// What could not be started has no ID, and tells it with its event.
	begun.catch(() => undefined);
	const child: ChildProcess = begun;
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
	const { timeoutMs: timeout } = options;
	const ended = await begin(file, args, options, { all: true, timeout, killSignal: 'SIGKILL' });
	// Execa leaves both out where the process could not be started.
	const { exitCode, stdout = '', all = '' } = ended as Partial<typeof ended>;
	const reason = exitCode === undefined && 'originalMessage' in ended ? ended.originalMessage : '';
	return { code: exitCode, stdout, output: all + (reason ?? '') };
}

function begin(
	file: string,
	args: string[],
	{ cwd, env, uid }: Options,
	more: ExecaOptions,
): ExecaChildProcess {
	const begun = execa(file, args, {
		cwd,
		env,
		extendEnv: false,
		...(uid !== undefined && { uid, gid: uid }),
		detached: GROUPS,
		cleanup: false,
		stdin: 'ignore',
		stripFinalNewline: false,
		// How it ended is for the caller to judge.
		reject: false,
		...more,
	});
	const child: ChildProcess = begun;
	running.add(child);
	endWithUs(child);
	child.once('error', () => running.delete(child));
	child.once('exit', () => {
		running.delete(child);
		// Helpers that it left behind go with it.
		signal(child, 'SIGKILL');
	});
	return begun;
}

/** Ends a process and what it started: first politely, then for good. */
export async function end(
	child: ChildProcess,
	patienceMs = 8000,
	first: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
	if (hasEnded(child) || child.pid === undefined) return;
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

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
	return exitCode !== null || signalCode !== null;
}

/**
 * Sends a signal to a process and to what it started. A group also has the helpers of a process that is gone, and
 * needs no `ps`, which tree-kill calls on other systems than Windows.
 */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
	const { pid } = child;
	if (pid === undefined) return;
	if (!GROUPS) {
		// The ID of a process that is gone may be another one's by now.
		if (!hasEnded(child)) treeKill(pid, name, () => undefined);
		return;
	}
	try {
		process.kill(-pid, name);
	} catch {
		// Already gone.
	}
}
