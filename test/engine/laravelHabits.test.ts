import { setTimeout as pause } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { clock } from '../../nodes/Partnero/transport/clock';
import { useSpeed } from '../support/clock';

import { closeAll } from './support/bareServer';
import { run } from './support/engine';
import type { Mishap, Setup } from './support/laravelServer';
import { LaravelServer } from './support/laravelServer';
import { locator } from './support/partnero';

/*
 * Sales on servers that a Laravel application may well be, and that no document tells of: what looks up a key is
 * another thing than what keeps it (an index, a cache, a comparison), and an answer is about something else.
 */

afterEach(closeAll);

// Minutes pass here, and nothing meets.
useSpeed(30);

let keys = 0;

const apiKeyOfItsOwn = () => `laravel_${process.pid}_${(keys += 1)}`;

/** A process of n8n, as far as the node can tell: what it remembers goes by the API key. */
function freshProcess() {
	const apiKey = apiKeyOfItsOwn();
	return async (
		server: LaravelServer,
		items: IDataObject[],
		operation: 'create' | 'createMany' = 'create',
	) => {
		const parameters = {
			...{ resource: 'transaction', operation },
			customer: locator('key', '={{ $json.customer }}'),
			amount: '={{ $json.amount }}',
			key: '={{ $json.key }}',
		};
		const credentials = { apiKey, baseUrl: server.url };
		const node = { onError: 'continueRegularOutput' as const };
		return (await run({ credentials, parameters, items, node })).json;
	};
}

const sale = (key: string, amount = 49.9, customer = 'ann'): IDataObject => ({
	...{ key, amount, customer },
});
const wait = async (milliseconds: number) => await pause(clock.real(milliseconds));
const keysOf = ({ alive }: LaravelServer) => alive.map(({ key }) => key).sort();
const lost: Mishap = { carriedOut: true, answer: 502 };
const long = 'order-2026-'.repeat(6);

describe.each(['create', 'createMany'] as const)('%s', (operation) => {
	describe.each<[string, Partial<Setup>, string[], Mishap?]>([
		['a cache keeps answers for a minute', { cachedFor: 60_000 }, ['inv_1', 'inv_2'], lost],
		['the filter by key is a minute late', { lagOfFilter: 60_000 }, ['inv_1', 'inv_2'], lost],
		[
			'the filter by key finds no special characters',
			{ searchesLetters: true },
			['#1001', 'a+b 2', 'gid://shop/Order/3', 'Käse'],
			lost,
		],
		['keys are composed when they are kept', { composes: true }, ['cafe\u0301-1'], lost],
		['keys are cut off where nobody expects it', { cutAt: 40 }, [`${long}1`], lost],
		['an answer has the newest sale', { says: 'latest' }, ['inv_1', 'inv_2', 'inv_3']],
		['an answer says no more than Created', { says: 'created', lag: 20_000 }, ['inv_1', 'inv_2']],
		[
			'a queue records later than anybody looks',
			{ says: 'accepted', queuedFor: 25_000 },
			['inv_1', 'inv_2'],
		],
		[
			'a proxy sends a request twice, and the key is unique',
			{ duplicates: 422, lag: 4_000 },
			['inv_1', 'inv_2'],
			{ carriedOut: 'twice', answer: 'own' },
		],
	])('%s', (_, setup, given, mishap) => {
		it('records each sale once, in two runs and in another process, and says nothing else', async () => {
			const server = await LaravelServer.start(setup);
			if (mishap) server.mishaps.push(mishap);
			const items = given.map((key, index) => sale(key, index + 1));
			const record = freshProcess();
			const runs = [await record(server, items, operation)];
			runs.push(await record(server, items, operation));
			await Promise.all(server.later);
			await wait(65_000);
			runs.push(await freshProcess()(server, items, operation));
			expect(server.alive.map(({ amount }) => amount).sort()).toEqual(
				items.map(({ amount }) => amount),
			);
			for (const outputs of runs) {
				for (const [index, json] of outputs.entries()) {
					const { error, message } = json;
					const said = `${String(error)} ${String(message)}`;
					// Whatever else is said, nobody reads that it is not there, or that it is another one.
					if (error === undefined) expect(json).toMatchObject({ key: items[index].key });
					else expect(said).toMatch(/recorded|exists already|too similar/);
					for (const key of given) expect(said).not.toContain(`under the key '${key}'`);
				}
			}
		});
	});
});

it('a sale that a queue records late is not sent by a second execution either', async () => {
	const server = await LaravelServer.start({ says: 'accepted', queuedFor: 40_000 });
	const record = freshProcess();
	const [first] = await record(server, [sale('inv_1')]);
	const [second] = await record(server, [sale('inv_1')]);
	expect(String(first.error)).toContain('was accepted by Partnero, but cannot be found there');
	expect(String(second.error)).toContain('may have recorded it already');
	await Promise.all(server.later);
	expect(await record(server, [sale('inv_1')])).toMatchObject([{ created: false }]);
	expect(keysOf(server)).toEqual(['inv_1']);
});

it('a key that is taken by a sale that shows late is a duplicate, and no refusal', async () => {
	const server = await LaravelServer.start({ duplicates: 409, lag: 5_000 });
	await freshProcess()(server, [sale('inv_1')]);
	expect(await freshProcess()(server, [sale('inv_1')])).toMatchObject([{ created: false }]);
	const [other] = await freshProcess()(server, [sale('inv_1', 7)]);
	expect(String(other.error)).toContain('exists already, and is another sale');
	expect(server.alive).toHaveLength(1);
});

it.each([
	['Käse-7', 'Kase-7'],
	['🍎-7', '🍌-7'],
	['Straße 7', 'STRASSE 7'],
])('%s is not written over by %s', async (one, other) => {
	const server = await LaravelServer.start({ duplicates: 'updated', isUnicodeCi: true });
	const record = freshProcess();
	await record(server, [sale(one)]);
	const [refused] = await record(server, [sale(other, 7, 'bob')]);
	expect(String(refused.error)).toContain('too similar');
	const [, alike] = await freshProcess()(server, [sale(one), sale(other, 7, 'bob')], 'createMany');
	expect(String(alike.error)).toContain('too similar');
	expect(server.alive).toMatchObject([{ key: one, amount: 49.9, customer: 'ann' }]);
});

describe('a sale that a person deletes', () => {
	it('is recorded again if a look-up had shown it', async () => {
		const server = await LaravelServer.start();
		const record = freshProcess();
		await record(server, [sale('inv_1')]);
		await record(server, [sale('inv_1')]);
		server.rows[0].deletedAt = clock.now();
		await wait(31_000);
		expect(await record(server, [sale('inv_1')])).toMatchObject([{ created: true }]);
		expect(server.alive).toHaveLength(1);
	});

	it('is said not to be shown if none had', async () => {
		const server = await LaravelServer.start();
		const record = freshProcess();
		await record(server, [sale('inv_1')]);
		server.rows[0].deletedAt = clock.now();
		await wait(31_000);
		const [json] = await record(server, [sale('inv_1')]);
		expect(json).toMatchObject({ created: false });
		expect(String(json.warning)).toContain('does not show it');
	});
});

it('keys with special characters cost two more requests in a process, and not in each sale', async () => {
	const server = await LaravelServer.start();
	const record = freshProcess();
	await record(server, [sale('#1')]);
	expect(server.arrivals.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'GET']);
	await record(server, [sale('#2')]);
	expect(server.arrivals.slice(4).map(({ method }) => method)).toEqual(['GET', 'POST']);
});

describe('a refund of a sale of just now', () => {
	const refund = async (server: LaravelServer, apiKey: string) =>
		await run({
			credentials: { apiKey, baseUrl: server.url },
			parameters: {
				...{ resource: 'transaction', operation: 'refund' },
				transaction: locator('key', 'inv_1'),
			},
			node: { onError: 'continueRegularOutput' },
		});
	const create = async (server: LaravelServer, apiKey: string) =>
		await run({
			credentials: { apiKey, baseUrl: server.url },
			parameters: {
				...{ resource: 'transaction', operation: 'create', key: 'inv_1', amount: 5 },
				customer: locator('key', 'ann'),
			},
		});

	it.each([49.9, 39.9])(
		'is not taken for the sale that is recorded in its place with %d, while a replica still shows it',
		async (amount) => {
			const server = await LaravelServer.start({ lag: 6_000 });
			const apiKey = apiKeyOfItsOwn();
			const credentials = { apiKey, baseUrl: server.url };
			const parameters = {
				...{ resource: 'transaction', operation: 'create', key: 'inv_1' },
				customer: locator('key', 'ann'),
			};
			await run({ credentials, parameters: { ...parameters, amount: 49.9 } });
			await wait(6_500);
			await refund(server, apiKey);
			for (const created of [true, false]) {
				const { json, error } = await run({ credentials, parameters: { ...parameters, amount } });
				expect(error?.message).toBeUndefined();
				expect(json).toMatchObject([{ key: 'inv_1', created }]);
			}
			expect(server.alive.map((row) => row.amount)).toEqual([amount]);
		},
	);

	it.each<[string, Partial<Setup>]>([
		['no list shows it', { lag: 20_000 }],
		['a cache has the list of before', { cachedFor: 60_000 }],
	])('whose answer is lost does not say that nothing was deleted: %s', async (_, setup) => {
		const server = await LaravelServer.start(setup);
		const apiKey = apiKeyOfItsOwn();
		await create(server, apiKey);
		server.deletions.push({ carriedOut: true, answer: 'cut' });
		const [{ error, message }] = (await refund(server, apiKey)).json;
		expect(server.alive).toEqual([]);
		if (error !== undefined) {
			expect(String(message)).toContain('may have been carried out anyway');
			expect(String(message)).not.toContain('Nothing was deleted');
		}
	});

	it('and came to nothing is not taken for done, since a replica does not show the sale yet', async () => {
		const server = await LaravelServer.start({ lag: 6_000, hasFreshReplica: true });
		const apiKey = apiKeyOfItsOwn();
		await create(server, apiKey);
		server.deletions.push({ carriedOut: false, answer: 502 });
		const { json } = await refund(server, apiKey);
		expect(json[0].error === undefined).toBe(server.alive.length === 0);
	});
});

it.each([19.99, 4999.99, 0.1, 88.88])(
	'an amount of %d in a column of floating point is no other amount',
	async (amount) => {
		const server = await LaravelServer.start({ hasFloats: true });
		const record = freshProcess();
		const [first] = await record(server, [sale('inv_1', amount)]);
		expect(first.warning).toBeUndefined();
		expect(await record(server, [sale('inv_1', amount)])).toMatchObject([{ created: false }]);
		const [other] = await record(server, [sale('inv_1', amount + 0.01)]);
		expect(String(other.error)).toContain('is another sale');
	},
);
