import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import type { Switches } from '../../sandbox/switches';
import { defaultSwitches } from '../../sandbox/switches';

import type { Send } from './client';
import { client } from './client';

let sandbox: Sandbox;
let send: Send;
let sendFriend: Send;

beforeAll(async () => {
	sandbox = await startSandbox({ switches: { createStatus: '201' } });
	send = client(sandbox);
	sendFriend = client(sandbox, 'referAFriend');
});
beforeEach(() => {
	sandbox.reset();
	Object.assign(sandbox.switches, defaultSwitches());
});
afterAll(() => sandbox.close());

/** One position of a switch, a request, and the status it gets. */
type Row = [Partial<Switches>, string, string, unknown, number];

const sale = { key: 'order_5001', amount: 1, customer: { key: 'cust_1001' } };

test.each<Row>([
	[{ limits: '10-100' }, 'GET', '/partners?limit=9', undefined, 422],
	[{ limits: '10-100' }, 'GET', '/partners?limit=101', undefined, 422],
	[{ limits: '10-100' }, 'GET', '/partners?limit=100', undefined, 200],
	[{ limits: '1-250' }, 'GET', '/partners?limit=1', undefined, 200],
	[{ limits: '1-250' }, 'GET', '/partners?limit=250', undefined, 200],
	[{ limits: '1-250' }, 'GET', '/partners?limit=251', undefined, 422],
	[{ updates: 'wrapper' }, 'PUT', '/partners/p_annlee', { update: { name: 'A' } }, 200],
	[{ updates: 'wrapper' }, 'PUT', '/partners/p_annlee', { name: 'A' }, 422],
	[{ updates: 'toplevel' }, 'PUT', '/partners/p_annlee', { update: { name: 'A' } }, 422],
	[{ updates: 'toplevel' }, 'PUT', '/partners/p_annlee', { name: 'A' }, 200],
	[{ updates: 'either' }, 'PUT', '/customers/cust_1001', { update: { name: 'A' } }, 200],
	[{ updates: 'either' }, 'PUT', '/customers/cust_1001', { name: 'A' }, 200],
	[{ leadsConvert: 'post' }, 'GET', '/leads/reject?id=41', undefined, 405],
	[
		{ leadsConvert: 'post' },
		'GET',
		'/leads/convert?id=41&commission_transaction_amount=1',
		undefined,
		405,
	],
	[
		{ leadsConvert: 'get' },
		'POST',
		'/leads/convert',
		{ id: 41, commission_transaction_amount: 1 },
		405,
	],
	[{ leadsConvert: 'get' }, 'POST', '/leads/reject', { id: 41 }, 405],
	[
		{ leadsConvert: 'get' },
		'GET',
		'/leads/convert?id=41&commission_transaction_amount=1',
		undefined,
		200,
	],
	[{ leadsConvert: 'either' }, 'POST', '/leads/reject', { id: 41 }, 200],
	[
		{ createdAt: 'unix' },
		'POST',
		'/transactions',
		{ ...sale, created_at: '2026-01-01T00:00:00Z' },
		422,
	],
	[{ createdAt: 'iso' }, 'POST', '/transactions', { ...sale, created_at: 1_700_000_000 }, 422],
	[
		{ createdAt: 'iso' },
		'POST',
		'/transactions',
		{ ...sale, created_at: '2026-01-01T00:00:00Z' },
		200,
	],
	[{ createdAt: 'either' }, 'POST', '/transactions', { ...sale, created_at: 1_700_000_000 }, 200],
	[{ payoutRefusal: '422' }, 'POST', '/payout_requests/69/mark_as_paid', undefined, 422],
	[{ payoutRefusal: '400' }, 'POST', '/payout_requests/69/mark_as_paid', undefined, 400],
	[{ payoutRefusal: '409' }, 'POST', '/payout_requests/64/approve', undefined, 409],
	[{ customerPath: 'key' }, 'GET', '/customers/maya.adams@customers.example', undefined, 404],
	[{ customerPath: 'key' }, 'GET', '/customers/cust_1001', undefined, 200],
	[{ customerPath: 'any' }, 'GET', '/customers/maya.adams@customers.example', undefined, 200],
	[
		{ unknownCustomer: 'refuse' },
		'POST',
		'/transactions',
		{ ...sale, customer: { key: 'nobody' } },
		422,
	],
	[
		{ unknownCustomer: 'record' },
		'POST',
		'/transactions',
		{ ...sale, customer: { key: 'nobody' } },
		200,
	],
	[{ duplicateTransactionKeys: 'refuse' }, 'POST', '/transactions', sale, 422],
	[{ duplicateTransactionKeys: 'record' }, 'POST', '/transactions', sale, 200],
	[{ createStatus: '201' }, 'POST', '/partners', { email: 'n@example.com' }, 201],
	[{ createStatus: '200' }, 'POST', '/partners', { email: 'n@example.com' }, 200],
])('%j: %s %s %j → %i', async (switches, method, path, body, status) => {
	Object.assign(sandbox.switches, switches);
	expect((await send(method, path, body)).status).toBe(status);
});

test('a limit out of range names the field', async () => {
	expect((await send('GET', '/customers?limit=5')).body.errors).toHaveProperty('limit');
});

test.each([
	['10-100', 10],
	['1-250', 15],
] as const)('limits %s: %i records unless asked otherwise', async (limits, count) => {
	sandbox.switches.limits = limits;
	const { body } = await send('GET', '/customers');
	expect(body).toMatchObject({ data: { length: count }, meta: { per_page: count } });
});

test('programShape: four blocks or flat, for both program types', async () => {
	for (const request of [send, sendFriend]) {
		sandbox.switches.programShape = 'blocks';
		const blocks = (await request('GET', '/program')).body.data;
		expect(Object.keys(blocks)).toEqual([
			'program',
			'stats',
			'program_settings',
			'portal_settings',
		]);
		sandbox.switches.programShape = 'flat';
		const flat = (await request('GET', '/program')).body.data;
		expect(flat).toMatchObject({ ...(blocks.stats as object), program: blocks.program });
		expect(flat).toHaveProperty('overview_program_current_settings');
	}
});

test('payoutAnswer: the payout request, or only a status', async () => {
	expect((await send('POST', '/payout_requests/69/approve')).body.data).toMatchObject({
		id: 69,
		status: 'approved',
	});
	sandbox.switches.payoutAnswer = 'status';
	expect((await send('POST', '/payout_requests/69/mark_as_paid')).body).toEqual({ status: 1 });
});

test('batchAnswer: the records, or only a status', async () => {
	const batch = { customer: { key: 'cust_1001' }, transactions: [{ key: 'b1', amount: 1 }] };
	expect((await send('POST', '/transactions', batch)).body.data).toMatchObject([{ key: 'b1' }]);
	sandbox.switches.batchAnswer = 'status';
	expect((await send('POST', '/transactions', batch)).body).toEqual({ status: 1 });
	expect(sandbox.ledger().transactions.byKey.b1?.count).toBe(2);
});

test('customerPath in a refer-a-friend program: the id, or anything', async () => {
	expect((await sendFriend('GET', '/customers/alma')).status).toBe(200);
	sandbox.switches.customerPath = 'key';
	expect((await sendFriend('GET', '/customers/alma')).status).toBe(404);
	expect((await sendFriend('GET', '/customers/user_1')).status).toBe(200);
});

test('referralTransactions: what a customer referred, or its own sales too', async () => {
	const buyers = async () => {
		const { body } = await sendFriend('GET', '/customers/deniz/transactions?limit=100');
		return new Set(
			(body.data as unknown as Array<{ referred_customer: string }>).map(
				(sale) => sale.referred_customer,
			),
		);
	};
	expect(await buyers()).toEqual(new Set(['user_9']));
	sandbox.switches.referralTransactions = 'both';
	expect(await buyers()).toEqual(new Set(['user_4', 'user_9']));
});

test('referrals: all at once, or in pages', async () => {
	for (let index = 0; index < 15; index++)
		sandbox.program('referAFriend').customers.add({ referringCustomer: 'june' });
	const all = (await sendFriend('GET', '/customers/june/referrals?limit=10')).body;
	expect(all.data).toHaveLength(15);
	sandbox.switches.referrals = 'paged';
	const page = (await sendFriend('GET', '/customers/june/referrals?limit=10')).body;
	expect(page).toMatchObject({ data: { length: 10 }, links: { next: expect.any(String) } });
});
