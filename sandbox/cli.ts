import { parseArgs } from 'node:util';

import { DEFAULT_PORT, introduction } from './introduction';
import { isManners, MANNERS } from './manners';
import { startSandbox } from './server';
import { asChecked } from './verified';

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: {
			port: { type: 'string' },
			manners: { type: 'string' },
			'as-checked': { type: 'boolean', default: false },
		},
		allowPositionals: true,
	});
	// The report is what follows `--as-checked`; without one it is what was applied so far.
	const [report, ...others] = positionals;
	if (others.length > 0 || (report !== undefined && !values['as-checked']))
		throw new Error(`What is "${others[0] ?? report}"?`);
	const checked = values['as-checked'] ? asChecked(report) : {};
	const { manners = checked.manners ?? 'strict' } = values;
	if (!isManners(manners)) throw new Error(`--manners is one of: ${MANNERS.join(', ')}.`);
	const port = Number(values.port ?? process.env.PORT ?? DEFAULT_PORT);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) {
		throw new Error('The port must be a number from 0 to 65535.');
	}
	const sandbox = await startSandbox({ port, ...checked, manners }).catch(
		(error: NodeJS.ErrnoException) => {
			if (error.code !== 'EADDRINUSE') throw error;
			throw new Error(
				`Port ${port} is in use: end the program that uses it, or choose another one with --port.`,
			);
		},
	);
	process.stdout.write(
		[
			'The Partnero sandbox is running. It is a local imitation: nothing leaves this machine.',
			'',
			...introduction(sandbox),
			'',
			'Press Ctrl-C to end it.',
			'',
		].join('\n'),
	);
	const end = () => void sandbox.close().then(() => process.exit(0));
	process.once('SIGINT', end);
	process.once('SIGTERM', end);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
