/** Lets one after the other do what concerns the same subject, in the order in which they came. */
export class KeyedLock {
	/** Who waits for a subject that somebody has. */
	private readonly queues = new Map<string, Array<() => void>>();

	/** Whether somebody has it. */
	isHeld(subject: string): boolean {
		return this.queues.has(subject);
	}

	/** Takes all the subjects if nobody has any of them. @returns what gives them back */
	tryAcquire(subjects: string[]): (() => void) | undefined {
		if (subjects.some((subject) => this.isHeld(subject))) return undefined;
		for (const subject of subjects) this.queues.set(subject, []);
		return () => subjects.forEach((subject) => this.release(subject));
	}

	/**
	 * Takes the subjects one after the other, in an order that all keep to, so that nobody waits in a circle.
	 * @returns what gives them back
	 * @throws the signal's reason if the execution is canceled meanwhile
	 */
	async acquire(subjects: string[], signal?: AbortSignal): Promise<() => void> {
		const taken: string[] = [];
		const release = () => taken.forEach((subject) => this.release(subject));
		try {
			for (const subject of [...subjects].sort()) {
				await this.take(subject, signal);
				taken.push(subject);
			}
		} catch (error) {
			release();
			return await Promise.reject(error as Error);
		}
		return release;
	}

	private async take(subject: string, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		const queue = this.queues.get(subject);
		if (!queue) {
			this.queues.set(subject, []);
			return;
		}
		await new Promise<void>((resolve, reject) => {
			const enter = () => {
				signal?.removeEventListener('abort', leave);
				resolve();
			};
			const leave = () => {
				queue.splice(queue.indexOf(enter), 1);
				reject(signal!.reason as Error);
			};
			queue.push(enter);
			signal?.addEventListener('abort', leave, { once: true });
		});
	}

	private release(subject: string): void {
		const next = this.queues.get(subject)?.shift();
		if (next) next();
		else this.queues.delete(subject);
	}
}
