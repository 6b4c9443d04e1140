import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/Partnero/resources';

import { closeAll, json, serve } from './support/bareServer';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
afterEach(closeAll);

beforeEach(() => {
	const { partners, customers } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	customers.add({ key: 'user_1', partner: 'p_1' });
});

const sale = { customer: locator('key', 'user_1'), amount: '49.90', key: 'inv_1' };

/** A server of which every request has this record. */
async function answering(record: IDataObject) {
	const server = await serve((_arrival, response) =>
		json(response, 200, { data: record, status: 1 }),
	);
	return { apiKey: `screen-${server.url}`, baseUrl: server.url };
}

describe.each(['create', 'createMany'])('what a sale that was recorded shows: %s', (operation) => {
	const record = async (parameters: INodeParameters = {}) =>
		(await partnero.operate('transaction', operation, { ...sale, ...parameters })).json[0];

	it('first whether it is new, and what it earns, and then the whole record', async () => {
		for (const created of [true, false]) {
			const item = await record();
			expect(Object.keys(item).slice(0, 3)).toEqual(['created', 'commission', 'commission_units']);
			expect(item).toMatchObject({
				created,
				commission: 14.97,
				commission_units: 'USD',
				key: 'inv_1',
				amount: 49.9,
				is_currency: true,
				rewards: [expect.objectContaining({ amount: 14.97 })],
			});
		}
	});

	it('simplified, the same order with fewer fields', async () => {
		for (const created of [true, false]) {
			const item = await record({ simplify: true });
			expect(Object.keys(item).slice(0, 4)).toEqual([
				'created',
				'commission',
				'commission_units',
				'key',
			]);
			expect(item).toMatchObject({ created, commission: 14.97, customer: 'user_1' });
			expect(item).not.toHaveProperty('rewards');
		}
	});

	it('a warning beside it', async () => {
		for (const simplify of [false, true]) {
			const credentials = await answering({ customer: 'user_1', amount: 10, rewards: [] });
			const { json: items } = await partnero.operate(
				'transaction',
				'create',
				{ ...sale, key: '', simplify },
				{ credentials },
			);
			expect(Object.keys(items[0]).slice(0, 4)).toEqual([
				'created',
				'commission',
				'commission_units',
				'warning',
			]);
			expect(items[0].warning).toContain('another amount than was sent');
		}
	});
});

it('a sale without a key says first that it is new, whatever Partnero answers', async () => {
	const credentials = await answering({ some: 'thing' });
	const { json: items } = await partnero.operate(
		'transaction',
		'create',
		{ ...sale, key: '' },
		{ credentials },
	);
	expect(Object.keys(items[0])[0]).toBe('created');
	expect(items[0]).toMatchObject({ created: true, commission: null });
});

it('a field of the record that is called like one of these stays as Partnero sent it', async () => {
	const credentials = await answering({ key: 'inv_1', customer: 'user_1', commission: '3 %' });
	const { json: items } = await partnero.operate(
		'transaction',
		'create',
		{ ...sale, key: '' },
		{ credentials },
	);
	expect(items[0]).toMatchObject({ created: true, commission: '3 %' });
});

describe('Partner: Get shows what the partner brought and earned', () => {
	const get = async (record: IDataObject, parameters: INodeParameters = {}) =>
		(
			await partnero.operate(
				'partner',
				'get',
				{ partner: locator('id', 'p_1'), ...parameters },
				{ credentials: await answering({ id: 'p_1', ...record }) },
			)
		).json[0];

	it('in a program with sales', async () => {
		const { transactions } = partnero.sandbox.program('affiliate');
		transactions.add({ key: 'a', amount: 100, customer: 'user_1' });
		transactions.add({ key: 'b', amount: 50, customer: 'user_1' });
		const { json: items } = await partnero.operate('partner', 'get', {
			partner: locator('key', 'annlee'),
		});
		expect(items).toEqual([
			expect.objectContaining({
				id: 'p_1',
				clicks: expect.any(Number),
				signups: 1,
				sales_count: 2,
				revenue: 150,
				commissions_not_paid: 45,
				commissions_pending: 0,
				commissions_paid: 0,
				currency: 'USD',
				by_currency: { USD: { revenue: 150, commissions_not_paid: 45, commissions_pending: 0 } },
			}),
		]);
	});

	const counts = { clicks: 3, signups: 2, sales_count: 1 };
	const usd = (amount: unknown) => ({ currency: 'usd', amount });
	const eur = (amount: unknown) => ({ currency: 'EUR', amount });

	it.each<[string, IDataObject, IDataObject, IDataObject]>([
		[
			'amounts as text, and one that is missing',
			{ ...counts, revenue: [usd('$1,234.50')] },
			{ paid: '10.00', pending: [], not_paid: [usd(5)] },
			{
				...counts,
				...{ revenue: 1234.5, commissions_pending: 0, commissions_not_paid: 5 },
				...{ commissions_paid: 10, currency: 'USD' },
			},
		],
		[
			'several currencies',
			{ ...counts, revenue: [usd(10), eur(20)] },
			{ paid: 0, pending: [], not_paid: [eur(2)] },
			{
				...{ revenue: null, commissions_pending: null, commissions_not_paid: null },
				...{ currency: null, commissions_paid: 0 },
				by_currency: {
					USD: { revenue: 10, commissions_pending: 0, commissions_not_paid: 0 },
					EUR: { revenue: 20, commissions_pending: 0, commissions_not_paid: 2 },
				},
			},
		],
		[
			'nothing yet',
			{ ...counts, revenue: [] },
			{ paid: 0, pending: [], not_paid: [] },
			{ revenue: 0, commissions_pending: 0, commissions_not_paid: 0, currency: null },
		],
		[
			'an amount that cannot be read',
			{ ...counts, revenue: [usd('a lot')] },
			{ paid: 'some', pending: [], not_paid: [usd(1)] },
			{ revenue: null, commissions_not_paid: 1, commissions_paid: null },
		],
	])('with %s', async (_what, referrals, commissions, shown) => {
		expect(await get({ referrals, commissions })).toMatchObject(shown);
	});

	it('invents nothing that Partnero does not send', async () => {
		expect(await get({})).not.toHaveProperty('clicks');
		expect(await get({ referrals: { clicks: 2 } })).toEqual(
			expect.not.objectContaining({ revenue: expect.anything(), signups: expect.anything() }),
		);
	});

	it('leaves the raw record as it is', async () => {
		const record = { referrals: counts, commissions: { paid: 1 } };
		expect(await get(record, { simplify: false })).toEqual({ id: 'p_1', ...record });
	});
});

it.each(['partner', 'customer'])(
	'%s: Get Many has the referral link where the list has it',
	async (resource) => {
		const server = await serve((_arrival, response) =>
			json(response, 200, {
				data: [{ id: 'a', referral_link: 'https://shop.example?aff=a' }, { id: 'b' }],
				links: { next: null },
				status: 1,
			}),
		);
		const { json: items } = await partnero.operate(
			resource,
			'getAll',
			{},
			{
				credentials: { apiKey: `screen-${server.url}`, baseUrl: server.url },
			},
		);
		expect(items.map(({ referral_link: link }) => link)).toEqual([
			'https://shop.example?aff=a',
			undefined,
		]);
	},
);

describe.each(['create', 'createMany'])('%s with Create Customer', (operation) => {
	const record = async (newCustomer: INodeParameters, more: INodeParameters = {}) =>
		await partnero.operate('transaction', operation, {
			...{ ...sale, createCustomer: true, newCustomer },
			customer: locator('key', 'user_9'),
			...more,
		});

	it('and no partner says that a new customer needs one, and where to give it', async () => {
		const { error } = await record({ email: 'new@example.com' });
		expect(error?.message).toMatch(
			/^A new customer needs a partner: add 'New Customer > New Customer Partner'/,
		);
		expect(error?.description).toContain('Partnero says: Invalid partner key');
		expect(partnero.sandbox.ledger().transactions.total).toBe(0);
	});

	it('and a partner who is not there says so of that one', async () => {
		const { error } = await record({ partner: locator('key', 'nobody') });
		expect(error?.message).not.toContain('A new customer needs a partner');
	});

	it('and a customer who is there needs none', async () => {
		const { json: items } = await record({}, { customer: locator('key', 'user_1') });
		expect(items).toEqual([expect.objectContaining({ created: true })]);
	});
});

const writes = resources.flatMap(({ entry, operations }) =>
	operations
		.filter(({ request }) => request.method !== 'GET')
		.map((operation) => ({ resource: entry.value, operation: operation.entry.value })),
);

it.each(writes)(
	'$resource $operation: an untouched form writes nothing',
	async ({ resource, operation }) => {
		await partnero.operate(resource, operation, {});
		expect(partnero.wire().filter(({ method }) => method !== 'GET')).toEqual([]);
	},
);
