import type { IDataObject } from 'n8n-workflow';

import type { Fault } from '../../sandbox/faults';
import { useSpeed } from '../support/clock';

import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

beforeEach(() => {
	const { partners, customers } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	for (let index = 0; index < 100; index += 1)
		customers.add({ key: `user_${index}`, partner: 'p_1' });
});

const parameters = {
	customer: locator('key', '={{ $json.customer }}'),
	amount: '={{ $json.amount }}',
	key: '={{ $json.key }}',
};

/** Sales of so many customers, one customer after the other and round again. */
function sales(count: number, customers: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({
		key: `inv_${index}`,
		customer: `user_${index % customers}`,
		amount: 10 + (index % 7),
	}));
}

const record = async (items: IDataObject[], more: object = {}, node: object = {}) =>
	await partnero.operate('transaction', 'createMany', { ...parameters, ...more }, { items, node });

const ledger = () => {
	const { total, twice } = partnero.sandbox.ledger().transactions;
	return { total, twice };
};

it('records all items in few requests, each paired with its item', async () => {
	const items = sales(300, 3);
	const { outputs } = await record(items);
	expect(
		outputs[0].map(({ json, pairedItem }) => [json.key, json.amount, json.created, pairedItem]),
	).toEqual(items.map(({ key, amount }, item) => [key, amount, true, { item }]));
	expect(ledger()).toEqual({ total: 300, twice: [] });
	const writes = partnero.wire().filter(({ method }) => method === 'POST');
	expect(writes).toHaveLength(3);
	expect(writes[0].body).toMatchObject({
		customer: { key: 'user_0' },
		transactions: expect.arrayContaining([{ key: 'inv_0', action: 'sale', amount: 10 }]),
	});
	expect(partnero.wire().length).toBeLessThanOrEqual(10);
});

it("reads a customer's list of several pages twice, and no sale by itself", async () => {
	const { transactions } = partnero.sandbox.program('affiliate');
	for (let index = 0; index < 25; index += 1)
		transactions.add({ key: `old_${index}`, amount: 5, customer: 'user_0' });
	partnero.sandbox.quirks.pageCap = 10;
	const { json } = await record(sales(30, 1));
	expect(json.filter(({ created }) => created === true)).toHaveLength(30);
	expect(ledger()).toEqual({ total: 55, twice: [] });
	const pages = partnero.wire().filter(({ path }) => path === '/customers/user_0/transactions');
	expect(pages).toHaveLength(6);
	const byKey = partnero.wire().filter(({ query }) => query && 'key' in query);
	expect(byKey).toEqual([]);
});

it.each(['affiliate', 'referAFriend'] as const)(
	'creates a customer who has no list yet, and finds the sales the second time (%s)',
	async (program) => {
		const { partners, customers } = partnero.sandbox.program(program);
		if (program === 'affiliate') partners.add({ id: 'p_2', key: 'ben' });
		else customers.add({ key: 'rita' });
		const items = sales(3, 1).map((sale) => ({ ...sale, customer: 'new_1' }));
		const more = {
			createCustomer: true,
			newCustomer:
				program === 'affiliate'
					? { partner: locator('key', 'ben') }
					: { referringCustomer: locator('key', 'rita') },
		};
		const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] };
		const created: unknown[] = [];
		for (let time = 1; time <= 2; time += 1) {
			const { json, error } = await partnero.operate(
				'transaction',
				'createMany',
				{ ...parameters, ...more },
				{ items, credentials },
			);
			expect(error?.message).toBeUndefined();
			created.push(json.map((sale) => sale.created));
		}
		expect(created).toEqual([
			[true, true, true],
			[false, false, false],
		]);
		expect(partnero.sandbox.ledger(program).transactions).toMatchObject({ total: 3, twice: [] });
	},
);

it.each(['transactions', 'status'] as const)(
	'reads the outcome back when the answer is %s',
	async (batchAnswer) => {
		partnero.sandbox.switches.batchAnswer = batchAnswer;
		const { json } = await record(sales(50, 2));
		partnero.sandbox.switches.batchAnswer = 'transactions';
		expect(json.every(({ created, rewards }) => created === true && Array.isArray(rewards))).toBe(
			true,
		);
		expect(ledger()).toEqual({ total: 50, twice: [] });
	},
);

it('leaves out what is there, in a second run and for two items with one key', async () => {
	await record(sales(40, 2));
	const { json } = await record([
		...sales(50, 2),
		{ key: 'inv_45', customer: 'user_1', amount: 13 },
	]);
	expect(json.map(({ created }) => created)).toEqual([
		...Array.from({ length: 40 }, () => false),
		...Array.from({ length: 10 }, () => true),
		false,
	]);
	expect(ledger()).toEqual({ total: 50, twice: [] });
});

it('looks single sales up by their key, at no more requests than Create takes', async () => {
	await record(sales(60, 60));
	expect(ledger()).toEqual({ total: 60, twice: [] });
	expect(partnero.wire()).toHaveLength(120);
});

it('imports 10,000 sales of 100 customers with at most 320 requests', async () => {
	const { error } = await record(sales(10_000, 100));
	expect(error).toBeUndefined();
	expect(ledger()).toEqual({ total: 10_000, twice: [] });
	expect(partnero.wire().length).toBeLessThanOrEqual(320);
	expect(partnero.sandbox.maxConcurrent).toBeLessThanOrEqual(20);
}, 300_000);

const write = { method: 'POST', path: '/transactions' };
const faults: Array<[string, Fault]> = [
	['502 after the write', { kind: 'statusAfterWrite', match: write, rate: 0.3 }],
	['500 before the write', { kind: 'status', match: write, rate: 0.3 }],
	['a connection cut after the write', { kind: 'cutAfterWrite', match: write, rate: 0.3 }],
	['a connection cut before the write', { kind: 'cut', match: write, rate: 0.3 }],
	['a batch that fails half-way', { kind: 'partialWrite', match: write, rate: 0.3, count: 4 }],
	['too many requests', { kind: 'rateLimit', match: write, rate: 0.3, retryAfter: 0 }],
];

async function expectAllToLand(...armed: Fault[]): Promise<void> {
	for (const fault of armed) partnero.sandbox.faults.add(fault);
	const items = sales(200, 10);
	const options = { options: { salesPerRequest: 10 } };
	const { json } = await record(items, options, { onError: 'continueRegularOutput' });
	expect(json).toHaveLength(200);
	expect(ledger().twice).toEqual([]);
	// A sale is sent once more, and once only: who is struck both times before the write may have been recorded.
	const failed = json.filter(({ created }) => created !== true);
	expect(failed.length).toBeLessThan(
		armed.some(({ kind }) => kind === 'status' || kind === 'cut') ? 60 : 1,
	);
	for (const { message } of failed) expect(message).toContain('may have been recorded');
	expect(ledger().total).toBe(200 - failed.length);
	partnero.sandbox.faults.clear();
	const again = await record(items, options);
	expect(again.json.filter(({ created }) => created === true)).toHaveLength(failed.length);
	expect(ledger()).toEqual({ total: 200, twice: [] });
}

it.each(faults)(
	'%s: everything lands, nothing twice',
	async (_name, fault) => await expectAllToLand(fault),
);

describe('a cap on simultaneous requests', () => {
	// How often a request is refused depends on how long the others really take.
	useSpeed(5);

	it('everything lands, nothing twice', async () => {
		await expectAllToLand({ kind: 'cap', max: 2 }, { kind: 'latency', ms: 100 });
		expect(partnero.sandbox.requests.map(({ status }) => status)).toContain(429);
	});
});

it.each(['create', 'createMany'] as const)(
	'takes a sale of one unit more for another one, however few decimals a record shows: %s',
	async (operation) => {
		const items = [
			[5, 6],
			[49.9, 50],
			[5, 5.4],
		].flatMap((amounts, pair) =>
			amounts.map((amount) => ({ key: `inv_${pair}`, customer: 'user_0', amount })),
		);
		const { json } = await partnero.operate('transaction', operation, parameters, {
			items,
			node: { onError: 'continueRegularOutput' },
		});
		expect(json.map(({ created, error }) => created ?? error)).toEqual([
			...[
				true,
				expect.stringContaining("'inv_0' exists already, and is another sale [item 2 of 6]"),
			],
			...[
				true,
				expect.stringContaining("'inv_1' exists already, and is another sale [item 4 of 6]"),
			],
			// A server may show whole units.
			...[true, false],
		]);
	},
);

it('takes a key for one sale: another amount, or another customer, is a conflict and nothing is sent', async () => {
	const [first, second] = sales(2, 2);
	const items = [first, { ...first, amount: 490 }, second, { ...second, customer: 'user_7' }];
	const { outputs } = await record(items, {}, { onError: 'continueRegularOutput' });
	expect(outputs[0].map(({ json }) => json.created ?? json.error)).toEqual([
		true,
		expect.stringContaining("'inv_0' exists already, and is another sale [item 2 of 4]"),
		true,
		expect.stringContaining("'inv_1' exists already, and is another sale [item 4 of 4]"),
	]);
	expect(outputs[0][1].json.message).toContain("Recorded: 10 USD, customer 'user_0'");
	expect(outputs[0][1].json.message).toContain("This item: 490, customer 'user_0'");
	expect(ledger()).toEqual({ total: 2, twice: [] });
});

describe('a key that an earlier run recorded for another customer', () => {
	const moved = (items: IDataObject[]) => items.map((item) => ({ ...item, customer: 'user_9' }));

	it("is a conflict, also where the customer's own list cannot show it", async () => {
		await record(sales(30, 1));
		const writes = partnero.wire().length;
		const fresh = sales(32, 1).slice(30);
		const { outputs } = await record(
			moved([...sales(30, 1), ...fresh]),
			{},
			{ onError: 'continueRegularOutput' },
		);
		expect(outputs[0].map(({ json }) => json.created ?? json.error)).toEqual([
			...Array.from({ length: 30 }, (_, item) =>
				expect.stringContaining(
					`'inv_${item}' exists already, and is another sale [item ${item + 1} of`,
				),
			),
			true,
			true,
		]);
		expect(ledger()).toEqual({ total: 32, twice: [] });
		// The program, the customer's list, the program's list, the buyer who is shown, and the two that are new.
		expect(partnero.wire().length - writes).toBeLessThanOrEqual(5);
	});

	it("is looked for in ten pages of the program's list and no more", async () => {
		const { transactions } = partnero.sandbox.program('affiliate');
		for (let index = 0; index < 1500; index += 1)
			transactions.add({ key: `old_${index}`, customer: 'user_0' });
		const { json } = await record(moved(sales(20, 1)));
		expect(json.every(({ created }) => created)).toBe(true);
		expect(
			partnero.wire().filter(({ path }) => path === '/transactions').length,
		).toBeLessThanOrEqual(11);
	});

	it("is no reason to stop where the program's list cannot be read", async () => {
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 404,
			match: { method: 'GET', path: '/transactions' },
		});
		const { json } = await record(sales(20, 1));
		expect(json.every(({ created }) => created)).toBe(true);
		expect(ledger()).toEqual({ total: 20, twice: [] });
	});
});

it('sends each sale of a refused batch by itself, so that one bad sale stops no other', async () => {
	// The batch is refused, and then the first of its sales.
	partnero.sandbox.faults.add({ kind: 'status', status: 422, match: write, times: 2 });
	const { outputs } = await record(sales(5, 1), {}, { onError: 'continueRegularOutput' });
	expect(outputs[0].map(({ json }) => json.created ?? json.error)).toEqual([
		expect.stringMatching(/^Create many transactions 'inv_0' was refused.*$/),
		true,
		true,
		true,
		true,
	]);
	expect(ledger()).toEqual({ total: 4, twice: [] });
});

describe('bad input', () => {
	it('is refused with its item before anything is sent', async () => {
		const { error } = await record([...sales(3, 1), { key: ' ', customer: 'user_1', amount: 1 }]);
		expect(error?.message).toBe("'Transaction Key' is empty [item 4 of 4]");
		expect(partnero.wire()).toEqual([]);
	});

	it('keeps its place among the others with Continue', async () => {
		const { outputs } = await record(
			[
				{ key: 'a', customer: 'user_1', amount: 'much' },
				{ key: 'b', customer: 'user_1', amount: 2 },
			],
			{},
			{ onError: 'continueRegularOutput' },
		);
		expect(
			outputs[0].map(({ json, pairedItem }) => [json.error ?? json.created, pairedItem]),
		).toEqual([
			["'Amount' must be a number [item 1 of 2]", { item: 0 }],
			[true, { item: 1 }],
		]);
	});

	it('a key that is there is refused when told to fail', async () => {
		await record(sales(4, 1));
		const { outputs } = await record(
			sales(5, 1),
			{ ifKeyExists: 'fail' },
			{ onError: 'continueRegularOutput' },
		);
		expect(outputs[0].map(({ json }) => json.error ?? json.created)).toEqual([
			...[0, 1, 2, 3].map(
				(index) => `Transaction 'inv_${index}' exists already [item ${index + 1} of 5]`,
			),
			true,
		]);
	});
});

it('repeats nothing under Retry On Fail', async () => {
	partnero.sandbox.faults.add({
		kind: 'status',
		status: 500,
		match: { path: '/customers/user_1/transactions' },
		times: 4,
	});
	const { json, error } = await record(
		sales(60, 3),
		{},
		{ retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
	);
	expect(error).toBeUndefined();
	expect(json.every(({ created }) => created)).toBe(true);
	expect(ledger()).toEqual({ total: 60, twice: [] });
	expect(partnero.wire().filter(({ method }) => method === 'POST')).toHaveLength(3);
});
