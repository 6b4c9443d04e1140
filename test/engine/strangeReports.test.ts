import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { json as answer, closeAll, serve } from './support/bareServer';
import { useSandbox } from './support/partnero';

/*
 * Reports and statements from a server that shows its records in other ways than the documents do: what cannot be read is
 * said, and is never 0 without a word.
 */
const partnero = useSandbox();
const pageSize = 50;
let program: IDataObject;
let lists: { [name: string]: IDataObject[] };
let hasLinks: boolean;
let url: string;
let tests = 0;
/** What n8n keeps of the last run. */
let stored: string;

beforeAll(async () => {
	const server = await serve(({ path }, response) => {
		const { pathname, searchParams } = new URL(path, 'http://localhost');
		const name = pathname.slice(1);
		if (name === 'program') return answer(response, 200, { data: program, status: 1 });
		const list = lists[name];
		if (!list) return answer(response, 404, { message: 'Not found', status: 0 });
		const page = Number(searchParams.get('page'));
		const data = list.slice((page - 1) * pageSize, page * pageSize);
		const next =
			page * pageSize < list.length ? `https://api.example/${name}?page=${page + 1}` : null;
		answer(response, 200, {
			data,
			...(hasLinks && { links: { first: null, last: null, prev: null, next } }),
			meta: { current_page: page, per_page: pageSize },
			status: 1,
		});
	});
	url = server.url;
});
afterAll(closeAll);

beforeEach(() => {
	tests += 1;
	hasLinks = true;
	program = {
		program: { id: 1, type: 'Affiliate', name: 'Coffee' },
		stats: {},
		program_settings: { currency: 'USD' },
	};
	lists = {
		transactions: [],
		partners: [],
		customers: [],
		leads: [],
		'payout_requests:search': [],
	};
});

async function operate(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	timezone = 'UTC',
): Promise<IDataObject[]> {
	const october = { period: 'custom', from: '2026-10-01', to: '2026-10-31' };
	const credentials = { apiKey: `key-of-strange-report-${tests}`, baseUrl: url };
	const result = await partnero.operate(
		resource,
		operation,
		{ ...october, ...parameters },
		{ credentials, timezone },
	);
	if (result.error) throw new Error(result.error.message);
	({ stored } = result);
	return result.json;
}

const report = async (parameters: INodeParameters = {}, timezone = 'UTC') =>
	(await operate('program', 'getReport', parameters, timezone))[0];
const statements = async (parameters: INodeParameters = {}) =>
	await operate('partner', 'getStatements', parameters);

/** The values of a metric, by unit. */
function valuesOf({ metrics }: IDataObject, name: string): { [unit: string]: unknown } {
	const all = (metrics as IDataObject[]).filter((metric) => metric.name === name);
	return Object.fromEntries(all.map(({ unit, value }) => [String(unit), value]));
}

const reward = (amount: unknown, more: IDataObject = {}) =>
	({ status: 'ok', partner: 'p_1', amount, amount_units: 'usd', ...more }) as IDataObject;
const sale = (key: string, amount: unknown, more: IDataObject = {}) =>
	({
		key,
		action: 'sale',
		amount,
		amount_units: 'usd',
		partner: 'p_1',
		customer: 'c_1',
		created_at: '2026-10-15T12:00:00.000000Z',
		deleted_at: null,
		rewards: [],
		...more,
	}) as IDataObject;

describe('an amount that contradicts its currency', () => {
	it('is in no sum, and counted as one that cannot be read', async () => {
		lists.transactions = [
			sale('a', '1,234.50', { rewards: [reward('$10')] }),
			sale('b', '€10', { rewards: [reward('€1')] }),
			sale('c', '10%', { rewards: [reward('10%')] }),
		];
		const made = await report();
		expect([valuesOf(made, 'revenue'), valuesOf(made, 'commissions')]).toEqual([
			{ USD: 1234.5 },
			{ USD: 10 },
		]);
		expect(made.notes).toEqual(
			expect.arrayContaining([
				expect.stringContaining('2 sales show no amount'),
				expect.stringContaining('2 of the commissions'),
			]),
		);
		const [statement] = await statements();
		expect(statement).toMatchObject({
			commission: 10,
			revenueByCurrency: { USD: 1234.5 },
			unreadableAmounts: 4,
		});
	});
});

describe('what a sale has earned', () => {
	it.each([
		[{ id: 5, email: 'ann@example.com' }, 'Ann@example.com'],
		[{ id: 5, key: 'annlee' }, 'annlee'],
		['p_1', { id: 'p_1', email: 'ann@example.com' }],
	])('is of the partner %j who is called %j beside it', async (partner, other) => {
		lists.transactions = [sale('a', 10, { partner, rewards: [reward(3, { partner: other })] })];
		expect(await statements()).toMatchObject([{ salesCount: 1, commission: 3 }]);
		expect((await report()).topPartners).toMatchObject([{ sales: 1, revenue: 10, commission: 3 }]);
	});

	it.each([
		['one reward alone', reward(3)],
		['rewards by number', { 1: reward(1), 4: reward(2) }],
	])('is read from %s', async (_what, rewards) => {
		lists.transactions = [sale('a', 10, { rewards })];
		expect(valuesOf(await report(), 'commissions')).toEqual({ USD: 3 });
		expect(await statements()).toMatchObject([
			{ commission: 3, sales: [{ commission: 3, status: 'ok' }], unreadableAmounts: 0 },
		]);
	});
});

describe('a sale that shows no commission', () => {
	it('is counted as such beside one that does', async () => {
		lists.transactions = [
			sale('a', 10, { rewards: [reward(1)] }),
			sale('b', 10, { rewards: null }),
		];
		const made = await report();
		expect([valuesOf(made, 'commissions'), made.notes]).toEqual([
			{ USD: 1 },
			expect.arrayContaining(['1 sale shows no commissions, so that commissions are without it.']),
		]);
		const [statement] = await statements();
		expect(statement).toMatchObject({ commission: 1, unreadableAmounts: 1 });
		expect(statement.text).toContain('1 of the amounts and commissions are not shown');
	});
});

describe('the date of a record', () => {
	const noon = Date.parse('2026-10-15T12:00:00Z') / 1000;

	it.each([
		noon,
		noon * 1000,
		String(noon),
		'2026-10-15 12:00:00',
		'2026-10-15T14:00:00+0200',
		'2026-10-15 12:00:00.000000',
	])('is read: %j', async (created) => {
		lists.transactions = [sale('a', 10, { created_at: created })];
		expect(
			await statements({ from: '2026-10-15T12:00:00Z', to: '2026-10-15T12:00:01Z' }),
		).toMatchObject([{ partner: 'p_1', salesCount: 1 }]);
		const found = (createdAfter: string) =>
			operate('transaction', 'getAll', { returnAll: true, filters: { createdAfter } });
		expect([
			(await found('2026-10-15T12:00:01Z')).length,
			(await found('2026-10-15T11:59:59Z')).length,
		]).toEqual([0, 1]);
	});
});

describe('a sale without a date', () => {
	it('is in no statement, and a hint says so', async () => {
		lists.transactions = [
			sale('a', 10, { created_at: null }),
			sale('b', 10, { created_at: 'some day' }),
		];
		expect(await statements()).toEqual([]);
		expect(stored).toContain('2 sales show no date that can be read, and are in no statement.');
	});
});

describe('a switch or a count', () => {
	const made = { created_at: '2026-10-15T12:00:00.000000Z' };

	it('of a record that is gone is read in any spelling', async () => {
		lists.customers = [
			{ deleted: true },
			{ deleted: 1 },
			{ deleted: 'true' },
			{ status: 'Deleted' },
			{ deleted: 0 },
			{ deleted: 'false', deleted_at: null },
		].map((more, index) => ({ key: `c_${index}`, ...made, ...more }));
		expect(valuesOf(await report(), 'newCustomers')).toEqual({ '': 2 });
	});

	it('of a newsletter is read in any spelling', async () => {
		program = { id: 'n_1', name: 'News', type: 'Newsletter' };
		lists.subscribers = [true, 1, '1', false, 0].map((referred, index) => ({
			email: `s${index}@example.com`,
			is_referred: referred,
			...made,
		}));
		lists.rewards = [
			{ id: 1, times_triggered: '5' },
			{ id: 2, times_triggered: 3 },
		];
		const shown = await report();
		expect(['newReferrals', 'rewardsTriggered'].map((name) => valuesOf(shown, name))).toEqual([
			{ '': 3 },
			{ '': 8 },
		]);
	});
});

it('compares what a partner has brought with less than nothing as the metrics do', async () => {
	lists.transactions = [
		sale('a', 20),
		sale('b', -10, { created_at: '2026-09-15T12:00:00.000000Z' }),
	];
	const { topPartners } = await report();
	expect(topPartners).toMatchObject([
		{ revenue: 20, previousRevenue: -10, change: 30, changePercent: 300 },
	]);
});

describe('a target', () => {
	const reached = async (metric: string, value: unknown) => {
		const { metrics } = await report({
			options: { target: { targets: [{ metric, value }] } },
		} as INodeParameters);
		return (metrics as IDataObject[]).flatMap(({ name, target }) =>
			target === null ? [] : [[name, target]],
		);
	};

	it('is taken for a metric in any case, and as a decimal number only', async () => {
		expect(await reached(' Revenue', ' 50 ')).toEqual([['revenue', 50]]);
		await expect(reached('revenue', '0x10')).rejects.toThrow(
			"the target of 'revenue' must be a number above 0",
		);
	});
});

describe('what waits', () => {
	it('is counted by its status in any spelling', async () => {
		lists.partners = [{ id: 'p_1', status: 'Pending', created_at: '2026-10-10T12:00:00Z' }];
		lists.leads = [{ id: 1, status: 'Submitted', created_at: '2026-10-10' }];
		lists['payout_requests:search'] = [
			{ id: 1, status: 'Requested', amount: '10.00', amount_units: 'usd' },
		];
		const payouts = { payoutRequests: 1, payoutAmounts: [{ value: 10, unit: 'USD' }] };
		expect((await report()).waiting).toEqual({ total: 3, partners: 1, leads: 1, ...payouts });
	});
});

describe('a program without a currency', () => {
	it('is reported in the one with the most sales', async () => {
		program = { program: { id: 1, type: 'Affiliate', name: 'Coffee' }, stats: {} };
		const aussie = {
			amount_units: 'aud',
			partner: 'p_2',
			rewards: [reward(0.1, { amount_units: 'aud', partner: 'p_2' })],
		};
		const unnamed = { amount_units: null, partner: 'p_3', rewards: [] };
		lists.transactions = [
			sale('a', 1, aussie),
			sale('b', 10, { rewards: [reward(1)] }),
			sale('c', 20, { rewards: [reward(2)] }),
			sale('d', 5, unnamed),
		];
		const { currency, topPartners } = await report({
			options: { target: { targets: [{ metric: 'revenue', value: 60 }] } },
		});
		expect([
			currency,
			(topPartners as IDataObject[]).map(({ id, revenue }) => [id, revenue]),
		]).toEqual([
			'USD',
			[
				['p_1', 30],
				['p_2', 0],
				['p_3', 0],
			],
		]);
		expect(await statements()).toMatchObject([
			{ partner: 'p_1', currency: 'USD', commission: 3 },
			{ currency: 'USD' },
			{ currency: 'USD' },
		]);
	});
});

it('reads a list without links on where a page holds what the server says that pages hold', async () => {
	hasLinks = false;
	lists.transactions = Array.from({ length: 2 * pageSize + 20 }, (_, index) =>
		sale(`t_${index}`, 1),
	);
	expect(valuesOf(await report(), 'sales')).toEqual({ '': 2 * pageSize + 20 });
	expect(await operate('transaction', 'getAll', { returnAll: true })).toHaveLength(
		2 * pageSize + 20,
	);
});

describe('a list that ignores the order asked for', () => {
	/** The oldest first: those of an import all at once, more than three pages of them, and the newest at the end. */
	const imported = (make: (key: string, more: IDataObject) => IDataObject, newest: IDataObject) => [
		...Array.from({ length: 4 * pageSize }, (_, index) =>
			make(`old_${index}`, { created_at: '2024-01-01T00:00:00.000000Z' }),
		),
		newest,
	];

	it('is read to its end where all dates are those of one import', async () => {
		lists.transactions = imported(
			(key, more) => sale(key, 1, more),
			sale('new', 10, { rewards: [reward(1)] }),
		);
		expect(valuesOf(await report(), 'sales')).toEqual({ '': 1 });
		expect(await statements()).toMatchObject([{ partner: 'p_1', commission: 1 }]);
	});

	it('is a statement with the newest sale first all the same', async () => {
		lists.transactions = [1, 2, 3].map((day) =>
			sale(`t_${day}`, 10, { created_at: `2026-10-0${day}T12:00:00.000000Z` }),
		);
		const [{ sales }] = await statements();
		expect((sales as IDataObject[]).map(({ key }) => key)).toEqual(['t_3', 't_2', 't_1']);
	});

	it('has all that Created After asks for', async () => {
		const partner = (id: string, more: IDataObject) =>
			({ id, email: `${id}@example.com`, ...more }) as IDataObject;
		lists.partners = imported(
			partner,
			partner('new', { created_at: '2026-10-15T12:00:00.000000Z' }),
		);
		const found = await operate('partner', 'getAll', {
			returnAll: true,
			filters: { createdAfter: '2026-10-01' },
		});
		expect(found.map(({ id }) => id)).toEqual(['new']);
	});
});
