import { endAll } from './processes';
import { UserError } from './terminal';

/**
 * `npm run demo`: a real n8n with this package in it, a local Partnero, two workflows run.
 * What it needs is loaded only after the Node that runs it has been found new enough.
 */
async function main(): Promise<number> {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major < 20 || (major === 20 && minor < 19)) {
		throw new UserError(
			`The demo needs Node 20.19 or newer, and this is Node ${process.versions.node}: install a newer one and start again.`,
		);
	}
	const { readOptions, showcase } = await import('./showcase.js');
	return await showcase(readOptions(process.argv.slice(2)), untilStopped);
}

/** What Ctrl-C does: at first end at once whatever is under way, an installation for example. */
let stop = (): void => {
	process.stdout.write('\nStopping ...\n');
	void leave(130);
};
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => stop());

/** Waits until somebody wants the demo to end, which is then a good end. */
async function untilStopped(): Promise<void> {
	await new Promise<void>((resolve) => (stop = resolve));
}

function report(error: unknown): number {
	const text =
		error instanceof UserError
			? error.message
			: `The demo stopped: ${error instanceof Error ? error.message : String(error)}`;
	process.stderr.write(`\n${text}\n`);
	return 1;
}

async function leave(code: number): Promise<never> {
	await endAll();
	process.exit(code);
}

void main().catch(report).then(leave);
