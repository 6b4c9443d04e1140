import { KeyedLock } from './keyedLock';
import type { Sender } from './sender';
import { cancelSignalOf } from './sender';

/**
 * Who of this process is doing something that concerns a subject. A sale is named by its program and key; what else there
 * is begins with a word that no program begins with.
 */
export const locks = new KeyedLock();

/**
 * Does `work` when nobody else in this process does anything that concerns the same subjects, in whichever execution.
 * Who waits for that holds no permit.
 * @throws the signal's reason if the execution is canceled meanwhile
 */
export async function inTurn<T>(
	sender: Pick<Sender, 'context' | 'run'>,
	subjects: string[],
	work: () => Promise<T>,
): Promise<T> {
	const release =
		locks.tryAcquire(subjects) ??
		(await sender.run.semaphore.park(
			async () => await locks.acquire(subjects, cancelSignalOf(sender)),
		));
	try {
		return await work();
	} finally {
		release();
	}
}
