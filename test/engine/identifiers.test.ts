import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

describe('an identifier that no record can have', () => {
	const bad = ['', '   ', '.', '..'];

	it.each(bad)(
		'is refused before any request: partner %p given by an expression',
		async (value) => {
			const { error } = await partnero.operate(
				'partner',
				'get',
				{ partner: locator('id', '={{ $json.id }}') },
				{ items: [{ id: value }] },
			);
			expect(error?.message).toMatch(/^'Partner' .*$/);
			expect(partnero.wire()).toEqual([]);
		},
	);

	it.each(['.', '..'])('is refused before any request: customer %p as a literal', async (value) => {
		const { error } = await partnero.operate('customer', 'get', {
			customer: locator('key', value),
		});
		expect(error?.message).toBe(`'Customer' cannot be '${value}'`);
		expect(partnero.wire()).toEqual([]);
	});

	it.each(['', '   '])('is refused before any request: customer %p as a literal', async (value) => {
		const { error } = await partnero.operate('customer', 'get', {
			customer: locator('key', value),
		});
		expect(error?.message).toBeDefined();
		expect(partnero.wire()).toEqual([]);
	});

	it('is refused with the number of its item when it is missing', async () => {
		const { outputs } = await partnero.operate(
			'customer',
			'get',
			{ customer: locator('key', '={{ $json.key }}') },
			{ items: [{ other: 1 }, { key: null }], node: { onError: 'continueRegularOutput' } },
		);
		expect(outputs[0].map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
			["'Customer' is empty [item 1 of 2]", { item: 0 }],
			["'Customer' is empty [item 2 of 2]", { item: 1 }],
		]);
		expect(partnero.wire()).toEqual([]);
	});

	it.each([
		['referralLink', 'create', 'Link Key', { partner: locator('id', 'p_1'), key: '..' }],
		['referralLink', 'update', 'New Key', { referralLink: locator('id', 'ann'), key: '.' }],
		['customer', 'create', 'Customer Key', { key: '.', partner: locator('id', 'p_1') }],
		['partner', 'create', 'Partner ID', { email: 'a@b.example', additionalFields: { id: '..' } }],
		[
			'coupon',
			'create',
			'Coupon UUID Code',
			{ couponDiscountAmount: 5, additionalFields: { uuidCode: '.' } },
		],
		['promotionCode', 'create', 'Promotion Code', { coupon: locator('uuidCode', 'C'), code: '..' }],
		[
			'transaction',
			'create',
			'Transaction Key',
			{ customer: locator('key', 'c'), amount: 1, key: '.' },
		],
	])('is given to no record either: %s %s', async (resource, operation, label, parameters) => {
		const { error } = await partnero.operate(resource, operation, parameters);
		expect(error?.message).toMatch(
			new RegExp(`^'(?:Additional Fields > )?${label}' cannot be '\\.\\.?'$`),
		);
		expect(partnero.wire()).toEqual([]);
	});

	it('is refused when half of a surrogate pair cannot be encoded', async () => {
		const { error } = await partnero.operate(
			'customer',
			'get',
			{ customer: locator('key', '={{ $json.key }}') },
			{ items: [{ key: 'a\ud800' }] },
		);
		expect(error?.message).toBe("'Customer' has a character that cannot be sent");
		expect(partnero.wire()).toEqual([]);
	});
});

describe('an identifier with characters that mean something in a URL', () => {
	const odd = [
		'a/b',
		'a?b#c',
		'../partners/x',
		'ü@x.example',
		'100%',
		'a b',
		'%2e%2e',
		"'",
		'x;y=z',
	];

	it.each(odd)('arrives as one path segment and comes back unchanged: %s', async (key) => {
		const program = partnero.sandbox.program('affiliate');
		const partner = program.partners.add({ email: 'ann@example.com' });
		program.customers.add({ key, partner: partner.id });
		const { json } = await partnero.operate('customer', 'get', { customer: locator('key', key) });
		expect(json).toEqual([expect.objectContaining({ key })]);
		const [{ path }] = partnero.wire();
		expect(path.split('/')).toHaveLength(3);
		expect(decodeURIComponent(path.split('/')[2])).toBe(key);
	});
});

describe('a partner in a path', () => {
	beforeEach(() => {
		const { partners } = partnero.sandbox.program('affiliate');
		partners.add({ id: 'p_1', email: 'Ann.Lee@example.com', key: 'annlee' });
		partners.add({ id: 'p_2', email: 'joann.lee@example.com', key: 'joann' });
	});

	it('is looked up by its referral key, once for all items', async () => {
		const { json } = await partnero.operate(
			'partner',
			'get',
			{ partner: locator('key', 'annlee') },
			{ items: [{}, {}, {}] },
		);
		expect(json.map(({ id }) => id)).toEqual(['p_1', 'p_1', 'p_1']);
		expect(partnero.wire()).toEqual([
			{ method: 'GET', path: '/partner', query: { key: 'annlee' } },
			...[1, 2, 3].map(() => ({ method: 'GET', path: '/partners/p_1' })),
		]);
	});

	it('is looked up by its email without regard to case, and parts of it do not count', async () => {
		const { json } = await partnero.operate('partner', 'get', {
			partner: locator('email', 'ann.lee@example.com'),
		});
		expect(json).toEqual([expect.objectContaining({ id: 'p_1' })]);
		const { error } = await partnero.operate('partner', 'get', {
			partner: locator('email', 'ann.lee'),
		});
		expect(error?.message).toBe("No partner has the email 'ann.lee'");
	});

	it('is looked up anew by an operation that changes partners, since the next item may mean another one', async () => {
		const { json, outputs } = await partnero.operate(
			'partner',
			'update',
			{
				partner: locator('email', 'ann.lee@example.com'),
				updateFields: { email: '={{ $json.email }}' },
				settings: { requestsAtOnce: 1 },
			},
			{
				items: [{ email: 'ann@example.com' }, { email: 'ann@example.org' }],
				node: { onError: 'continueErrorOutput' },
			},
		);
		expect(json).toEqual([expect.objectContaining({ id: 'p_1', email: 'ann@example.com' })]);
		expect(outputs[1].map(({ json: { error } }) => error)).toEqual([
			"No partner has the email 'ann.lee@example.com' [item 2 of 2]",
		]);
		expect(partnero.sandbox.ledger().partners.find(({ id }) => id === 'p_1')?.email).toBe(
			'ann@example.com',
		);
	});

	it('is refused when nobody has the referral key, and a miss is asked for again', async () => {
		const { outputs } = await partnero.operate(
			'partner',
			'get',
			{ partner: locator('key', 'nobody') },
			{ items: [{}, {}], node: { onError: 'continueRegularOutput' } },
		);
		expect(outputs[0].map(({ json }) => json.error)).toEqual([
			"No partner has the referral key 'nobody' [item 1 of 2]",
			"No partner has the referral key 'nobody' [item 2 of 2]",
		]);
		expect(partnero.wire().every(({ path }) => path === '/partner')).toBe(true);
	});
});
