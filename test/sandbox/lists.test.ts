import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import type { Body, Send } from './client';
import { client } from './client';

let sandbox: Sandbox;
let send: Send;

beforeAll(async () => {
	sandbox = await startSandbox();
	send = client(sandbox);
});
beforeEach(() => sandbox.reset('empty'));
afterAll(() => sandbox.close());

const ids = (body: Body) => (body.data as unknown as Array<{ id: string }>).map(({ id }) => id);

/** Partners p_1 to p_<count>, a day apart. */
function addPartners(count: number): void {
	for (let number = 1; number <= count; number++) {
		const created_at = new Date(Date.UTC(2026, 0, number)).toISOString().replace('Z', '000Z');
		sandbox.program('affiliate').partners.add({
			id: `p_${number}`,
			key: `k${number}`,
			email: `e${number}@example.com`,
			created_at,
		});
	}
}

test('pages carry links and numbers, and no total', async () => {
	addPartners(25);
	const url = `${sandbox.url}/partners`;
	const first = (await send('GET', '/partners?limit=10')).body;
	expect(first.links).toEqual({
		first: `${url}?page=1`,
		last: null,
		prev: null,
		next: `${url}?page=2`,
	});
	expect(first.meta).toEqual({ current_page: 1, from: 1, path: url, per_page: 10, to: 10 });
	const last = (await send('GET', '/partners?limit=10&page=3')).body;
	expect(last.links).toMatchObject({ prev: `${url}?page=2`, next: null });
	expect(last.meta).toMatchObject({ from: 21, to: 25 });
	const beyond = (await send('GET', '/partners?limit=10&page=4')).body;
	expect(beyond).toMatchObject({ data: [], links: { next: null }, meta: { from: null, to: null } });
});

test('a last page that is just full has no next one', async () => {
	addPartners(20);
	expect((await send('GET', '/partners?limit=10&page=2')).body.links.next).toBeNull();
});

test('all pages together hold every record once, newest or oldest first', async () => {
	addPartners(25);
	const all = Array.from({ length: 25 }, (_, index) => `p_${index + 1}`);
	for (const [sort, expected] of [
		['asc', all],
		['desc', [...all].reverse()],
	] as const) {
		const pages = [1, 2, 3].map(async (page) =>
			ids((await send('GET', `/partners?limit=10&page=${page}&sort=${sort}`)).body),
		);
		expect((await Promise.all(pages)).flat()).toEqual(expected);
	}
	expect(ids((await send('GET', '/partners')).body)[0]).toBe('p_25');
});

test('a back-dated record is listed by its date', async () => {
	addPartners(3);
	await send('GET', '/partners');
	sandbox
		.program('affiliate')
		.partners.add({ id: 'old', created_at: '2025-01-01T00:00:00.000000Z' });
	expect(ids((await send('GET', '/partners')).body)).toEqual(['p_3', 'p_2', 'p_1', 'old']);
	sandbox.switches.order = 'recorded';
	expect(ids((await send('GET', '/partners')).body)).toEqual(['old', 'p_3', 'p_2', 'p_1']);
	sandbox.switches.order = 'createdAt';
});

test('a search matches a part of a value, whatever its case', async () => {
	const { partners } = sandbox.program('affiliate');
	partners.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com' });
	partners.add({ id: 'p_2', key: 'joanna', moreKeys: ['LEE-2'], email: 'joanna@example.com' });
	expect(ids((await send('GET', '/partners:search?email=ANN')).body)).toEqual(['p_2', 'p_1']);
	expect(ids((await send('GET', '/partners:search?key=lee')).body)).toEqual(['p_2', 'p_1']);
	expect(ids((await send('GET', '/partners:search?key=lee&email=jo')).body)).toEqual(['p_2']);
	expect(ids((await send('GET', '/partners:search?id=p_3')).body)).toEqual([]);
	expect((await send('GET', '/partners:search')).status).toBe(422);
});

test('transactions are filtered by key, partner and customer', async () => {
	const program = sandbox.program('affiliate');
	for (const name of ['ann', 'ben']) {
		program.partners.add({ key: name, email: `${name}@example.com` });
		program.customers.add({ key: `c-${name}`, partner: name });
		for (const key of ['a', 'ab'])
			program.transactions.add({ key, amount: 1, customer: `c-${name}` });
	}
	const found = async (query: string) => {
		const { body } = await send('GET', `/transactions?${query}`);
		return (body.data as unknown as Array<{ key: string; customer: string }>)
			.map(({ key, customer }) => `${customer} ${key}`)
			.sort();
	};
	expect(await found('key=a')).toEqual(['c-ann a', 'c-ben a']);
	expect(await found('partner_key=ann')).toEqual(['c-ann a', 'c-ann ab']);
	expect(await found('partner.key=ann')).toEqual(['c-ann a', 'c-ann ab']);
	expect(await found('partner_email=BEN@example.com&key=ab')).toEqual(['c-ben ab']);
	expect(await found('customer.key=c-ben')).toEqual(['c-ben a', 'c-ben ab']);
	expect(await found('partner_key=nobody')).toEqual([]);
});

test('customers are filtered by partner, and by whether they were referred', async () => {
	const { partners, customers } = sandbox.program('affiliate');
	partners.add({ key: 'ann', email: 'ann@example.com' });
	customers.add({ key: 'c1', partner: 'ann' });
	customers.add({ key: 'c2' });
	for (const query of [
		'partner_key=ann',
		'partner.key=ann',
		'partner_email=ann@example.com',
		'partner.email=ann@example.com',
	]) {
		expect((await send('GET', `/customers?${query}`)).body.data).toMatchObject([{ key: 'c1' }]);
	}
	const friends = sandbox.program('referAFriend').customers;
	friends.add({ id: 'u1' });
	friends.add({ id: 'u2', referringCustomer: 'u1' });
	const sendFriend = client(sandbox, 'referAFriend');
	expect(ids((await sendFriend('GET', '/customers?refer_status=referred')).body)).toEqual(['u2']);
	expect(ids((await sendFriend('GET', '/customers?refer_status=non_referred')).body)).toEqual([
		'u1',
	]);
});
