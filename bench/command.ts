import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import { N8N_FOLDER } from '../n8n/install';
import { endAll, run } from '../n8n/processes';
import { UserError } from '../n8n/terminal';

/** What was measured on, in one sentence. */
export async function machineFacts(node: string): Promise<string> {
	const { version } = JSON.parse(
		readFileSync(join(N8N_FOLDER, 'runtime', 'node_modules', 'n8n', 'package.json'), 'utf8'),
	) as {
		version: string;
	};
	const memory = Math.round(totalmem() / 2 ** 30);
	const { stdout } = await run(node, ['--version']);
	return `n8n ${version} on Node ${stdout.trim().slice(1)} (${process.platform}, ${process.arch}), ${availableParallelism()} cores of ${cpus()[0]?.model.trim()}, ${memory} GB; the server on the same machine.`;
}

/** Runs a command; whatever it has started ends with it, also by Ctrl-C. */
export function main(command: () => Promise<void>): void {
	const leave = async (code: number): Promise<never> => {
		await endAll();
		process.exit(code);
	};
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => void leave(130));
	void command()
		.then(() => 0)
		.catch((error: unknown) => {
			process.stderr.write(
				`${error instanceof UserError ? error.message : String((error as Error)?.stack ?? error)}\n`,
			);
			return 1;
		})
		.then(leave);
}
