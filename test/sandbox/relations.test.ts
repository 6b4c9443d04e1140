import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import type { Send } from './client';
import { client } from './client';

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
		program.partners.add({
			id: 'p_ann',
			key: 'annlee',
			moreKeys: ['ann-yt'],
			email: 'Ann@example.com',
		});
		program.customers.add({ key: 'bob', email: 'bob@example.com', partner: 'annlee' });
	});

	const sale = (key: string | undefined, amount = 50.99) => ({
		key,
		amount,
		action: 'sale',
		customer: { key: 'bob' },
	});

	test('a sale pays 30 % to the partner of the customer', async () => {
		const { body } = await send('POST', '/transactions', sale('inv_1'));
		expect(body.data).toMatchObject({ key: 'inv_1', partner: 'p_ann', customer: 'bob' });
		expect(body.data.rewards).toMatchObject([
			{ key: 'inv_1', partner: 'p_ann', amount: 15.297, status: 'ok' },
		]);
		expect(sandbox.ledger().transactions.byKey).toEqual({
			inv_1: {
				count: 1,
				amount: 50.99,
				commission: 15.297,
				customers: ['bob'],
				earners: ['p_ann'],
			},
		});
		expect(sandbox.ledger().commission).toEqual({
			total: 15.297,
			byEarner: {
				p_ann: {
					key: 'annlee',
					email: 'Ann@example.com',
					sales: 1,
					commission: 15.297,
					bonuses: 0,
				},
			},
		});
	});

	test('a key that exists is recorded, and paid, a second time', async () => {
		await send('POST', '/transactions', sale('inv_1', 10));
		await send('POST', '/transactions', sale('inv_1', 10));
		const { transactions, commission } = sandbox.ledger();
		expect(transactions).toMatchObject({
			total: 2,
			twice: ['inv_1'],
			byKey: { inv_1: { count: 2, commission: 6 } },
		});
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
		const transactions = [
			{ key: 't1', amount: 10 },
			{ key: 't2', amount: 20, action: 'renewal' },
		];
		const { body } = await send('POST', '/transactions', {
			customer: { key: 'bob' },
			transactions,
		});
		expect(body.data).toMatchObject([
			{ key: 't1', action: 'sale' },
			{ key: 't2', action: 'renewal' },
		]);
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
		expect((await send('POST', '/transactions', input)).body.data).toMatchObject({
			customer: 'new',
			partner: 'p_ann',
		});
		const { partner: _partner, ...orphan } = { ...customer, key: 'orphan' };
		const refused = await send('POST', '/transactions', { ...input, customer: orphan });
		expect(refused).toEqual({ status: 400, body: { message: 'Invalid partner key', status: 0 } });
		expect(sandbox.ledger().transactions.total).toBe(1);
	});

	test('a sale for nobody known is recorded for nobody', async () => {
		const { body } = await send('POST', '/transactions', {
			key: 'k',
			amount: 10,
			customer: { key: 'nobody' },
		});
		expect(body.data).toMatchObject({ partner: null, customer: null, rewards: [] });
		expect(sandbox.ledger().transactions.byKey.k).toMatchObject({
			count: 1,
			commission: 0,
			customers: [null],
		});
	});

	test('a back-dated sale keeps its date', async () => {
		const { body } = await send('POST', '/transactions', {
			...sale('old'),
			created_at: 1_700_000_000,
		});
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
		expect(sandbox.ledger()).toMatchObject({
			transactions: { total: 0 },
			commission: { total: 0 },
			customers: [],
		});
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
		await send('POST', '/customers', {
			key: text,
			name: text,
			surname: text,
			tags: [text],
			partner: { key: 'annlee' },
		});
		expect((await send('GET', `/customers/${key}`)).body.data).toMatchObject({
			key: text,
			name: text,
			tags: [{ value: text }],
		});
		expect(sandbox.requests.at(-1)).toMatchObject({
			path: `/customers/${key}`,
			rawUrl: `/v1/customers/${key}`,
		});
		await send('PUT', `/customers/${key}`, { update: { key: '__proto__', tags: [] } });
		expect((await send('GET', '/customers/__proto__')).body.data).toMatchObject({
			key: '__proto__',
			name: text,
			tags: [],
		});
	});

	test('null leaves tags, an empty list clears them', async () => {
		await send('PUT', '/partners/p_ann', { update: { tags: ['a'] } });
		expect(
			(await send('PUT', '/partners/p_ann', { update: { tags: null, name: 'A' } })).body.data.tags,
		).toEqual([{ value: 'a' }]);
		expect((await send('PUT', '/partners/p_ann', { update: { tags: [] } })).body.data.tags).toEqual(
			[],
		);
	});

	test('a new referral key changes the link, and the old one is free', async () => {
		const { body } = await send('PUT', '/partners/p_ann', { update: { key: 'ann' } });
		expect(body.data.referral_link).toBe('https://shop.example?aff=ann');
		expect((await send('GET', '/partner?key=annlee')).status).toBe(404);
		expect(
			(await send('POST', '/partners', { email: 'x@example.com', key: 'annlee' })).status,
		).toBe(200);
	});

	test('a bonus counts for the partner', async () => {
		await send('POST', '/partners/p_ann/reward', { amount: 25.5, note: 'Thanks' });
		expect(sandbox.ledger().bonuses).toMatchObject([
			{ partner: 'p_ann', amount: 25.5, note: 'Thanks' },
		]);
		expect((await send('GET', '/partners/p_ann')).body.data.commissions.not_paid).toEqual([
			{ currency: 'USD', amount: 25.5 },
		]);
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
		const change = {
			name: 'New',
			program_settings: { cookie_lifetime: 45, onboarding_enabled: true },
		};
		expect((await send('PUT', '/program', change)).body).toEqual({
			status: 1,
			message: expect.any(String),
		});
		const after = (await send('GET', '/program')).body.data;
		expect(after.program).toMatchObject({ name: 'New', website: before.program.website });
		expect(after.program_settings).toEqual({
			...before.program_settings,
			cookie_lifetime: '45',
			onboarding_enabled: true,
		});
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
		expect(body.data).toMatchObject({
			status: 'submitted',
			submitter: { id: 'p_annlee', name: 'Ann Lee' },
			can_be_converted: true,
		});
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
		const { body } = await send('POST', '/leads/convert', {
			id: 41,
			commission_transaction_amount: 500,
		});
		expect(body.data).toMatchObject({
			status: 'converted',
			can_be_converted: false,
			can_be_rejected: false,
		});
		const key = String(body.data.converted_to.key);
		expect((await send('GET', `/customers/${key}`)).body.data.partner).toBe('p_annlee');
		const after = sandbox.ledger();
		expect(after.commission.total - before.commission.total).toBeCloseTo(150);
		expect(after.customers).toHaveLength(before.customers.length + 1);
		expect(
			(await send('POST', '/leads/convert', { id: 41, commission_transaction_amount: 500 })).status,
		).toBe(400);
	});

	test('a rejected lead stays rejected', async () => {
		expect((await send('POST', '/leads/reject', { id: 41 })).body.data).toMatchObject({
			status: 'rejected',
			can_be_rejected: false,
		});
		expect(
			(await send('POST', '/leads/convert', { id: 41, commission_transaction_amount: 1 })).status,
		).toBe(400);
	});

	test('a deleted lead is gone', async () => {
		expect((await send('DELETE', '/leads/41')).body).toEqual({ status: 1 });
		expect((await send('GET', '/leads/41')).status).toBe(404);
	});
});

describe('coupons', () => {
	beforeEach(() => sandbox.reset('demo'));

	test('a redemption counts, one sale once; a key that is unknown or used does nothing', async () => {
		for (const transaction_key of ['order_5001', 'order_5001', 'unknown', undefined]) {
			await send('PUT', '/coupons', { uuid_code: 'WELCOME10', redeem: true, transaction_key });
		}
		const { data } = (await send('GET', '/coupons/WELCOME10')).body;
		expect(data.times_redeemed).toBe(2);
		expect(data.additional_info.redemptions).toMatchObject([
			{ transaction_key: 'order_5001' },
			{ transaction_key: null },
		]);
		expect(sandbox.ledger().redemptions.WELCOME10).toBe(2);
	});

	test('metadata is merged, and empty is a list', async () => {
		expect((await send('GET', '/coupons/WELCOME10')).body.data).toMatchObject({
			metadata: [],
			additional_info: [],
		});
		await send('PUT', '/coupons', { uuid_code: 'WELCOME10', metadata: { a: 1, b: 2 } });
		await send('PUT', '/coupons', { uuid_code: 'WELCOME10', metadata: { b: 3 } });
		expect((await send('GET', '/coupons/WELCOME10')).body.data.metadata).toEqual({ a: 1, b: 3 });
	});

	test('a code is unique, and a shop system must be connected', async () => {
		const coupon = {
			coupon_discount_type: 'static',
			coupon_discount_amount: 5,
			coupon_duration_type: 'once',
		};
		expect((await send('POST', '/coupons', { ...coupon, uuid_code: 'WELCOME10' })).status).toBe(
			422,
		);
		expect(
			(await send('POST', '/coupons', { ...coupon, sync: { provider: 'paddle' } })).body.errors,
		).toHaveProperty(['sync.provider']);
		const { body } = await send('POST', '/coupons', {
			...coupon,
			uuid_code: 'NEW',
			sync: { provider: 'stripe' },
		});
		expect(body).toMatchObject({
			data: { name: 'NEW' },
			synchronization_enabled: true,
			message: expect.any(String),
		});
		expect(
			(await send('PUT', '/coupons', { uuid_code: 'NEW', sync: { provider: 'stripe' } })).status,
		).toBe(422);
	});
});

describe('promotion codes', () => {
	const coupon = {
		uuid_code: 'c_1',
		coupon_discount_type: 'percent',
		coupon_discount_amount: 10,
		coupon_duration_type: 'once',
	};
	const ann = { id: 'p_1', full_name: 'Ann Lee' };
	beforeEach(() => {
		const program = sandbox.program('affiliate');
		program.partners.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com' });
		program.transactions.add({ key: 'inv_1' });
	});
	const codesOf = async (uuid: string) =>
		(await send('GET', `/coupons/${uuid}`)).body.data.promotion_codes.data;

	test('made with a coupon or on their own are the same records', async () => {
		await send('POST', '/coupons', {
			...coupon,
			promotion_codes: [
				{ code: 'FIRST', redemption_times_status: true, redemption_times_value: 5 },
			],
		});
		const { body } = await send('POST', '/promotion-codes', {
			coupon_uuid: 'c_1',
			code: 'SECOND',
			limit_to_specific_partner: true,
			coupon_specific_partners: ann,
		});
		expect(body).toMatchObject({
			data: { code: 'SECOND', coupon_specific_partners: ann },
			message: expect.any(String),
		});
		const both = [
			{ code: 'FIRST', redemption_times_value: 5, coupon_specific_partners: [] },
			{ code: 'SECOND', limit_to_specific_partner: true },
		];
		expect(await codesOf('c_1')).toMatchObject(both);
		expect((await send('GET', '/coupons')).body.data[0].promotion_codes.data).toMatchObject(both);
		expect((await send('GET', '/promotion-codes?limit=10')).body.data).toMatchObject([
			{ code: 'SECOND' },
			{ code: 'FIRST' },
		]);
		expect((await send('GET', '/promotion-codes/FIRST')).body.data).toMatchObject({
			coupon: { uuid_code: 'c_1' },
		});
		expect(sandbox.ledger().promotionCodes).toMatchObject([
			{ code: 'FIRST', coupon: 'c_1', partner: null },
			{ partner: { id: 'p_1' } },
		]);
	});

	test('a code is made up, and one that is taken, of an unknown coupon or for an unknown person is refused', async () => {
		await send('POST', '/coupons', { ...coupon, promotion_codes: [{ code: 'ONE' }] });
		const create = async (fields: object) =>
			(await send('POST', '/promotion-codes', { coupon_uuid: 'c_1', ...fields })).body;
		expect((await create({})).data.code).toMatch(/^\w+$/);
		expect((await create({ code: 'ONE' })).errors).toHaveProperty('code');
		expect((await create({ coupon_uuid: 'none' })).errors).toHaveProperty('coupon_uuid');
		const stranger = {
			limit_to_specific_partner: true,
			coupon_specific_partners: { ...ann, id: 'p_9' },
		};
		expect((await create(stranger)).errors).toHaveProperty('coupon_specific_partners');
		// Nothing of a coupon is made if one of its codes is refused.
		const twice = {
			...coupon,
			uuid_code: 'c_2',
			promotion_codes: [{ code: 'TWO' }, { code: 'TWO' }],
		};
		expect((await send('POST', '/coupons', twice)).status).toBe(422);
		expect(sandbox.ledger()).toMatchObject({
			coupons: [{ uuid_code: 'c_1' }],
			promotionCodes: [{}, {}],
		});
	});

	test('are redeemed once for each sale, are limited and freed, and keep their metadata', async () => {
		await send('POST', '/coupons', {
			...coupon,
			promotion_codes: [{ code: 'ONE', metadata: { a: 1 } }],
		});
		const change = async (fields: object) =>
			(await send('PUT', '/promotion-codes', { code: 'ONE', ...fields })).body.data;
		for (const transaction_key of ['inv_1', 'inv_1', 'unknown'])
			await change({ redeem: true, transaction_key });
		expect(
			await change({
				metadata: { b: 2 },
				limit_to_specific_partner: true,
				coupon_specific_partners: ann,
			}),
		).toMatchObject({
			metadata: { a: 1, b: 2 },
			coupon_specific_partners: ann,
			times_redeemed: 1,
			additional_info: { redemptions: [{ transaction_key: 'inv_1' }] },
		});
		expect(await change({ redeem: true })).toMatchObject({
			limit_to_specific_partner: true,
			times_redeemed: 2,
		});
		expect(await change({ limit_to_specific_partner: false })).toMatchObject({
			limit_to_specific_partner: false,
			coupon_specific_partners: [],
		});
		expect(sandbox.ledger().promotionCodes).toMatchObject([
			{ code: 'ONE', partner: null, timesRedeemed: 2 },
		]);
		// The coupon has a count of its own.
		expect(sandbox.ledger().redemptions).toEqual({ c_1: 0 });
	});

	test('are deleted with the coupon named, or along with it', async () => {
		await send('POST', '/coupons', {
			...coupon,
			promotion_codes: [{ code: 'ONE' }, { code: 'TWO' }],
		});
		expect(
			(await send('DELETE', '/promotion-codes', { code: 'ONE', coupon: { uuid_code: 'c_2' } }))
				.status,
		).toBe(422);
		const { body } = await send('DELETE', '/promotion-codes', {
			code: 'ONE',
			coupon: { uuid_code: 'c_1' },
		});
		expect(body).toEqual({ data: { status: 1, message: expect.any(String) } });
		expect(
			(await send('DELETE', '/promotion-codes', { code: 'ONE', coupon: { uuid_code: 'c_1' } }))
				.status,
		).toBe(404);
		expect(await codesOf('c_1')).toMatchObject([{ code: 'TWO' }]);
		await send('DELETE', '/coupons/c_1');
		expect(sandbox.ledger().promotionCodes).toEqual([]);
	});
});

describe('payout requests', () => {
	const create = async (body: object = {}) =>
		await send('POST', '/payout_requests', {
			partner: { key: 'annlee' },
			amount_units: 'usd',
			...body,
		});
	const paypal = { gateway: 'paypal', payout_settings: { username: 'ann@example.com' } };

	beforeEach(async () => {
		const { partners, customers, transactions } = sandbox.program('affiliate');
		partners.add({
			id: 'p_ann',
			key: 'annlee',
			email: 'ann@example.com',
			name: 'Ann',
			surname: 'Lee',
		});
		customers.add({ key: 'bob', partner: 'annlee' });
		transactions.add({ key: 'inv_1', amount: 100, customer: 'bob' });
		transactions.add({ key: 'inv_2', amount: 50, amount_units: 'EUR', customer: 'bob' });
		await send('POST', '/partners/p_ann/reward', { amount: 20 });
	});

	test('ask for all that is unpaid in one currency, once', async () => {
		const { body } = await create(paypal);
		expect(body.data).toMatchObject({
			status: 'requested',
			amount: 50,
			amount_units: 'USD',
			gateway: 'paypal',
			partner: { id: 'p_ann', name: 'Ann Lee' },
		});
		expect((await create(paypal)).body).toMatchObject({
			message: 'The partner has no unpaid balance in USD.',
		});
		expect((await create({ ...paypal, amount_units: 'EUR' })).body.data).toMatchObject({
			amount: 15,
			amount_units: 'EUR',
		});
		sandbox.program('affiliate').transactions.add({ key: 'inv_3', amount: 10, customer: 'bob' });
		expect((await create(paypal)).body.data.amount).toBe(3);
		expect(
			sandbox
				.ledger()
				.payouts.p_ann.map(({ status, amount, amount_units }) => [status, amount, amount_units]),
		).toEqual([
			['requested', 50, 'USD'],
			['requested', 15, 'EUR'],
			['requested', 3, 'USD'],
		]);
	});

	test('what was rejected can be asked for again', async () => {
		const { payoutRequests } = sandbox.program('affiliate');
		payoutRequests.add({ partner: 'p_ann', amount: 50, status: 'rejected' });
		expect((await create(paypal)).body.data.amount).toBe(50);
	});

	test('take the bonuses that were chosen', async () => {
		const [{ id }] = sandbox.program('affiliate').bonuses;
		expect((await create({ ...paypal, reward_ids: [7] })).body.errors).toHaveProperty('reward_ids');
		expect((await create({ ...paypal, reward_ids: [id] })).body.data.amount).toBe(20);
		expect((await create({ ...paypal, reward_ids: [id] })).body.errors).toHaveProperty(
			'reward_ids',
		);
		expect((await create(paypal)).body.data.amount).toBe(30);
	});

	test('need a partner who is active and has said how to be paid', async () => {
		const { partners } = sandbox.program('affiliate');
		expect((await create()).body.errors).toEqual({
			gateway: ['The partner has no payout details.'],
		});
		partners.update(partners.find('id', 'p_ann')!, {
			payoutMethod: { gateway: 'wise', settings: { iban: 'x' } },
		});
		partners.update(partners.find('id', 'p_ann')!, { status: 'pending' });
		expect((await create()).body.errors).toEqual({ partner: ['The partner is pending.'] });
		partners.update(partners.find('id', 'p_ann')!, { status: 'active' });
		expect((await create()).body.data).toMatchObject({ gateway: 'wise' });
		expect((await create({ partner: { key: 'nobody' } })).body.errors).toHaveProperty('partner');
	});

	test('are approved, then paid, and in no other order', async () => {
		const { id } = (await create(paypal)).body.data;
		const act = async (action: string) => {
			const { status, body } = await send('POST', `/payout_requests/${id}/${action}`);
			return [status, body.data?.status ?? body.message];
		};
		expect(await act('mark_as_paid')).toEqual([
			422,
			'This payout request cannot be marked as paid: it is requested.',
		]);
		expect(await act('approve')).toEqual([200, 'approved']);
		expect(await act('approve')).toEqual([
			422,
			'This payout request cannot be approved: it is approved.',
		]);
		expect(await act('mark_as_paid')).toEqual([200, 'finished']);
		expect(await act('mark_as_paid')).toEqual([
			422,
			'This payout request cannot be marked as paid: it is finished.',
		]);
	});

	test('show in the numbers of the partner and of the program', async () => {
		const { payoutRequests } = sandbox.program('affiliate');
		payoutRequests.add({ partner: 'p_ann', amount: 10, status: 'finished' });
		payoutRequests.add({ partner: 'p_ann', amount: 5, status: 'approved' });
		const { commissions } = (await send('GET', '/partners/p_ann')).body.data;
		expect(commissions).toEqual({
			paid: 10,
			pending: [{ currency: 'USD', amount: 5 }],
			not_paid: [
				{ currency: 'USD', amount: 35 },
				{ currency: 'EUR', amount: 15 },
			],
		});
		const { stats } = (await send('GET', '/program')).body.data;
		expect(stats.payout_status_breakdown).toEqual({
			requested: { count: 0, amounts: [] },
			approved: { count: 1, amounts: { usd: '$5.00' } },
			paid: { count: 1, amounts: { usd: '$10.00' } },
			rejected: { count: 0, amounts: [] },
			resubmitted: { count: 0, amounts: [] },
			total_requested_amounts: [],
			total_waiting_amounts: { usd: '$5.00' },
		});
		expect(stats.rewards_breakdown).toEqual({
			unclaimed: { eur: 15, usd: 35 },
			in_review: { usd: 5 },
			paid: { usd: 10 },
		});
	});

	test('are found by everything that is asked for at once', async () => {
		const { partners, payoutRequests } = sandbox.program('affiliate');
		partners.add({ id: 'p_ben', key: 'ben', email: 'ben@example.com' });
		for (const partner of ['p_ann', 'p_ben']) {
			for (const status of ['requested', 'approved'] as const)
				payoutRequests.add({ partner, status, amount: 1, amount_units: 'USD' });
		}
		const find = async (query: string) =>
			(await send('GET', `/payout_requests:search?${query}`)).body.data.length;
		expect(await find('status=requested')).toBe(2);
		expect(await find('status=requested&partner_key=ben')).toBe(1);
		expect(await find('partner_email=ben@example.com&amount_units=usd')).toBe(2);
		expect(await find('partner_id=p_ann&amount_units=eur')).toBe(0);
		expect(await find('partner_id=nobody')).toBe(0);
	});
});

describe('a refer-a-friend program', () => {
	beforeEach(() => {
		const { customers } = sandbox.program('referAFriend');
		customers.add({ id: 'user_1', key: 'alma', email: 'alma@example.com' });
		customers.add({ id: 'user_2', key: 'bo', email: 'bo@example.com', referringCustomer: 'alma' });
	});

	test('customers have their own shape, with whoever referred them', async () => {
		const body = {
			id: 'user_3',
			referring_customer: { id: 'user_1', key: 'bo' },
			metadata: { date_of_birth: '1990-01-31' },
		};
		const { data } = (await sendFriend('POST', '/customers', body)).body;
		expect(data).toMatchObject({
			id: 'user_3',
			referring_customer: { id: 'user_1', referrals_count: 2 },
			metadata: { date_of_birth: '1990-01-31' },
		});
		expect((await sendFriend('GET', '/customers/alma')).body.data).toMatchObject({
			referring_customer: null,
			metadata: [],
		});
		const referrals = (await sendFriend('GET', '/customers/user_1/referrals')).body;
		expect(Object.keys(referrals)).toEqual(['data', 'status']);
		expect(referrals.data).toMatchObject([{ id: 'user_2' }, { id: 'user_3' }]);
	});

	test('an unknown referring customer is refused', async () => {
		expect(
			(await sendFriend('POST', '/customers', { referring_customer: { key: 'nobody' } })).status,
		).toBe(400);
	});

	test('a sale of a referred customer is credited to whoever referred it', async () => {
		expect((await sendFriend('GET', '/customers/user_1/balance')).body.data.balance).toEqual([]);
		const { data } = (
			await sendFriend('POST', '/transactions', { key: 't', amount: 20, customer: { key: 'bo' } })
		).body;
		expect(data).toMatchObject({ customer: 'user_1', referred_customer: 'user_2' });
		expect(data).not.toHaveProperty('partner');
		await sendFriend('POST', '/customers/alma/balance/credit', {
			amount: 1.5,
			amount_units: 'usd',
		});
		await sendFriend('POST', '/customers/alma/balance/credit', {
			amount: 3,
			is_currency: false,
			amount_units: 'points',
		});
		expect((await sendFriend('GET', '/customers/user_1/balance')).body.data.balance).toEqual({
			currency: [{ amount: 3.5, amount_units: 'USD', is_currency: true }],
			other: [{ amount: 3, amount_units: 'points', is_currency: false }],
		});
		expect(sandbox.ledger('referAFriend').commission.byEarner).toMatchObject({
			user_1: { key: 'alma', commission: 2, bonuses: 4.5 },
		});
		expect((await sendFriend('GET', '/customers/user_1/stats')).body.data).toMatchObject({
			transactions_count: 1,
			total_revenue: 20,
			total_rewards: 2,
		});
		await sendFriend('DELETE', '/transactions/t');
		expect(
			(await sendFriend('GET', '/customers/user_1/balance')).body.data.balance.currency,
		).toMatchObject([{ amount: 1.5 }]);
	});

	test('only referred customers can have sales', async () => {
		const reply = await sendFriend('POST', '/transactions', {
			key: 't',
			amount: 20,
			customer: { key: 'alma' },
		});
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
	await send('POST', '/transactions', {
		key: 't',
		amount: 1,
		customer: { key: 'c', partner: { key: 'a' } },
		options: { create_customer: true },
	});
	await send('DELETE', '/transactions/t');
	program.onEvent = undefined;
	expect(events).toEqual([
		'partner.created',
		'customer.created',
		'transaction.created',
		'transaction.deleted',
	]);
});
