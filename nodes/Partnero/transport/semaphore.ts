/**
 * Lets at most so many through at once, in the order in which they came. Who parks waits without a permit; but
 * while as many are parked as there are permits, nobody new is let through.
 */
export class Semaphore {
	private readonly count: number;

	private used = 0;

	private parked = 0;

	private readonly arriving: Array<() => void> = [];

	private readonly returning: Array<() => void> = [];

	constructor(count: number) {
		this.count = Math.max(1, Math.floor(count));
	}

	/** Runs `work` as soon as there is a permit, and gives the permit on. */
	async run<T>(work: () => Promise<T>): Promise<T> {
		await this.take(this.arriving);
		try {
			return await work();
		} finally {
			this.give();
		}
	}

	/** Runs `work` at once if there is a permit that nobody waits for, and otherwise not at all. */
	tryRun<T>(work: () => Promise<T>): Promise<T> | undefined {
		return this.isFree() && this.arriving.length + this.returning.length === 0 ? this.run(work) : undefined;
	}

	/** For who holds a permit: gives it back for as long as `work` waits, and then takes one again before others. */
	async park<T>(work: () => Promise<T>): Promise<T> {
		this.parked += 1;
		this.give();
		try {
			return await work();
		} finally {
			this.parked -= 1;
			await this.take(this.returning);
		}
	}

	private isFree(): boolean {
		return this.used < this.count && this.parked < this.count;
	}

	private async take(queue: Array<() => void>): Promise<void> {
		const isFree = queue === this.returning ? this.used < this.count : this.isFree() && this.arriving.length === 0;
		if (isFree) this.used += 1;
		else await new Promise<void>((resolve) => queue.push(resolve));
	}

	private give(): void {
		this.used -= 1;
		const next = this.returning.shift() ?? (this.isFree() ? this.arriving.shift() : undefined);
		if (!next) return;
		this.used += 1;
		next();
	}
}
