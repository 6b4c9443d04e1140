import type { IDataObject } from 'n8n-workflow';

import type { GateSettings } from '../../../nodes/Partnero/transport/gate';
import { Gate, isPass } from '../../../nodes/Partnero/transport/gate';
import { useRealTime } from '../../support/clock';

const settings: GateSettings = { ceiling: 20, patience: 120_000 };
const minute = 60_000;

useRealTime();
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** What a server answers: a status, and headers. */
type Answer = (number: number) => { status: number; headers?: IDataObject };

const after = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends requests until each has an answer that is no 429, or is given up. */
function send(gate: Gate, count: number, answer: Answer, latency = 100) {
	const seen = { sent: [] as number[], refused: 0, landed: 0, givenUp: 0, most: 0 };
	let underWay = 0;
	let number = 0;
	const one = async () => {
		for (;;) {
			const entry = await gate.enter();
			if (!isPass(entry)) return void (seen.givenUp += 1);
			seen.sent.push(Date.now());
			seen.most = Math.max(seen.most, ++underWay);
			const { status, headers = {} } = answer((number += 1));
			// A refusal costs a server no work.
			await after(status === 429 ? 1 : latency);
			underWay -= 1;
			gate.leave(entry, { status, headers, body: {} });
			if (status !== 429) return void (seen.landed += 1);
			seen.refused += 1;
			if (gate.hasGivenUp) return void (seen.givenUp += 1);
		}
	};
	const done = Promise.all(Array.from({ length: count }, one));
	return { seen, done };
}

async function run(...args: Parameters<typeof send>) {
	const began = Date.now();
	const { seen, done } = send(...args);
	await jest.runAllTimersAsync();
	await done;
	return { ...seen, took: Date.now() - began };
}

const well: Answer = () => ({ status: 200 });

describe('how many requests are under way', () => {
	it('are five in the beginning, and the ceiling soon', async () => {
		const gate = new Gate(settings);
		const { seen, done } = send(gate, 100, well);
		await jest.advanceTimersByTimeAsync(50);
		expect(seen.sent).toHaveLength(5);
		await jest.runAllTimersAsync();
		await done;
		expect(seen).toMatchObject({ landed: 100, most: 20 });
	});

	it.each([1, 2, 3])('are never more than a ceiling of %i', async (ceiling) => {
		expect(await run(new Gate({ ...settings, ceiling }), 30, well)).toMatchObject({
			landed: 30,
			most: ceiling,
		});
	});

	it('find the level that the server takes: with twenty of fifty, few are refused', async () => {
		let underWay = 0;
		const gate = new Gate({ ...settings, ceiling: 50 });
		const cap: Answer = () => {
			if (underWay >= 20) return { status: 429, headers: { 'retry-after': '0' } };
			underWay += 1;
			setTimeout(() => (underWay -= 1), 99);
			return { status: 200 };
		};
		const { landed, refused, givenUp, took } = await run(gate, 1000, cap);
		expect({ landed, givenUp }).toEqual({ landed: 1000, givenUp: 0 });
		expect(refused).toBeLessThan(50);
		// At the most that the server takes it would be five seconds.
		expect(took).toBeLessThan(15_000);
	});

	it('are halved once for all refusals of the same moment', async () => {
		const gate = new Gate({ ...settings, ceiling: 8 });
		const warmUp = send(gate, 30, well);
		await jest.runAllTimersAsync();
		await warmUp.done;
		// The first eight are refused, and those after them take so long that they can be counted.
		const { seen, done } = send(
			gate,
			30,
			(number) => ({ status: number <= 8 ? 429 : 200 }),
			10_000,
		);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(seen.sent).toHaveLength(8 + 4);
		await jest.runAllTimersAsync();
		await done;
	});
});

describe('a 429', () => {
	const senseless = ['0', '-5', 'Wed, 21 Oct 2015 07:28:00 GMT', '1, 2', 'soon', ''];

	it.each(senseless)(
		'with Retry-After: %s is waited out by an exponential back-off',
		async (value) => {
			const times = 8;
			const { sent, took, landed } = await run(
				new Gate({ ...settings, ceiling: 1 }),
				1,
				(number) =>
					number <= times ? { status: 429, headers: { 'retry-after': value } } : { status: 200 },
			);
			expect({ landed, sent: sent.length }).toEqual({ landed: 1, sent: times + 1 });
			const waits = sent.slice(1).map((moment, index) => moment - sent[index]);
			for (const [index, wait] of waits.entries())
				expect(wait).toBeGreaterThanOrEqual(Math.min(30_000, 500 * 2 ** index) / 2);
			expect(took).toBeLessThan(2 * minute);
		},
	);

	it.each([
		['5', 5_000],
		['60', minute],
	])('with Retry-After: %s pauses all requests for that long', async (value, least) => {
		const { sent, landed } = await run(new Gate(settings), 30, (number) =>
			number === 1 ? { status: 429, headers: { 'retry-after': value } } : { status: 200 },
		);
		expect(landed).toBe(30);
		const later = sent.filter((moment) => moment > sent[0]);
		expect(later.length).toBeGreaterThan(0);
		for (const moment of later) expect(moment - sent[0]).toBeGreaterThanOrEqual(least);
	});

	it('with a date is compared with the clock of the server', async () => {
		const headers = {
			date: 'Mon, 01 Jan 2001 00:00:00 GMT',
			'retry-after': 'Mon, 01 Jan 2001 00:00:20 GMT',
		};
		const { took, landed } = await run(new Gate(settings), 1, (number) =>
			number === 1 ? { status: 429, headers } : { status: 200 },
		);
		expect(landed).toBe(1);
		expect(took).toBeGreaterThanOrEqual(20_000);
		expect(took).toBeLessThan(22_000);
	});

	it('that asks for an hour makes everybody give up at once', async () => {
		const gate = new Gate(settings);
		const headers = { 'retry-after': '3600' };
		const { seen, done } = send(gate, 30, () => ({ status: 429, headers }));
		await jest.advanceTimersByTimeAsync(2_000);
		await done;
		expect(seen).toMatchObject({ givenUp: 30, landed: 0 });
		expect(seen.sent).toHaveLength(5);
		// Close enough to the end of the hour, it waits again.
		await jest.advanceTimersByTimeAsync(3_500_000);
		expect(gate.hasGivenUp).toBe(false);
	});

	it('ends the run when nothing has succeeded for two minutes, not before, and begins anew after that', async () => {
		const gate = new Gate(settings);
		const first = await run(gate, 30, () => ({ status: 429 }));
		expect(first).toMatchObject({ givenUp: 30, landed: 0 });
		expect(first.took).toBeGreaterThanOrEqual(2 * minute);
		expect(first.took).toBeLessThan(3 * minute);
		await jest.advanceTimersByTimeAsync(minute);
		expect(await run(gate, 30, (number) => ({ status: number <= 2 ? 429 : 200 }))).toMatchObject({
			landed: 30,
			givenUp: 0,
		});
	});

	it('on every second request keeps nobody from landing', async () => {
		expect(
			await run(new Gate(settings), 300, (number) => ({ status: number % 2 ? 429 : 200 })),
		).toMatchObject({ landed: 300, givenUp: 0 });
	});
});

describe('X-RateLimit-Remaining', () => {
	/** Laravel's limiter: so many in a minute from the first request on. */
	function laravel(limit: number): Answer {
		let until = 0;
		let used = 0;
		return () => {
			if (Date.now() >= until) [until, used] = [Date.now() + minute, 0];
			used += 1;
			const headers: IDataObject = {
				'x-ratelimit-limit': String(limit),
				'x-ratelimit-remaining': String(Math.max(0, limit - used)),
			};
			if (used <= limit) return { status: 200, headers };
			return {
				status: 429,
				headers: { ...headers, 'retry-after': String(Math.ceil((until - Date.now()) / 1000)) },
			};
		};
	}

	it('is heeded: of 200 requests under a limit of 60 a minute few are refused', async () => {
		const { landed, refused } = await run(new Gate(settings), 200, laravel(60));
		expect(landed).toBe(200);
		expect(refused).toBeLessThanOrEqual(5);
	});

	it('that is always 0 slows down, and stops nothing', async () => {
		expect(
			await run(new Gate(settings), 20, () => ({
				status: 200,
				headers: { 'x-ratelimit-remaining': '0' },
			})),
		).toMatchObject({ landed: 20 });
	});
});

describe('a rate', () => {
	it('holds for every request', async () => {
		const { sent } = await run(
			new Gate({ ...settings, rate: { requests: 3, interval: 1000 } }),
			12,
			well,
		);
		for (const [index, moment] of sent.entries())
			if (index >= 3) expect(moment - sent[index - 3]).toBeGreaterThanOrEqual(1000);
	});
});

describe('cancelling', () => {
	it('ends every wait within a second', async () => {
		const gate = new Gate(settings);
		const pass = await gate.enter();
		if (!isPass(pass)) throw new Error('It was not let through.');
		gate.leave(pass, { status: 429, headers: { 'retry-after': '100' }, body: {} });
		const controller = new AbortController();
		let ended = 0;
		for (let index = 0; index < 10; index += 1)
			gate.enter(controller.signal).catch(() => (ended += 1));
		await jest.advanceTimersByTimeAsync(5_000);
		expect(ended).toBe(0);
		controller.abort();
		await jest.advanceTimersByTimeAsync(1_000);
		expect(ended).toBe(10);
	});
});
