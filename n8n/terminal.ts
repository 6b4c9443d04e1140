/** What a person at the terminal is told instead of a stack trace: one sentence. */
export class UserError extends Error {}

/** Prints one line. */
export function say(line = ''): void {
	process.stdout.write(`${line}\n`);
}

/**
 * Does one long step while the terminal shows that it goes on: a line that is rewritten each
 * second where a person watches, a line every 15 seconds where the output goes to a file.
 */
export async function withHeartbeat<T>(
	title: string,
	work: () => Promise<T>,
	detail: () => string = () => '',
): Promise<T> {
	const started = Date.now();
	const live = process.stdout.isTTY === true;
	const line = (state: string) => {
		const seconds = `${Math.round((Date.now() - started) / 1000)} s`;
		return `${title}: ${[state, seconds, detail()].filter((part) => part !== '').join(', ')}`;
	};
	if (!live) say(`${title} ...`);
	const timer = setInterval(
		() => (live ? process.stdout.write(`\r\x1b[K${line('')}`) : say(`  ${line('')}`)),
		live ? 1000 : 15_000,
	);
	let state = 'stopped';
	try {
		const result = await work();
		state = 'done';
		return result;
	} finally {
		clearInterval(timer);
		say(`${live ? '\r\x1b[K' : '  '}${line(state)}`);
	}
}
