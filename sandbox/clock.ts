import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The sandbox's clock: everything in it that waits, waits here. Tests run it faster by the factor by which
 * they speed up the node's own clock, so that a lag keeps its length beside the node's waits.
 */
export const clock = {
	speed: 1,

	/** Milliseconds since some moment in the past, for durations only. */
	now(): number {
		return performance.now() * clock.speed;
	},
};

/** Waits so many milliseconds, or until the signal ends the wait. */
export async function lag(milliseconds: number, signal?: AbortSignal): Promise<void> {
	await sleep(milliseconds / clock.speed, undefined, { signal }).catch(() => undefined);
}
