import type { ProgramName } from '../../sandbox/programs';
import type { AddedProgram, Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import type { Body } from './client';
import { rawClient } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	// Where the clients disagree with each other, the server takes either form.
	const switches = {
		updates: 'either',
		createdAt: 'either',
		leadsConvert: 'either',
		limits: '1-250',
	} as const;
	sandbox = await startSandbox({ seed: 'empty', manners: 'laravel', switches });
});
afterAll(() => sandbox.close());

interface Call {
	client: 'PHP SDK' | 'WordPress plugin' | 'vendor n8n node' | 'Python SDK';
	what: string;
	/** Default: affiliate. */
	program?: ProgramName;
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	body?: unknown;
	/** Section or fact of partnero-api.md. */
	source: string;
	/** What the client reads of the answer. */
	reads: object;
}

const done = { status: 1 };
const list = { data: expect.any(Array), status: 1 };
const record = (fields: object) => ({ data: fields, status: 1 });
const sale = { key: 'inv_1', amount: 99.99, action: 'sale' };

/** Request forms of clients that work on the real API, as facts; what a client sends beside them is left out. */
const calls: Call[] = [
	// The vendor's SDK: parameters of a GET in a JSON body, `[]` where there are none, the `update` wrapper.
	{
		client: 'PHP SDK',
		what: 'test',
		method: 'GET',
		path: '/test',
		body: [],
		source: '2.1, N11',
		reads: done,
	},
	{
		client: 'PHP SDK',
		what: 'list of partners',
		method: 'GET',
		path: '/partners',
		body: { limit: 15, page: 1 },
		source: '2.2, N11',
		reads: list,
	},
	{
		client: 'PHP SDK',
		what: 'search for partners',
		method: 'GET',
		path: '/partners:search',
		body: { email: 'ann@example.com' },
		source: '2.2, N11',
		reads: record([{ id: 'p_1' }]),
	},
	{
		client: 'PHP SDK',
		what: 'partner by key',
		method: 'GET',
		path: '/partner',
		body: { key: 'annlee' },
		source: '2.2, N11',
		reads: record({ id: 'p_1' }),
	},
	{
		client: 'PHP SDK',
		what: 'new partner',
		method: 'POST',
		path: '/partners',
		body: { email: 'new@example.com', name: 'New', password: null },
		source: '2.2',
		reads: record({ email: 'new@example.com' }),
	},
	{
		client: 'PHP SDK',
		what: 'update of a partner by its key',
		method: 'PUT',
		path: '/partners',
		body: { key: 'annlee', update: { name: 'Anna' } },
		source: '2.2, N11',
		reads: record({ name: 'Anna' }),
	},
	{
		client: 'PHP SDK',
		what: 'deletion of a partner by its email',
		method: 'DELETE',
		path: '/partners',
		body: { email: 'ann@example.com' },
		source: '2.2',
		reads: done,
	},
	{
		client: 'PHP SDK',
		what: 'list of customers of a partner',
		method: 'GET',
		path: '/customers',
		body: { limit: 15, partner: { key: 'annlee' } },
		source: '2.3.1, N11',
		reads: record([{ key: 'user_1' }]),
	},
	{
		client: 'PHP SDK',
		what: 'new customer',
		method: 'POST',
		path: '/customers',
		body: { partner: { key: 'annlee' }, key: 'new', email: 'new@example.com', name: 'New' },
		source: '2.3.1',
		reads: record({ key: 'new', partner: 'p_1' }),
	},
	{
		client: 'PHP SDK',
		what: 'update of a customer',
		method: 'PUT',
		path: '/customers',
		body: { key: 'user_1', update: { name: 'Una' } },
		source: '2.3.1, N11',
		reads: record({ name: 'Una' }),
	},
	{
		client: 'PHP SDK',
		what: 'deletion of a customer',
		method: 'DELETE',
		path: '/customers',
		body: { key: 'user_1' },
		source: '2.3.1',
		reads: done,
	},
	{
		client: 'PHP SDK',
		what: 'one sale',
		method: 'POST',
		path: '/transactions',
		body: { ...sale, customer: { key: 'user_1' } },
		source: '2.4',
		reads: record({ key: 'inv_1', customer: 'user_1' }),
	},
	{
		client: 'PHP SDK',
		what: 'sale with a status',
		method: 'POST',
		path: '/transactions',
		body: { ...sale, status: 'ok', customer: { key: 'user_1' } },
		source: '2.4',
		reads: record({ key: 'inv_1' }),
	},
	{
		client: 'PHP SDK',
		what: 'deletion of a sale by path and body',
		method: 'DELETE',
		path: '/transactions/old_1',
		body: { key: 'old_1' },
		source: 'N4',
		reads: done,
	},
	{
		client: 'PHP SDK',
		what: 'archiving of a sale, the key in the body as well',
		method: 'POST',
		path: '/transactions/old_1/archive',
		body: { key: 'old_1' },
		source: 'N11',
		reads: done,
	},
	{
		client: 'PHP SDK',
		what: 'referral link by its id',
		method: 'GET',
		path: '/partner_referral_links/annlee',
		body: [],
		source: '2.10',
		reads: record({ key: 'annlee' }),
	},
	{
		client: 'PHP SDK',
		what: 'search for referral links',
		method: 'GET',
		path: '/partner_referral_links:search',
		body: { key: 'annlee' },
		source: '2.10',
		reads: record([{ key: 'annlee' }]),
	},
	{
		client: 'PHP SDK',
		what: 'update of a referral link, with fields that nobody knows',
		method: 'PUT',
		path: '/partner_referral_links/annlee',
		body: { key: 'ann', isAdditional: false, directTracking: false },
		source: '2.10',
		reads: record({ key: 'ann' }),
	},
	{
		client: 'PHP SDK',
		what: 'webhook',
		method: 'POST',
		path: '/webhooks',
		body: {
			name: 'hook',
			url: 'https://receiver.example/h',
			events: ['partner.created'],
			is_active: true,
		},
		source: '3.1',
		reads: record({ signature: expect.any(String) }),
	},
	{
		client: 'PHP SDK',
		what: 'update of a customer',
		program: 'referAFriend',
		method: 'PUT',
		path: '/customers',
		body: { id: 'u_1', update: { name: 'Una' } },
		source: '2.3.2, N11',
		reads: record({ id: 'u_1', name: 'Una' }),
	},
	{
		client: 'PHP SDK',
		what: 'list of those who were referred',
		program: 'referAFriend',
		method: 'GET',
		path: '/customers',
		body: { refer_status: 'referred' },
		source: '2.3.2, N11',
		reads: record([{ id: 'u_1' }]),
	},
	{
		client: 'PHP SDK',
		what: 'invitation',
		program: 'referAFriend',
		method: 'POST',
		path: '/customers:invite',
		body: { email: 'i@example.com', personalization: { greeting: 'Hi' } },
		source: '2.3.2',
		reads: done,
	},
	{
		client: 'PHP SDK',
		what: 'credit',
		program: 'referAFriend',
		method: 'POST',
		path: '/customers/u_1/balance/credit',
		body: { amount: 10, is_currency: true, amount_units: 'usd' },
		source: '2.3.2',
		reads: done,
	},
	{
		client: 'PHP SDK',
		what: 'statistics',
		program: 'referAFriend',
		method: 'GET',
		path: '/customers/u_1/stats',
		body: [],
		source: '2.3.2',
		reads: done,
	},
	{
		client: 'PHP SDK',
		what: 'new subscriber, its id called identifier',
		program: 'newsletter',
		method: 'POST',
		path: '/subscribers',
		body: { email: 'new@example.com', identifier: 's_9' },
		source: '2.8',
		reads: record({ id: 's_9' }),
	},
	{
		client: 'PHP SDK',
		what: 'update of a subscriber',
		program: 'newsletter',
		method: 'PUT',
		path: '/subscribers',
		body: { id: 's_1', update: { identifier: 's_2', name: 'Rea' } },
		source: '2.8',
		reads: record({ id: 's_2', name: 'Rea' }),
	},
	{
		client: 'PHP SDK',
		what: 'deletion of a subscriber',
		program: 'newsletter',
		method: 'DELETE',
		path: '/subscribers',
		body: { email: 'rea@example.com' },
		source: '2.8',
		reads: done,
	},

	// The vendor's plugin: nested customers, lists of products, deletion in the body.
	{
		client: 'WordPress plugin',
		what: 'which program a key belongs to',
		method: 'GET',
		path: '/test',
		source: 'N2',
		reads: { data: { program: { pub_id: expect.any(String), type: 'affiliate' } } },
	},
	{
		client: 'WordPress plugin',
		what: 'which program a key belongs to',
		program: 'referAFriend',
		method: 'GET',
		path: '/test',
		source: 'N2',
		reads: { data: { program: { type: 'refer_a_friend' } } },
	},
	{
		client: 'WordPress plugin',
		what: 'the flat overview',
		method: 'GET',
		path: '/program/overview',
		source: 'N9',
		reads: { data: { program: { type: 'Affiliate' } } },
	},
	{
		client: 'WordPress plugin',
		what: 'the flat overview',
		program: 'referAFriend',
		method: 'GET',
		path: '/program/overview',
		source: 'N9',
		reads: { data: { program: { type: 'Referral' } } },
	},
	{
		client: 'WordPress plugin',
		what: 'new customer beside its partner',
		method: 'POST',
		path: '/customers',
		body: {
			partner: { key: 'annlee' },
			customer: { key: 'new', email: 'n@example.com', name: 'N' },
		},
		source: 'N6',
		reads: record({ key: 'new', partner: 'p_1' }),
	},
	{
		client: 'WordPress plugin',
		what: 'sale of several products',
		method: 'POST',
		path: '/transactions',
		body: {
			...sale,
			product_id: [11, 12],
			product_type: ['simple', 'bundle'],
			customer: { key: 'user_1' },
		},
		source: 'N5',
		reads: record({ rewards: [{ product_type_data: { product_id: [11, 12] } }] }),
	},
	{
		client: 'WordPress plugin',
		what: 'sale of one product',
		method: 'POST',
		path: '/transactions',
		body: { ...sale, product_id: 11, product_type: [], customer: { key: 'user_1' } },
		source: 'N5',
		reads: record({ rewards: [{ product_type_data: { product_id: 11, product_type: [] } }] }),
	},
	{
		client: 'WordPress plugin',
		what: 'deletion of a sale by the body',
		method: 'DELETE',
		path: '/transactions',
		body: { key: 'old_1' },
		source: 'N3',
		reads: done,
	},
	{
		client: 'WordPress plugin',
		what: 'new customer with its own id',
		program: 'referAFriend',
		method: 'POST',
		path: '/customers',
		body: { id: 'u_9', email: 'n@example.com', referring_customer: { key: 'alma' } },
		source: 'N7',
		reads: record({ id: 'u_9' }),
	},
	{
		client: 'WordPress plugin',
		what: 'customer by its id',
		program: 'referAFriend',
		method: 'GET',
		path: '/customers/u_1',
		source: 'N7',
		reads: record({ id: 'u_1' }),
	},
	{
		client: 'WordPress plugin',
		what: "sale by the customer's id",
		program: 'referAFriend',
		method: 'POST',
		path: '/transactions',
		body: { ...sale, customer: { id: 'u_1' } },
		source: 'N7',
		reads: record({ referred_customer: 'u_1' }),
	},

	// The vendor's node: fields that were not filled are empty texts, updates have no wrapper.
	{
		client: 'vendor n8n node',
		what: 'list',
		method: 'GET',
		path: '/partners?limit=100&page=1&sort=desc',
		source: '1.3',
		reads: { ...list, links: { next: null } },
	},
	{
		client: 'vendor n8n node',
		what: 'search',
		method: 'GET',
		path: '/partners:search?key=annl',
		source: '2.2, N16',
		reads: list,
	},
	{
		client: 'vendor n8n node',
		what: 'partner by its email',
		method: 'GET',
		path: '/partner?email=ann@example.com',
		source: '2.2, N16',
		reads: record({ id: 'p_1' }),
	},
	{
		client: 'vendor n8n node',
		what: 'new partner with empty fields',
		method: 'POST',
		path: '/partners',
		body: { email: 'new@example.com', name: '', surname: '', password: '', key: '', id: '' },
		source: 'N15',
		reads: record({ name: null }),
	},
	{
		client: 'vendor n8n node',
		what: 'update of a partner',
		method: 'PUT',
		path: '/partners/p_1',
		body: { name: 'Anna', surname: '' },
		source: '2.2, N15',
		reads: record({ name: 'Anna' }),
	},
	{
		client: 'vendor n8n node',
		what: 'update of a customer',
		method: 'PUT',
		path: '/customers/user_1',
		body: { name: 'Una', email: '' },
		source: '2.3.1, N15',
		reads: record({ name: 'Una' }),
	},
	{
		client: 'vendor n8n node',
		what: 'customers of a partner',
		method: 'GET',
		path: '/customers?partner_key=annlee&limit=10&page=1',
		source: '2.3.1',
		reads: record([{ key: 'user_1' }]),
	},
	{
		client: 'vendor n8n node',
		what: 'sale with a date and empty fields',
		method: 'POST',
		path: '/transactions',
		body: {
			...sale,
			created_at: '2026-01-01T00:00:00Z',
			product_id: '',
			customer: { key: 'user_1', email: '', id: '' },
		},
		source: '2.4, N15',
		reads: record({ created_at: '2026-01-01T00:00:00.000000Z' }),
	},
	{
		client: 'vendor n8n node',
		what: 'deletion of a sale',
		method: 'DELETE',
		path: '/transactions/old_1',
		source: '2.4',
		reads: done,
	},
	{
		client: 'vendor n8n node',
		what: 'bonus',
		method: 'POST',
		path: '/partners/p_1/reward',
		body: { amount: 25.5, note: '', date: '' },
		source: '2.2, N14',
		reads: record({ amount: 25.5 }),
	},
	{
		client: 'vendor n8n node',
		what: 'sign-in URL',
		method: 'POST',
		path: '/partners:sign-in-url',
		body: { key: 'annlee', email: '', expires_in: 120 },
		source: '2.2, N14',
		reads: record({ url: expect.any(String) }),
	},
	{
		client: 'vendor n8n node',
		what: 'conversion of a lead',
		method: 'POST',
		path: '/leads/convert',
		body: { id: 41, commission_transaction_amount: 500 },
		source: '2.5, N14',
		reads: record({ status: 'converted' }),
	},
	{
		client: 'vendor n8n node',
		what: 'payout request',
		method: 'POST',
		path: '/payout_requests',
		body: {
			partner: { key: 'annlee' },
			amount_units: 'usd',
			gateway: 'paypal',
			payout_settings: { username: 'ann@example.com', name: '' },
		},
		source: '2.11, N14, N15',
		reads: record({ status: 'requested' }),
	},

	// A third party's SDK, from the old documents.
	{
		client: 'Python SDK',
		what: 'list of partners',
		method: 'GET',
		path: '/partners?limit=15&page=1',
		source: '2.2',
		reads: list,
	},
	{
		client: 'Python SDK',
		what: 'search by name, which is not heeded',
		method: 'GET',
		path: '/partners:search?email=ann&name=Ann',
		source: '2.2',
		reads: list,
	},
	{
		client: 'Python SDK',
		what: 'update of a partner',
		method: 'PUT',
		path: '/partners/p_1',
		body: { name: 'Anna' },
		source: '2.2',
		reads: record({ name: 'Anna' }),
	},
	{
		client: 'Python SDK',
		what: 'sales of a customer',
		method: 'GET',
		path: '/customers/user_1/transactions?limit=15&page=1',
		source: '2.3.1',
		reads: list,
	},
	{
		client: 'Python SDK',
		what: 'amount as text',
		method: 'POST',
		path: '/transactions',
		body: { ...sale, amount: '99.99', customer: { key: 'user_1' } },
		source: '2.4',
		reads: record({ amount: 99.99 }),
	},
];

/** What clients send and the sandbox does not take, and why. */
const notTaken: Array<
	Pick<Call, 'client' | 'method' | 'path' | 'body' | 'source'> & { reason: string }
> = [
	{
		client: 'PHP SDK',
		method: 'PUT',
		path: '/settings',
		body: { settings: { a: 1 } },
		source: '2.1',
		reason: 'nobody documents its keys',
	},
	{
		client: 'PHP SDK',
		method: 'POST',
		path: '/customer',
		body: { customer: { key: 'c' }, partner: { key: 'annlee' } },
		source: '2.3.1',
		reason: 'the form of 2022 is deprecated',
	},
	{
		client: 'Python SDK',
		method: 'PUT',
		path: '/coupons/WINTER',
		body: { name: 'W', active: true },
		source: '2.6',
		reason: 'the form of 2023, which newer documents replace',
	},
	{
		client: 'Python SDK',
		method: 'PUT',
		path: '/promotion-codes/CODE',
		body: { metadata: {} },
		source: '2.7',
		reason: 'the form of 2023, which newer documents replace',
	},
];

function newProgram(name: ProgramName): AddedProgram {
	const program = sandbox.addProgram(name);
	const { partners, customers, transactions, leads, subscribers, bonuses } = program.state;
	if (name === 'affiliate') {
		const { id } = partners.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com' });
		customers.add({ key: 'user_1', partner: id });
		transactions.add({ key: 'old_1', amount: 50, customer: 'user_1' });
		leads.add({ id: '41', partner: id });
		bonuses.push({
			id: 1,
			partner: id,
			amount: 5,
			amount_units: 'USD',
			is_currency: true,
			note: null,
			created_at: '2026-01-01T00:00:00.000000Z',
		});
	}
	if (name === 'referAFriend') {
		customers.add({ id: 'u_0', key: 'alma', email: 'alma@example.com' });
		customers.add({ id: 'u_1', key: 'una', email: 'una@example.com', referringCustomer: 'u_0' });
	}
	if (name === 'newsletter') subscribers.add({ id: 's_1', email: 'rea@example.com' });
	return program;
}

test.each(calls)(
	'$client: $what ($method $path; $source)',
	async ({ program: name = 'affiliate', method, path, body, reads }) => {
		const program = newProgram(name);
		const {
			status,
			headers,
			body: answer,
		} = await rawClient(sandbox.url, program.key)(method, path, body);
		expect({ status, answer }).toMatchObject({ status: expect.any(Number), answer: reads });
		expect(status).toBeLessThan(300);
		// The PHP SDK decodes no other type (N10).
		expect(headers['content-type']).toBe('application/json');
	},
);

test.each(notTaken)(
	'$client: $method $path is not taken: $reason',
	async ({ method, path, body }) => {
		const program = newProgram('affiliate');
		const { status, body: answer } = await rawClient(sandbox.url, program.key)(method, path, body);
		expect([404, 405]).toContain(status);
		expect((answer as Body).message).toBeDefined();
	},
);

test('a sale that was deleted is gone, and its key is free again (N8)', async () => {
	const { key, ledger } = newProgram('affiliate');
	const send = rawClient(sandbox.url, key);
	await send('DELETE', '/transactions', { key: 'old_1' });
	expect((await send('GET', '/transactions/old_1')).status).toBe(404);
	expect(
		(await send('POST', '/transactions', { ...sale, key: 'old_1', customer: { key: 'user_1' } }))
			.status,
	).toBe(200);
	expect(ledger().transactions).toMatchObject({ total: 1, twice: [] });
});
