/** What became of an exchange: whether it was ended by its deadline. */
export interface Deadline {
	/** Ends the exchange, at its deadline or when the execution is canceled. */
	signal: AbortSignal;
	isOver(): boolean;
}

/**
 * Gives an exchange so many milliseconds from its start to the last byte. The time-out of n8n's HTTP helper is not
 * enough: it begins anew with every byte that comes.
 * @param canceled ends it before, with the execution
 */
export async function withDeadline<T>(
	milliseconds: number,
	canceled: AbortSignal | undefined,
	exchange: (deadline: Deadline) => Promise<T>,
): Promise<T> {
	// No timers are allowed here; this one keeps no process alive.
	const timer = AbortSignal.timeout(milliseconds);
	const ending = new AbortController();
	const end = () => ending.abort();
	const sources = [timer, ...(canceled ? [canceled] : [])];
	for (const source of sources) source.addEventListener('abort', end, { once: true });
	if (canceled?.aborted) end();
	try {
		return await exchange({ signal: ending.signal, isOver: () => timer.aborted });
	} finally {
		for (const source of sources) source.removeEventListener('abort', end);
	}
}
