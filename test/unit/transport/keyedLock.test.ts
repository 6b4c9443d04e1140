import { KeyedLock } from '../../../nodes/Partnero/transport/keyedLock';

describe('a subject that somebody has', () => {
	let locks: KeyedLock;
	beforeEach(() => (locks = new KeyedLock()));

	/** Lets everybody go on who can. */
	const settled = async () => await new Promise((resolve) => setImmediate(resolve));

	it('is had by one after the other, in the order in which they came', async () => {
		const subject = ['a'];
		const order: number[] = [];
		const first = await locks.acquire(subject);
		const others = [1, 2, 3].map(async (number) => {
			const release = await locks.acquire(subject);
			order.push(number);
			release();
		});
		await settled();
		expect(order).toEqual([]);
		first();
		await Promise.all(others);
		expect(order).toEqual([1, 2, 3]);
	});

	it('is not had at once with others while one of them is taken, and the others stay free', async () => {
		const [a, b] = ['a', 'b'];
		const release = locks.tryAcquire([b])!;
		expect(locks.tryAcquire([a, b])).toBeUndefined();
		locks.tryAcquire([a])!();
		release();
		expect(locks.tryAcquire([a, b])).toBeDefined();
	});

	it('makes nobody wait in a circle, in whatever order the subjects are named', async () => {
		const [a, b, c] = ['a', 'b', 'c'];
		let done = 0;
		const take = async (wanted: string[]) => {
			const release = await locks.acquire(wanted);
			await settled();
			release();
			done += 1;
		};
		await Promise.all([take([a, b, c]), take([c, b, a]), take([b, c, a]), take([c, a])]);
		expect(done).toBe(4);
	});

	it('goes to the next one, if the one who waits is canceled', async () => {
		const [a, b] = ['a', 'b'];
		const first = await locks.acquire([b]);
		const canceled = new AbortController();
		const waiting = locks.acquire([a, b], canceled.signal);
		const next = locks.acquire([b]);
		await settled();
		canceled.abort(new Error('canceled'));
		await expect(waiting).rejects.toThrow('canceled');
		// What the canceled one had is free again.
		locks.tryAcquire([a])!();
		first();
		(await next)();
		expect(locks.tryAcquire([a, b])).toBeDefined();
	});

	it('is not waited for by who was canceled before', async () => {
		const [a] = ['a'];
		await expect(locks.acquire([a], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
		expect(locks.tryAcquire([a])).toBeDefined();
	});
});
