import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import type { Fault } from '../../sandbox/faults';
import { useRealTime } from '../support/clock';

import { startRun } from './support/engine';
import type { Order } from './support/killed';
import { useSandbox } from './support/partnero';
import { arrangeBuyers, keyedSale, sale, sales } from './support/scenarios';

// Thousands of sales take a while, the more so beside other tests.
jest.setTimeout(600_000);

const partnero = useSandbox();

const write = { method: 'POST', path: '/transactions' };

/** A tenth of the writes is answered with 502, a tenth is not answered at all; all of them take place. */
const faults: Fault[] = [
	{ kind: 'statusAfterWrite', status: 502, match: write, rate: 0.1 },
	{ kind: 'cutAfterWrite', match: write, rate: 0.1 },
];

/** More at once than by default, so that the waiting for lost answers takes less time. */
const many = { settings: { requestsAtOnce: 20 } };

const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

function arrange(items: IDataObject[], ...armed: Fault[]): void {
	arrangeBuyers(partnero.sandbox.program('affiliate'), items);
	for (const fault of armed) partnero.sandbox.faults.add(fault);
}

const create = async (items: IDataObject[], parameters: object = {}, node: object = {}) =>
	await partnero.operate('transaction', 'create', { ...keyedSale, ...parameters }, { items, node });

const createMany = async (items: IDataObject[], parameters: object = {}, node: object = {}) =>
	await partnero.operate(
		'transaction',
		'createMany',
		{ ...keyedSale, ...parameters },
		{ items, node },
	);

const recorded = () => {
	const { total, twice } = partnero.sandbox.ledger().transactions;
	return { total, twice };
};
const landedSoFar = () => partnero.sandbox.program('affiliate').transactions.size;
const once1000 = { total: 1000, twice: [] };

describe('1,000 sales with a key, and a server that takes 20 requests at once', () => {
	// How often a request is refused depends on how long the others really take.
	useRealTime();

	it.each([
		['as the node is set', {}, 1],
		['with 50 requests at once', { settings: { requestsAtOnce: 50 } }, 10],
	])('%s: each is recorded once in one execution', async (_name, settings, ms) => {
		const items = sales(1000, 100);
		arrange(items, { kind: 'cap', max: 20 }, { kind: 'latency', ms });
		const { error, json } = await create(items, settings);
		expect(error).toBeUndefined();
		expect(json.filter(({ created }) => created === true)).toHaveLength(1000);
		expect(recorded()).toEqual(once1000);
		const refused = partnero.sandbox.requests.some(({ status }) => status === 429);
		expect(refused).toBe('settings' in settings);
	});
});

describe.each([
	['without Retry On Fail', {}],
	['with Retry On Fail', retrying],
])('1,000 sales with a key, a fifth of the answers lost, %s', (_name, node) => {
	it('are all recorded in one execution, and once however often the workflow runs', async () => {
		const items = sales(1000, 100);
		arrange(items, ...faults);
		const first = await create(items, many, node);
		expect(first.error).toBeUndefined();
		expect(first.json.filter(({ created }) => created === true)).toHaveLength(1000);
		expect(recorded()).toEqual(once1000);
		for (let run = 2; run <= 3; run += 1) {
			const { error, json } = await create(items, many, node);
			expect(error).toBeUndefined();
			expect(json.filter(({ created }) => created === false)).toHaveLength(1000);
			expect(recorded()).toEqual(once1000);
		}
	});
});

describe('200 sales without a key, a fifth of the answers lost', () => {
	const items = sales(200, 20).map(({ customer, amount }) => ({ customer, amount }));
	const settings = [
		['stopping at the first error', {}],
		['with Retry On Fail', retrying],
		['with Continue', { onError: 'continueRegularOutput' }],
		['with Continue and Retry On Fail', { onError: 'continueRegularOutput', ...retrying }],
	] as const;

	it.each(settings)('%s: each is sent at most once', async (_name, node) => {
		// The very first answer is lost too: with Continue that is what makes n8n repeat all items.
		arrange(items, { kind: 'cutAfterWrite', match: write, times: 1 }, ...faults);
		const { error, outputs } = await partnero.operate('transaction', 'create', sale, {
			items,
			node,
		});
		const sent = partnero.sandbox.requests.map(({ body }) => (body as { amount: number }).amount);
		expect(new Set(sent).size).toBe(sent.length);
		const amounts = [...partnero.sandbox.program('affiliate').transactions].map(
			({ amount }) => amount,
		);
		expect(new Set(amounts).size).toBe(amounts.length);
		if (!('onError' in node)) {
			expect(error?.description).toContain('may have been recorded');
			return;
		}
		expect(error).toBeUndefined();
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_, item) => ({ item })),
		);
		const done = outputs[0].filter(({ json }) => !json.error).map(({ json }) => json.amount);
		const failed = outputs[0].filter(({ json }) => json.error);
		expect(failed.length).toBeGreaterThan(0);
		for (const { json } of failed) expect(json.message).toContain('may have been recorded');
		expect(done.length + failed.length).toBe(200);
		expect(amounts).toEqual(expect.arrayContaining(done));
	});
});

describe('createMany', () => {
	it('records 10,000 sales of 100 customers once though a fifth of the answers is lost', async () => {
		const items = sales(10_000, 100);
		arrange(items, ...faults);
		const { error, json } = await createMany(items);
		expect(error).toBeUndefined();
		expect(json.filter(({ created }) => created === true)).toHaveLength(10_000);
		expect(recorded()).toEqual({ total: 10_000, twice: [] });
		// The second run finds them all.
		partnero.sandbox.requests.length = 0;
		const again = await createMany(items);
		expect(again.json.filter(({ created }) => created === false)).toHaveLength(10_000);
		expect(partnero.wire().filter(({ method }) => method === 'POST')).toEqual([]);
		expect(recorded()).toEqual({ total: 10_000, twice: [] });
	});

	it('takes no more requests than Create for 1,000 sales of 1,000 customers', async () => {
		const items = sales(1000, 1000);
		arrange(items);
		await create(items, many);
		expect(recorded()).toEqual(once1000);
		const needed = partnero.wire().length;
		partnero.sandbox.reset('empty');
		arrange(items);
		await createMany(items, many);
		expect(recorded()).toEqual(once1000);
		expect(partnero.wire().length).toBeLessThanOrEqual(needed);
	});

	describe('in real time', () => {
		useRealTime();

		it('ends when it is canceled while it waits for a 429, and sends nothing more', async () => {
			const items = sales(40, 20);
			arrange(items, { kind: 'rateLimit', retryAfter: 100, match: write });
			const { result, cancel } = startRun({
				credentials: partnero.credentials,
				parameters: { resource: 'transaction', operation: 'createMany', ...keyedSale },
				items,
			});
			// What was under way when the first of them was refused is refused as well.
			await until(() => partnero.sandbox.requests.some(({ status }) => status === 429));
			await sleep(300);
			const sent = partnero.wire().length;
			cancel();
			// The server asked for 100 seconds, longer than this test may take.
			await result;
			expect(partnero.wire()).toHaveLength(sent);
			expect(recorded().total).toBe(0);
		});
	});
});

describe('a run that does not come to its end', () => {
	const parameters = { resource: 'transaction', ...keyedSale };

	it.each([
		['create', 10],
		['createMany', 100],
	])(
		'%s, killed in the middle and started again, records every sale once',
		async (operation, customers) => {
			const items = sales(500, customers);
			arrange(items, { kind: 'latency', ms: 100 });
			const child = startProcess({
				credentials: partnero.credentials,
				parameters: { ...parameters, operation },
				items,
			});
			await until(() => landedSoFar() >= 100 || child.exitCode !== null);
			expect(child.exitCode).toBeNull();
			child.kill('SIGKILL');
			await once(child, 'exit');
			// What the killed run had sent is still carried out.
			await sleep(200);
			const landed = recorded();
			expect(landed.total).toBeLessThan(500);
			const { error, json } = await partnero.operate(
				'transaction',
				operation,
				{ ...keyedSale, ...many },
				{ items },
			);
			expect(error).toBeUndefined();
			expect(json.filter(({ created }) => created === false)).toHaveLength(landed.total);
			expect(recorded()).toEqual({ total: 500, twice: [] });
		},
	);

	it('canceled in the middle and started again, it records every sale once', async () => {
		const items = sales(400, 40);
		arrange(items, ...faults);
		const { result, cancel } = startRun({
			credentials: partnero.credentials,
			parameters: { ...parameters, operation: 'create' },
			items,
		});
		await until(() => landedSoFar() >= 100);
		cancel();
		await result;
		expect(recorded().total).toBeLessThan(400);
		const { error } = await create(items, many);
		expect(error).toBeUndefined();
		expect(recorded()).toEqual({ total: 400, twice: [] });
	});
});

/** A run in a process of its own. */
function startProcess(order: Order): ChildProcess {
	const child = fork(join(__dirname, 'support', 'killed.ts'), { execArgv: ['--import', 'tsx'] });
	child.send(order);
	return child;
}

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await sleep(5);
}
