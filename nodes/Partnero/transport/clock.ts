import { sleep } from 'n8n-workflow';

/** How many milliseconds a canceled execution may go on waiting. */
const step = 250;

/**
 * The one clock of the node: what waits, and what measures how long something took, asks it. Tests run it
 * faster, together with the sandbox's (`sandbox/clock.ts`); nothing else sets `speed`. Dates of records are
 * compared with the calendar instead, which nobody can speed up.
 */
export const clock = {
	speed: 1,

	/** Milliseconds since some moment in the past, for durations only. */
	now(): number {
		return Date.now() * clock.speed;
	},

	/** How long so many milliseconds are for timers that are not the node's own, such as n8n's time-out of a request. */
	real(milliseconds: number): number {
		return milliseconds / clock.speed;
	},
};

/**
 * Waits so many milliseconds, in steps, since only newer releases of n8n end their `sleep` with the signal.
 * @throws the signal's reason if the execution is canceled before or meanwhile
 */
export async function abortableSleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
	for (let left = clock.real(milliseconds); ; left -= step) {
		await sleep(Math.min(left, step), signal);
		signal?.throwIfAborted();
		if (left <= step) return;
	}
}
