import { createHmac } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import axios from 'axios';

import type { ProgramName } from '../../sandbox/programs';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import type { Body } from './client';
import { client } from './client';

interface Arrival {
	headers: IncomingMessage['headers'];
	raw: Buffer;
	body: Body & { event: Body };
}

let sandbox: Sandbox;
let receiver: Server;
let url: string;
/** What arrived, and what is answered to it: 200 unless a test says otherwise. */
const arrivals: Arrival[] = [];
let answers: Array<number | 'none'> = [];

beforeAll(async () => {
	sandbox = await startSandbox({
		seed: 'empty',
		deliveries: { tries: 4, firstPauseMs: 1, timeoutMs: 250, atOnce: 5 },
	});
	receiver = createServer((request, response) => {
		void buffer(request).then((raw) => {
			arrivals.push({
				headers: request.headers,
				raw,
				body: JSON.parse(raw.toString()) as Arrival['body'],
			});
			const answer = answers.shift() ?? 200;
			if (answer !== 'none') response.writeHead(answer, { location: url }).end();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?a=1`;
});
beforeEach(() => {
	sandbox.reset('empty');
	arrivals.length = 0;
	answers = [];
});
afterAll(async () => {
	await sandbox.close();
	receiver.closeAllConnections();
	await new Promise((resolve) => receiver.close(resolve));
});

const register = (events: string[], more: object = {}, program: ProgramName = 'affiliate') =>
	client(sandbox, program)('POST', '/webhooks', { name: 'Test', url, events, ...more });

describe('webhooks', () => {
	test('get a key and a secret of 16 characters, and keep them over an update', async () => {
		const send = client(sandbox);
		const { body } = await register(['partner.created'], { is_active: false });
		expect(body.data).toEqual({
			key: expect.stringMatching(/^[\w-]{20}$/),
			name: 'Test',
			url,
			is_active: false,
			signature: expect.stringMatching(/^[\w-]{16}$/),
			events: ['partner.created'],
		});
		const path = `/webhooks/${String(body.data.key)}`;
		const changed = await send('PUT', path, {
			name: 'New',
			events: ['lead.rejected'],
			is_active: true,
		});
		expect(changed.body.data).toEqual({
			...body.data,
			name: 'New',
			events: ['lead.rejected'],
			is_active: true,
		});
		expect((await send('GET', path)).body.data).toEqual(changed.body.data);
		expect(sandbox.ledger().webhooks).toMatchObject([{ name: 'New' }]);
		expect((await send('DELETE', path)).body).toEqual({ status: 1 });
		for (const method of ['GET', 'PUT', 'DELETE']) {
			expect((await send(method, path, method === 'PUT' ? {} : undefined)).status).toBe(404);
		}
	});

	test('may have a key of their own, once', async () => {
		expect((await register(['partner.created'], { key: 'mine' })).body.data.key).toBe('mine');
		expect((await register(['partner.created'], { key: 'mine' })).body.errors).toHaveProperty(
			'key',
		);
	});

	test('are listed ten at a time, up to a hundred', async () => {
		for (let number = 0; number < 12; number++)
			await register(['partner.created'], { name: `Webhook ${number}` });
		const send = client(sandbox);
		expect((await send('GET', '/webhooks')).body).toMatchObject({
			data: { length: 10 },
			links: { next: expect.any(String) },
		});
		expect((await send('GET', '/webhooks?limit=100')).body).toMatchObject({
			data: { length: 12 },
			links: { next: null },
		});
		for (const limit of [9, 101])
			expect((await send('GET', `/webhooks?limit=${limit}`)).status).toBe(422);
	});

	test('show their secret again, or not', async () => {
		sandbox.switches.webhookSecret = 'onCreate';
		const { body } = await register(['partner.created']);
		expect(body.data).toHaveProperty('signature');
		const send = client(sandbox);
		expect((await send('GET', `/webhooks/${String(body.data.key)}`)).body.data).not.toHaveProperty(
			'signature',
		);
		expect((await send('GET', '/webhooks')).body.data[0]).not.toHaveProperty('signature');
		sandbox.switches.webhookSecret = 'always';
	});

	test.each<[string, object]>([
		['name', { name: '' }],
		['name', { name: 'x'.repeat(101) }],
		['url', { url: 'no address' }],
		['url', { url: 'ftp://x.example' }],
		['events', { events: [] }],
		['update', { update: {} }],
	])('are refused with a wrong %s: %j', async (field, wrong) => {
		const { status, body } = await register(['partner.created'], wrong);
		expect(status).toBe(422);
		expect(Object.keys(body.errors)).toEqual([field]);
	});

	test.each<[ProgramName, string, string]>([
		['affiliate', 'lead.converted', 'customer.rewarded'],
		['referAFriend', 'customer.credited', 'partner.created'],
		['newsletter', 'subscriber.rewarded', 'customer.created'],
		['affiliate', 'partner.approved', 'reward.created'],
	])('of %s take %s, and refuse %s', async (program, known, foreign) => {
		expect((await register([known], {}, program)).status).toBe(200);
		const { status, body } = await register([known, foreign], {}, program);
		expect(status).toBe(422);
		expect(body.errors).toEqual({ 'events.1': ['The selected events.1 is invalid.'] });
	});
});

describe('a delivery', () => {
	test('is the envelope, signed to the byte, for the webhooks that want the event', async () => {
		const { key, signature } = (await register(['partner.created', 'partner.updated'])).body.data;
		await register(['partner.deleted']);
		await register(['partner.created'], { is_active: false });
		const { body } = await client(sandbox)('POST', '/partners', {
			email: 'ann@example.com',
			name: 'Ann Ünal',
		});
		await sandbox.settled();
		expect(arrivals).toHaveLength(1);
		const [{ headers, raw, body: envelope }] = arrivals;
		expect(envelope).toEqual({
			event: 'partner.created',
			url,
			webhook_key: key,
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
			data: body.data,
		});
		expect(headers['content-type']).toBe('application/json');
		expect(headers.signature).toBe(
			createHmac('sha256', String(signature)).update(raw).digest('hex'),
		);
		expect(sandbox.deliveries).toMatchObject([
			{ state: 'delivered', statuses: [200], webhookKey: key },
		]);
	});

	test('is sent again, unchanged, after anything but a 2xx within the time', async () => {
		await register(['partner.created']);
		answers = [500, 302, 'none', 204];
		sandbox.program('affiliate').emit('partner.created', { id: 'p' });
		await sandbox.settled();
		expect(sandbox.deliveries).toMatchObject([
			{ state: 'delivered', statuses: [500, 302, 0, 204] },
		]);
		expect(
			new Set(arrivals.map(({ raw, headers }) => `${raw.toString()} ${String(headers.signature)}`))
				.size,
		).toBe(1);
	});

	test('is given up after a number of tries', async () => {
		await register(['partner.created']);
		answers = [401, 400, 404, 503];
		sandbox.program('affiliate').emit('partner.created', { id: 'p' });
		await sandbox.settled();
		expect(sandbox.deliveries).toMatchObject([{ state: 'failed', statuses: [401, 400, 404, 503] }]);
	});

	test.each(['deleted', 'switched off'])('is dropped when its webhook is %s', async (what) => {
		const { key } = (await register(['partner.created'])).body.data;
		answers = ['none'];
		sandbox.program('affiliate').emit('partner.created', { id: 'p' });
		const path = `/webhooks/${String(key)}`;
		await (what === 'deleted'
			? client(sandbox)('DELETE', path)
			: client(sandbox)('PUT', path, { is_active: false }));
		await sandbox.settled();
		expect(sandbox.deliveries).toMatchObject([{ state: 'dropped' }]);
	});

	test('never leaves this machine', async () => {
		await register(['partner.created'], { url: 'https://receiver.example/hook' });
		sandbox.program('affiliate').emit('partner.created', {});
		await sandbox.settled();
		expect(sandbox.deliveries).toMatchObject([{ state: 'dropped', statuses: [] }]);
	});

	test('can be repeated, to the byte', async () => {
		await register(['partner.created']);
		sandbox.program('affiliate').emit('partner.created', { id: 'p' });
		await sandbox.settled();
		expect(await sandbox.repeat(sandbox.deliveries[0])).toBe(200);
		expect(arrivals[1].raw.equals(arrivals[0].raw)).toBe(true);
	});

	test('differs from any other, and none gets lost when many happen at once', async () => {
		await register(['partner.updated']);
		for (let number = 0; number < 200; number++)
			sandbox.program('affiliate').emit('partner.updated', { id: 'p' });
		await sandbox.settled();
		expect(new Set(arrivals.map(({ raw }) => raw.toString())).size).toBe(200);
	});

	test('leaves nothing behind when the sandbox is closed', async () => {
		const other = await startSandbox({ seed: 'empty', deliveries: { firstPauseMs: 1e8 } });
		other.program('affiliate').webhooks.add({ url, events: ['partner.created'] });
		answers = [500];
		other.program('affiliate').emit('partner.created', {});
		const arrived = async (): Promise<void> =>
			arrivals.length ? undefined : await new Promise(setImmediate).then(arrived);
		await arrived();
		await other.close();
		expect(other.deliveries).toMatchObject([{ state: 'dropped' }]);
	});
});

test('the controls show deliveries, and make an event happen that no endpoint causes', async () => {
	await register(['partner.approved']);
	const control = new URL('/_sandbox/', sandbox.url).href;
	const validateStatus = () => true;
	await axios.post(`${control}events`, { event: 'partner.approved', data: { id: 'p' } });
	await sandbox.settled();
	expect(arrivals[0].body).toMatchObject({ event: 'partner.approved', data: { id: 'p' } });
	expect((await axios.get<unknown[]>(`${control}deliveries`)).data).toMatchObject([
		{ event: 'partner.approved', state: 'delivered' },
	]);
	for (const wrong of [{}, { program: 'wrong', event: 'e' }]) {
		expect((await axios.post(`${control}events`, wrong, { validateStatus })).status).toBe(400);
	}
});

describe('whatever happens has its event', () => {
	type Step = [method: string, path: string, body?: object];
	const partner: Step = ['POST', '/partners', { id: 'p', email: 'a@b.example', key: 'ann' }];
	const customer: Step = [
		'POST',
		'/customers',
		{ key: 'c', email: 'c@d.example', partner: { key: 'ann' } },
	];
	const sale: Step = ['POST', '/transactions', { key: 't', amount: 10, customer: { key: 'c' } }];
	const lead: Step = [
		'POST',
		'/leads',
		{ name: 'Lee', email: 'l@e.example', partner: { key: 'ann' } },
	];

	test.each<[ProgramName, Step[], string[]]>([
		[
			'affiliate',
			[partner, ['PUT', '/partners/p', { update: { name: 'Ann' } }]],
			['partner.created', 'partner.updated'],
		],
		[
			'affiliate',
			[partner, ['POST', '/partners/p/archive'], ['POST', '/partners/p/revoke-archive']],
			['partner.created', 'partner.archived', 'partner.updated'],
		],
		['affiliate', [partner, ['DELETE', '/partners/p']], ['partner.created', 'partner.deleted']],
		[
			'affiliate',
			[partner, customer, ['PUT', '/customers/c', { update: { name: 'Cy' } }]],
			['partner.created', 'customer.created', 'customer.updated'],
		],
		[
			'affiliate',
			[partner, customer, ['POST', '/customers/c/suspend'], ['POST', '/customers/c/approve']],
			['partner.created', 'customer.created', 'customer.updated', 'customer.updated'],
		],
		[
			'affiliate',
			[
				partner,
				customer,
				['POST', '/customers/c/archive'],
				['POST', '/customers/c/revoke-archive'],
			],
			['partner.created', 'customer.created', 'customer.updated', 'customer.updated'],
		],
		[
			'affiliate',
			[partner, customer, sale, ['DELETE', '/transactions/t']],
			['partner.created', 'customer.created', 'transaction.created', 'transaction.deleted'],
		],
		[
			'affiliate',
			[partner, customer, sale, ['DELETE', '/customers/c']],
			[
				'partner.created',
				'customer.created',
				'transaction.created',
				'transaction.deleted',
				'customer.deleted',
			],
		],
		[
			'affiliate',
			[partner, lead, ['POST', '/leads/reject', { id: 'lead' }]],
			['partner.created', 'lead.submitted', 'lead.rejected'],
		],
		[
			'affiliate',
			[partner, lead, ['POST', '/leads/convert', { id: 'lead', commission_transaction_amount: 5 }]],
			[
				'partner.created',
				'lead.submitted',
				'customer.created',
				'transaction.created',
				'lead.converted',
			],
		],
		[
			'referAFriend',
			[
				['POST', '/customers', { id: 'a', key: 'a', email: 'a@b.example' }],
				['POST', '/customers', { id: 'b', email: 'b@b.example', referring_customer: { key: 'a' } }],
				['POST', '/transactions', { amount: 10, customer: { id: 'b' } }],
				['POST', '/customers/a/balance/credit', { amount: 5 }],
				['POST', '/customers:invite', { email: 'new@b.example' }],
			],
			[
				'customer.created',
				'customer.created',
				'transaction.created',
				'customer.rewarded',
				'customer.credited',
				'customer.created',
			],
		],
		[
			'newsletter',
			[
				[
					'POST',
					'/rewards',
					{
						name: 'Mug',
						subscribers_count: 1,
						fulfillment_type: 'generic_coupon',
						fulfillment_value: 'MUG',
					},
				],
				['POST', '/subscribers', { email: 'a@b.example' }],
				['POST', '/subscribers', { email: 'b@b.example', referral: { email: 'a@b.example' } }],
				['PUT', '/subscribers', { email: 'b@b.example', update: { name: 'Bo' } }],
				['DELETE', '/subscribers', { email: 'b@b.example' }],
			],
			[
				'subscriber.created',
				'subscriber.created',
				'subscriber.rewarded',
				'subscriber.updated',
				'subscriber.deleted',
			],
		],
		[
			'affiliate',
			[
				['POST', '/partners', { email: 'no address' }],
				['DELETE', '/partners/nobody'],
			],
			[],
		],
	])('%s: %j', async (program, steps, expected) => {
		const events = [...new Set(expected)];
		if (events.length) await register(events, {}, program);
		for (const [method, path, body] of steps) {
			const [{ id } = { id: '' }] = sandbox.ledger(program).leads;
			const sent = body && 'id' in body && body.id === 'lead' ? { ...body, id: Number(id) } : body;
			await client(sandbox, program)(method, path, sent);
		}
		await sandbox.settled();
		expect(sandbox.deliveries.map(({ event }) => event)).toEqual(expected);
		for (const { data } of arrivals.map(({ body }) => body))
			expect(Object.keys(data).length).toBeGreaterThan(2);
	});
});
