/** Lets at most so many through at once, in the order in which they came. */
export class Semaphore {
	private free: number;

	private readonly waiting: Array<() => void> = [];

	constructor(count: number) {
		this.free = Math.max(1, Math.floor(count));
	}

	/** Runs `work` as soon as there is a permit, and gives the permit on. */
	async run<T>(work: () => Promise<T>): Promise<T> {
		if (this.free > 0) this.free -= 1;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = this.waiting.shift();
			if (next) next();
			else this.free += 1;
		}
	}

	/** Runs `work` at once if there is a permit that nobody waits for, and otherwise not at all. */
	tryRun<T>(work: () => Promise<T>): Promise<T> | undefined {
		return this.free > 0 ? this.run(work) : undefined;
	}
}
