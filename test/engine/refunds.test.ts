/** A refund deletes the one sale that is meant, on servers that differ in how they take a DELETE (`recording.md` 11). */
import { clock } from '../../nodes/Partnero/transport/clock';
import type { Fault } from '../../sandbox/faults';
import { MANNERS, type Manners } from '../../sandbox/manners';
import type { AddedProgram } from '../../sandbox/server';
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
	keys.forEach((key, index) => transactions.add({ key, amount: 10 * (index + 1), customer: 'user_0' }));
	return program;
}

const refund = async ({ key: apiKey }: AddedProgram, key: string, ignoreMissing = true, options: Partial<RunOptions> = {}) =>
	await partnero.operate(
		'transaction',
		'refund',
		{ transaction: locator('key', key), options: { ignoreMissing } },
		{ credentials: { ...partnero.credentials, apiKey }, ...options },
	);

const keysIn = ({ state }: AddedProgram) => [...state.transactions].map(({ key }) => key);
const onPath = (more: Omit<Fault, 'match'>): Fault => ({ ...more, match: { method: 'DELETE', path: /^\/transactions\/./ } });
const onBody = (more: Omit<Fault, 'match'>): Fault => ({ ...more, match: { method: 'DELETE', path: '/transactions' } });

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
		expect(error?.message).toBe("Refund transaction 'twin' was refused, since 2 sales have this key [item 0]");
		expect(error?.description).toMatch(/^Nothing was deleted.* 20 .*user_0.*; 10 .*user_0|^Nothing was deleted.* 10 .*user_0.*; 20 .*user_0/);
		expect(program.ledger().requests).toEqual({ listTransactions: 1 });
		expect(keysIn(program)).toEqual(['twin', 'twin']);
	});

	it('of a sale that is not there is no error, or the one of the API', async () => {
		const program = programWith(['other'], manners);
		expect((await refund(program, 'gone')).json).toEqual([{ refunded: false, key: 'gone' }]);
		expect(program.ledger().requests).toEqual({ listTransactions: 1, deleteTransaction: 1 });
		expect((await refund(program, 'gone', false)).error?.message).toBe("Transaction 'gone' was not found [item 0]");
	});

	it.each(['INV/2026/001', 'inv_1/', '/inv_1', 'inv_1/archive'])('of a key with a slash hits that sale alone: %s', async (key) => {
		const program = programWith([key, 'inv_1'], manners);
		const { json } = await refund(program, key);
		expect(json).toEqual([{ refunded: true, key }]);
		expect(keysIn(program)).toEqual(['inv_1']);
		expect(program.ledger().requests).toEqual({ listTransactions: 1, deleteTransactionByBody: 1 });
		// Again: the list says as well that it is not there.
		expect((await refund(program, key)).json).toEqual([{ refunded: false, key }]);
		expect(keysIn(program)).toEqual(['inv_1']);
	});
});

describe('a server without DELETE on the path', () => {
	it.each([404, 405])('is asked by the body (%d)', async (status) => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add(onPath({ kind: 'status', status }));
		expect((await refund(program, 'inv_1', false)).json).toEqual([{ refunded: true, key: 'inv_1' }]);
		expect(keysIn(program)).toEqual([]);
		expect(program.ledger().requests).toMatchObject({ listTransactions: 1, deleteTransactionByBody: 1 });
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
	expect(error?.message).toContain('Partnero lists the sale, and does not find it by its key');
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
		partnero.sandbox.faults.add({ kind: 'status', status: 502, match: { method: 'DELETE' }, times: 1 });
		expect((await refund(program, 'inv_1')).json).toEqual([{ refunded: true, key: 'inv_1' }]);
		expect(keysIn(program)).toEqual([]);
	});

	it('twice is an error that says so, and n8n may try again', async () => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add({ kind: 'status', status: 502, match: { method: 'DELETE' }, times: 2 });
		const { error } = await refund(program, 'inv_1');
		expect(error?.description).toContain("Refund transaction 'inv_1' may have been carried out nevertheless.");
		expect(partnero.sandbox.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
		expect((await refund(program, 'inv_1')).json).toEqual([{ refunded: true, key: 'inv_1' }]);
	});

	it('does not make a second sale under the key disappear that is recorded meanwhile', async () => {
		const program = programWith(['inv_1']);
		partnero.sandbox.faults.add({ kind: 'status', status: 502, match: { method: 'DELETE' }, times: 1 });
		const running = refund(program, 'inv_1');
		setTimeout(() => program.state.transactions.add({ key: 'inv_1', amount: 7, customer: 'user_0' }), 200);
		expect((await running).error?.description).toContain('may have been carried out nevertheless');
		expect(keysIn(program)).toEqual(['inv_1', 'inv_1']);
	});
});
