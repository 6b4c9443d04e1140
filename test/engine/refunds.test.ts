/** A refund deletes the one sale that is meant, on servers that differ in how they take a DELETE (`recording-rules.md` 11). */
import { clock } from '../../nodes/Partnero/transport/clock';
import type { Fault } from '../../sandbox/faults';
import type { Manners } from '../../sandbox/manners';
import { MANNERS } from '../../sandbox/manners';
import type { AddedProgram } from '../../sandbox/server';

import { closeAll, json, serve } from './support/bareServer';
import type { RunOptions } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

/** Fifteen seconds take less than one. */
const speed = 20;

beforeEach(() => {
	clock.speed = speed;
	partnero.sandbox.faults.clear();
});
afterEach(() => {
	clock.speed = 1;
	partnero.sandbox.faults.clear();
});

/** A program with a customer and sales of it under these keys. */
function programWith(keys: string[], manners: Manners = 'strict'): AddedProgram {
	const program = partnero.sandbox.addProgram('affiliate', { manners });
	const { partners, customers, transactions } = program.state;
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	customers.add({ key: 'user_0', id: 'c_0', partner: 'p_1' });
	keys.forEach((key, index) =>
		transactions.add({ key, amount: 10 * (index + 1), customer: 'user_0' }),
	);
	return program;
}

const refund = async (
	{ key: apiKey }: AddedProgram,
	key: string,
	ignoreMissing = true,
	options: Partial<RunOptions> = {},
) =>
	await partnero.operate(
		'transaction',
		'refund',
		{ transaction: locator('key', key), options: { ignoreMissing } },
		{ credentials: { ...partnero.credentials, apiKey }, ...options },
	);

const keysIn = ({ state }: AddedProgram) => [...state.transactions].map(({ key }) => key);
const onPath = (more: Omit<Fault, 'match'>): Fault => ({
	...more,
	match: { method: 'DELETE', path: /^\/transactions\/./ },
});
const onBody = (more: Omit<Fault, 'match'>): Fault => ({
	...more,
	match: { method: 'DELETE', path: '/transactions' },
});

describe.each(MANNERS)('a refund (%s)', (manners) => {
	it('of the only sale under its key costs one look and one DELETE', async () => {
		const program = programWith(['inv_1', 'inv_10'], manners);
		const { json } = await refund(program, 'inv_1');
		expect(json).toEqual([{ refunded: true, key: 'inv_1' }]);
		expect(keysIn(program)).toEqual(['inv_10']);
		expect(program.ledger().requests).toEqual({ listTransactions: 1, deleteTransaction: 1 });
	});

	it('of one of two sales is refused, and names both', async () => {
		const program = programWith(['twin', 'twin'], manners);
		const { error } = await refund(program, 'twin');
		expect(error?.message).toBe(
			"Refund transaction 'twin' was refused, since 2 sales have this key",
		);
		expect(error?.description).toMatch(
			/^Nothing was deleted.* 20 .*user_0.*; 10 .*user_0|^Nothing was deleted.* 10 .*user_0.*; 20 .*user_0/,
		);
		expect(program.ledger().requests).toEqual({ listTransactions: 1 });
		expect(keysIn(program)).toEqual(['twin', 'twin']);
	});

	it('of a sale that is not there is no error, or the one of the API', async () => {
		const program = programWith(['other'], manners);
		expect((await refund(program, 'gone')).json).toEqual([{ refunded: false, key: 'gone' }]);
		expect(program.ledger().requests).toEqual({ listTransactions: 1, deleteTransaction: 1 });
		expect((await refund(program, 'gone', false)).error?.message).toBe(
			"Transaction 'gone' was not found",
		);
	});

	it.each(['INV/2026/001', 'inv_1/', '/inv_1', 'inv_1/archive'])(
		'of a key with a slash hits that sale alone: %s',
		async (key) => {
			const program = programWith([key, 'inv_1'], manners);
			const { json } = await refund(program, key);
			expect(json).toEqual([{ refunded: true, key }]);
			expect(keysIn(program)).toEqual(['inv_1']);
			expect(program.ledger().requests).toEqual({
				listTransactions: 1,
				deleteTransactionByBody: 1,
			});
			// Again: the list says as well that it is not there.
			expect((await refund(program, key)).json).toEqual([{ refunded: false, key }]);
			expect(keysIn(program)).toEqual(['inv_1']);
		},
	);
});

describe('a server without DELETE on the path', () => {
	it.each([404, 405])('is asked by the body (%d)', async (status) => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add(onPath({ kind: 'status', status }));
		expect((await refund(program, 'inv_1', false)).json).toEqual([
			{ refunded: true, key: 'inv_1' },
		]);
		expect(keysIn(program)).toEqual([]);
		expect(program.ledger().requests).toMatchObject({
			listTransactions: 1,
			deleteTransactionByBody: 1,
		});
	});

	it('says of a sale that is not there that it is missing', async () => {
		const program = programWith([]);
		partnero.sandbox.faults.add(onPath({ kind: 'status', status: 405 }));
		expect((await refund(program, 'inv_1')).json).toEqual([{ refunded: false, key: 'inv_1' }]);
	});
});

it('a server without a body form is asked by the path, if that holds the key', async () => {
	const program = programWith(['a/b']);
	partnero.sandbox.faults.add(onBody({ kind: 'status', status: 405 }));
	expect((await refund(program, 'a/b')).json).toEqual([{ refunded: true, key: 'a/b' }]);
	expect(keysIn(program)).toEqual([]);
});

it('a sale that is listed, and that no form finds, is an error also with Ignore Missing', async () => {
	const program = programWith(['inv_1']);
	partnero.sandbox.faults.add({ kind: 'status', status: 404, match: { method: 'DELETE' } });
	const { error } = await refund(program, 'inv_1');
	expect(error?.message).toContain('Partnero lists the sale, but does not find it by its key');
	expect(keysIn(program)).toEqual(['inv_1']);
});

describe('a lost answer', () => {
	it.each<Fault>([
		{ kind: 'cutAfterWrite', match: { method: 'DELETE' } },
		{ kind: 'statusAfterWrite', status: 502, match: { method: 'DELETE' } },
		{ kind: 'statusAfterWrite', status: 504, match: { method: 'DELETE' } },
	])('is settled by reading, and nothing is deleted again: $kind $status', async (fault) => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add(fault);
		expect((await refund(program, 'inv_1')).json).toEqual([{ refunded: true, key: 'inv_1' }]);
		expect(program.ledger().requests).toEqual({ listTransactions: 2, deleteTransaction: 1 });
	});

	it('to what came to nothing is sent once more', async () => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 502,
			match: { method: 'DELETE' },
			times: 1,
		});
		expect((await refund(program, 'inv_1')).json).toEqual([{ refunded: true, key: 'inv_1' }]);
		expect(keysIn(program)).toEqual([]);
	});

	it('twice is an error that says so, and n8n may try again', async () => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 502,
			match: { method: 'DELETE' },
			times: 2,
		});
		const { error } = await refund(program, 'inv_1');
		expect(error?.description).toContain(
			"Refund transaction 'inv_1' may have been carried out anyway.",
		);
		expect(partnero.sandbox.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
		expect((await refund(program, 'inv_1')).json).toEqual([{ refunded: true, key: 'inv_1' }]);
	});

	it.each<[string, number]>([
		['refused', 422],
		['not for this key', 403],
	])('and a second try that is %s: the sale may be gone', async (_, status) => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add(onPath({ kind: 'cut', times: 1 }));
		partnero.sandbox.faults.add(onPath({ kind: 'status', status }));
		const { error } = await refund(program, 'inv_1');
		expect(error?.description).toContain(
			"Refund transaction 'inv_1' may have been carried out anyway. Run it again",
		);
	});

	it('is settled by the next try of n8n', async () => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add(onPath({ kind: 'cut', times: 2 }));
		const { error, json } = await refund(program, 'inv_1', true, {
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([{ refunded: true, key: 'inv_1' }]);
		expect(keysIn(program)).toEqual([]);
		expect(partnero.sandbox.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(3);
	});

	it('does not make a second sale under the key disappear that is recorded meanwhile', async () => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 502,
			match: { method: 'DELETE' },
			times: 1,
		});
		const running = refund(program, 'inv_1');
		setTimeout(
			() => program.state.transactions.add({ key: 'inv_1', amount: 7, customer: 'user_0' }),
			200,
		);
		expect((await running).error?.description).toContain('may have been carried out anyway');
		expect(keysIn(program)).toEqual(['inv_1', 'inv_1']);
	});
});

/** A sale as a server of the test's own lists it. */
interface Listed {
	key: string;
	amount: number;
	customer: string;
	[mark: string]: unknown;
}

/** What a server does with a sale that is deleted, and which sales it has under a key. */
interface Store {
	sales: Listed[];
	/** What stays of a sale in the list; nothing if not given. */
	marks?: object;
	/** Which sales a DELETE finds. */
	finds?: (sale: Listed, key: string) => boolean;
	/** Which sales the list's filter finds. */
	lists?: (sale: Listed, key: string) => boolean;
	/** The statuses of the first answers to a DELETE, which is carried out before. */
	lost?: number[];
}

const isLive = ({ deleted_at: date, archived_at: archived, status }: Listed) =>
	!date && !archived && status === undefined;

async function storeOf({
	sales,
	marks,
	finds = (sale, key) => sale.key === key && isLive(sale),
	lists = (sale, key) => sale.key === key,
	lost = [],
}: Store) {
	const server = await serve(({ method, path, body }, response) => {
		const url = new URL(path, 'http://localhost');
		if (method === 'GET')
			return json(response, 200, {
				data: sales.filter((sale) => lists(sale, url.searchParams.get('key')!)),
				links: { next: null },
				status: 1,
			});
		const key = body
			? (JSON.parse(body) as { key: string }).key
			: decodeURIComponent(url.pathname.replace('/transactions/', ''));
		const index = sales.findIndex((sale) => finds(sale, key));
		if (index < 0) return json(response, 404, { message: 'Transaction not found.' });
		if (marks) Object.assign(sales[index], marks);
		else sales.splice(index, 1);
		return json(response, lost.shift() ?? 200, { status: 1 });
	});
	const run = async (key: string, ignoreMissing = true) =>
		await partnero.operate(
			'transaction',
			'refund',
			{ transaction: locator('key', key), options: { ignoreMissing } },
			{ credentials: { apiKey: `store-${server.url}`, baseUrl: server.url } },
		);
	const deletions = () => server.arrivals.filter(({ method }) => method === 'DELETE').length;
	return { run, deletions };
}

const sold = (more: object = {}, key = 'inv_1'): Listed => ({
	key,
	amount: 10,
	customer: 'user_0',
	...more,
});
const date = '2026-03-01T10:00:00.000000Z';

describe('on a server that goes on listing what it deleted', () => {
	afterEach(closeAll);

	const marks: object[] = [
		{ deleted_at: date },
		{ archived_at: date },
		{ status: 'Deleted' },
		{ deleted: true, deleted_at: date },
	];

	it.each(marks)('a refund whose answer is lost is done, and is sent once: %j', async (mark) => {
		const sales = [sold()];
		const { run, deletions } = await storeOf({ sales, marks: mark, lost: [502] });
		const { json: items, error } = await run('inv_1');
		expect(error?.message).toBeUndefined();
		expect(items).toEqual([{ refunded: true, key: 'inv_1' }]);
		expect(deletions()).toBe(1);
	});

	it.each([{ deleted_at: date }, { status: 'deleted' }])(
		'a sale that was deleted before is not there: %j',
		async (mark) => {
			const { run } = await storeOf({ sales: [sold(mark)], marks: mark });
			expect((await run('inv_1')).json).toEqual([{ refunded: false, key: 'inv_1' }]);
			expect((await run('inv_1', false)).error?.message).toBe("Transaction 'inv_1' was not found");
		},
	);

	it('nothing is sent where several were deleted before', async () => {
		const { run, deletions } = await storeOf({
			sales: [sold({ deleted_at: date }), sold({ deleted_at: date })],
		});
		expect((await run('inv_1')).json).toEqual([{ refunded: false, key: 'inv_1' }]);
		expect(deletions()).toBe(0);
	});

	it('an archived sale is there, also where archiving sets the mark of a deletion', async () => {
		const finds = ({ key }: Listed, wanted: string) => key === wanted;
		for (const mark of [{ deleted_at: date }, { archived_at: date }, { status: 'archived' }]) {
			const sales = [sold(mark)];
			const { run } = await storeOf({ sales, finds });
			expect((await run('inv_1')).json).toEqual([{ refunded: true, key: 'inv_1' }]);
			expect(sales).toEqual([]);
		}
	});

	it('a list that is only late is no error', async () => {
		const sales = [sold()];
		const { run } = await storeOf({ sales, finds: () => false });
		setTimeout(() => sales.pop(), 300);
		expect((await run('inv_1')).json).toEqual([{ refunded: true, key: 'inv_1' }]);
	});

	it('an archived sale that no form finds is an error that says so', async () => {
		const { run } = await storeOf({ sales: [sold({ archived_at: date })] });
		const { error } = await run('inv_1');
		expect(error?.message).toContain('Partnero lists the sale, but does not find it by its key');
		expect(error?.description).toContain('The sale is archived: restore it first');
	});

	it('an archived sale beside another one is refused', async () => {
		const { run, deletions } = await storeOf({ sales: [sold({ archived_at: date }), sold()] });
		expect((await run('inv_1')).error?.message).toContain('since 2 sales have this key');
		expect(deletions()).toBe(0);
	});

	it('a sale whose key was used before is deleted, and the list has to show it', async () => {
		const sales = [sold({ deleted_at: date }), sold({ amount: 20 })];
		const { run } = await storeOf({ sales, marks: { deleted_at: date } });
		expect((await run('inv_1')).json).toEqual([{ refunded: true, key: 'inv_1' }]);
		expect(sales.map(({ deleted_at: at }) => at)).toEqual([date, date]);

		const left = [sold({ deleted_at: date }), sold({ amount: 20 })];
		const other = await storeOf({ sales: left, finds: ({ key }, wanted) => key === wanted });
		expect((await other.run('inv_1')).error?.message).toContain(
			'was accepted by Partnero, but the sale is still there',
		);
	});
});

describe('on a server that takes keys for the same whose case differs', () => {
	afterEach(closeAll);
	const folds = (sale: Listed, key: string) => sale.key.toLowerCase() === key.toLowerCase();

	it.each([true, false])(
		'the sale of another key is named, and not deleted (Ignore Missing: %j)',
		async (ignoreMissing) => {
			const { run, deletions } = await storeOf({
				sales: [sold({}, 'INV_1')],
				finds: folds,
				lists: folds,
			});
			const { error } = await run('inv_1', ignoreMissing);
			expect(error?.message).toBe(
				"Refund transaction 'inv_1' was refused, since its key is too similar to 'INV_1'",
			);
			expect(error?.description).toContain(
				"No sale has exactly this key, but it lists 'INV_1' (10, customer 'user_0')",
			);
			expect(deletions()).toBe(0);
			expect((await run('INV_1')).json).toEqual([{ refunded: true, key: 'INV_1' }]);
		},
	);

	it.each(['caf\u00e9-1', 'cafe\u0301-1', 'CAFE-1'])(
		'nor one that differs in an accent: %s',
		async (other) => {
			const letters = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
			const same = (sale: Listed, key: string) => letters(sale.key) === letters(key);
			const { run, deletions } = await storeOf({
				sales: [sold({}, other)],
				finds: same,
				lists: same,
			});
			expect((await run('cafe-1')).error?.message).toContain(
				`since its key is too similar to '${other}'`,
			);
			expect(deletions()).toBe(0);
		},
	);

	it('neither of two is deleted that differ in no more than that', async () => {
		const { run, deletions } = await storeOf({
			sales: [sold({}, 'INV_1'), sold()],
			finds: folds,
			lists: folds,
		});
		expect((await run('inv_1')).error?.description).toContain("It also lists 'INV_1'");
		expect(deletions()).toBe(0);
	});

	it('one that is deleted already says nothing', async () => {
		const { run } = await storeOf({
			sales: [sold({ status: 'deleted' }, 'INV_1')],
			finds: () => false,
			lists: folds,
		});
		expect((await run('inv_1')).json).toEqual([{ refunded: false, key: 'inv_1' }]);
	});
});

describe('a sale whose key the list shows as deleted or archived', () => {
	afterEach(closeAll);

	it.each([
		[{ deleted_at: date }, 'archived or deleted'],
		[{ archived_at: date }, 'archived'],
		[{ status: 'deleted' }, 'deleted'],
	])('is not sent again, and the output says why: %j', async (mark, word) => {
		const server = await serve(({ path }, response) =>
			json(response, 200, {
				data: path.startsWith('/transactions') ? [sold(mark)] : {},
				links: { next: null },
				status: 1,
			}),
		);
		const create = async (amount: number) =>
			await partnero.operate(
				'transaction',
				'create',
				{ customer: locator('key', 'user_0'), amount, key: 'inv_1' },
				{ credentials: { apiKey: `taken-${server.url}`, baseUrl: server.url } },
			);
		const said = `Partnero lists this sale as ${word}. Nothing was sent, since its key is taken`;
		expect((await create(10)).json).toEqual([
			expect.objectContaining({ created: false, warning: expect.stringContaining(said) as string }),
		]);
		expect((await create(99)).error?.description).toContain(said);
		expect(server.arrivals.filter(({ method }) => method !== 'GET')).toEqual([]);
	});
});

describe('a sale that was recorded just now, and is not listed yet', () => {
	afterEach(closeAll);

	it.each([
		[
			'is deleted by the body where the path does not lead to it',
			[404, 200],
			[{ refunded: true, key: 'inv_1' }],
			undefined,
		],
		[
			'is no missing one',
			[404, 404],
			[],
			'was not possible yet: the sale was recorded just now, and Partnero does not show it',
		],
	])('%s', async (_what, [byPath, byBody], items, message) => {
		const server = await serve(({ method, path, body }, response) => {
			if (method === 'POST')
				return json(response, 201, {
					data: sold({ created_at: new Date().toISOString() }),
					status: 1,
				});
			if (method === 'DELETE')
				return json(
					response,
					body ? byBody : byPath,
					(body ? byBody : byPath) === 200 ? { status: 1 } : { message: 'Not Found' },
				);
			return json(response, 200, {
				data: path.startsWith('/transactions') ? [] : {},
				links: { next: null },
				status: 1,
			});
		});
		const credentials = { apiKey: `new-${server.url}`, baseUrl: server.url };
		await partnero.operate(
			'transaction',
			'create',
			{ customer: locator('key', 'user_0'), amount: 10, key: 'inv_1' },
			{ credentials },
		);
		const { json: given, error } = await partnero.operate(
			'transaction',
			'refund',
			{ transaction: locator('key', 'inv_1'), options: { ignoreMissing: true } },
			{ credentials },
		);
		expect(given).toEqual(items);
		if (message) expect(error?.message).toContain(message);
	});
});
