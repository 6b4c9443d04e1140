import { sleep } from 'n8n-workflow';

const stepsBetweenYields = 50;

/** Lets n8n do something else after so many steps of a loop, whether or not they had to wait for anything. */
export class EventLoop {
	private steps = 0;

	private lastYield = Promise.resolve();

	/** Yields to the event loop when it is time to. */
	async pass(): Promise<void> {
		this.steps += 1;
		if (this.steps >= stepsBetweenYields) {
			this.steps = 0;
			this.lastYield = sleep(0);
		}
		await this.lastYield;
	}
}
