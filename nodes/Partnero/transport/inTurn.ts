import type { KeyedLock } from './keyedLock';
import type { Sender } from './sender';
import { cancelSignalOf } from './sender';

/**
 * Does `work` when nobody else does anything that concerns the same subjects. Who waits for that holds no permit.
 * @throws the signal's reason if the execution is canceled meanwhile
 */
export async function inTurn<T>(
	sender: Pick<Sender, 'context' | 'run'>,
	locks: KeyedLock,
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
