import type { INode } from 'n8n-workflow';

import { clock as nodeClock } from '../../nodes/Partnero/transport/clock';
import { clock as sandboxClock } from '../../sandbox/clock';
import type { Fault } from '../../sandbox/faults';

import { locator, useSandbox } from './support/partnero';

/*
 * A credit has no identifier: after a lost answer the balance tells what became of it (`recording-rules.md` 12).
 */
const partnero = useSandbox({}, 'referAFriend');
const program = () => partnero.sandbox.program('referAFriend');
const units = { additionalFields: { amountUnits: 'usd' } };
const post = { method: 'POST' };

beforeAll(() => {
	nodeClock.speed = 20;
	sandboxClock.speed = 20;
});
afterAll(() => {
	nodeClock.speed = 1;
	sandboxClock.speed = 1;
});
beforeEach(() => {
	program().customers.add({ id: 'u_1', key: 'u_1' });
	program().credits.push({
		customer: 'u_1',
		amount: 0.1,
		amount_units: 'usd',
		is_currency: true,
		created_at: program().now(),
	});
});

const credit = async (node: Partial<INode> = {}) =>
	await partnero.operate(
		'customer',
		'creditBalance',
		{ customer: locator('id', 'u_1'), amount: 0.2, ...units },
		{ node },
	);

it('takes one look before it, and nothing after an answer', async () => {
	expect((await credit()).error?.message).toBeUndefined();
	expect(partnero.wire().map(({ method }) => method)).toEqual(['GET', 'POST']);
});

it('whose answer is lost is a success if the balance shows exactly the amount more', async () => {
	partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: post, times: 1 });
	const { error, json } = await credit();
	expect(error?.message).toBeUndefined();
	expect(json).toEqual([
		expect.objectContaining({ customer: expect.objectContaining({ id: 'u_1' }) }),
	]);
	expect(program().credits).toHaveLength(2);
});

it('that came to nothing is an error that says what was seen, once the balance has stayed for fifteen seconds', async () => {
	partnero.sandbox.faults.add({ kind: 'cut', match: post });
	const { error } = await credit({ retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
	expect(error?.description).toBe(
		'The balance did not change within 15 seconds, so probably nothing was credited. The balance may be late: check it before you credit again.',
	);
	expect(program().credits).toHaveLength(1);
	// A balance may be later than that, so that n8n does not send it again either.
	expect(partnero.wire().filter(({ method }) => method === 'POST')).toHaveLength(1);
});

it.each<[string, Fault]>([
	['refused', { kind: 'status', status: 422, match: post }],
	['not taken for the rate', { kind: 'status', status: 429, match: post }],
])('that was %s was surely not made, and leaves no doubt', async (_how, fault) => {
	partnero.sandbox.faults.add(fault);
	const { error } = await credit();
	expect(error?.message).toBeDefined();
	expect(`${error?.message} ${error?.description}`).not.toMatch(
		/may have been|did not change|probably/,
	);
});

it('may have been recorded if the balance changed otherwise', async () => {
	partnero.sandbox.faults.add({ kind: 'cut', match: post, times: 1 });
	const running = credit();
	while (!partnero.sandbox.requests.some(({ method }) => method === 'POST'))
		await new Promise((resolve) => setTimeout(resolve, 1));
	program().credits.push({
		customer: 'u_1',
		amount: 7,
		amount_units: 'usd',
		is_currency: true,
		created_at: program().now(),
	});
	expect((await running).error?.description).toContain('may have been recorded');
});

it('may have been recorded if the balance cannot be read any more', async () => {
	partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: post, times: 1 });
	const running = credit({ retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
	while (!partnero.sandbox.requests.some(({ method }) => method === 'POST'))
		await new Promise((resolve) => setTimeout(resolve, 1));
	partnero.sandbox.faults.add({ kind: 'status', status: 403, match: { method: 'GET' } });
	expect((await running).error?.description).toContain('may have been recorded');
	expect(partnero.wire().filter(({ method }) => method === 'POST')).toHaveLength(1);
	expect(program().credits).toHaveLength(2);
});

describe('without a unit', () => {
	const alone = async (customer: string, more = {}) =>
		await partnero.operate('customer', 'creditBalance', {
			customer: locator('id', customer),
			amount: 1,
			...more,
		});

	it('goes in the currency that the balance shows, since this type of program shows none', async () => {
		expect((await alone('u_1')).error?.message).toBeUndefined();
		expect(program().credits.map(({ amount_units }) => amount_units.toLowerCase())).toEqual([
			'usd',
			'usd',
		]);
		expect(partnero.wire().at(-1)!.body).toMatchObject({
			amount_units: expect.stringMatching(/^usd$/i),
		});
	});

	it('is refused where nobody knows it, and nothing is credited', async () => {
		program().customers.add({ id: 'u_2', key: 'u_2' });
		const { error } = await alone('u_2');
		expect(error?.message).toContain("'Additional Fields > Amount Units' is empty");
		expect(error?.description).toContain('Nothing was credited');
		expect(
			(await alone('u_1', { additionalFields: { isCurrency: false } })).error?.message,
		).toContain("'Additional Fields > Amount Units' is empty");
		expect(program().credits).toHaveLength(1);
	});
});
