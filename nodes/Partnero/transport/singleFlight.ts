/** Asks once for all who want to know the same (single-flight), and remembers the answer. */
export class SingleFlight {
	private readonly known = new Map<string, Promise<unknown>>();

	/**
	 * Whoever waits for an answer that fails asks again, so that each item gets an error of its own and nothing
	 * that was missing is remembered.
	 */
	async run<T extends object>(question: string, ask: () => Promise<T>): Promise<T> {
		for (let known = this.known.get(question); known; known = this.known.get(question)) {
			const answer = (await known.catch(() => undefined)) as T | undefined;
			if (answer) return answer;
		}
		const asked = ask();
		this.known.set(question, asked);
		asked.catch(() => this.known.delete(question));
		return await asked;
	}
}
