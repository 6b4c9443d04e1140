import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import type { Body } from './client';
import { client } from './client';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => {
	sandbox.reset('empty');
	const affiliate = sandbox.program('affiliate');
	affiliate.partners.add({ id: 'p_ann', key: 'annlee', email: 'ann@example.com' });
	affiliate.partners.add({ id: 'p_ben', key: 'ben', email: 'ben@example.com' });
	affiliate.linkDomains.push({ id: 'dom_2', domain: 'blog.example', is_additional: true });
	const friends = sandbox.program('referAFriend');
	friends.customers.add({ id: 'u_1', key: 'alma' });
	friends.customers.add({ id: 'u_2', key: 'boris' });
});
afterAll(() => sandbox.close());

const keysOf = (body: Body) =>
	(body.data as unknown as Array<{ key: string }>).map(({ key }) => key);

/** The same rules for the links of partners and for those of customers. */
describe.each([
	['affiliate', 'partner', 'p_ann', 'annlee', 'ben', 'aff'],
	['referAFriend', 'customer', 'u_1', 'alma', 'boris', 'ref'],
] as const)('links in the %s program', (program, owner, id, defaultKey, other, parameter) => {
	const links = `/${owner}_referral_links`;
	const list = `/${owner}s/${id}/referral_links`;
	const send = (...request: Parameters<ReturnType<typeof client>>) =>
		client(sandbox, program)(...request);
	const create = (key: string, more: object = {}) =>
		send('POST', links, { key, [owner]: { id }, ...more });

	test('a new one is listed after the default one, and belongs to whoever it was made for', async () => {
		const { body } = await create('talk');
		expect(body.data).toEqual({
			id: 'talk',
			key: 'talk',
			url: `https://shop.example?${parameter}=talk`,
			default: false,
			is_additional: false,
			direct_tracking: false,
			direct_tracking_redirect: false,
			direct_tracking_redirect_url: null,
		});
		const { body: listed } = await send('GET', list);
		expect(Object.keys(listed).sort()).toEqual(['data', 'status']);
		expect(listed.data).toMatchObject([
			{ key: defaultKey, default: true },
			{ key: 'talk', default: false },
		]);
		const full = (await send('GET', `/${owner}s/${id}`)).body.data;
		expect(full.referral_links).toEqual(
			[defaultKey, 'talk'].map((key) => `https://shop.example?${parameter}=${key}`),
		);
	});

	test('its key attributes, until it is changed or deleted', async () => {
		await create('talk');
		const attributed = async (customer: string, key: string) => {
			const by = program === 'affiliate' ? { partner: { key } } : { referring_customer: { key } };
			return (await send('POST', '/customers', { key: customer, ...by })).status;
		};
		expect(await attributed('c_1', 'talk')).toBe(200);
		expect((await send('PUT', `${links}/talk`, { key: 'speech' })).body.data).toMatchObject({
			id: 'speech',
			key: 'speech',
		});
		expect((await send('GET', `${links}/talk`)).status).toBe(404);
		expect(await attributed('c_2', 'talk')).toBe(400);
		expect(await attributed('c_3', 'speech')).toBe(200);
		expect((await send('DELETE', `${links}/speech`)).body).toEqual({ status: 1 });
		expect(await attributed('c_4', 'speech')).toBe(400);
	});

	test('no two have the same key', async () => {
		await create('talk');
		for (const key of ['talk', defaultKey, other]) {
			expect((await create(key)).status).toBe(422);
			expect((await send('PUT', `${links}/talk`, { key })).status).toBe(key === 'talk' ? 200 : 422);
		}
		expect(keysOf((await send('GET', list)).body)).toEqual([defaultKey, 'talk']);
	});

	test('the default one can have another key, but cannot be deleted', async () => {
		expect((await send('PUT', `${links}/${defaultKey}`, { key: 'first' })).body.data).toMatchObject(
			{ key: 'first', default: true },
		);
		expect((await send('DELETE', `${links}/first`)).status).toBe(422);
		expect(keysOf((await send('GET', list)).body)).toEqual(['first']);
	});

	test('an owner who is unknown is a 400', async () => {
		expect((await send('POST', links, { key: 'talk', [owner]: { id: 'nobody' } })).status).toBe(
			400,
		);
	});

	test('they come in pages, and are searched by a part of the key', async () => {
		for (let number = 1; number <= 11; number++) await create(`talk-${number}`);
		expect(keysOf((await send('GET', `${list}?limit=10`)).body)).toHaveLength(10);
		expect(keysOf((await send('GET', `${list}?limit=10&page=2`)).body)).toEqual([
			'talk-10',
			'talk-11',
		]);
		expect(keysOf((await send('GET', `${links}:search?key=TALK-1`)).body)).toEqual([
			'talk-1',
			'talk-10',
			'talk-11',
		]);
		expect((await send('GET', `${links}:search`)).status).toBe(422);
	});

	test('the other type of program has none of them', async () => {
		const wrong = client(sandbox, program === 'affiliate' ? 'referAFriend' : 'affiliate');
		for (const [method, path] of [
			['GET', list],
			['GET', `${links}/talk`],
			['DELETE', `${links}/talk`],
		]) {
			expect((await wrong(method, path)).status).toBe(403);
		}
	});
});

test("a search can be for one customer's links", async () => {
	const send = client(sandbox, 'referAFriend');
	for (const id of ['f_1', 'f_2']) {
		sandbox.program('referAFriend').customers.add({ id, key: `key-of-${id}` });
		await send('POST', '/customer_referral_links', { key: `talk-of-${id}`, customer: { id } });
	}
	const { body } = await send(
		'GET',
		'/customer_referral_links:search?key=talk-of&customer[id]=f_2',
	);
	expect(body.data).toMatchObject([{ key: 'talk-of-f_2' }]);
});

test('a link can be on another domain, and keeps it with another key', async () => {
	const send = client(sandbox);
	expect((await send('GET', '/partner_referral_links:domains')).body.data).toEqual([
		{ id: null, domain: 'shop.example', url: 'https://shop.example?aff=', is_additional: false },
		{ id: 'dom_2', domain: 'blog.example', url: 'https://blog.example?aff=', is_additional: true },
	]);
	const link = { key: 'talk', partner: { email: 'ANN@example.com' }, is_additional: true };
	expect(
		Object.keys(
			(await send('POST', '/partner_referral_links', { ...link, domain_id: 'dom_9' })).body.errors,
		),
	).toEqual(['domain_id']);
	const { body } = await send('POST', '/partner_referral_links', { ...link, domain_id: 'dom_2' });
	expect(body.data).toMatchObject({ url: 'https://blog.example?aff=talk', is_additional: true });
	const renamed = await send('PUT', '/partner_referral_links/talk', { key: 'speech' });
	expect(renamed.body.data).toMatchObject({
		url: 'https://blog.example?aff=speech',
		is_additional: true,
	});
});
