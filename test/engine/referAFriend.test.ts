import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox({}, 'referAFriend');
const program = () => partnero.sandbox.program('referAFriend');
const ledger = () => partnero.sandbox.ledger('referAFriend');
const last = () => partnero.wire().at(-1);

beforeEach(() => {
	program().customers.add({ id: 'user_1', key: 'alma', email: 'alma@example.com', name: 'Alma' });
	program().customers.add({
		id: 'user_2',
		key: 'boris',
		email: 'boris@example.com',
		referringCustomer: 'user_1',
	});
});

const alma = { customer: locator('id', 'user_1') };

describe('customer create', () => {
	it('makes a customer with ID, key and day of birth, whom nobody referred', async () => {
		const { json } = await partnero.operate('customer', 'create', {
			key: 'carla',
			attributeTo: 'nobody',
			additionalFields: {
				id: 'user_3',
				email: 'carla@example.com',
				name: 'Carla',
				dateOfBirth: '1990-05-17',
			},
		});
		expect(json).toEqual([
			expect.objectContaining({
				id: 'user_3',
				metadata: { date_of_birth: '1990-05-17' },
				referring_customer: null,
				referral_link: 'https://shop.example?ref=carla',
			}),
		]);
		expect(last()?.body).toEqual({
			id: 'user_3',
			key: 'carla',
			email: 'carla@example.com',
			name: 'Carla',
			metadata: { date_of_birth: '1990-05-17' },
		});
	});

	it('needs the ID or the key only', async () => {
		for (const [parameters, body] of [
			[{ key: '', additionalFields: { id: 'user_4' } }, { id: 'user_4' }],
			[{ key: 'dora' }, { key: 'dora' }],
		]) {
			const { error } = await partnero.operate('customer', 'create', {
				attributeTo: 'nobody',
				...parameters,
			});
			expect(error).toBeUndefined();
			expect(last()?.body).toEqual(body);
		}
		const { error } = await partnero.operate('customer', 'create', {
			key: '',
			attributeTo: 'nobody',
		});
		expect(error?.message).toBe(
			"'Customer Key' or 'Additional Fields > Customer ID' must be filled",
		);
	});

	it.each([
		['id', 'user_1', { id: 'user_1' }],
		['key', 'alma', { key: 'alma' }],
		['email', 'alma@example.com', { id: 'user_1' }],
		['list', 'user_1', { id: 'user_1' }],
	])('is referred by a customer who is named by %s', async (mode, value, reference) => {
		const { json } = await partnero.operate('customer', 'create', {
			key: 'carla',
			attributeTo: 'referringCustomer',
			referringCustomer: locator(mode, value),
		});
		expect(last()?.body).toEqual({ key: 'carla', referring_customer: reference });
		expect(json).toEqual([
			expect.objectContaining({
				referring_customer: expect.objectContaining({ id: 'user_1', referrals_count: 2 }),
			}),
		]);
	});

	it.each([
		['email', "'Referring Customer': 'nobody' was not found"],
		['key', "Create customer 'carla' was refused: Invalid referring customer"],
	])('is refused when nobody refers it: by %s', async (mode, message) => {
		const { error } = await partnero.operate('customer', 'create', {
			key: 'carla',
			attributeTo: 'referringCustomer',
			referringCustomer: locator(mode, 'nobody'),
		});
		expect(error?.message).toBe(message);
		expect(ledger().customers).toHaveLength(2);
	});
});

describe('customer upsert', () => {
	const change = {
		attributeTo: 'nobody',
		additionalFields: { name: 'Bo', dateOfBirth: '1991-01-01' },
	};

	it.each([
		['ID', { key: '', additionalFields: { ...change.additionalFields, id: 'user_2' } }],
		['key', { key: 'boris' }],
	])(
		'changes the customer who is known by the %s, and leaves who referred it',
		async (_name, identifier) => {
			const { json } = await partnero.operate('customer', 'upsert', { ...change, ...identifier });
			expect(json).toEqual([
				expect.objectContaining({
					id: 'user_2',
					name: 'Bo',
					metadata: { date_of_birth: '1991-01-01' },
					referring_customer: expect.objectContaining({ id: 'user_1' }),
					created: false,
				}),
			]);
			expect(last()).toMatchObject({
				method: 'PUT',
				body: { update: { name: 'Bo', metadata: { date_of_birth: '1991-01-01' } } },
			});
			expect(ledger().customers).toHaveLength(2);
		},
	);

	it.each([
		['ID', { key: '', additionalFields: { id: 'user_3' } }, { id: 'user_3' }],
		['key', { key: 'carla' }, { key: 'carla' }],
	])('makes the customer who is not known by the %s', async (_name, identifier, record) => {
		const { json } = await partnero.operate('customer', 'upsert', {
			attributeTo: 'nobody',
			...identifier,
		});
		expect(json).toEqual([expect.objectContaining({ created: true })]);
		expect(ledger().customers.at(-1)).toMatchObject(record);
	});

	it('does not take for it a customer whose key is the ID that was given', async () => {
		const { json } = await partnero.operate('customer', 'upsert', {
			key: '',
			attributeTo: 'nobody',
			additionalFields: { id: 'alma', name: 'Other' },
		});
		expect(json).toEqual([expect.objectContaining({ id: 'alma', name: 'Other', created: true })]);
		expect(ledger().customers.map(({ name }) => name)).toEqual(['Alma', null, 'Other']);
	});
});

describe('the balance', () => {
	it('is an empty list, or what sales and credits brought', async () => {
		const empty = await partnero.operate('customer', 'getBalance', {
			customer: locator('key', 'boris'),
		});
		expect(empty.json).toEqual([
			{ customer: expect.objectContaining({ id: 'user_2' }), balance: [] },
		]);

		program().transactions.add({ key: 't_1', amount: 50, customer: 'user_2' });
		const credit = await partnero.operate('customer', 'creditBalance', {
			...alma,
			amount: 10.5,
			additionalFields: { amountUnits: 'usd' },
		});
		expect(credit.json).toEqual([
			expect.objectContaining({ customer: expect.objectContaining({ id: 'user_1' }) }),
		]);
		await partnero.operate('customer', 'creditBalance', {
			...alma,
			amount: 3,
			additionalFields: { isCurrency: false, amountUnits: 'coffees' },
		});
		expect(
			partnero
				.wire()
				.filter(({ method }) => method === 'POST')
				.map(({ body }) => body),
		).toEqual([
			{ amount: 10.5, is_currency: true, amount_units: 'usd' },
			{ amount: 3, is_currency: false, amount_units: 'coffees' },
		]);

		const { json } = await partnero.operate('customer', 'getBalance', alma);
		expect(json[0].balance).toEqual([
			{ amount: 15.5, amountUnits: 'USD', isCurrency: true },
			{ amount: 3, amountUnits: 'coffees', isCurrency: false },
		]);
	});

	it('of units that are no money needs their name', async () => {
		const { error } = await partnero.operate('customer', 'creditBalance', {
			...alma,
			amount: 3,
			additionalFields: { isCurrency: false },
		});
		expect(error?.message).toContain("'Amount Units' is empty");
		expect(ledger().credits).toEqual([]);
	});
});

it('the statistics of a customer are what it referred and earned', async () => {
	program().transactions.add({ key: 't_1', amount: 50, customer: 'user_2' });
	const { json } = await partnero.operate('customer', 'getStatistics', alma);
	expect(json).toEqual([
		{ referrals_count: 1, transactions_count: 1, total_revenue: 50, total_rewards: 5 },
	]);
});

it('an invitation goes to the address, with the values for its text', async () => {
	const { json } = await partnero.operate('customer', 'invite', {
		email: 'carla@example.com',
		additionalFields: {
			name: 'Carla',
			personalization: {
				pairs: [
					{ name: 'from', value: 'Alma' },
					{ name: 'cups', value: '={{ 3 }}' },
					{ name: '', value: 'lost' },
				],
			},
		},
	});
	expect(json).toEqual([expect.objectContaining({ email: 'carla@example.com', name: 'Carla' })]);
	expect(ledger().invitations).toEqual([
		expect.objectContaining({
			email: 'carla@example.com',
			personalization: { from: 'Alma', cups: '3' },
		}),
	]);
});

it('the referrals of a customer come one by one, in full', async () => {
	const { json } = await partnero.operate('customer', 'getReferrals', alma);
	expect(json).toEqual([
		expect.objectContaining({ id: 'user_2', email: 'boris@example.com', custom_fields: {} }),
	]);
	const none = await partnero.operate('customer', 'getReferrals', {
		customer: locator('id', 'user_2'),
	});
	expect(none).toMatchObject({ json: [] });
	expect(none.error).toBeUndefined();
});

describe('transactions', () => {
	const sale = { customer: locator('id', 'user_2'), amount: 50, key: 't_1' };

	it('pay the customer who referred the buyer', async () => {
		const { json } = await partnero.operate('transaction', 'create', sale);
		expect(json).toEqual([
			expect.objectContaining({
				key: 't_1',
				customer: 'user_1',
				referred_customer: 'user_2',
				created: true,
			}),
		]);
		expect(ledger().commission.byEarner.user_1).toMatchObject({ sales: 1, commission: 5 });
	});

	it('are refused of a customer whom nobody referred', async () => {
		const { error } = await partnero.operate('transaction', 'create', {
			...sale,
			customer: locator('key', 'alma'),
		});
		expect(error?.message).toBe(
			"Create transaction 't_1' was refused: Only referred customers can have transactions",
		);
		expect(ledger().transactions.total).toBe(0);
	});

	it('make the buyer as well, with who referred it', async () => {
		const { json } = await partnero.operate('transaction', 'create', {
			...sale,
			customer: locator('id', 'user_3'),
			createCustomer: true,
			newCustomer: { email: 'carla@example.com', referringCustomer: locator('list', 'user_1') },
		});
		expect(json).toEqual([
			expect.objectContaining({ customer: 'user_1', referred_customer: 'user_3' }),
		]);
		expect(last()?.body).toMatchObject({
			customer: { id: 'user_3', email: 'carla@example.com', referring_customer: { id: 'user_1' } },
		});
	});

	it('are listed with few flat fields, and refunded', async () => {
		await partnero.operate('transaction', 'create', sale);
		const flat = {
			key: 't_1',
			action: 'sale',
			amount: 50,
			amount_units: 'USD',
			customer: 'user_1',
			referred_customer: 'user_2',
			commission: 5,
			commission_units: 'USD',
			commissions: { USD: 5 },
			created_at: expect.any(String),
		};
		const { json } = await partnero.operate('transaction', 'getAll', { filters: { key: 't_1' } });
		expect(json).toEqual([flat]);
		const { json: got } = await partnero.operate('transaction', 'get', {
			transaction: locator('key', 't_1'),
		});
		expect(got).toEqual([flat]);
		await partnero.operate('transaction', 'refund', { transaction: locator('key', 't_1') });
		expect(ledger()).toMatchObject({ transactions: { total: 0 }, commission: { total: 0 } });
	});
});

describe('Simplify', () => {
	it('gives the ID, who referred the customer, and how many it referred', async () => {
		const { json } = await partnero.operate('customer', 'get', {
			customer: locator('key', 'boris'),
		});
		expect(json).toEqual([
			{
				id: 'user_2',
				email: 'boris@example.com',
				name: null,
				surname: null,
				status: 'active',
				referring_customer: 'user_1',
				referrals_count: 0,
				referral_link: 'https://shop.example?ref=boris',
				created_at: expect.any(String),
			},
		]);
	});

	it('leaves out of a list what the API does not send there', async () => {
		const { json } = await partnero.operate('customer', 'getAll', {
			filters: { referStatus: 'referred' },
		});
		expect(json).toEqual([
			{
				id: 'user_2',
				email: 'boris@example.com',
				name: null,
				surname: null,
				status: 'active',
				created_at: expect.any(String),
			},
		]);
		const { json: others } = await partnero.operate('customer', 'getAll', {
			filters: { referStatus: 'non_referred' },
		});
		expect(others.map(({ id }) => id)).toEqual(['user_1']);
	});
});

it('the list of a locator picks customers by ID', async () => {
	const { results } = await searchList('searchCustomers', partnero.credentials, 'alma');
	expect(results).toEqual([{ name: 'Alma (alma@example.com)', value: 'user_1' }]);
});
