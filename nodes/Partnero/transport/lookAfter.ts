import { abortableSleep } from './clock';
import type { Sender } from './sender';
import { cancelSignalOf } from './sender';

/**
 * Waits, and then looks, without a permit, so that others go on meanwhile.
 * @param wait milliseconds
 * @throws the signal's reason if the execution is canceled meanwhile
 */
export async function lookAfter<T>(
	sender: Pick<Sender, 'context' | 'run'>,
	wait: number,
	look: () => Promise<T>,
): Promise<T> {
	return await sender.run.semaphore.park(async () => {
		await abortableSleep(wait, cancelSignalOf(sender));
		return await look();
	});
}
