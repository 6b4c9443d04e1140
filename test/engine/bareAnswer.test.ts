import { resources } from '../../nodes/Partnero/resources';

import { locator, useSandbox } from './support/partnero';
import { arrange, samples } from './support/samples';

/*
 * The API answers actions with `{status: 1}` and no more (`partnero-api.md` 1.2), and of some calls nobody
 * says what they answer (5.2). What was carried out is no error then, or somebody would send it again.
 */
const partnero = useSandbox();

/** Where the record is not found again as a whole, and why. */
const notWhole: Record<string, string> = {
	'partner create': 'a search shows less of a partner',
	'transaction create': 'the sample has no key',
	'coupon create': 'the sample has no code',
	'promotionCode create': 'the sample has no code',
};

const writes = samples.flatMap((sample) => {
	const { operations } = resources.find(({ entry }) => entry.value === sample.resource)!;
	const operation = operations.find(({ entry }) => entry.value === sample.operation)!;
	if (operation.output.kind !== 'record' || operation.request.method === 'GET') return [];
	const name = `${sample.resource} ${sample.operation}`;
	const isFound =
		Boolean(operation.idempotency ?? operation.listDiff ?? operation.transition) &&
		!(name in notWhole);
	return [[name, { ...sample, isFound }] as const];
});

it.each(writes)('%s: what is done is no error, and is not sent again', async (_name, sample) => {
	const {
		resource,
		operation,
		programs: [program],
		parameters,
		items,
		isFound,
		output,
	} = sample;
	arrange(partnero.sandbox);
	sample.arrange?.(partnero.sandbox.program(program));
	for (const method of ['POST', 'PUT'])
		partnero.sandbox.faults.add({ kind: 'bare', after: true, match: { method } });
	const { error, json } = await partnero.operate(resource, operation, parameters, {
		items,
		credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] },
		node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	});
	expect(error?.message).toBeUndefined();
	expect(partnero.sandbox.requests.filter(({ method }) => method !== 'GET')).toHaveLength(
		items.length,
	);
	expect(json).toMatchObject(
		isFound ? items.flatMap((item) => output(item, program)) : items.map(() => ({})),
	);
});

it('is an item that says so, where the record cannot be read', async () => {
	arrange(partnero.sandbox);
	partnero.sandbox.faults.add({ kind: 'bare', after: true, match: { method: 'PUT' } });
	partnero.sandbox.faults.add({ kind: 'status', status: 403, match: { method: 'GET' } });
	const { json } = await partnero.operate('coupon', 'update', {
		coupon: locator('uuidCode', 'WINTER'),
		updateFields: { name: 'Sale' },
	});
	expect(json).toEqual([{ status: 1 }]);
	expect(partnero.sandbox.program('affiliate').coupons.find('uuid_code', 'WINTER')).toMatchObject({
		name: 'Sale',
	});
});

it('a look-up that fails after it makes no error of it', async () => {
	arrange(partnero.sandbox);
	partnero.sandbox.faults.add({ kind: 'bare', after: true, match: { method: 'POST' } });
	partnero.sandbox.faults.add({ kind: 'status', status: 403, match: { method: 'GET' } });
	const { error, json } = await partnero.operate('payoutRequest', 'approve', {
		payoutRequest: locator('id', '61'),
	});
	expect(error?.message).toBeUndefined();
	expect(json).toEqual([{ status: 1 }]);
	expect(partnero.sandbox.program('affiliate').payoutRequests.find('id', '61')).toMatchObject({
		status: 'approved',
	});
});

describe('what was accepted, but is not there', () => {
	it.each([
		[
			'a sale',
			'transaction',
			'create',
			{ customer: locator('key', 'u_1'), amount: 5, key: 't_new' },
		],
		['a partner', 'partner', 'upsert', { email: 'new@example.com' }],
		['a payout', 'payoutRequest', 'create', { partner: locator('id', 'p_1'), amountUnits: 'usd' }],
		[
			'an approval',
			'payoutRequest',
			'approve',
			{ payoutRequest: locator('id', '61') },
			"is still 'requested'",
		],
	])(
		'is no success, nor sent again: %s',
		async (_what, resource, operation, parameters, contradiction = 'cannot be found there') => {
			arrange(partnero.sandbox);
			// Says that it was done, and does nothing.
			partnero.sandbox.faults.add({ kind: 'bare', match: { method: 'POST' } });
			const { error } = await partnero.operate(resource, operation, parameters, {
				node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
			});
			expect(error?.message).toContain(` was accepted by Partnero, but ${contradiction}`);
			expect(error?.description).toContain('may have been recorded anyway');
			expect(partnero.wire().filter(({ method }) => method === 'POST')).toHaveLength(1);
		},
	);
});

it.each(['skip', 'fail'])(
	'a sale that was accepted, but is not there, is not sent by another item with its key either (If Key Exists: %s)',
	async (ifKeyExists) => {
		arrange(partnero.sandbox);
		partnero.sandbox.faults.add({ kind: 'bare', match: { method: 'POST' } });
		const { outputs } = await partnero.operate(
			'transaction',
			'create',
			{ customer: locator('key', 'u_1'), amount: 5, key: 't_new', ifKeyExists },
			{
				items: [{}, {}],
				node: {
					onError: 'continueRegularOutput',
					retryOnFail: true,
					maxTries: 2,
					waitBetweenTries: 1,
				},
			},
		);
		expect(outputs[0].map(({ json }) => json.error)).toEqual([
			expect.stringContaining('cannot be found there'),
			"Create transaction 't_new' was not sent, since another item with this key may have recorded it already [item 2 of 2]",
		]);
		expect(partnero.wire().filter(({ method }) => method === 'POST')).toHaveLength(1);
	},
);

it('a payout that somebody has paid meanwhile was approved', async () => {
	arrange(partnero.sandbox);
	const { payoutRequests } = partnero.sandbox.program('affiliate');
	payoutRequests.update(payoutRequests.find('id', '61')!, { status: 'finished' });
	partnero.sandbox.faults.add({ kind: 'bare', match: { method: 'POST' } });
	const { json } = await partnero.operate('payoutRequest', 'approve', {
		payoutRequest: locator('id', '61'),
	});
	expect(json).toEqual([expect.objectContaining({ id: 61, status: 'finished' })]);
});
