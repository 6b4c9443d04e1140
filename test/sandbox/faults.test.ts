import type { AxiosResponse } from 'axios';
import axios, { AxiosError } from 'axios';

import type { Fault } from '../../sandbox/faults';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import { useRealTime } from '../support/clock';

// The clients here are not the node's, and their time-outs are those of real time.
useRealTime();

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => {
	sandbox.reset('empty');
	sandbox.program('affiliate').customers.add({ key: 'bob' });
});
afterAll(() => sandbox.close());

let number = 0;

function sell(timeout?: number): Promise<AxiosResponse<unknown>> {
	return axios.post(
		`${sandbox.url}/transactions`,
		{ key: `k${++number}`, amount: 1, customer: { key: 'bob' } },
		{
			headers: { authorization: `Bearer ${sandbox.keys.affiliate}` },
			validateStatus: () => true,
			timeout,
		},
	);
}

const written = () => sandbox.ledger().transactions.total;

interface Expected {
	status: number;
	body: unknown;
	writes: number;
	header?: string;
}

test.each<[Fault, Expected]>([
	[
		{ kind: 'rateLimit' },
		{ status: 429, body: { message: 'Too Many Attempts.', status: 0 }, writes: 0 },
	],
	[
		{ kind: 'rateLimit', retryAfter: 3 },
		{ status: 429, body: expect.anything(), writes: 0, header: '3' },
	],
	[{ kind: 'status' }, { status: 500, body: { message: 'Server Error', status: 0 }, writes: 0 }],
	[
		{ kind: 'status', status: 503 },
		{ status: 503, body: expect.anything(), writes: 0 },
	],
	[{ kind: 'statusAfterWrite' }, { status: 502, body: expect.anything(), writes: 1 }],
	[{ kind: 'html' }, { status: 502, body: expect.stringContaining('<html>'), writes: 0 }],
	[
		{ kind: 'html', status: 200, after: true },
		{ status: 200, body: expect.stringContaining('<html>'), writes: 1 },
	],
	[{ kind: 'empty' }, { status: 200, body: '', writes: 0 }],
	[
		{ kind: 'statusZero' },
		{ status: 200, body: { status: 0, message: expect.any(String) }, writes: 0 },
	],
	[{ kind: 'bare' }, { status: 200, body: { status: 1 }, writes: 0 }],
	[
		{ kind: 'bare', after: true },
		{ status: 200, body: { status: 1 }, writes: 1 },
	],
	[
		{ kind: 'echoAuth' },
		{
			status: 400,
			body: { status: 0, message: expect.stringContaining('sandbox-affiliate-key') },
			writes: 0,
		},
	],
	[
		{ kind: 'latency', ms: 1 },
		{ status: 200, body: expect.objectContaining({ status: 1 }), writes: 1 },
	],
])('%j', async (fault, { status, body, writes, header }) => {
	sandbox.faults.add({ ...fault, times: 1 });
	const response = await sell();
	expect({ status: response.status, body: response.data }).toEqual({ status, body });
	expect(response.headers['retry-after']).toBe(header);
	expect(written()).toBe(writes);
	expect(sandbox.requests.at(-1)).toMatchObject({
		method: 'POST',
		path: '/transactions',
		status,
		body: { amount: 1 },
	});
	// It struck once only.
	expect((await sell()).status).toBe(200);
	expect(written()).toBe(writes + 1);
});

test.each<[Fault['kind'], number]>([
	['cut', 0],
	['cutAfterWrite', 1],
])('%s: no answer, %i written', async (kind, writes) => {
	sandbox.faults.add({ kind, times: 1 });
	await expect(sell()).rejects.toMatchObject({ code: 'ECONNRESET' });
	expect(written()).toBe(writes);
	expect(sandbox.requests.at(-1)?.status).toBe(0);
});

test.each<[string, Fault, number]>([
	['before', { kind: 'latency', ms: 900 }, 0],
	['after', { kind: 'latency', ms: 900, after: true }, 1],
])('a client that gives up during a delay %s the write', async (_when, fault, writes) => {
	sandbox.faults.add(fault);
	await expect(sell(300)).rejects.toMatchObject({ code: AxiosError.ECONNABORTED });
	// The next request waits as long as the first one, and so ends after it.
	await sell();
	expect(written()).toBe(writes + 1);
});

test('a fault strikes what it matches', async () => {
	sandbox.faults.add({ kind: 'status', match: { method: 'post', path: '/transactions' } });
	sandbox.faults.add({ kind: 'status', status: 503, match: { path: /^\/partners/ } });
	const get = async (path: string) => {
		const headers = { authorization: `Bearer ${sandbox.keys.affiliate}` };
		return (await axios.get(`${sandbox.url}${path}`, { headers, validateStatus: () => true }))
			.status;
	};
	expect(
		await Promise.all(['/transactions', '/customers', '/partners', '/partners/p_1'].map(get)),
	).toEqual([200, 200, 503, 503]);
	expect((await sell()).status).toBe(500);
	sandbox.faults.clear();
	expect((await sell()).status).toBe(200);
});

test('a rate strikes its share, the same requests each time', async () => {
	const run = async () => {
		sandbox.reset('empty');
		sandbox.faults.add({ kind: 'status', rate: 0.3 });
		const statuses: number[] = [];
		for (let index = 0; index < 100; index++) statuses.push((await sell()).status);
		return statuses;
	};
	const first = await run();
	const struck = first.filter((status) => status === 500).length;
	expect(struck).toBeGreaterThan(15);
	expect(struck).toBeLessThan(45);
	expect(await run()).toEqual(first);
});

test('a cap refuses what comes above it, and recovers', async () => {
	sandbox.faults.add({ kind: 'cap', max: 20 });
	sandbox.faults.add({ kind: 'latency', ms: 200 });
	const statuses = (await Promise.all(Array.from({ length: 50 }, () => sell()))).map(
		({ status }) => status,
	);
	const taken = statuses.filter((status) => status === 200).length;
	expect(taken).toBeGreaterThanOrEqual(20);
	expect(statuses.filter((status) => status === 429)).toHaveLength(50 - taken);
	expect(statuses).toContain(429);
	expect(written()).toBe(taken);
	expect(sandbox.maxConcurrent).toBeGreaterThan(20);
	const later = (await Promise.all(Array.from({ length: 20 }, () => sell()))).map(
		({ status }) => status,
	);
	expect(new Set(later)).toEqual(new Set([200]));
});

test('a partial write records the first sales of a batch', async () => {
	sandbox.faults.add({ kind: 'partialWrite', count: 2, times: 1 });
	const transactions = ['a', 'b', 'c'].map((key) => ({ key, amount: 1 }));
	const response = await axios.post(
		`${sandbox.url}/transactions`,
		{ customer: { key: 'bob' }, transactions },
		{ headers: { authorization: `Bearer ${sandbox.keys.affiliate}` }, validateStatus: () => true },
	);
	expect(response.status).toBe(500);
	expect(Object.keys(sandbox.ledger().transactions.byKey)).toEqual(['a', 'b']);
});
