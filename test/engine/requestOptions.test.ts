import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { generate } from 'selfsigned';

import { useRealTime } from '../support/clock';

import { startRun } from './support/engine';
import { locator, useSandbox } from './support/partnero';

/** Request Options, which n8n adds to the node by itself: what it offers has to hold. */
const partnero = useSandbox();

beforeEach(() => partnero.sandbox.program('affiliate').customers.add({ key: 'user_1' }));

const customer = locator('key', 'user_1');

describe('Batching', () => {
	useRealTime();

	it('sends no more than a batch before it waits, and nothing more once it is canceled', async () => {
		const { result, cancel } = startRun({
			credentials: partnero.credentials,
			items: Array.from({ length: 6 }, () => ({})),
			parameters: {
				...{ resource: 'customer', operation: 'get', customer },
				requestOptions: { batching: { batch: { batchSize: 2, batchInterval: 60_000 } } },
			},
		});
		while (partnero.wire().length < 2) await sleep(5);
		await sleep(100);
		cancel();
		await result;
		expect(partnero.wire()).toHaveLength(2);
	});

	it('gives every item its turn', async () => {
		const { json } = await partnero.operate(
			'customer',
			'get',
			{ customer, requestOptions: { batching: { batch: { batchSize: 2, batchInterval: 5 } } } },
			{ items: Array.from({ length: 5 }, () => ({})) },
		);
		expect(json.map(({ key }) => key)).toEqual(Array(5).fill('user_1'));
	});
});

/** Answers a request as the server at another address does. */
function passTo(addressOf: (request: IncomingMessage) => string): RequestListener {
	return (request, response) => {
		void fetch(addressOf(request), {
			headers: { authorization: request.headers.authorization! },
		}).then(async (answer) =>
			response
				.writeHead(answer.status, { 'content-type': 'application/json' })
				.end(await answer.text()),
		);
	};
}

describe('Ignore SSL Issues', () => {
	let secure: Server;
	const credentials = () => ({
		...partnero.credentials,
		baseUrl: `https://127.0.0.1:${(secure.address() as AddressInfo).port}/v1`,
	});
	const get = async (requestOptions: { allowUnauthorizedCerts?: boolean }) =>
		await partnero.operate(
			'customer',
			'get',
			{ customer, requestOptions },
			{ credentials: credentials() },
		);

	beforeAll(async () => {
		// Nobody vouches for it.
		const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
		secure = createSecureServer(
			{ key, cert },
			passTo(({ url }) => new URL(url!, partnero.sandbox.url).href),
		);
		await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
	});
	afterAll(() => secure.close());

	it('is off: a server with a certificate that nobody vouches for gets no key, and the error says what is wrong', async () => {
		const { error } = await get({});
		expect(error?.message).toBe('Partnero could not be reached');
		expect(error?.description).toMatch(/self-signed certificate/);
		expect(partnero.wire()).toEqual([]);
	});

	it('is on: the request is made', async () => {
		const { json, error } = await get({ allowUnauthorizedCerts: true });
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ key: 'user_1' })]);
	});
});

describe('Proxy', () => {
	let proxy: Server;
	const asked: string[] = [];

	beforeAll(async () => {
		const pass = passTo(({ url }) => url!);
		proxy = createServer((request, response) => {
			asked.push(`${request.method} ${request.url}`);
			pass(request, response);
		});
		await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	});
	afterAll(() => proxy.close());

	it.each(['get', 'createMany'])('is what every request goes through: %s', async (operation) => {
		asked.length = 0;
		const { port } = proxy.address() as AddressInfo;
		const sale = operation === 'createMany' && { amount: 1, key: 'inv_1' };
		await partnero.operate(sale ? 'transaction' : 'customer', operation, {
			...{ customer, ...sale },
			requestOptions: { proxy: `http://127.0.0.1:${port}` },
		});
		expect(asked[0]).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/v1\//);
	});

	describe.each(['get', 'createMany'])('that is no address: %s', (operation) => {
		const use = async (proxy: string, onError?: 'continueErrorOutput') =>
			await partnero.operate(
				operation === 'get' ? 'customer' : 'transaction',
				operation,
				{ ...{ customer, amount: 1, key: '={{ $json.key }}' }, requestOptions: { proxy } },
				{ items: [{ key: 'inv_1' }, { key: 'inv_2' }], node: { onError } },
			);
		const refusal = "'Request Options > Proxy' must be an address";

		it.each(['user:secret@proxy', 'http://user:%zz@proxy:3128'])(
			'is refused, and not repeated: %s',
			async (proxy) => {
				const { error } = await use(proxy);
				expect(error?.message).toBe(refusal);
				expect(`${error?.message} ${error?.description}`).not.toContain(proxy);
				expect(partnero.wire()).toEqual([]);
			},
		);

		it('makes an error of each item', async () => {
			const { outputs } = await use('proxy:3128', 'continueErrorOutput');
			expect(outputs[0]).toEqual([]);
			expect(outputs[1].map(({ json }) => json.error)).toEqual([refusal, refusal]);
			expect(partnero.wire()).toEqual([]);
		});
	});
});
