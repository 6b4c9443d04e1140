import { sleep } from 'n8n-workflow';

/** How many milliseconds a canceled execution may go on waiting. */
const step = 250;

/**
 * Waits so many milliseconds, in steps, since only newer releases of n8n end their `sleep` with the signal.
 * @throws the signal's reason if the execution is canceled before or meanwhile
 */
export async function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
	for (let left = milliseconds; ; left -= step) {
		await sleep(Math.min(left, step), signal);
		signal?.throwIfAborted();
		if (left <= step) return;
	}
}
