import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';

import { generate } from 'selfsigned';

import { clock } from '../../nodes/Partnero/transport/clock';
import { setSpeed, useRealTime } from '../support/clock';

import { closeAll, json, listen, passOn, serve } from './support/bareServer';
import { run, searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';

/** What the one way out does about limits, deadlines and odd answers. */
const partnero = useSandbox();

// Where waits matter, a test speeds them up by itself.
useRealTime();

const sale = { customer: locator('key', 'user_77'), amount: 10 };
const keyed = { ...sale, key: '={{ $json.key }}' };
const items = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ key: `inv_${index}` }));
const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const posts = (arrivals: Array<{ method: string }>) =>
	arrivals.filter(({ method }) => method === 'POST').length;

beforeEach(() => partnero.sandbox.program('affiliate').customers.add({ key: 'user_77' }));
afterEach(async () => {
	setSpeed(1);
	await closeAll();
});

/** Tells how a run ended, as a person sees it. */
const said = ({ error }: { error?: { message: string; description?: string | null } }) =>
	`${error?.message} ${error?.description}`;

describe('a 429', () => {
	it.each(['0', '-1', 'Wed, 21 Oct 2015 07:28:00 GMT', '1, 2'])(
		'with Retry-After: %s, eight times in a row, fails no item',
		async (value) => {
			setSpeed(100);
			let refusals = 8;
			const server = await serve(async (arrival, response) => {
				if (refusals-- > 0)
					return json(response, 429, { message: 'Too Many Attempts.' }, { 'retry-after': value });
				await passOn(partnero.sandbox.url, arrival, response);
			});
			const { error, json: out } = await partnero.operate(
				'customer',
				'get',
				{ customer: sale.customer },
				{ credentials: { ...partnero.credentials, baseUrl: server.url } },
			);
			expect(error?.message).toBeUndefined();
			expect(out).toHaveLength(1);
			expect(server.arrivals).toHaveLength(9);
		},
	);

	it('that asks for an hour is named in the error of each item at once, and nothing more is sent', async () => {
		partnero.sandbox.faults.add({ kind: 'rateLimit', retryAfter: 3600 });
		const { outputs } = await partnero.operate('transaction', 'create', keyed, {
			items: items(30),
			node: { onError: 'continueRegularOutput' },
		});
		// At the clock's own speed: waiting would take longer than this test may.
		expect(outputs[0]).toHaveLength(30);
		for (const { json: item } of outputs[0])
			expect(item.error).toMatch(
				/^Rate limit reached: Partnero asks to wait 60 minutes \[item \d+ of \d+\]$/,
			);
		expect(partnero.wire().length).toBeLessThanOrEqual(5);
	});

	it('to every request for two minutes ends all items', async () => {
		setSpeed(200);
		partnero.sandbox.faults.add({ kind: 'rateLimit' });
		const began = clock.now();
		const { outputs } = await partnero.operate('transaction', 'create', keyed, {
			items: items(30),
			node: { onError: 'continueRegularOutput' },
		});
		expect(clock.now() - began).toBeGreaterThanOrEqual(120_000);
		for (const { json: item } of outputs[0])
			expect(item.error).toMatch(/^Rate limit reached \[item \d+ of \d+\]$/);
	});

	it('on half of all requests keeps none of 300 sales from landing', async () => {
		setSpeed(100);
		partnero.sandbox.faults.add({ kind: 'rateLimit', rate: 0.5 });
		const { error, json: out } = await partnero.operate('transaction', 'create', keyed, {
			items: items(300),
		});
		expect(error?.message).toBeUndefined();
		expect(out).toHaveLength(300);
		expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 300, twice: [] });
	}, 60_000);

	it('beyond twenty at once is rare though the node may send fifty', async () => {
		partnero.sandbox.faults.add({ kind: 'cap', max: 20, retryAfter: 0 });
		partnero.sandbox.faults.add({ kind: 'latency', ms: 100 });
		const { error } = await partnero.operate(
			'transaction',
			'create',
			{ ...keyed, settings: { requestsAtOnce: 50 } },
			{ items: items(300) },
		);
		expect(error?.message).toBeUndefined();
		expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 300, twice: [] });
		const statuses = partnero.sandbox.requests.map(({ status }) => status);
		// More than twenty at once are reached in the first second, and found out about there.
		expect(statuses.slice(60).filter((status) => status === 429).length).toBeLessThanOrEqual(
			0.05 * statuses.length,
		);
	}, 60_000);

	it("by Laravel's limiter of 60 a minute: 100 sales land, and hardly a request is refused", async () => {
		setSpeed(100);
		const minute = 60_000;
		let [until, used, refused] = [0, 0, 0];
		const server = await serve(async (arrival, response) => {
			if (clock.now() >= until) [until, used] = [clock.now() + minute, 0];
			used += 1;
			const headers = {
				'x-ratelimit-limit': '60',
				'x-ratelimit-remaining': String(Math.max(0, 60 - used)),
			};
			if (used <= 60) return await passOn(partnero.sandbox.url, arrival, response, headers);
			refused += 1;
			json(
				response,
				429,
				{ message: 'Too Many Attempts.' },
				{ ...headers, 'retry-after': String(Math.ceil((until - clock.now()) / 1000)) },
			);
		});
		const { error } = await partnero.operate('transaction', 'create', keyed, {
			items: items(100),
			credentials: { ...partnero.credentials, baseUrl: server.url },
		});
		expect(error?.message).toBeUndefined();
		expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 100, twice: [] });
		expect(refused).toBeLessThanOrEqual(0.05 * server.arrivals.length);
	}, 60_000);

	it('of one program does not hold up the other', async () => {
		const [limited, other] = [
			await serve((_arrival, response) => json(response, 429, {}, { 'retry-after': '3600' })),
			await serve((_arrival, response) => json(response, 200, { data: { key: 'x' } })),
		];
		const { outputs } = await run({
			parameters: { resource: 'customer', operation: 'get', customer: sale.customer },
			items: items(10),
			node: { onError: 'continueRegularOutput' },
			credentials: (item) => ({
				apiKey: 'one-key-for-both',
				baseUrl: [limited, other][item % 2].url,
			}),
		});
		expect(outputs[0].map(({ json: item }) => item.key ?? 'limited')).toEqual(
			Array(5).fill(['limited', 'x']).flat(),
		);
	});
});

describe('Batching', () => {
	it('holds for look-ups as well: two requests a second are four sales in four seconds', async () => {
		setSpeed(10);
		const times: number[] = [];
		const server = await serve(async (arrival, response) => {
			times.push(clock.now());
			await passOn(partnero.sandbox.url, arrival, response);
		});
		const batching = { batch: { batchSize: 2, batchInterval: 1000 } };
		await partnero.operate(
			'transaction',
			'create',
			{ ...keyed, requestOptions: { batching } },
			{ items: items(4), credentials: { ...partnero.credentials, baseUrl: server.url } },
		);
		expect(times).toHaveLength(8);
		// The way to the server is not always as long; ten milliseconds are a hundred here.
		for (const [index, moment] of times.entries())
			if (index >= 2) expect(moment - times[index - 2]).toBeGreaterThan(500);
	});
});

describe('an exchange that does not end', () => {
	const timeout = 500;
	const ways: Array<[string, Parameters<typeof serve>[0]]> = [
		[
			'an answer that drips',
			(_arrival, response) => {
				response.writeHead(200, { 'content-type': 'application/json' });
				const drip = setInterval(() => response.write(' '), 50);
				response.on('close', () => clearInterval(drip));
			},
		],
		[
			'101 Switching Protocols',
			(_arrival, _response, { socket }) =>
				void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
		],
		[
			'101 with an Upgrade',
			(_arrival, _response, { socket }) =>
				void socket.write(
					'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
				),
		],
		['no answer at all', () => undefined],
	];

	it.each(ways)(
		'%s: ends with the time-out, and a sale without a key is sent once',
		async (_name, answering) => {
			const server = await serve(answering);
			const result = await partnero.operate(
				'transaction',
				'create',
				{ ...sale, requestOptions: { timeout } },
				{ credentials: { ...partnero.credentials, baseUrl: server.url }, node: retryOnFail },
			);
			expect(said(result)).toContain('may have been recorded');
			expect(posts(server.arrivals)).toBe(1);
		},
	);
});

it('a TLS stream that breaks after the write: a sale without a key is sent once, and may have been recorded', async () => {
	const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
	const clients = new Set<Socket>();
	// What stands between breaks the stream: bytes that are no TLS.
	const secure = await serve(
		() => clients.forEach((client) => client.write('this is no record of TLS, and never was one')),
		(listener) => createSecureServer({ key, cert }, listener),
	);
	const target = Number(new URL(secure.url).port);
	const between = createServer((client) => {
		clients.add(client);
		const server = connect(target, '127.0.0.1');
		client.pipe(server).pipe(client);
		for (const socket of [client, server])
			socket
				.on('error', () => undefined)
				.on('close', () => [client, server].forEach((one) => one.destroy()));
	});
	const baseUrl = `https://127.0.0.1:${await listen(between)}/v1`;
	const result = await partnero.operate(
		'transaction',
		'create',
		{ ...sale, requestOptions: { allowUnauthorizedCerts: true } },
		{ credentials: { ...partnero.credentials, baseUrl }, node: retryOnFail },
	);
	expect(said(result)).toContain('may have been recorded');
	expect(said(result)).not.toContain('could not be reached');
	expect(posts(secure.arrivals)).toBe(1);
});

describe('an answer that is not what it seems', () => {
	it.each(['0', false, 'error', 'failed', 0])(
		'status %p in a 200 to Refund: nothing is refunded',
		async (status) => {
			const server = await serve((_arrival, response) =>
				json(response, 200, { status, message: 'It cannot be deleted' }),
			);
			const result = await partnero.operate(
				'transaction',
				'refund',
				{ transaction: locator('key', 'inv_1') },
				{ credentials: { ...partnero.credentials, baseUrl: server.url } },
			);
			expect(result.json).toEqual([]);
			expect(result.error?.message).toContain('It cannot be deleted');
		},
	);

	it.each<[number, unknown]>([
		[200, {}],
		[200, []],
		[200, { data: null }],
		[303, {}],
		[499, {}],
	])(
		'%i %j to a sale without a key: it may have been recorded, and is sent once',
		async (status, body) => {
			const server = await serve((_arrival, response) =>
				json(response, status, body, { location: '/elsewhere' }),
			);
			const result = await partnero.operate('transaction', 'create', sale, {
				credentials: { ...partnero.credentials, baseUrl: server.url },
				node: retryOnFail,
			});
			expect(said(result)).toContain('may have been recorded');
			expect(said(result)).not.toContain('Base URL');
			expect(posts(server.arrivals)).toBe(1);
		},
	);

	it.each([301, 302, 307, 308])('%i to a sale is a wrong address', async (status) => {
		const server = await serve((_arrival, response) =>
			json(response, status, {}, { location: '/elsewhere' }),
		);
		const result = await partnero.operate('transaction', 'create', sale, {
			credentials: { ...partnero.credentials, baseUrl: server.url },
		});
		expect(said(result)).toContain('Check the Base URL');
		expect(said(result)).not.toContain('may have been recorded');
	});

	it.each([{}, []])('%j to an action without a record is a success', async (body) => {
		const server = await serve((_arrival, response) => json(response, 200, body));
		const { json: out } = await partnero.operate(
			'customer',
			'suspend',
			{ customer: sale.customer },
			{ credentials: { ...partnero.credentials, baseUrl: server.url } },
		);
		expect(out).toEqual([expect.objectContaining({ suspended: true })]);
	});
});

describe('a picker', () => {
	it('waits out a 429', async () => {
		partnero.sandbox.faults.add({ kind: 'rateLimit', retryAfter: 0, times: 1 });
		expect((await searchList('searchCustomers', partnero.credentials)).results).toHaveLength(1);
	});

	it.each<[string, number, unknown, Record<string, string>, RegExp]>([
		[
			'status 0 in a 200',
			200,
			{ status: 0, message: 'This program has no customers.' },
			{},
			/This program has no customers$/,
		],
		['a refusal', 403, { message: 'No access.' }, {}, /No access\./],
		['an hour to wait', 429, {}, { 'retry-after': '3600' }, /asks to wait 60 minutes/],
		['a wrong key', 401, {}, {}, /did not accept the API key/],
		['nothing', 200, '', {}, /answered without data/],
	])(
		'gives the reason in the message, which is all that n8n shows: %s',
		async (_name, status, body, headers, reason) => {
			const server = await serve((_arrival, response) => json(response, status, body, headers));
			const failure = await searchList('searchCustomers', {
				...partnero.credentials,
				baseUrl: server.url,
			}).catch((error: Error) => error);
			expect((failure as Error).message).toMatch(reason);
		},
	);
});
