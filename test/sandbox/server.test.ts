import { spawn } from 'node:child_process';
import { join } from 'node:path';

import axios from 'axios';

import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import { useRealTime } from '../support/clock';

import { client } from './client';

// Requests of real time have to be under way together.
useRealTime();

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const call = (method: string, path: string, data?: unknown, headers: Record<string, string> = {}) =>
	axios.request<Record<string, unknown>>({
		method,
		url: new URL(path, sandbox.url).href,
		data,
		headers,
		validateStatus: () => true,
	});

const authorization = 'Bearer sandbox-affiliate-key';

describe('refusals have the shape of the API', () => {
	test.each<[string, string, string, Record<string, string>, number]>([
		['no key', 'GET', '/v1/partners', {}, 401],
		['an unknown key', 'GET', '/v1/partners', { authorization: 'Bearer wrong' }, 401],
		['an unknown path', 'GET', '/v1/nothing', { authorization }, 404],
		['a path outside /v1', 'GET', '/partners', { authorization }, 404],
		['a wrong method', 'PATCH', '/v1/partners/p_1', { authorization }, 405],
		[
			'a key of another program type',
			'GET',
			'/v1/partners',
			{ authorization: 'Bearer sandbox-refer-a-friend-key' },
			403,
		],
		[
			'the newsletter key',
			'GET',
			'/v1/customers',
			{ authorization: 'Bearer sandbox-newsletter-key' },
			403,
		],
		['a malformed identifier', 'GET', '/v1/partners/%E0%A4%A', { authorization }, 400],
	])('%s', async (_what, method, path, headers, status) => {
		const response = await call(method, path, undefined, headers);
		expect(response.status).toBe(status);
		expect(response.data.message).toEqual(expect.any(String));
		expect(JSON.stringify(response.data)).not.toContain('sandbox-affiliate-key');
	});

	test('a body that is not JSON', async () => {
		const post = async (body: string, type = 'application/json') => {
			const headers = { authorization, 'content-type': type };
			return (await fetch(`${sandbox.url}/partners`, { method: 'POST', headers, body })).status;
		};
		expect(await post('{"email":')).toBe(400);
		expect(await post('email=a@b.example', 'application/x-www-form-urlencoded')).toBe(415);
		// Encoded twice.
		expect(await post(JSON.stringify('{"email":"a@b.example"}'))).toBe(422);
		expect(await post('{"email":"a@b.example"}')).toBe(200);
	});

	test('several fields at once', async () => {
		const { data } = await call(
			'POST',
			'/v1/customers',
			{ key: '', partner: { code: 'x' }, extra: 1 },
			{ authorization },
		);
		expect(data).toMatchObject({ status: 0, message: expect.stringContaining('more errors') });
		expect(Object.keys(data.errors as object).sort()).toEqual(['extra', 'key', 'partner.code']);
	});
});

test('requests are recorded in order, without the key', async () => {
	await call('GET', '/v1/partner?key=a%2Fb&unknown=1', undefined, { authorization });
	await call('DELETE', '/v1/partners/a%2Fb', undefined, { authorization: 'Bearer wrong' });
	expect(sandbox.requests).toMatchObject([
		{
			method: 'GET',
			path: '/partner',
			rawUrl: '/v1/partner?key=a%2Fb&unknown=1',
			query: { key: 'a/b', unknown: '1' },
			headers: { authorization: 'Bearer [key of affiliate]' },
			status: 422,
			operationId: 'lookUpPartner',
		},
		{
			method: 'DELETE',
			path: '/partners/a%2Fb',
			headers: { authorization: '[unknown]' },
			status: 401,
		},
	]);
	expect(JSON.stringify(sandbox.requests)).not.toContain(sandbox.keys.affiliate);
});

test('maxConcurrent counts requests that are under way together', async () => {
	sandbox.faults.add({ kind: 'latency', ms: 300 });
	await Promise.all(
		Array.from({ length: 7 }, () => call('GET', '/v1/test', undefined, { authorization })),
	);
	expect(sandbox.maxConcurrent).toBe(7);
	sandbox.reset();
	expect(sandbox.maxConcurrent).toBe(0);
});

describe('the demo data', () => {
	test('is a program that a person would believe', () => {
		const { partners, customers, transactions, leads, coupons, commission } = sandbox.ledger();
		expect([partners, customers, leads, coupons].map(({ length }) => length)).toEqual([
			12, 40, 6, 3,
		]);
		expect(transactions).toMatchObject({ total: 60, twice: [], withoutKey: 0 });
		expect(partners[0]).toMatchObject({
			key: 'annlee',
			name: 'Ann',
			surname: 'Lee',
			email: 'ann.lee@example.com',
		});
		const payouts = Object.values(sandbox.ledger().payouts).flat();
		expect(new Set(payouts.map(({ status }) => status)).size).toBe(6);
		expect(payouts.every(({ amount }) => amount > 0)).toBe(true);
		expect(commission.total).toBeCloseTo(transactions.amount * 0.3, 2);
		expect(customers.filter(({ partner }) => partner === null)).toEqual([]);
	});

	test('has statistics with a thousands separator', async () => {
		const { body } = await client(sandbox)('GET', '/program');
		expect(body.data.stats.total_revenue.usd).toMatch(/^\$\d,\d{3}\.\d\d$/);
	});

	test('is dated relative to now, and never in the future', async () => {
		const now = new Date('2030-06-15T03:00:00Z');
		const later = await startSandbox({ now: () => now });
		const dates = (['affiliate', 'referAFriend'] as const).flatMap((name) => {
			const { partners, customers, leads, coupons } = later.ledger(name);
			const sales = [...later.program(name).transactions];
			return [...partners, ...customers, ...leads, ...coupons, ...sales].map(
				({ created_at }) => created_at,
			);
		});
		await later.close();
		expect(dates.sort().at(-1)! <= '2030-06-15T03:00:00.000000Z').toBe(true);
		expect(dates.sort().at(-1)! >= '2030-06-13').toBe(true);
	});
});

describe('the controls over HTTP', () => {
	test('ledger and requests', async () => {
		await call('GET', '/v1/test', undefined, { authorization });
		expect((await call('GET', '/_sandbox/ledger')).data).toEqual(
			JSON.parse(JSON.stringify(sandbox.ledger())),
		);
		expect((await call('GET', '/_sandbox/ledger?program=referAFriend')).data.program).toBe(
			'referAFriend',
		);
		expect((await call('GET', '/_sandbox/requests')).data.requests).toMatchObject([
			{ path: '/test' },
		]);
		expect((await call('GET', '/_sandbox/ledger?program=wrong')).status).toBe(400);
	});

	test('faults', async () => {
		const test = async () => (await call('GET', '/v1/test', undefined, { authorization })).status;
		await call('POST', '/_sandbox/faults', {
			kind: 'status',
			status: 503,
			match: { pathPattern: '^/te' },
		});
		expect(await test()).toBe(503);
		await call('DELETE', '/_sandbox/faults');
		expect(await test()).toBe(200);
		expect((await call('POST', '/_sandbox/faults', { kind: 'wrong' })).status).toBe(400);
	});

	test('switches', async () => {
		const get = async () =>
			(await call('GET', '/v1/partners?limit=250', undefined, { authorization })).status;
		expect(await get()).toBe(422);
		expect((await call('POST', '/_sandbox/switches', { limits: '1-250' })).data).toMatchObject({
			limits: '1-250',
			updates: 'wrapper',
		});
		expect(await get()).toBe(200);
		for (const wrong of [{ limits: '5' }, { color: 'red' }])
			expect((await call('POST', '/_sandbox/switches', wrong)).status).toBe(400);
		await call('POST', '/_sandbox/switches', { limits: '10-100' });
	});

	test('reset', async () => {
		await call('POST', '/_sandbox/reset', { seed: 'empty' });
		expect(sandbox.ledger().partners).toEqual([]);
		await call('POST', '/_sandbox/reset');
		expect(sandbox.ledger().partners).toHaveLength(12);
		expect((await call('POST', '/_sandbox/reset', { seed: 'wrong' })).status).toBe(400);
	});
});

test('the command says in one sentence that a port is in use', async () => {
	const root = join(__dirname, '../..');
	const { port } = new URL(sandbox.url);
	const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/cli.ts', '--port', port], {
		cwd: root,
	});
	let output = '';
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const code = await new Promise((resolve) => child.once('exit', resolve));
	expect(code).toBe(1);
	expect(output.trim().split('\n')).toEqual([expect.stringContaining(`Port ${port} is in use`)]);
});
