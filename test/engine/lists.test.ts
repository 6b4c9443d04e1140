import { useSandbox, locator } from './support/partnero';

const partnero = useSandbox();
const day = 24 * 60 * 60 * 1000;

/** Partners of alternating status, one a day, the last one today. */
function addPartners(count: number): void {
	const { partners } = partnero.sandbox.program('affiliate');
	for (let index = 0; index < count; index += 1) {
		partners.add({
			id: `p_${index}`,
			email: `partner${index}@example.com`,
			status: index % 2 ? 'active' : 'pending',
			created_at: new Date(Date.now() - (count - 1 - index) * day).toISOString(),
		});
	}
}

describe('Get Many', () => {
	it.each([
		[1, [10]],
		[9, [10]],
		[10, [10]],
		[100, [100]],
		[101, [100, 100]],
	])('with a limit of %i gives exactly that many', async (limit, sizes) => {
		addPartners(250);
		const { json, outputs } = await partnero.operate('partner', 'getAll', { returnAll: false, limit });
		expect(json).toHaveLength(limit);
		expect(new Set(json.map(({ id }) => id)).size).toBe(limit);
		expect(outputs[0].every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(true);
		expect(partnero.wire()).toEqual(
			sizes.map((size, index) => ({
				method: 'GET',
				path: '/partners',
				query: { limit: String(size), page: String(index + 1) },
			})),
		);
	});

	it('with Return All gives every record once', async () => {
		addPartners(250);
		const { json } = await partnero.operate('partner', 'getAll', { returnAll: true });
		expect(new Set(json.map(({ id }) => id)).size).toBe(250);
		expect(json).toHaveLength(250);
		expect(partnero.wire().map(({ query }) => query)).toEqual(
			['1', '2', '3'].map((page) => ({ limit: '100', page })),
		);
	});

	it('keeps its filters and its order on every page', async () => {
		const program = partnero.sandbox.program('affiliate');
		const ann = program.partners.add({ email: 'ann@example.com', key: 'annlee' });
		const joe = program.partners.add({ email: 'joe@example.com', key: 'joe' });
		for (let index = 0; index < 240; index += 1) {
			program.customers.add({ key: `c_${index}`, partner: index % 6 ? ann.id : joe.id });
		}
		const { json } = await partnero.operate('customer', 'getAll', {
			returnAll: true,
			filters: { partner: locator('key', 'annlee') },
		});
		expect(json).toHaveLength(200);
		expect(json.every(({ partner }) => partner === ann.id)).toBe(true);
		const { json: sales } = await partnero.operate('transaction', 'getAll', {
			returnAll: true,
			options: { sort: 'asc' },
		});
		expect(sales).toEqual([]);
		expect(partnero.wire().map(({ path, query }) => ({ path, ...query }))).toEqual([
			{ path: '/customers', partner_key: 'annlee', limit: '100', page: '1' },
			{ path: '/customers', partner_key: 'annlee', limit: '100', page: '2' },
			{ path: '/transactions', sort: 'asc', limit: '100', page: '1' },
		]);
	});

	it('filters by the email of a partner who was picked by ID, since lists take no ID', async () => {
		const program = partnero.sandbox.program('affiliate');
		const ann = program.partners.add({ id: 'p_1', email: 'ann@example.com' });
		program.customers.add({ key: 'c_1', partner: ann.id });
		const { json } = await partnero.operate('customer', 'getAll', { filters: { partner: locator('list', 'p_1') } });
		expect(json).toHaveLength(1);
		expect(partnero.wire().map(({ path, query }) => ({ path, ...query }))).toEqual([
			{ path: '/partners/p_1' },
			{ path: '/customers', partner_email: 'ann@example.com', limit: '50', page: '1' },
		]);
	});

	it('checks the status itself, and fills the limit from as many pages as it takes', async () => {
		addPartners(250);
		const { json } = await partnero.operate('partner', 'getAll', {
			limit: 60,
			filters: { status: 'active' },
		});
		expect(json).toHaveLength(60);
		expect(json.every(({ status }) => status === 'active')).toBe(true);
		expect(partnero.wire().map(({ query }) => query)).toEqual([
			{ limit: '100', page: '1' },
			{ limit: '100', page: '2' },
		]);
	});

	it('asks for the newest first when a date is given, and stops once it is past it', async () => {
		addPartners(250);
		const { json } = await partnero.operate('partner', 'getAll', {
			returnAll: true,
			filters: { createdAfter: new Date(Date.now() - 20.5 * day).toISOString() },
		});
		expect(json).toHaveLength(21);
		expect(partnero.wire().map(({ query }) => query)).toEqual([{ sort: 'desc', limit: '100', page: '1' }]);
	});

	it('reads to the end when the dates do not descend', async () => {
		addPartners(250);
		const { json } = await partnero.operate('partner', 'getAll', {
			returnAll: true,
			filters: { createdAfter: new Date(Date.now() - 20.5 * day).toISOString() },
			options: { sort: 'asc' },
		});
		expect(json).toHaveLength(21);
		expect(partnero.wire()).toHaveLength(3);
	});

	it('searches when an identifier is given, and refuses two of them', async () => {
		addPartners(30);
		const { json } = await partnero.operate('partner', 'getAll', { filters: { email: 'partner7@' } });
		expect(json).toEqual([expect.objectContaining({ id: 'p_7' })]);
		const { error } = await partnero.operate('partner', 'getAll', { filters: { email: 'a', key: 'b' } });
		expect(error?.message).toBe("'Email' and 'Referral Key' cannot be combined [item 0]");
		expect(partnero.wire()).toEqual([
			{ method: 'GET', path: '/partners:search', query: { email: 'partner7@', limit: '50', page: '1' } },
		]);
	});

	it.each([0, -1, 1.5, 'many'])('refuses %p as a limit before any request', async (limit) => {
		const { error } = await partnero.operate('partner', 'getAll', { limit: '={{ $json.limit }}' }, { items: [{ limit }] });
		expect(error?.message).toMatch(/^'Limit' has to be a .*number/);
		expect(partnero.wire()).toEqual([]);
	});

	it('gives a record once when it moves to a later page meanwhile', async () => {
		addPartners(150);
		const { partners } = partnero.sandbox.program('affiliate');
		const first = partnero.operate('partner', 'getAll', { returnAll: true, options: { sort: 'desc' } });
		partnero.sandbox.faults.add({ kind: 'latency', ms: 150 });
		while (partnero.wire().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
		partners.add({ id: 'newcomer', email: 'newcomer@example.com' });
		const { json } = await first;
		const ids = json.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids).toHaveLength(150);
	});
});
