import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { end, run, start } from '../../n8n/processes';

const FILE = join(__dirname, '..', '..', 'n8n', 'processes.ts');

interface Call {
	/** Fulfilled when whoever calls is gone. */
	ended: Promise<unknown>;
}

/** Gives a script that calls here as long as it runs, and the call when it comes. */
async function withCall(
	test: (calls: string, called: Promise<Call>) => Promise<void>,
): Promise<void> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const called = once(server, 'connection').then(([call]: Socket[]) => {
		call.on('error', () => undefined);
		const ended = once(call, 'close');
		call.resume();
		return { ended };
	});
	try {
		await test(`require('net').connect(${port}, '127.0.0.1')`, called);
	} finally {
		server.close();
	}
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
	'what was started ends with whoever started it, ended by %s',
	async (signal) => {
		await withCall(async (calls, called) => {
			const starts = `require(${JSON.stringify(FILE)}).start(process.execPath, ['-e', ${JSON.stringify(calls)}])`;
			const starter = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', starts], {
				stdio: ['ignore', 'ignore', 'inherit'],
			});
			const { ended } = await called;
			starter.kill(signal);
			await ended;
		});
	},
);

/** Runs a script of Node's to its end. */
const script = async (source: string, options: { timeoutMs?: number } = {}) =>
	await run(process.execPath, ['-e', source], options);

describe('a process that is run to its end', () => {
	test('gives its exit code and what it printed to both outputs, the final newline included', async () => {
		const finished = await script("console.log('out'); console.error('err'); process.exitCode = 3");
		expect(finished).toMatchObject({ code: 3, stdout: 'out\n' });
		expect(finished.output.split('\n').sort()).toEqual(['', 'err', 'out']);
	});

	test('has failed if there is no such program, and says so', async () => {
		expect(await run('no-such-program-here', [])).toEqual({
			code: undefined,
			stdout: '',
			output: expect.stringContaining('ENOENT'),
		});
	});

	test('sees the environment that it was given and nothing else', async () => {
		const source = 'console.log(JSON.stringify(Object.keys(process.env)))';
		const { stdout } = await run(process.execPath, ['-e', source], { env: { ONLY: 'this' } });
		expect(JSON.parse(stdout)).toEqual(['ONLY']);
	});

	test('is ended when its time is over, with what it started', async () => {
		await withCall(async (calls, called) => {
			const helper = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(calls)}])`;
			const finished = script(`${helper}; setInterval(() => {}, 1000)`, { timeoutMs: 3000 });
			const { ended } = await called;
			expect(await finished).toMatchObject({ code: undefined, output: 'Timed out' });
			await ended;
		});
	});
});

test('a process that does not heed a signal is ended for good', async () => {
	const child = start(process.execPath, [
		'-e',
		"process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000)",
	]);
	await once(child.stdout!, 'data');
	await end(child, 50);
	expect(child.signalCode).toBe('SIGKILL');
});
