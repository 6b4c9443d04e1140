import { startSandbox, type Sandbox } from '../../sandbox/server';
import { client, type Send } from './client';

let sandbox: Sandbox;
let send: Send;
let sendFriend: Send;

beforeAll(async () => {
	sandbox = await startSandbox();
	send = client(sandbox);
	sendFriend = client(sandbox, 'referAFriend');
});
beforeEach(() => sandbox.reset('empty'));
afterAll(() => sandbox.close());

describe('an affiliate program', () => {
	beforeEach(() => {
		const program = sandbox.program('affiliate');
		program.partners.add({ id: 'p_ann', key: 'annlee', moreKeys: ['ann-yt'], email: 'Ann@example.com' });
		program.customers.add({ key: 'bob', email: 'bob@example.com', partner: 'annlee' });
	});

	const sale = (key: string | undefined, amount = 50.99) => ({ key, amount, action: 'sale', customer: { key: 'bob' } });

	test('a sale pays 30 % to the partner of the customer', async () => {
		const { body } = await send('POST', '/transactions', sale('inv_1'));
		expect(body.data).toMatchObject({ key: 'inv_1', partner: 'p_ann', customer: 'bob' });
		expect(body.data.rewards).toMatchObject([{ key: 'inv_1', partner: 'p_ann', amount: 15.297, status: 'ok' }]);
		expect(sandbox.ledger().transactions.byKey).toEqual({
			inv_1: { count: 1, amount: 50.99, commission: 15.297, customers: ['bob'], earners: ['p_ann'] },
		});
		expect(sandbox.ledger().commission).toEqual({
			total: 15.297,
			byEarner: { p_ann: { key: 'annlee', email: 'Ann@example.com', sales: 1, commission: 15.297, bonuses: 0 } },
		});
	});

	test('a key that exists is recorded, and paid, a second time', async () => {
		await send('POST', '/transactions', sale('inv_1', 10));
		await send('POST', '/transactions', sale('inv_1', 10));
		const { transactions, commission } = sandbox.ledger();
		expect(transactions).toMatchObject({ total: 2, twice: ['inv_1'], byKey: { inv_1: { count: 2, commission: 6 } } });
		expect(commission.total).toBe(6);
		const { body } = await send('GET', '/transactions?key=inv_1');
		expect(body.data).toHaveLength(2);
	});

	test('deleting a sale takes its commission back', async () => {
		await send('POST', '/transactions', sale('inv_1'));
		await send('POST', '/transactions', sale('inv_2', 10));
		expect((await send('DELETE', '/transactions/inv_1')).body).toEqual({ status: 1 });
		expect(sandbox.ledger().commission.total).toBe(3);
		expect((await send('GET', '/transactions/inv_1')).status).toBe(404);
		expect((await send('DELETE', '/transactions/inv_1')).status).toBe(404);
	});

	test('several sales of one customer in one request', async () => {
		const transactions = [{ key: 't1', amount: 10 }, { key: 't2', amount: 20, action: 'renewal' }];
		const { body } = await send('POST', '/transactions', { customer: { key: 'bob' }, transactions });
		expect(body.data).toMatchObject([{ key: 't1', action: 'sale' }, { key: 't2', action: 'renewal' }]);
		expect(sandbox.ledger().transactions).toMatchObject({ total: 2, amount: 30 });
	});

	test('reward, rewardable and rewarded decide what a sale pays', async () => {
		await send('POST', '/transactions', { key: 'fixed', reward: 7, customer: { key: 'bob' } });
		await send('POST', '/transactions', { ...sale('none'), rewardable: false });
		await send('POST', '/transactions', { ...sale('paid'), rewarded: true });
		expect(sandbox.ledger().transactions.byKey).toMatchObject({
			fixed: { amount: 0, commission: 7 },
			none: { commission: 0 },
			paid: { commission: 0 },
		});
	});

	test('a sale may create its customer, but not without a partner', async () => {
		const customer = { key: 'new', email: 'new@example.com', partner: { key: 'ann-yt' } };
		const input = { key: 'k', amount: 10, customer, options: { create_customer: true } };
		expect((await send('POST', '/transactions', input)).body.data).toMatchObject({ customer: 'new', partner: 'p_ann' });
		const { partner: _partner, ...orphan } = { ...customer, key: 'orphan' };
		const refused = await send('POST', '/transactions', { ...input, customer: orphan });
		expect(refused).toEqual({ status: 400, body: { message: 'Invalid partner key', status: 0 } });
		expect(sandbox.ledger().transactions.total).toBe(1);
	});

	test('a sale for nobody known is recorded for nobody', async () => {
		const { body } = await send('POST', '/transactions', { key: 'k', amount: 10, customer: { key: 'nobody' } });
		expect(body.data).toMatchObject({ partner: null, customer: null, rewards: [] });
		expect(sandbox.ledger().transactions.byKey.k).toMatchObject({ count: 1, commission: 0, customers: [null] });
	});

	test('a back-dated sale keeps its date', async () => {
		const { body } = await send('POST', '/transactions', { ...sale('old'), created_at: 1_700_000_000 });
		expect(body.data.created_at).toBe('2023-11-14T22:13:20.000000Z');
	});

	test('suspended and archived customers earn nothing for their partner', async () => {
		await send('POST', '/customers/bob/suspend');
		await send('POST', '/transactions', sale('suspended'));
		await send('POST', '/customers/bob/approve');
		await send('POST', '/transactions', sale('approved', 10));
		await send('POST', '/customers/bob/archive');
		await send('POST', '/transactions', sale('archived'));
		await send('POST', '/customers/bob/revoke-archive');
		await send('POST', '/transactions', sale('restored', 20));
		expect(sandbox.ledger().transactions.byKey).toMatchObject({
			suspended: { commission: 0 },
			approved: { commission: 3 },
			archived: { commission: 0 },
			restored: { commission: 6 },
		});
	});

	test.each([
		['/partners/p_ann', 'active'],
		['/customers/bob', 'active'],
	])('%s is archived once, and restored to what it was', async (path, before) => {
		expect((await send('POST', `${path}/archive`)).status).toBe(200);
		expect((await send('GET', path)).body.data.status).toBe('archived');
		expect((await send('POST', `${path}/archive`)).status).toBe(400);
		expect((await send('POST', `${path}/revoke-archive`)).status).toBe(200);
		expect((await send('GET', path)).body.data.status).toBe(before);
		expect((await send('POST', `${path}/revoke-archive`)).status).toBe(400);
	});

	test('a transaction is archived and restored', async () => {
		await send('POST', '/transactions', sale('a/b'));
		expect((await send('POST', '/transactions/a%2Fb/archive')).status).toBe(200);
		expect((await send('POST', '/transactions/a%2Fb/archive')).status).toBe(400);
		expect((await send('POST', '/transactions/a%2Fb/revoke-archive')).status).toBe(200);
	});

	test('deleting a customer removes its sales and their commission', async () => {
		await send('POST', '/transactions', sale('inv_1'));
		await send('DELETE', '/customers/bob');
		expect(sandbox.ledger()).toMatchObject({ transactions: { total: 0 }, commission: { total: 0 }, customers: [] });
	});

	test('deleting a partner leaves its customers without one', async () => {
		await send('DELETE', '/partners', { key: 'ann-yt' });
		expect((await send('GET', '/customers/bob')).body.data.partner).toBeNull();
		await send('POST', '/transactions', sale('k'));
		expect(sandbox.ledger().commission.total).toBe(0);
	});

	test.each<[string, object, string]>([
		['/partners', { email: 'ann@EXAMPLE.com' }, 'email'],
		['/partners', { email: 'x@example.com', key: 'ann-yt' }, 'key'],
		['/partners', { email: 'x@example.com', id: 'p_ann' }, 'id'],
		['/customers', { key: 'bob', partner: { key: 'annlee' } }, 'key'],
		['/customers', { key: 'x', email: 'BOB@example.com', partner: { key: 'annlee' } }, 'email'],
	])('POST %s %j is refused: %s is taken', async (path, body, field) => {
		const reply = await send('POST', path, body);
		expect(reply.status).toBe(422);
		expect(Object.keys(reply.body.errors)).toEqual([field]);
		expect(sandbox.ledger()).toMatchObject({ partners: { length: 1 }, customers: { length: 1 } });
	});

	test('a referral key may be any of the partner, but a path takes the id only', async () => {
		expect((await send('GET', '/partner?key=ann-yt')).body.data.id).toBe('p_ann');
		expect((await send('GET', '/partner?key=ann')).status).toBe(404);
		expect((await send('GET', '/partner')).status).toBe(422);
		expect((await send('GET', '/partners/annlee')).status).toBe(404);
		expect((await send('GET', '/partners/p_ann')).body.data).not.toHaveProperty('key');
	});

	test('an unknown partner is a 400 on customer create', async () => {
		const reply = await send('POST', '/customers', { key: 'c', partner: { id: 'annlee' } });
		expect(reply).toEqual({ status: 400, body: { message: 'Invalid partner key', status: 0 } });
	});

	test('what is created is what is read', async () => {
		const text = 'a/b?c#d "ü" <x> ..';
		const key = encodeURIComponent(text);
		await send('POST', '/customers', { key: text, name: text, surname: text, tags: [text], partner: { key: 'annlee' } });
		expect((await send('GET', `/customers/${key}`)).body.data).toMatchObject({ key: text, name: text, tags: [{ value: text }] });
		expect(sandbox.requests.at(-1)).toMatchObject({ path: `/customers/${key}`, rawUrl: `/v1/customers/${key}` });
		await send('PUT', `/customers/${key}`, { update: { key: '__proto__', tags: [] } });
		expect((await send('GET', '/customers/__proto__')).body.data).toMatchObject({ key: '__proto__', name: text, tags: [] });
	});

	test('null leaves tags, an empty list clears them', async () => {
		await send('PUT', '/partners/p_ann', { update: { tags: ['a'] } });
		expect((await send('PUT', '/partners/p_ann', { update: { tags: null, name: 'A' } })).body.data.tags).toEqual([{ value: 'a' }]);
		expect((await send('PUT', '/partners/p_ann', { update: { tags: [] } })).body.data.tags).toEqual([]);
	});

	test('a new referral key changes the link, and the old one is free', async () => {
		const { body } = await send('PUT', '/partners/p_ann', { update: { key: 'ann' } });
		expect(body.data.referral_link).toBe('https://shop.example?aff=ann');
		expect((await send('GET', '/partner?key=annlee')).status).toBe(404);
		expect((await send('POST', '/partners', { email: 'x@example.com', key: 'annlee' })).status).toBe(200);
	});

	test('a bonus counts for the partner', async () => {
		await send('POST', '/partners/p_ann/reward', { amount: 25.5, note: 'Thanks' });
		expect(sandbox.ledger().bonuses).toMatchObject([{ partner: 'p_ann', amount: 25.5, note: 'Thanks' }]);
		expect((await send('GET', '/partners/p_ann')).body.data.commissions.not_paid).toEqual([{ currency: 'USD', amount: 25.5 }]);
	});

	test('the statistics follow, as text', async () => {
		await send('POST', '/transactions', sale('k', 1124.9));
		const { body } = await send('GET', '/program');
		expect(body.data.stats).toMatchObject({
			total_partners: '1',
			total_signups: '1',
			total_purchases: '1',
			total_paid: [],
			total_revenue: { usd: '$1,124.90' },
			total_reward: { usd: '$337.47' },
			net_profit: 787.43,
		});
	});

	test('PUT /program changes what GET shows, and nothing else', async () => {
		const before = (await send('GET', '/program')).body.data;
		const change = { name: 'New', program_settings: { cookie_lifetime: 45, onboarding_enabled: true } };
		expect((await send('PUT', '/program', change)).body).toEqual({ status: 1, message: expect.any(String) });
		const after = (await send('GET', '/program')).body.data;
		expect(after.program).toMatchObject({ name: 'New', website: before.program.website });
		expect(after.program_settings).toEqual({ ...before.program_settings, cookie_lifetime: '45', onboarding_enabled: true });
		expect(after.portal_settings).toEqual(before.portal_settings);
	});

	test('DELETE /program wants its code', async () => {
		const { confirmation_code } = (await send('DELETE', '/program')).body.data;
		expect((await send('DELETE', '/program', { confirmation_code: 'wrong123' })).status).toBe(400);
		expect(sandbox.ledger().partners).toHaveLength(1);
		expect((await send('DELETE', '/program', { confirmation_code })).status).toBe(200);
		expect(sandbox.ledger().partners).toHaveLength(0);
	});
});

describe('leads', () => {
	const lead = { name: 'Cy Po', email: 'cy@q.example', partner: { key: 'annlee' } };
	const cfields = { 89: 'Acme', 91: ['Beans', 'Training'], 94: 'DE' };
	beforeEach(() => sandbox.reset('demo'));

	test('answers are kept with their questions', async () => {
		const { body } = await send('POST', '/leads', { ...lead, cfields });
		expect(body.data).toMatchObject({ status: 'submitted', submitter: { id: 'p_annlee', name: 'Ann Lee' }, can_be_converted: true });
		expect(body.data.submission_form).toEqual(
			expect.arrayContaining([
				{ question: 'Company', answer: 'Acme' },
				{ question: 'Interested in', answer: 'Beans, Training' },
				{ question: 'Country', answer: 'DE' },
			]),
		);
	});

	test.each<[string, object]>([
		['cfields.89', { ...cfields, 89: undefined }],
		['cfields.89', { ...cfields, 89: ['a'] }],
		['cfields.91', { ...cfields, 91: 'Beans' }],
		['cfields.91', { ...cfields, 91: ['Tea'] }],
		['cfields.92', { ...cfields, 92: 'Huge' }],
		['cfields.94', { ...cfields, 94: 'Germany' }],
		['cfields.88', { ...cfields, 88: 'shown only' }],
		['cfields.12', { ...cfields, 12: 'unknown' }],
	])('the form is checked: %s in %j', async (field, answers) => {
		const reply = await send('POST', '/leads', { ...lead, cfields: answers });
		expect(reply.status).toBe(422);
		expect(Object.keys(reply.body.errors)).toEqual([field]);
	});

	test('a converted lead is a customer of its partner with a first sale', async () => {
		const before = sandbox.ledger();
		const { body } = await send('POST', '/leads/convert', { id: 41, commission_transaction_amount: 500 });
		expect(body.data).toMatchObject({ status: 'converted', can_be_converted: false, can_be_rejected: false });
		const key = String(body.data.converted_to.key);
		expect((await send('GET', `/customers/${key}`)).body.data.partner).toBe('p_annlee');
		const after = sandbox.ledger();
		expect(after.commission.total - before.commission.total).toBeCloseTo(150);
		expect(after.customers).toHaveLength(before.customers.length + 1);
		expect((await send('POST', '/leads/convert', { id: 41, commission_transaction_amount: 500 })).status).toBe(400);
	});

	test('a rejected lead stays rejected', async () => {
		expect((await send('POST', '/leads/reject', { id: 41 })).body.data).toMatchObject({ status: 'rejected', can_be_rejected: false });
		expect((await send('POST', '/leads/convert', { id: 41, commission_transaction_amount: 1 })).status).toBe(400);
	});

	test('a deleted lead is gone', async () => {
		expect((await send('DELETE', '/leads/41')).body).toEqual({ status: 1 });
		expect((await send('GET', '/leads/41')).status).toBe(404);
	});
});

describe('coupons', () => {
	beforeEach(() => sandbox.reset('demo'));

	test('a redemption counts; a key that is unknown or used is ignored', async () => {
		for (const transaction_key of ['order_5001', 'order_5001', 'unknown', undefined]) {
			await send('PUT', '/coupons', { uuid_code: 'WELCOME10', redeem: true, transaction_key });
		}
		const { data } = (await send('GET', '/coupons/WELCOME10')).body;
		expect(data.times_redeemed).toBe(4);
		expect(data.additional_info.redemptions).toMatchObject([
			{ transaction_key: 'order_5001' },
			{ transaction_key: null },
			{ transaction_key: null },
			{ transaction_key: null },
		]);
		expect(sandbox.ledger().redemptions.WELCOME10).toBe(4);
	});

	test('metadata is merged, and empty is a list', async () => {
		expect((await send('GET', '/coupons/WELCOME10')).body.data).toMatchObject({ metadata: [], additional_info: [] });
		await send('PUT', '/coupons', { uuid_code: 'WELCOME10', metadata: { a: 1, b: 2 } });
		await send('PUT', '/coupons', { uuid_code: 'WELCOME10', metadata: { b: 3 } });
		expect((await send('GET', '/coupons/WELCOME10')).body.data.metadata).toEqual({ a: 1, b: 3 });
	});

	test('a code is unique, and a shop system must be connected', async () => {
		const coupon = { coupon_discount_type: 'static', coupon_discount_amount: 5, coupon_duration_type: 'once' };
		expect((await send('POST', '/coupons', { ...coupon, uuid_code: 'WELCOME10' })).status).toBe(422);
		expect((await send('POST', '/coupons', { ...coupon, sync: { provider: 'paddle' } })).body.errors).toHaveProperty(['sync.provider']);
		const { body } = await send('POST', '/coupons', { ...coupon, uuid_code: 'NEW', sync: { provider: 'stripe' } });
		expect(body).toMatchObject({ data: { name: 'NEW' }, synchronization_enabled: true, message: expect.any(String) });
		expect((await send('PUT', '/coupons', { uuid_code: 'NEW', sync: { provider: 'stripe' } })).status).toBe(422);
	});
});

describe('a refer-a-friend program', () => {
	beforeEach(() => {
		const { customers } = sandbox.program('referAFriend');
		customers.add({ id: 'user_1', key: 'alma', email: 'alma@example.com' });
		customers.add({ id: 'user_2', key: 'bo', email: 'bo@example.com', referringCustomer: 'alma' });
	});

	test('customers have their own shape, with whoever referred them', async () => {
		const body = { id: 'user_3', referring_customer: { id: 'user_1', key: 'bo' }, metadata: { date_of_birth: '1990-01-31' } };
		const { data } = (await sendFriend('POST', '/customers', body)).body;
		expect(data).toMatchObject({ id: 'user_3', referring_customer: { id: 'user_1', referrals_count: 2 }, metadata: { date_of_birth: '1990-01-31' } });
		expect((await sendFriend('GET', '/customers/alma')).body.data).toMatchObject({ referring_customer: null, metadata: [] });
		const referrals = (await sendFriend('GET', '/customers/user_1/referrals')).body;
		expect(Object.keys(referrals)).toEqual(['data', 'status']);
		expect(referrals.data).toMatchObject([{ id: 'user_2' }, { id: 'user_3' }]);
	});

	test('an unknown referring customer is refused', async () => {
		expect((await sendFriend('POST', '/customers', { referring_customer: { key: 'nobody' } })).status).toBe(400);
	});

	test('a sale of a referred customer is credited to whoever referred it', async () => {
		expect((await sendFriend('GET', '/customers/user_1/balance')).body.data.balance).toEqual([]);
		const { data } = (await sendFriend('POST', '/transactions', { key: 't', amount: 20, customer: { key: 'bo' } })).body;
		expect(data).toMatchObject({ customer: 'user_1', referred_customer: 'user_2' });
		expect(data).not.toHaveProperty('partner');
		await sendFriend('POST', '/customers/alma/balance/credit', { amount: 1.5, amount_units: 'usd' });
		await sendFriend('POST', '/customers/alma/balance/credit', { amount: 3, is_currency: false, amount_units: 'points' });
		expect((await sendFriend('GET', '/customers/user_1/balance')).body.data.balance).toEqual({
			currency: [{ amount: 3.5, amount_units: 'USD', is_currency: true }],
			other: [{ amount: 3, amount_units: 'points', is_currency: false }],
		});
		expect(sandbox.ledger('referAFriend').commission.byEarner).toMatchObject({ user_1: { key: 'alma', commission: 2, bonuses: 4.5 } });
		expect((await sendFriend('GET', '/customers/user_1/stats')).body.data).toMatchObject({ transactions_count: 1, total_revenue: 20, total_rewards: 2 });
		await sendFriend('DELETE', '/transactions/t');
		expect((await sendFriend('GET', '/customers/user_1/balance')).body.data.balance.currency).toMatchObject([{ amount: 1.5 }]);
	});

	test('only referred customers can have sales', async () => {
		const reply = await sendFriend('POST', '/transactions', { key: 't', amount: 20, customer: { key: 'alma' } });
		expect(reply.status).toBe(422);
		expect(sandbox.ledger('referAFriend').transactions.total).toBe(0);
	});

	test('each invitation is counted', async () => {
		const invitation = { email: 'new@example.com', personalization: { greeting: 'Hi' } };
		await sendFriend('POST', '/customers:invite', invitation);
		await sendFriend('POST', '/customers:invite', invitation);
		expect(sandbox.ledger('referAFriend').invitations).toMatchObject([invitation, invitation]);
		expect(sandbox.ledger('referAFriend').customers).toHaveLength(3);
	});

	test('programs do not share records', async () => {
		expect((await send('GET', '/customers/alma')).status).toBe(404);
		expect(sandbox.ledger().customers).toEqual([]);
	});
});

test('what happens in a program can be listened to', async () => {
	const events: string[] = [];
	const program = sandbox.program('affiliate');
	program.onEvent = (event) => events.push(event);
	await send('POST', '/partners', { email: 'a@example.com', key: 'a' });
	await send('POST', '/transactions', { key: 't', amount: 1, customer: { key: 'c', partner: { key: 'a' } }, options: { create_customer: true } });
	await send('DELETE', '/transactions/t');
	program.onEvent = undefined;
	expect(events).toEqual(['partner.created', 'customer.created', 'transaction.created', 'transaction.deleted']);
});
