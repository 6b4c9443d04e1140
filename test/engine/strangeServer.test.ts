import type { IDataObject } from 'n8n-workflow';

import { run } from './support/engine';
import { locator } from './support/partnero';
import type { Fault, Ways } from './support/strangeServer';
import { StrangeServer } from './support/strangeServer';

let server: StrangeServer;

beforeAll(async () => {
	server = await StrangeServer.start();
});

afterAll(async () => {
	await server.close();
});

/** A program of its own, whose customers are `ann` and `bob`. */
function program(ways: Partial<Ways>, writeFaults: Array<Fault | undefined> = []) {
	const { program: made, credentials } = server.add(ways);
	made.addCustomer('ann');
	made.addCustomer('bob');
	made.writeFaults.push(...writeFaults);
	const record = async (operation: 'create' | 'createMany', items: IDataObject[]) => {
		const parameters = {
			...{ resource: 'transaction', operation },
			customer: locator('key', '={{ $json.customer }}'),
			amount: '={{ $json.amount }}',
			key: '={{ $json.key }}',
		};
		return (
			await run({ credentials, parameters, items, node: { onError: 'continueRegularOutput' } })
		).json;
	};
	const keys = () => made.ledger.filter(({ isGone }) => !isGone).map(({ key }) => key);
	return { made, record, keys };
}

const sale = (key: string, customer = 'ann'): IDataObject => ({ key, customer, amount: 49.9 });

describe.each<[string, Partial<Ways>, Array<Fault | undefined>]>([
	['a clean server', {}, []],
	[
		'a duplicate is a 409, and an answer is lost',
		{ duplicates: 409, lag: 5_000 },
		[{ kind: 'cut', carriedOut: true }],
	],
	['an answer is torn in two', { lag: 4_000 }, [{ kind: 'torn' }]],
	[
		'a gateway gives up, and it is carried out nine seconds later',
		{ lag: 1_000 },
		[{ kind: 'late', after: 9_000, status: 504 }],
	],
	[
		'the connection is cut, and it is carried out nine seconds later',
		{ lag: 4_000 },
		[{ kind: 'late', after: 9_000 }],
	],
	['answers say no more than that it is done', { answers: 'status', lag: 3_000 }, []],
	['answers are empty', { answers: 'empty', lag: 3_000 }, []],
	[
		'batches are recorded in part, and refused',
		{ batch: { recorded: 1, status: 422 }, lag: 3_000 },
		[],
	],
	[
		'lists are capped, ignore the key and shift',
		{ pageCap: 10, ignoresKeyFilter: true, shifts: true },
		[],
	],
	['empty lists are not found', { notFoundOnEmpty: true }, []],
])('%s', (_, ways, faults) => {
	it.each(['create', 'createMany'] as const)(
		'records each sale once, in two runs: %s',
		async (operation) => {
			const { record, keys } = program(ways, [...faults]);
			const items = [sale('inv_1'), sale('inv_2'), sale('inv_3', 'bob'), sale('inv_1')];
			const first = await record(operation, items);
			const second = await record(operation, items);
			expect(first.map(({ key, created }) => ({ key, created }))).toEqual([
				{ key: 'inv_1', created: true },
				{ key: 'inv_2', created: true },
				{ key: 'inv_3', created: true },
				{ key: 'inv_1', created: false },
			]);
			expect(second.map(({ created }) => created)).toEqual([false, false, false, false]);
			expect(
				keys()
					.filter((key) => key?.startsWith('inv_'))
					.sort(),
			).toEqual(['inv_1', 'inv_2', 'inv_3']);
		},
	);
});

it('waits out a limit of sixty requests a minute', async () => {
	const { record, keys } = program({ perMinute: 60 });
	const items = Array.from({ length: 60 }, (_, index) => sale(`inv_${index}`));
	expect((await record('create', items)).every(({ created }) => created === true)).toBe(true);
	expect(keys()).toHaveLength(60);
});

it('takes back a sale for nobody as soon as it shows, and never sends it again where it never does', async () => {
	const late = program({ unknownCustomer: 'null', lag: 5_500 });
	const [taken] = await late.record('create', [sale('inv_1', 'zoe')]);
	expect(String(taken.error)).toContain("Customer 'zoe' was not found");
	expect(late.keys()).toEqual([]);

	const silent = program({ unknownCustomer: 'null', lag: 60_000 });
	const [first] = await silent.record('create', [sale('inv_2', 'zoe')]);
	const [second] = await silent.record('createMany', [sale('inv_2', 'zoe')]);
	expect(String(first.error)).toContain('recorded, but without a customer');
	expect(second.error).toBeDefined();
	expect(silent.keys()).toEqual(['inv_2']);
});

it.each(['create', 'createMany'] as const)(
	'finds a sale whose answer was lost under a key that was cut off where nobody expects it: %s',
	async (operation) => {
		const { record, keys } = program({ cutAt: 50, lag: 1_000 }, [
			{ kind: 'cut', carriedOut: true },
		]);
		const key = `order-${'0123456789'.repeat(6)}`;
		const [first] = await record(operation, [sale(key)]);
		expect(String(first.error)).toContain(`recorded, but under the key '${key.slice(0, 50)}'`);
		const [again] = await record(operation, [sale(key)]);
		expect(String(again.error)).toContain(key.slice(0, 50));
		expect(keys()).toEqual([key.slice(0, 50)]);
	},
);
