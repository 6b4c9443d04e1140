import type { IDataObject } from 'n8n-workflow';

import type { RunOptions } from './support/engine';
import { startRun } from './support/engine';
import { useSandbox } from './support/partnero';
import { arrangeBuyers, keyedSale, sales } from './support/scenarios';

// Thousands of sales take a while, the more so beside other tests.
jest.setTimeout(300_000);

/** What the recorder promises beyond the histories: many sales, several executions of one process, a gateway that is down. */
const partnero = useSandbox();

const write = { method: 'POST', path: '/transactions' };
const goOn = { onError: 'continueRegularOutput' } as const;

const arrange = (items: IDataObject[]) =>
	arrangeBuyers(partnero.sandbox.program('affiliate'), items);
const recorded = () => {
	const { total, twice } = partnero.sandbox.ledger().transactions;
	return { total, twice };
};
const posts = () => partnero.wire().filter(({ method }) => method === 'POST').length;
const createdIn = (json: IDataObject[]) => json.filter(({ created }) => created === true).length;

function order(
	items: IDataObject[],
	operation = 'create',
	more: IDataObject = {},
	node: RunOptions['node'] = {},
): RunOptions {
	return {
		credentials: partnero.credentials,
		parameters: {
			resource: 'transaction',
			operation,
			...keyedSale,
			...more,
		} as RunOptions['parameters'],
		items,
		node,
	};
}

it.each(['create', 'createMany'])(
	'%s: 1,000 sales, a tenth answered with 502 after the write, and the list two seconds late: each once, and no error',
	async (operation) => {
		const items = sales(1000, 200);
		arrange(items);
		Object.assign(partnero.sandbox.quirks, {
			salesHiddenFromListsMs: 2_000,
			salesHiddenFromReadsMs: 2_000,
		});
		partnero.sandbox.faults.add({ kind: 'statusAfterWrite', status: 502, match: write, rate: 0.1 });
		const { json, error } = await startRun(order(items, operation)).result;
		expect(error).toBeUndefined();
		expect(createdIn(json)).toBe(1000);
		expect(recorded()).toEqual({ total: 1000, twice: [] });
	},
);

it('a gateway that is down for good: no more sales in doubt than requests at once, the rest is not sent, and says so', async () => {
	const items = sales(60, 60);
	arrange(items);
	partnero.sandbox.faults.add({ kind: 'status', status: 502, match: write });
	const { json } = await startRun(order(items, 'create', { settings: { requestsAtOnce: 5 } }, goOn))
		.result;
	const inDoubt = json.filter(({ message }) => String(message).includes('may have been recorded'));
	const notSent = json.filter(({ error }) =>
		/was not sent, since the outcome of \d+ earlier sales is unknown/.test(String(error)),
	);
	expect(inDoubt.length).toBeGreaterThanOrEqual(5);
	expect(inDoubt.length).toBeLessThanOrEqual(10);
	expect(inDoubt.length + notSent.length).toBe(60);
	// Each was sent once more, and once only.
	expect(posts()).toBe(2 * inDoubt.length);
	expect(recorded().total).toBe(0);
});

it.each(['create', 'createMany'])(
	'%s: four executions of one process with the same 100 keys at once make 100 sales',
	async (operation) => {
		const items = sales(100, 10);
		arrange(items);
		partnero.sandbox.faults.add({ kind: 'latency', ms: 200 });
		const results = await Promise.all(
			[1, 2, 3, 4].map(async () => await startRun(order(items, operation)).result),
		);
		for (const { error } of results) expect(error).toBeUndefined();
		expect(results.reduce((sum, { json }) => sum + createdIn(json), 0)).toBe(100);
		expect(recorded()).toEqual({ total: 100, twice: [] });
	},
);

it.each(['create', 'createMany'])(
	'%s: a loop with one key, and a list that shows it late, records it in the first pass',
	async (operation) => {
		const [item] = sales(1, 1);
		arrange([item]);
		Object.assign(partnero.sandbox.quirks, {
			salesHiddenFromListsMs: 60_000,
			salesHiddenFromReadsMs: 60_000,
		});
		const passes: unknown[] = [];
		for (let pass = 1; pass <= 5; pass += 1) {
			const { json } = await startRun(order([item], operation)).result;
			passes.push(json[0].created);
		}
		expect(passes).toEqual([true, false, false, false, false]);
		expect(recorded()).toEqual({ total: 1, twice: [] });
	},
);

it('a sale that was refunded can be recorded anew at once', async () => {
	const [item] = sales(1, 1);
	arrange([item]);
	await startRun(order([item])).result;
	await partnero.operate('transaction', 'refund', {
		transaction: { __rl: true, mode: 'key', value: item.key as string },
	});
	const { json } = await startRun(order([item])).result;
	expect(json).toMatchObject([{ created: true }]);
	expect(recorded()).toEqual({ total: 1, twice: [] });
});

it('an execution that is canceled leaves its sale in doubt, and the next one finds it', async () => {
	const [item] = sales(1, 1);
	arrange([item]);
	// Recorded, answered with 502, and not shown before the execution is canceled.
	partnero.sandbox.faults.add({ kind: 'statusAfterWrite', status: 502, match: write, times: 1 });
	Object.assign(partnero.sandbox.quirks, {
		salesHiddenFromListsMs: 12_000,
		salesHiddenFromReadsMs: 12_000,
	});
	const { result, cancel } = startRun(order([item]));
	while (posts() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	cancel();
	await result;
	expect(posts()).toBe(1);
	const { json, error } = await startRun(order([item])).result;
	expect(error).toBeUndefined();
	expect(json).toMatchObject([{ key: item.key, created: false }]);
	expect(posts()).toBe(1);
	expect(recorded()).toEqual({ total: 1, twice: [] });
});

it('says after the run how many sales were there already', async () => {
	const items = sales(12, 3);
	arrange(items);
	await startRun(order(items)).result;
	const { stored } = await startRun(order(items)).result;
	expect(stored).toContain('12 sales were recorded before, so nothing was sent for them.');
});

it('does not send the rest after a sale of the past that was dated today', async () => {
	const items = sales(10, 2);
	arrange(items);
	Object.assign(partnero.sandbox.quirks, { createdAtIgnored: true });
	const more = { additionalFields: { createdAt: '2024-05-01T10:00:00Z' } };
	const { json } = await startRun(order(items, 'createMany', more, goOn)).result;
	expect(json[0].error).toContain("was recorded, but with today's date");
	for (const { error } of json.slice(1))
		expect(error).toContain("Partnero ignores 'Additional Fields > Created At'");
	expect(recorded().total).toBe(1);
});
