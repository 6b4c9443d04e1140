/** Lets one after the other do what concerns the same subject, in the order in which they came. */
export class KeyedLock {
	/** The last in each queue. */
	private readonly queues = new Map<string, Promise<unknown>>();

	/** Does `work` when everybody before has ended, whether or not they succeeded. */
	async withLock<T>(subject: string, work: () => Promise<T>): Promise<T> {
		const before = this.queues.get(subject) ?? Promise.resolve();
		const mine = before.then(work, work);
		this.queues.set(subject, mine);
		return await mine;
	}
}
