import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';

const FILE = join(__dirname, '..', '..', 'n8n', 'processes.ts');

test.each(['SIGTERM', 'SIGKILL'] as const)(
	'what was started ends with whoever started it, ended by %s',
	async (signal) => {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		// What is started calls here, and its call ends with it.
		const started = `require('net').connect(${port}, '127.0.0.1')`;
		const starts = `require(${JSON.stringify(FILE)}).start(process.execPath, ['-e', ${JSON.stringify(started)}])`;
		const starter = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', starts], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		try {
			const [call] = (await once(server, 'connection')) as [Socket];
			call.on('error', () => undefined);
			const ended = once(call, 'close');
			call.resume();
			starter.kill(signal);
			await ended;
			expect(call.destroyed).toBe(true);
			call.destroy();
		} finally {
			server.close();
		}
	},
);
