import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import { SWITCHES, defaultSwitches } from '../../sandbox/switches';

import type { Body, Send } from './client';
import { client } from './client';

let sandbox: Sandbox;
let send: Send;

beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'empty' });
	send = client(sandbox, 'newsletter');
});
beforeEach(() => {
	sandbox.reset('empty');
	Object.assign(sandbox.switches, defaultSwitches());
});
afterAll(() => sandbox.close());

const program = () => sandbox.program('newsletter');
const emails = (body: Body) =>
	(body.data as unknown as Array<{ email: string }>).map(({ email }) => email);
const subscribe = async (email: string, referrer?: string) =>
	await send('POST', '/subscribers', { email, ...(referrer && { referral: { email: referrer } }) });

describe('subscribers', () => {
	test('have their email as id, or none at first, or the one that is given', async () => {
		expect((await subscribe('rea@example.com')).body.data).toMatchObject({
			id: 'rea@example.com',
			status: 'Active',
			is_referred: false,
			referrals_count: 0,
			reward: [],
		});
		sandbox.switches.subscriberId = 'later';
		expect((await subscribe('ron@example.com')).body.data.id).toBeNull();
		expect(
			(await send('POST', '/subscribers', { email: 'una@example.com', id: 'sub_7' })).body.data.id,
		).toBe('sub_7');
		expect((await send('GET', '/subscribers/ron@example.com')).body.data).toMatchObject({
			id: null,
			email: 'ron@example.com',
		});
		expect((await send('GET', '/subscribers/sub_7')).body.data.email).toBe('una@example.com');
	});

	test('have an email of their own, whatever its case', async () => {
		await subscribe('rea@example.com');
		const { status, body } = await subscribe('Rea@Example.com');
		expect([status, Object.keys(body.errors)]).toEqual([422, ['email']]);
		expect(sandbox.ledger('newsletter').subscribers).toHaveLength(1);
	});

	test('are counted for whoever referred them, and an unknown one is refused', async () => {
		await subscribe('rea@example.com');
		expect((await subscribe('ron@example.com', 'nobody@example.com')).status).toBe(422);
		expect((await subscribe('ron@example.com', 'rea@example.com')).body.data.is_referred).toBe(
			true,
		);
		expect((await send('GET', '/subscribers/rea@example.com')).body.data.referrals_count).toBe(1);
		const listed = async (status: string) =>
			emails((await send('GET', `/subscribers?refer_status=${status}`)).body);
		expect(await listed('referred')).toEqual(['ron@example.com']);
		expect(await listed('non_referred')).toEqual(['rea@example.com']);
	});

	test('are found by a part of their email', async () => {
		for (const name of ['rea', 'andrea', 'ron']) await subscribe(`${name}@example.com`);
		expect(emails((await send('GET', '/subscribers:search?email=REA')).body).sort()).toEqual([
			'andrea@example.com',
			'rea@example.com',
		]);
		expect((await send('GET', '/subscribers:search')).status).toBe(422);
	});

	test('are changed inside the wrapper: a new email does not change the id', async () => {
		await subscribe('rea@example.com');
		const { body } = await send('PUT', '/subscribers', {
			email: 'REA@example.com',
			update: { email: 'new@example.com', status: 'suspended' },
		});
		expect(body.data).toMatchObject({
			id: 'rea@example.com',
			email: 'new@example.com',
			status: 'Suspended',
			approved: true,
		});
		expect((await send('PUT', '/subscribers', { update: { name: 'N' } })).status).toBe(422);
		expect(
			(await send('PUT', '/subscribers', { id: 'nobody', update: { name: 'N' } })).status,
		).toBe(404);
	});

	test('are changed on the top level when the switch says so', async () => {
		await subscribe('rea@example.com');
		expect((await send('PUT', '/subscribers/rea@example.com', { name: 'N' })).status).toBe(405);
		sandbox.switches.updates = 'toplevel';
		const wrapped = await send('PUT', '/subscribers', {
			email: 'rea@example.com',
			update: { name: 'N' },
		});
		expect([wrapped.status, Object.keys(wrapped.body.errors)]).toEqual([422, ['update']]);
		expect(
			(await send('PUT', '/subscribers', { email: 'rea@example.com', name: 'R' })).body.data,
		).toMatchObject({ name: 'R', email: 'rea@example.com' });
		expect(
			(await send('PUT', '/subscribers/rea@example.com', { email: 'new@example.com' })).body.data,
		).toMatchObject({ name: 'R', email: 'new@example.com' });
	});

	test('are deleted by id or email; those that they referred stay', async () => {
		await subscribe('rea@example.com');
		await subscribe('ron@example.com', 'rea@example.com');
		expect((await send('DELETE', '/subscribers', { email: 'rea@example.com' })).body).toEqual({
			status: 1,
		});
		expect((await send('DELETE', '/subscribers', { id: 'rea@example.com' })).status).toBe(404);
		expect((await send('GET', '/subscribers/ron@example.com')).body.data.is_referred).toBe(false);
	});

	test.each([
		['10-100', 9, 422],
		['10-100', 101, 422],
		['1-250', 9, 422],
		['1-250', 250, 200],
	] as const)('limits %s: a page of %i', async (limits, limit, status) => {
		sandbox.switches.limits = limits;
		for (let number = 0; number < 12; number++) program().subscribers.add({});
		expect((await send('GET', `/subscribers?limit=${limit}`)).status).toBe(status);
		expect((await send('GET', '/subscribers')).body.data).toHaveLength(10);
	});
});

describe('rewards', () => {
	const mug = {
		name: 'Mug',
		subscribers_count: 2,
		fulfillment_type: 'generic_coupon',
		fulfillment_value: 'MUG',
	};

	test('are made, and read back with the count in the singular', async () => {
		const { data } = (await send('POST', '/rewards', mug)).body;
		expect(data).toMatchObject({
			name: 'Mug',
			description: null,
			subscriber_count: 2,
			times_triggered: 0,
			fulfillment_type_name: 'Coupon code',
		});
		expect((await send('GET', `/rewards/${String(data.id)}`)).body.data).toEqual(data);
		expect((await send('GET', '/rewards')).body.data).toEqual([data]);
		expect((await send('GET', '/rewards/7')).status).toBe(404);
	});

	test('are earned once by whoever reaches the count, and told of', async () => {
		const { id } = (await send('POST', '/rewards', mug)).body.data;
		const events: Array<[string, Body]> = [];
		const listener = program().onEvent;
		program().onEvent = (event, record) => events.push([event, record as Body]);
		await subscribe('rea@example.com');
		for (const name of ['a', 'b', 'c']) await subscribe(`${name}@example.com`, 'rea@example.com');
		await send('PUT', '/subscribers', { email: 'c@example.com', update: { name: 'C' } });
		await send('DELETE', '/subscribers', { email: 'c@example.com' });
		program().onEvent = listener;

		const created = 'subscriber.created';
		const names = [
			created,
			created,
			created,
			'subscriber.rewarded',
			created,
			'subscriber.updated',
			'subscriber.deleted',
		];
		expect(events.map(([event]) => event)).toEqual(names);
		const [, rewarded] = events[3];
		expect(rewarded).toMatchObject({
			subscriber: { email: 'rea@example.com', referrals_count: 2 },
			id,
			times_triggered: 1,
		});
		expect((await send('GET', '/subscribers/rea@example.com')).body.data.reward).toEqual([
			{ id, name: 'Mug' },
		]);
		expect(sandbox.ledger('newsletter').rewards).toMatchObject([
			{ name: 'Mug', timesTriggered: 1 },
		]);
	});
});

test('the program counts its subscribers', async () => {
	await subscribe('rea@example.com');
	for (const name of ['a', 'b']) await subscribe(`${name}@example.com`, 'rea@example.com');
	const { data } = (await send('GET', '/program')).body;
	expect(data).toMatchObject({ total_subscribers: 3, total_referring: 1, total_referred: 2 });
});

test('the seeded program has subscribers, and rewards that were earned', async () => {
	sandbox.reset('demo');
	const { subscribers, rewards } = sandbox.ledger('newsletter');
	expect(rewards.map(({ name, timesTriggered }) => [name, timesTriggered])).toEqual([
		['10% off', 5],
		['Brewing guide', 2],
		['25 dollar gift card', 1],
	]);
	expect((await send('GET', '/program')).body.data).toMatchObject({
		name: 'Northwind Coffee Letter',
		total_subscribers: subscribers.length,
		total_referring: 5,
		total_referred: 12,
	});
});

test.each(SWITCHES.otherProgram)('otherProgram: %s', async (side) => {
	sandbox.switches.otherProgram = side;
	expect((await send('GET', '/partners')).status).toBe(Number(side));
	expect((await client(sandbox)('GET', '/subscribers')).status).toBe(Number(side));
});
