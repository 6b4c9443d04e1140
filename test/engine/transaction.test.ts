import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

beforeEach(() => {
	const { partners, customers } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	customers.add({ key: 'user_77', email: 'bob@example.com', partner: 'p_1' });
});

const sale = { customer: locator('key', 'user_77'), amount: 50, key: 'inv_1' };

describe('transaction create', () => {
	it('looks the key up, then records the sale and gives it with its rewards', async () => {
		const { json, outputs } = await partnero.operate('transaction', 'create', sale);
		expect(json).toEqual([
			expect.objectContaining({
				key: 'inv_1',
				amount: 50,
				partner: 'p_1',
				customer: 'user_77',
				created: true,
				rewards: [expect.objectContaining({ amount: 15, partner: 'p_1' })],
			}),
		]);
		expect(outputs[0][0].pairedItem).toEqual({ item: 0 });
		expect(partnero.wire()).toEqual([
			{ method: 'GET', path: '/transactions', query: { key: 'inv_1', limit: '100', page: '1' } },
			{
				method: 'POST',
				path: '/transactions',
				body: { key: 'inv_1', action: 'sale', amount: 50, customer: { key: 'user_77' } },
			},
		]);
	});

	it('records nothing twice: not in a second run, and not for two items with one key', async () => {
		const items = [{ key: 'inv_1' }, { key: 'inv_2' }, { key: 'inv_1' }];
		const parameters = { ...sale, key: '={{ $json.key }}' };
		const first = await partnero.operate('transaction', 'create', parameters, { items });
		const second = await partnero.operate('transaction', 'create', parameters, { items });
		expect(first.json.map(({ key, created }) => [key, created])).toEqual([
			['inv_1', true],
			['inv_2', true],
			['inv_1', false],
		]);
		expect(second.json.map(({ created }) => created)).toEqual([false, false, false]);
		expect(first.outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		const { total, twice } = partnero.sandbox.ledger().transactions;
		expect({ total, twice }).toEqual({ total: 2, twice: [] });
	});

	it('takes no other key for the same, even one that contains it', async () => {
		await partnero.operate('transaction', 'create', { ...sale, key: 'inv_10' });
		const { json } = await partnero.operate('transaction', 'create', { ...sale, key: 'inv_1' });
		expect(json[0].created).toBe(true);
	});

	it('refuses a key that is there when told to fail, and sends nothing', async () => {
		await partnero.operate('transaction', 'create', sale);
		const { error } = await partnero.operate('transaction', 'create', {
			...sale,
			ifKeyExists: 'fail',
		});
		expect(error?.message).toBe("Transaction 'inv_1' exists already");
		expect(partnero.sandbox.ledger().transactions.byKey.inv_1?.count).toBe(1);
	});

	it('records it again when told to', async () => {
		await partnero.operate('transaction', 'create', sale);
		const { json } = await partnero.operate('transaction', 'create', {
			...sale,
			ifKeyExists: 'record',
		});
		expect(json[0].created).toBe(true);
		expect(partnero.sandbox.ledger().transactions.byKey.inv_1?.count).toBe(2);
	});

	it('sends every field under the name of the API, and only those that are filled', async () => {
		await partnero.operate(
			'transaction',
			'create',
			{
				customer: locator('key', 'user_78'),
				amount: '={{ $json.amount }}',
				key: '',
				createCustomer: true,
				newCustomer: {
					email: 'c@example.com',
					name: 'Cy',
					surname: '  ',
					tags: 'trial, vip',
					partner: locator('key', 'annlee'),
				},
				additionalFields: {
					action: 'upgrade',
					amountUnits: 'USD',
					productId: 'pro',
					productType: 'monthly',
					rewardable: true,
					rewarded: false,
					createdAt: '2026-01-31T12:00:00',
					discountAmount: 0,
					discountCode: 'WINTER25',
					grossAmount: 120.5,
					referralUrl: 'https://shop.example?aff=annlee',
				},
			},
			{ items: [{ amount: '99.99' }], timezone: 'America/New_York' },
		);
		expect(partnero.wire()).toEqual([
			{
				method: 'POST',
				path: '/transactions',
				body: {
					action: 'upgrade',
					amount: 99.99,
					amount_units: 'USD',
					product_id: 'pro',
					product_type: 'monthly',
					rewardable: true,
					rewarded: false,
					created_at: Date.UTC(2026, 0, 31, 17) / 1000,
					discount_amount: 0,
					discount_code: 'WINTER25',
					gross_amount: 120.5,
					customer: {
						key: 'user_78',
						email: 'c@example.com',
						name: 'Cy',
						tags: ['trial', 'vip'],
						partner: { key: 'annlee' },
					},
					options: { create_customer: true, referral_url: 'https://shop.example?aff=annlee' },
				},
			},
		]);
		expect(partnero.sandbox.requests[0].status).toBeLessThan(300);
	});

	it('sends the commission instead of the amount when it is given', async () => {
		await partnero.operate('transaction', 'create', {
			...sale,
			key: '',
			amount: '={{ $json.nothing }}',
			additionalFields: { reward: 7.5 },
		});
		expect(partnero.wire()[0].body).toEqual({
			action: 'sale',
			reward: 7.5,
			customer: { key: 'user_77' },
		});
	});

	it('finds out once whether a customer from the list is known by key or by ID', async () => {
		await partnero.operate(
			'transaction',
			'create',
			{ ...sale, key: '', customer: locator('list', 'user_77') },
			{ items: [{}, {}] },
		);
		expect(partnero.wire().map(({ method, path }) => `${method} ${path}`)).toEqual([
			'GET /customers/user_77',
			'POST /transactions',
			'POST /transactions',
		]);
		expect(partnero.wire()[1].body).toMatchObject({ customer: { key: 'user_77' } });
	});

	it.each([
		['amount', '={{ $json.nothing }}', "'Amount' or 'Additional Fields > Reward' must be filled"],
		['amount', '={{ "a lot" }}', "'Amount' must be a number"],
		['customer', locator('key', '={{ $json.nothing }}'), "'Customer' is empty"],
		['ifKeyExists', '={{ "perhaps" }}', "'If Key Exists' must be one of fail, record, skip"],
		[
			'additionalFields',
			{ createdAt: '={{ "tomorrowish" }}' },
			/^'Additional Fields > Created At' must be a date/,
		],
	])('refuses a bad %s before any request', async (field, value, message) => {
		const { error } = await partnero.operate('transaction', 'create', { ...sale, [field]: value });
		expect(error?.message).toEqual(
			typeof message === 'string' ? message : expect.stringMatching(message),
		);
		expect(partnero.wire()).toEqual([]);
	});
});

describe('transaction getAll', () => {
	it('gives the sales with their commission, simplified or whole', async () => {
		await partnero.operate('transaction', 'create', sale);
		const { json } = await partnero.operate('transaction', 'getAll', { filters: { key: 'inv_1' } });
		expect(json).toEqual([
			{
				key: 'inv_1',
				action: 'sale',
				amount: 50,
				amount_units: 'USD',
				customer: 'user_77',
				partner: 'p_1',
				commission: 15,
				commission_units: 'USD',
				commissions: { USD: 15 },
				created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			},
		]);
		const { json: raw } = await partnero.operate('transaction', 'getAll', { simplify: false });
		expect(raw[0].rewards).toEqual([expect.objectContaining({ amount: 15 })]);
	});

	it('reads the list of one customer from its own address', async () => {
		partnero.sandbox.program('affiliate').customers.add({ key: 'user_78', partner: 'p_1' });
		await partnero.operate('transaction', 'create', sale);
		await partnero.operate('transaction', 'create', {
			...sale,
			key: 'inv_2',
			customer: locator('key', 'user_78'),
		});
		partnero.sandbox.requests.length = 0;
		const { json } = await partnero.operate('transaction', 'getAll', {
			filters: { customer: locator('key', 'user_78') },
		});
		expect(json.map(({ key }) => key)).toEqual(['inv_2']);
		expect(partnero.wire().map(({ path }) => path)).toEqual(['/customers/user_78/transactions']);
	});
});

it.each([
	['misspelt', '={{ $json.orderNo }}'],
	['blank', '={{ "  " }}'],
])(
	'a key whose expression gives nothing (%s) is refused, unless the sale is to be recorded without',
	async (_name, key) => {
		const parameters = { customer: locator('key', 'u_1'), amount: 5, key };
		const { error } = await partnero.operate('transaction', 'create', parameters);
		expect(error?.message).toBe(
			"'Transaction Key' is empty: its expression gives no value for this item",
		);
		expect(error?.description).toContain("choose Record in 'If Key Exists'");
		expect(partnero.wire()).toEqual([]);
		const { json } = await partnero.operate('transaction', 'create', {
			...parameters,
			ifKeyExists: 'record',
			ifCustomerUnknown: 'record',
		});
		expect(json).toMatchObject([{ created: true }]);
	},
);

it.each([
	[' inv_1 ', 'inv_1'],
	['inv_1\u00a0\u200b', 'inv_1'],
	['\ufeff\tinv_1\n', 'inv_1'],
])('white space around a key goes: %j', async (key, sent) => {
	partnero.sandbox.program('affiliate').customers.add({ key: 'u_7', partner: null });
	const parameters = { customer: locator('key', 'u_7'), amount: 5, key: '={{ $json.key }}' };
	for (const created of [true, false, false]) {
		const { json } = await partnero.operate('transaction', 'create', parameters, {
			items: [{ key }],
		});
		expect(json).toMatchObject([{ key: sent, created }]);
	}
	expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 1, twice: [] });
});

it.each([
	[true, 'must be text'],
	[Number('12345678901234567890'), 'too many digits'],
	[['a'], 'must be text'],
	[{ a: 1 }, 'must be text'],
	['a\nb', 'line break'],
	['x'.repeat(256), 'longer than 255'],
])('a key that cannot be one is refused: %j', async (key, reason) => {
	const parameters = { customer: locator('key', 'u_7'), amount: 5, key: '={{ $json.key }}' };
	const { error } = await partnero.operate('transaction', 'create', parameters, {
		items: [{ key }],
	});
	expect(error?.message).toContain("'Transaction Key'");
	expect(error?.message).toContain(reason);
	expect(partnero.wire()).toEqual([]);
});
