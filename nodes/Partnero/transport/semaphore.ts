/**
 * Lets at most so many through at once, in the order in which they came. Who parks waits without a permit; but
 * while as many are parked as there are permits, nobody new is let through.
 */
export class Semaphore {
	/** How many permits there are. */
	readonly count: number;

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

	/** Whether there is a permit that nobody waits for. */
	get isFree(): boolean {
		return this.isOpen() && this.arriving.length + this.returning.length === 0;
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

	/** Whether somebody new may be let through. */
	private isOpen(): boolean {
		return this.used < this.count && this.parked < this.count;
	}

	private async take(queue: Array<() => void>): Promise<void> {
		const taken = new Promise<void>((resolve) => queue.push(resolve));
		this.letThrough();
		await taken;
	}

	private give(): void {
		this.used -= 1;
		this.letThrough();
	}

	private letThrough(): void {
		while (this.used < this.count && this.returning.length > 0) this.letIn(this.returning);
		while (this.isOpen() && this.arriving.length > 0) this.letIn(this.arriving);
	}

	private letIn(queue: Array<() => void>): void {
		this.used += 1;
		queue.shift()!();
	}
}
