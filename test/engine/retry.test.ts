import { setSpeed, useRealTime } from '../support/clock';

import { startRun } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const items = Array.from({ length: 40 }, (_, index) => ({ key: `inv_${index}` }));
const sale = { customer: locator('key', 'user_77'), amount: 10 };
const keyed = { ...sale, key: '={{ $json.key }}' };
const write = { method: 'POST', path: '/transactions' };

beforeEach(() => {
	const { partners, customers } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	customers.add({ key: 'user_77', partner: 'p_1' });
});

afterEach(() => setSpeed());

const posts = () => partnero.wire().filter(({ method }) => method === 'POST').length;

describe('Retry On Fail', () => {
	it('sends no sale without a key twice, and repeats none that is done', async () => {
		partnero.sandbox.faults.add({ kind: 'statusAfterWrite', status: 502, match: write, rate: 0.2 });
		const { outputs } = await partnero.operate('transaction', 'create', sale, {
			items,
			node: { ...retryOnFail, onError: 'continueRegularOutput' },
		});
		const failed = outputs[0].filter(({ json }) => json.error);
		expect(outputs[0]).toHaveLength(40);
		expect(failed.length).toBeGreaterThan(0);
		for (const { json } of failed) expect(json.message).toContain('may have been recorded');
		expect(posts()).toBe(40);
		expect(partnero.sandbox.ledger().transactions.withoutKey).toBe(40);
	});

	it('finishes what an earlier try did not get to', async () => {
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 500,
			match: { method: 'GET', path: '/transactions' },
			times: 4,
		});
		const { json, error } = await partnero.operate('transaction', 'create', keyed, {
			items,
			node: retryOnFail,
		});
		expect(error).toBeUndefined();
		expect(json.map(({ key, created }) => [key, created])).toEqual(
			items.map(({ key }) => [key, true]),
		);
		expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 40, twice: [] });
	});

	it('asks nothing again that was refused', async () => {
		const { error } = await partnero.operate(
			'customer',
			'get',
			{ customer: locator('key', 'nobody') },
			{ node: retryOnFail },
		);
		expect(error?.message).toBe("Customer 'nobody' was not found");
		expect(partnero.wire()).toHaveLength(1);
	});
});

describe('a lost answer', () => {
	it.each(['statusAfterWrite', 'cutAfterWrite', 'status', 'cut'] as const)(
		'to a sale with a key (%s): it is recorded once',
		async (kind) => {
			partnero.sandbox.faults.add({ kind, match: write, rate: 0.3 });
			const { json } = await partnero.operate('transaction', 'create', keyed, {
				items,
				node: { onError: 'continueRegularOutput' },
			});
			const failed = json.filter(({ error }) => error);
			// A sale is sent once more, and once only: whoever is struck before the write both times is left in doubt.
			expect(failed.length).toBeLessThan(kind.endsWith('AfterWrite') ? 1 : 16);
			for (const { message } of failed) expect(message).toContain('may have been recorded');
			expect(partnero.sandbox.ledger().transactions).toMatchObject({
				total: 40 - failed.length,
				twice: [],
			});
		},
	);

	it.each(['statusAfterWrite', 'cut'] as const)(
		'to a partner (%s): it is there once, and a success',
		async (kind) => {
			partnero.sandbox.faults.add({ kind, match: { method: 'POST' }, times: 1 });
			const { json } = await partnero.operate('partner', 'create', { email: 'new@example.com' });
			expect(json).toEqual([expect.objectContaining({ email: 'new@example.com' })]);
			expect(
				partnero.sandbox.ledger().partners.filter(({ email }) => email === 'new@example.com'),
			).toHaveLength(1);
		},
	);

	it('to a partner that was there before: the refusal, not a success', async () => {
		const { partners } = partnero.sandbox.program('affiliate');
		partners.add({ email: 'old@example.com', created_at: '2020-01-01T00:00:00.000000Z' });
		partnero.sandbox.faults.add({ kind: 'cut', match: { method: 'POST' }, times: 1 });
		const { error } = await partnero.operate('partner', 'create', { email: 'old@example.com' });
		expect(error?.message).toBeDefined();
		expect(partnero.sandbox.ledger().partners).toHaveLength(2);
	});

	it('to a deletion: done when the next try finds nothing', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'DELETE' }, times: 1 });
		const { json } = await partnero.operate('customer', 'delete', {
			customer: locator('key', 'user_77'),
		});
		expect(json).toEqual([{ deleted: true, id: 'user_77' }]);
	});
});

describe('answers that are lost until n8n tries again', () => {
	const program = () => partnero.sandbox.program('affiliate');
	/** As many as one try of n8n has. */
	const times = 6;

	it.each([
		['coupon', { coupon: locator('uuidCode', 'WINTER') }],
		['promotionCode', { promotionCode: locator('code', 'ANN25') }],
		['partner', { partner: locator('email', 'ann@example.com') }],
	])('to a deletion: it is done (%s)', async (resource, parameters) => {
		program().coupons.add({ uuid_code: 'WINTER' });
		program().promotionCodes.add({ code: 'ANN25', coupon: 'WINTER' });
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'DELETE' }, times });
		const { json, error } = await partnero.operate(resource, 'delete', parameters, {
			node: { ...retryOnFail, maxTries: 2 },
		});
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ deleted: true })]);
	});

	it.each([
		['promotionCode', 'affiliate', { coupon: locator('uuidCode', 'WINTER'), code: 'ANN25' }],
		['partner', 'affiliate', { email: 'new@example.com' }],
		['subscriber', 'newsletter', { email: 'new@example.com' }],
	] as const)(
		'to a create, and then to the look: it is made once, and a success (%s)',
		async (resource, name, parameters) => {
			program().coupons.add({ uuid_code: 'WINTER' });
			partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' }, times: 1 });
			partnero.sandbox.faults.add({ kind: 'status', status: 503, match: { method: 'GET' }, times });
			const { json, error } = await partnero.operate(resource, 'create', parameters, {
				node: { ...retryOnFail, maxTries: 2 },
				credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys[name] },
			});
			expect(error?.message).toBeUndefined();
			expect(json).toHaveLength(1);
		},
	);

	it('and then too many requests: what was deleted is deleted', async () => {
		setSpeed(500);
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'DELETE' }, times: 1 });
		// A little too long for the node to wait.
		partnero.sandbox.faults.add({
			kind: 'rateLimit',
			retryAfter: 121,
			match: { method: 'DELETE' },
			times: 1,
		});
		const { json, error } = await partnero.operate(
			'customer',
			'delete',
			{ customer: locator('key', 'user_77') },
			{ node: { ...retryOnFail, maxTries: 2, waitBetweenTries: 50 } },
		);
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([{ deleted: true, id: 'user_77' }]);
	});

	it.each(['fail', 'skip'])(
		'to a sale, and then to the look: it is recorded once, and by this run (If Key Exists: %s)',
		async (ifKeyExists) => {
			partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: write, times: 1 });
			program().onEvent = () =>
				partnero.sandbox.faults.add({
					kind: 'status',
					status: 503,
					match: { method: 'GET' },
					times,
				});
			const { json, error } = await partnero.operate(
				'transaction',
				'create',
				{ ...keyed, ifKeyExists },
				{ items: items.slice(0, 1), node: { ...retryOnFail, maxTries: 2 } },
			);
			program().onEvent = undefined;
			expect(error?.message).toBeUndefined();
			expect(json).toEqual([expect.objectContaining({ key: 'inv_0', created: true })]);
			expect(posts()).toBe(1);
		},
	);

	it('to a sale that may still be under way: another item with its key is not sent either, nor by n8n trying again', async () => {
		partnero.sandbox.faults.add({ kind: 'status', status: 504, match: write, times: 1 });
		const twice = { items: [{ key: 'inv_0' }, { key: 'inv_0' }] };
		const once = await partnero.operate('transaction', 'create', keyed, {
			...twice,
			node: { onError: 'continueRegularOutput' },
		});
		expect(once.json.map(({ message }) => message)).toEqual(
			Array(2).fill(expect.stringContaining('may have been recorded')),
		);
		expect(posts()).toBe(1);
		partnero.sandbox.faults.add({ kind: 'status', status: 504, match: write, times: 1 });
		// The next execution looks, and sends it once more; what is then still under way is not sent again by n8n's tries.
		const again = await partnero.operate('transaction', 'create', keyed, {
			...twice,
			node: { ...retryOnFail, onError: 'continueRegularOutput' },
		});
		expect(again.json.map(({ message }) => message)).toEqual(
			Array(2).fill(expect.stringContaining('may have been recorded')),
		);
		expect(posts()).toBe(2);
		const last = await partnero.operate('transaction', 'create', keyed, { ...twice });
		expect(last.json.map(({ created }) => created)).toEqual([true, false]);
		expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 1, twice: [] });
	});

	it('408 counts as one of them', async () => {
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 408,
			match: { method: 'DELETE' },
			times: 2,
		});
		const { json } = await partnero.operate('customer', 'delete', {
			customer: locator('key', 'user_77'),
		});
		expect(json).toEqual([{ deleted: true, id: 'user_77' }]);
	});
});

describe('too many requests', () => {
	it('waits as long as the server asks, and loses nothing', async () => {
		partnero.sandbox.faults.add({ kind: 'rateLimit', retryAfter: 1, times: 3 });
		const { json } = await partnero.operate('transaction', 'create', keyed, {
			items: items.slice(0, 5),
		});
		expect(json).toHaveLength(5);
		expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 5, twice: [] });
	});

	describe('in real time', () => {
		useRealTime();

		it('ends at once when the execution is canceled', async () => {
			partnero.sandbox.faults.add({ kind: 'rateLimit', retryAfter: 100 });
			const { result, cancel } = startRun({
				credentials: partnero.credentials,
				parameters: { resource: 'customer', operation: 'get', customer: locator('key', 'user_77') },
				items,
			});
			while (partnero.wire().length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
			cancel();
			// The server asked for 100 seconds, longer than this test may take.
			await result;
			expect(partnero.wire()).toHaveLength(5);
		});
	});
});
