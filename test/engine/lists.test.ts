import type { INodeParameters } from 'n8n-workflow';

import { programsOf } from '../../nodes/Partnero/operation';
import { resources } from '../../nodes/Partnero/resources';

import { closeAll, json as answer, serve } from './support/bareServer';
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

/** The numbers of the pages that were asked for, lowest first: those of one moment arrive in any order. */
const pagesAsked = () =>
	partnero.sandbox.requests.map(({ query }) => Number(query.page)).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const namesUpTo = (count: number) => Array.from({ length: count }, (_, index) => `p_${index}`);

describe('Get Many', () => {
	it.each([
		[1, [10]],
		[9, [10]],
		[10, [10]],
		[100, [100]],
		[101, [100, 100]],
		[200, [100, 100]],
	])('with a limit of %i gives exactly that many', async (limit, sizes) => {
		addPartners(250);
		const { json, outputs } = await partnero.operate('partner', 'getAll', {
			returnAll: false,
			limit,
		});
		expect(json).toHaveLength(limit);
		expect(new Set(json.map(({ id }) => id)).size).toBe(limit);
		expect(outputs[0].every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(
			true,
		);
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
		expect(
			partnero.wire().every(({ method, path }) => method === 'GET' && path === '/partners'),
		).toBe(true);
	});

	it('keeps its filters and its order on every page', async () => {
		const program = partnero.sandbox.program('affiliate');
		const ann = program.partners.add({ email: 'ann@example.com', key: 'annlee' });
		const joe = program.partners.add({ email: 'joe@example.com', key: 'joe' });
		for (let index = 0; index < 240; index += 1) {
			program.customers.add({ key: `c_${index}`, partner: index % 6 ? ann.id : joe.id });
		}
		const { json } = await partnero.operate('customer', 'getAll', {
			limit: 200,
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
			// The records show the partner's ID, with which the key cannot be compared.
			{ path: '/partner', key: 'annlee' },
			{ path: '/customers', partner_key: 'annlee', limit: '100', page: '2' },
			{ path: '/transactions', sort: 'asc', limit: '100', page: '1' },
		]);
	});

	it('filters by the email of a partner who was picked by ID, since lists take no ID', async () => {
		const program = partnero.sandbox.program('affiliate');
		const ann = program.partners.add({ id: 'p_1', email: 'ann@example.com' });
		program.customers.add({ key: 'c_1', partner: ann.id });
		const { json } = await partnero.operate('customer', 'getAll', {
			filters: { partner: locator('list', 'p_1') },
		});
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

	it('asks for the newest first when a date is given, and stops three whole pages past it', async () => {
		addPartners(1000);
		const { json } = await partnero.operate('partner', 'getAll', {
			returnAll: true,
			filters: { createdAfter: new Date(Date.now() - 20.5 * day).toISOString() },
		});
		expect(json).toHaveLength(21);
		expect(partnero.wire().map(({ query }) => (query as { sort: string }).sort)).toEqual(
			pagesAsked().map(() => 'desc'),
		);
		expect(pagesAsked()).toEqual(expect.arrayContaining([1, 2, 3, 4]));
		// Up to three more were under way.
		expect(Math.max(...pagesAsked())).toBeLessThanOrEqual(7);
	});

	it('reads to the end when the dates do not descend', async () => {
		addPartners(250);
		const { json } = await partnero.operate('partner', 'getAll', {
			returnAll: true,
			filters: { createdAfter: new Date(Date.now() - 20.5 * day).toISOString() },
			options: { sort: 'asc' },
		});
		expect(json).toHaveLength(21);
		expect(pagesAsked()).toEqual(expect.arrayContaining([1, 2, 3]));
	});

	it('searches when an identifier is given, and refuses two of them', async () => {
		addPartners(30);
		const { json } = await partnero.operate('partner', 'getAll', {
			filters: { email: 'partner7@' },
		});
		expect(json).toEqual([expect.objectContaining({ id: 'p_7' })]);
		const { error } = await partnero.operate('partner', 'getAll', {
			filters: { email: 'a', key: 'b' },
		});
		expect(error?.message).toBe(
			"'Filters > Email' and 'Filters > Referral Key' cannot be combined",
		);
		expect(partnero.wire()).toEqual([
			{
				method: 'GET',
				path: '/partners:search',
				query: { email: 'partner7@', limit: '50', page: '1' },
			},
		]);
	});

	it.each([0, -1, 1.5, 'many'])('refuses %p as a limit before any request', async (limit) => {
		const { error } = await partnero.operate(
			'partner',
			'getAll',
			{ limit: '={{ $json.limit }}' },
			{ items: [{ limit }] },
		);
		expect(error?.message).toMatch(/^'Limit' must be a (number|positive integer)/);
		expect(partnero.wire()).toEqual([]);
	});

	it('gives a record once when it moves to a later page meanwhile', async () => {
		addPartners(150);
		const { partners } = partnero.sandbox.program('affiliate');
		const first = partnero.operate('partner', 'getAll', {
			returnAll: true,
			options: { sort: 'desc' },
		});
		partnero.sandbox.faults.add({ kind: 'latency', ms: 3000 });
		while (partnero.wire().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
		partners.add({ id: 'newcomer', email: 'newcomer@example.com' });
		const { json } = await first;
		const ids = json.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids).toHaveLength(150);
	});
});

describe('Pages ahead', () => {
	const all = async (more: object = {}) =>
		await partnero.operate('partner', 'getAll', {
			returnAll: true,
			options: { sort: 'asc' },
			...more,
		});

	it.each([
		[100, [1]],
		[101, [1, 2, 3]],
		[199, [1, 2, 3]],
		[200, [1, 2, 3]],
		[201, [1, 2, 3, 4, 5]],
		[1000, upTo(13)],
	])(
		'of %i records are asked for one further after each page, and end with the list',
		async (count, asked) => {
			addPartners(count);
			const { json } = await all();
			expect(json.map(({ id }) => id)).toEqual(namesUpTo(count));
			expect(pagesAsked()).toEqual(asked);
		},
	);

	it.each([
		[200, 2],
		[450, 5],
		[600, 6],
	])('are not asked for beyond a limit of %i', async (limit, needed) => {
		addPartners(1500);
		const { json } = await all({ returnAll: false, limit });
		expect(json.map(({ id }) => id)).toEqual(namesUpTo(limit));
		expect(pagesAsked()).toEqual(upTo(needed));
	});

	it('come in order, whichever is answered first', async () => {
		addPartners(1500);
		partnero.sandbox.faults.add({ kind: 'latency', ms: 1200, rate: 0.4 });
		const { json } = await all();
		expect(json.map(({ id }) => id)).toEqual(namesUpTo(1500));
	});

	it.each([1, 2, 3, 5, 50])('stay within %i requests at once', async (requestsAtOnce) => {
		addPartners(1000);
		partnero.sandbox.faults.add({ kind: 'latency', ms: 200 });
		const { json } = await all({ settings: { requestsAtOnce } });
		expect(json).toHaveLength(1000);
		expect(partnero.sandbox.maxConcurrent).toBeLessThanOrEqual(Math.min(4, requestsAtOnce));
		expect(partnero.sandbox.maxConcurrent).toBeGreaterThanOrEqual(Math.min(4, requestsAtOnce - 1));
		expect(pagesAsked().length).toBeLessThanOrEqual(10 + Math.min(3, requestsAtOnce - 1));
	});

	it('leave the slots to other items that wait for one', async () => {
		addPartners(300);
		partnero.sandbox.faults.add({ kind: 'latency', ms: 200 });
		const parameters = {
			resource: 'partner',
			operation: 'getAll',
			returnAll: true,
			settings: { requestsAtOnce: 3 },
		};
		const { json } = await partnero.operate('partner', 'getAll', parameters, {
			items: upTo(6).map((item) => ({ item })),
		});
		expect(json).toHaveLength(1800);
		expect(partnero.sandbox.maxConcurrent).toBe(3);
		// The first three items have all slots to themselves, and nothing was asked for ahead.
		expect(pagesAsked().filter((page) => page > 3).length).toBeLessThanOrEqual(3 * 3);
	});

	it.each([
		[1, [1, 1, 2, 3, 4, 5, 6]],
		[2, [1, 1, 1, 2, 3, 4, 5]],
		[3, [1, 1, 1, 1, 2, 3, 4]],
	])('are one fewer after each 429, here after %i', async (times, asked) => {
		addPartners(400);
		partnero.sandbox.faults.add({ kind: 'rateLimit', retryAfter: 0, times });
		const { json } = await all();
		expect(json).toHaveLength(400);
		expect(pagesAsked()).toEqual(asked);
	});

	it('of a server that takes one request at once are soon given up', async () => {
		addPartners(2000);
		partnero.sandbox.faults.add({ kind: 'cap', max: 1, retryAfter: 0 });
		partnero.sandbox.faults.add({ kind: 'latency', ms: 100 });
		const { json } = await all();
		expect(json.map(({ id }) => id)).toEqual(namesUpTo(2000));
		expect(partnero.sandbox.requests.filter(({ status }) => status === 429).length).toBeLessThan(
			15,
		);
	});

	it.each([
		{ kind: 'rateLimit', retryAfter: 0 },
		{ kind: 'status', status: 500 },
		{ kind: 'cut' },
		{ kind: 'html' },
	] as const)('that got $kind are asked for again in their turn', async (fault) => {
		addPartners(1000);
		partnero.sandbox.faults.add({ ...fault, rate: 0.2 });
		const { json, error } = await all();
		expect(error).toBeUndefined();
		expect(json.map(({ id }) => id)).toEqual(namesUpTo(1000));
	});

	it('end with the first page that is refused', async () => {
		addPartners(1000);
		partnero.sandbox.faults.add({ kind: 'latency', ms: 6000 });
		const reading = all();
		// Pages 2 and 3 leave together.
		while (partnero.wire().length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
		partnero.sandbox.faults.add({ kind: 'status', status: 403 });
		const { json, error } = await reading;
		expect(error?.message).toContain('is not allowed for this API key');
		expect(json).toEqual([]);
		expect(pagesAsked()).toEqual(upTo(7));
	});

	it('are not under way any more when the node is done', async () => {
		addPartners(101);
		partnero.sandbox.faults.add({ kind: 'latency', ms: 600 });
		await all();
		expect(partnero.sandbox.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
	});

	it('give a sale once that moved to a later page, and equal sales as often as they are there', async () => {
		const { transactions } = partnero.sandbox.program('affiliate');
		const created_at = new Date(Date.now() - day).toISOString();
		for (let index = 0; index < 450; index += 1)
			transactions.add({ key: `inv_${index}`, amount: index, created_at });
		partnero.sandbox.faults.add({ kind: 'latency', ms: 1000 });
		const reading = partnero.operate('transaction', 'getAll', {
			returnAll: true,
			options: { sort: 'desc' },
		});
		for (const count of [1, 3, 5]) {
			while (partnero.wire().length < count) await new Promise((resolve) => setTimeout(resolve, 5));
			transactions.add({ key: `new_${count}`, amount: 1 });
		}
		const { json } = await reading;
		const keys = json.map(({ key }) => String(key)).filter((key) => key.startsWith('inv_'));
		expect(keys).toHaveLength(450);
		expect(new Set(keys).size).toBe(450);
	});
});

describe('where a list ends', () => {
	const sales = async (more: object = {}) =>
		await partnero.operate('transaction', 'getAll', { returnAll: true, simplify: false, ...more });

	const salesOf = async (baseUrl: string) =>
		await partnero.operate(
			'transaction',
			'getAll',
			{ returnAll: true, simplify: false },
			{ credentials: { ...partnero.credentials, baseUrl } },
		);

	it('150 equal sales without a key are 150', async () => {
		const { customers, transactions } = partnero.sandbox.program('affiliate');
		const { id } = customers.add({ key: 'u_1', partner: null });
		for (let index = 0; index < 150; index += 1)
			transactions.add({ amount: 5, customer: id, created_at: '2026-01-01T00:00:00.000000Z' });
		expect((await sales()).json).toHaveLength(150);
	});

	it('is not where a page is shorter than was asked for', async () => {
		const { transactions } = partnero.sandbox.program('affiliate');
		for (let index = 0; index < 230; index += 1)
			transactions.add({ key: `inv_${index}`, amount: index });
		partnero.sandbox.quirks.pageCap = 50;
		const { json } = await sales();
		expect(new Set(json.map(({ key }) => key)).size).toBe(230);
	});

	/** What a page of `size` records of a Laravel application may say of its place in a list of `total`. */
	const paginators: Record<string, (page: number, size: number, total: number) => object> = {
		'links and meta': (page, size, total) => ({
			links: { next: page * size < total ? `/transactions?page=${page + 1}` : null },
			meta: { current_page: page, per_page: size },
		}),
		'meta alone': (page, size) => ({ meta: { current_page: page, per_page: size } }),
		'a paginator as it is': (page, size, total) => ({
			current_page: page,
			per_page: size,
			links: [{ url: null, label: 'Previous', active: false }],
			next_page_url: page * size < total ? `/transactions?page=${page + 1}` : null,
		}),
		nothing: () => ({}),
	};
	const totals = [0, 1, 9, 10, 15, 16, 30, 49, 100, 101, 230];

	describe.each(Object.keys(paginators))('where a page comes with %s', (name) => {
		afterEach(closeAll);

		it.each([10, 15, 25, 100])('and has %s records at most, all come once', async (cap) => {
			let total = 0;
			const server = await serve(({ path }, response) => {
				const { searchParams } = new URL(path, 'http://localhost');
				const page = Number(searchParams.get('page'));
				const size = Math.min(cap, Number(searchParams.get('limit')));
				const length = Math.max(0, Math.min(size, total - (page - 1) * size));
				const data = Array.from({ length }, (_, index) => ({
					key: `inv_${(page - 1) * size + index}`,
				}));
				answer(response, 200, { data, status: 1, ...paginators[name](page, size, total) });
			});
			for (total of totals) {
				const { json } = await salesOf(server.url);
				expect(json.map(({ key }) => key)).toEqual(
					Array.from({ length: total }, (_, index) => `inv_${index}`),
				);
			}
		});
	});

	describe('of a server that knows no pages', () => {
		afterEach(closeAll);

		it.each([0, 1, 9, 10, 40, 99])('%s records come once', async (total) => {
			const data = Array.from({ length: total }, (_, index) => ({ key: `inv_${index}` }));
			const server = await serve((_, response) => answer(response, 200, { data, status: 1 }));
			const { json } = await salesOf(server.url);
			expect(json).toHaveLength(total);
		});
	});
});

describe('a list that has nothing, and is a 404 that says so', () => {
	const lists = resources.flatMap((resource) =>
		resource.operations
			// There is always the program's own domain.
			.filter(({ entry }) => entry.value !== 'getDomains')
			.filter(({ output, request }) => output.kind === 'list' && !request.url.includes('{'))
			.map((operation) => ({
				resource: resource.entry.value,
				operation: operation.entry.value,
				program: programsOf(resource, operation)?.includes('newsletter')
					? ('newsletter' as const)
					: ('affiliate' as const),
			})),
	);

	it.each(lists)('is empty: $resource $operation', async ({ resource, operation, program }) => {
		partnero.sandbox.quirks.emptyListIs404 = 'always';
		const { json, error } = await partnero.operate(
			resource,
			operation,
			{},
			{ credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] } },
		);
		expect([error?.message, json]).toEqual([undefined, []]);
	});

	it.each(['create', 'createMany'])(
		'proves that the first sale of a program is not there: %s',
		async (operation) => {
			partnero.sandbox.quirks.emptyListIs404 = 'always';
			const { partners, customers } = partnero.sandbox.program('affiliate');
			partners.add({ id: 'p_1', key: 'annlee' });
			customers.add({ key: 'user_1', partner: 'p_1' });
			const parameters = { customer: locator('key', 'user_1'), amount: 5, key: '={{ $json.key }}' };
			const items = [{ key: 'inv_1' }, { key: 'inv_2' }];
			for (const created of [true, false]) {
				const { json } = await partnero.operate('transaction', operation, parameters, { items });
				expect(json).toMatchObject([
					{ key: 'inv_1', created },
					{ key: 'inv_2', created },
				]);
			}
			expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 2, twice: [] });
		},
	);

	it('does not stop a report', async () => {
		partnero.sandbox.quirks.emptyListIs404 = 'always';
		const { json, error } = await partnero.operate('program', 'getReport', {
			period: 'lastWeek',
		});
		expect(error?.message).toBeUndefined();
		expect(json).toHaveLength(1);
	});

	/** What comes of it on a server that answers everything so. */
	async function onAnswering(message: string, resource: string, parameters: INodeParameters) {
		const server = await serve((_, response) => answer(response, 404, { message, status: 0 }));
		const operation = resource === 'customer' ? 'getTransactions' : 'getAll';
		const credentials = { apiKey: 'k', baseUrl: server.url };
		const { error } = await partnero.operate(resource, operation, parameters, { credentials });
		await closeAll();
		return error?.message;
	}

	it.each([
		'No query results for model [App\\Models\\Customer] ann',
		'No results',
		'Customer not found.',
	])('is none if a list below a record says that of the record: %j', async (message) => {
		const said = await onAnswering(message, 'customer', { customer: locator('key', 'ann') });
		expect(said).toContain("'ann' was not found");
	});

	it.each([
		'The route v1/transactions could not be found.',
		'No such endpoint: transactions',
		'Not Found',
		'Customer not found.',
		'No query results for model [App\\Models\\Transaction] 7',
		'',
	])('is none if nobody says that: %j', async (message) => {
		expect(await onAnswering(message, 'transaction', {})).toBeDefined();
	});
});
