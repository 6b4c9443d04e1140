import type { IDataObject } from 'n8n-workflow';

import { run } from './support/engine';
import { locator, useSandbox } from './support/partnero';
import { arrange, samples } from './support/samples';

/**
 * Items about one record, in the order in which they came in. The engine of these tests hands out the credentials of
 * later items first, as n8n's database may.
 */
const partnero = useSandbox();
beforeEach(() => {
	arrange(partnero.sandbox);
	partnero.sandbox.requests.length = 0;
	partnero.sandbox.maxConcurrent = 0;
	partnero.sandbox.faults.add({ kind: 'latency', ms: 5 });
});

const sent = (method: string) =>
	partnero.sandbox.requests.filter((request) => request.method === method);
const amounts = () =>
	[...partnero.sandbox.program('affiliate').transactions].flatMap(({ key, amount }) =>
		key === 'inv_1' ? [amount] : [],
	);
const goesOn = { onError: 'continueRegularOutput' } as const;

/** Whose samples give no key: each item makes a record of its own. */
const keyless = ['transaction create', 'coupon create', 'promotionCode create'];
const writing = samples.filter(
	({ resource, operation, calls, items }) =>
		!keyless.includes(`${resource} ${operation}`) &&
		calls(items[0]).some(([method]) => method !== 'GET'),
);

it.each(
	writing.flatMap((sample) =>
		sample.programs.map((program) => [sample.resource, sample.operation, program, sample] as const),
	),
)('%s %s in %s: three items about the same record take turns', async (...[, , program, sample]) => {
	sample.arrange?.(partnero.sandbox.program(program));
	partnero.sandbox.requests.length = 0;
	const [item] = sample.items;
	await run({
		parameters: {
			resource: sample.resource,
			operation: sample.operation,
			...sample.parameters,
		},
		items: [item, item, item],
		credentials: { apiKey: partnero.sandbox.keys[program], baseUrl: partnero.sandbox.url },
		node: goesOn,
	});
	expect(partnero.sandbox.requests.length).toBeGreaterThan(2);
	expect(partnero.sandbox.maxConcurrent).toBe(1);
});

it.each(['with the record', 'with no more than a status'])(
	'the last of several updates has the last word, and all of them succeed: answered %s',
	async (answered) => {
		if (answered !== 'with the record')
			partnero.sandbox.faults.add({ kind: 'bare', match: { method: 'PUT' }, after: true });
		const names = ['Una', 'Ulla', 'Ute', 'Ulrike', 'Undine'];
		const { json } = await partnero.operate(
			'customer',
			'update',
			{ customer: locator('key', 'u_1'), updateFields: { name: '={{ $json.name }}' } },
			{ items: names.map((name) => ({ name })), node: goesOn },
		);
		expect(json.map(({ name, error }) => error ?? name)).toEqual(names);
		expect(sent('PUT').map(({ body }) => (body as { update: IDataObject }).update.name)).toEqual(
			names,
		);
		expect(partnero.sandbox.ledger().customers[0]).toMatchObject({ key: 'u_1', name: 'Undine' });
	},
);

it('of two sales with one key and other amounts, the first one is recorded', async () => {
	const { json } = await partnero.operate(
		'transaction',
		'create',
		{
			customer: locator('key', 'u_1'),
			key: 'inv_1',
			amount: '={{ $json.amount }}',
		},
		{ items: [{ amount: 10 }, { amount: '20 USD' }, { amount: 30 }], node: goesOn },
	);
	expect(json.map(({ created, amount }) => [created, amount])[0]).toEqual([true, 10]);
	expect(amounts()).toEqual([10]);
});

it('of two sales with one key, the first is recorded also where only that one asks for the currency of the program', async () => {
	partnero.sandbox.faults.add({ kind: 'latency', ms: 50, match: { path: '/program' } });
	await partnero.operate(
		'transaction',
		'create',
		{ customer: locator('key', 'u_1'), key: 'inv_1', amount: '={{ $json.amount }}' },
		{ items: [{ amount: 'USD 10' }, { amount: 20 }], node: goesOn },
	);
	expect(amounts()).toEqual([10]);
});

it('a first item that is refused stops those that wait for the same record', async () => {
	const { error } = await partnero.operate(
		'customer',
		'update',
		{ customer: locator('key', 'nobody'), updateFields: { name: '={{ $json.name }}' } },
		{ items: [{ name: 'Ann' }, { name: 'Ben' }, { name: 'Cy' }] },
	);
	expect(error?.message).toContain('[item 1 of 3]');
	expect(sent('PUT')).toHaveLength(1);
});

it('what stops the run is told of the item that was refused, while items before it finish', async () => {
	const { error } = await partnero.operate(
		'customer',
		'update',
		{
			customer: { __rl: true, mode: 'key', value: '={{ $json.key }}' },
			updateFields: { name: '={{ $json.name }}' },
		},
		{
			items: [
				{ key: 'u_1', name: 'Ann' },
				{ key: 'u_1', name: 'Ben' },
				{ key: '', name: 'Cy' },
				{ key: 'u_1', name: 'Dee' },
			],
		},
	);
	expect(error?.message).toBe("'Customer' is empty [item 3 of 4]");
	expect(partnero.sandbox.ledger().customers[0]).toMatchObject({ name: 'Ben' });
});

it('an item that has no credential holds up nobody', async () => {
	const { json } = await partnero.operate(
		'customer',
		'update',
		{ customer: locator('key', 'u_1'), updateFields: { name: '={{ $json.name }}' } },
		{
			items: [{ name: 'Ann' }, { name: 'Ben' }],
			node: goesOn,
			credentials: (item) => {
				if (item === 0) throw new Error('The credential is gone');
				return partnero.credentials;
			},
		},
	);
	expect(json).toEqual([
		expect.objectContaining({ error: expect.stringContaining('The credential is gone') }),
		expect.objectContaining({ name: 'Ben' }),
	]);
});

it.each([
	[
		'two updates of a link with other keys',
		'referralLink',
		'update',
		{ owner: 'partner', referralLink: locator('id', 'annlee'), key: '={{ $json.value }}' },
		['una', 'ulla', 'ute'],
	],
	[
		'two conversions of a lead with other amounts',
		'lead',
		'convert',
		{ lead: locator('id', '41'), commissionTransactionAmount: '={{ $json.value }}' },
		[100, 200, 300],
	],
])('%s are about one record as well', async (_, resource, operation, parameters, values) => {
	partnero.sandbox.faults.add({ kind: 'latency', ms: 100, times: 1 });
	await partnero.operate(resource, operation, parameters, {
		items: values.map((value) => ({ value })),
		node: goesOn,
	});
	expect(partnero.sandbox.maxConcurrent).toBe(1);
	expect(
		partnero.sandbox.requests
			.filter(({ method }) => method !== 'GET')
			.map(({ body }) => Object.values(body as IDataObject).at(-1)),
	).toEqual(values);
});

it('items about one record take turns also where their credentials differ in more than the program', async () => {
	const names = ['Una', 'Ulla', 'Ute'];
	await partnero.operate(
		'customer',
		'update',
		{ customer: locator('key', 'u_1'), updateFields: { name: '={{ $json.name }}' } },
		{
			items: names.map((name) => ({ name })),
			credentials: (item) => ({
				...partnero.credentials,
				...(item > 0 && { allowedHttpRequestDomains: 'domains', allowedDomains: '127.0.0.1' }),
			}),
		},
	);
	expect(partnero.sandbox.maxConcurrent).toBe(1);
	expect(sent('PUT').map(({ body }) => (body as { update: IDataObject }).update.name)).toEqual(
		names,
	);
});

it('a sale whose key is called like a lock of the recorder does not wait for itself', async () => {
	const keys = ['created at', 'dates', 'long keys', 'x'.repeat(40)];
	const items = keys.map((key) => ({ key }));
	const parameters = {
		customer: locator('key', 'u_1'),
		key: '={{ $json.key }}',
		amount: 10,
		additionalFields: { createdAt: '2020-01-01T00:00:00' },
	};
	const create = await partnero.operate('transaction', 'create', parameters, { items });
	expect(create.json.map(({ created }) => created)).toEqual(keys.map(() => true));
	partnero.sandbox.reset('empty');
	arrange(partnero.sandbox);
	const many = await partnero.operate('transaction', 'createMany', parameters, { items });
	expect(many.json.map(({ created }) => created)).toEqual(keys.map(() => true));
});

it('a first sale that is refused stops those with the same key', async () => {
	partnero.sandbox.faults.add({
		kind: 'status',
		status: 422,
		match: { method: 'POST', path: '/transactions' },
		times: 1,
	});
	const { error } = await partnero.operate(
		'transaction',
		'create',
		{ customer: locator('key', 'u_1'), key: 'inv_1', amount: 10 },
		{ items: [{}, {}, {}] },
	);
	expect(error?.message).toContain('[item 1 of 3]');
	expect(sent('POST')).toHaveLength(1);
	expect(amounts()).toEqual([]);
});

it('keys that Partnero may take for the same are recorded in the order of their items', async () => {
	partnero.sandbox.faults.add({
		kind: 'status',
		status: 422,
		match: { method: 'POST', path: '/transactions' },
		times: 1,
	});
	const keys = ['inv_e', 'inv_e', 'inv_\u00e9'];
	await partnero.operate(
		'transaction',
		'create',
		{ customer: locator('key', 'u_1'), key: '={{ $json.key }}', amount: 10 },
		{ items: keys.map((key) => ({ key })), node: goesOn },
	);
	expect(sent('POST').map(({ body }) => (body as IDataObject).key)).toEqual(keys);
});

it('nothing is sent of what comes after an item whose form is not complete', async () => {
	const { error } = await partnero.operate(
		'transaction',
		'create',
		{ customer: locator('key', 'u_1'), key: '={{ $json.key }}', amount: '={{ $json.amount }}' },
		{
			items: [
				{ key: 'inv_1', amount: 10 },
				{ key: 'inv_2', amount: 'much' },
				{ key: 'inv_3', amount: 30 },
			],
		},
	);
	expect(error?.message).toContain('[item 2 of 3]');
	expect(sent('POST').map(({ body }) => (body as IDataObject).key)).toEqual(['inv_1']);
});

it('executions that change one record take turns as well, and two records are changed at once', async () => {
	const update = async (customer: string) =>
		await partnero.operate('customer', 'update', {
			customer: locator('key', customer),
			updateFields: { name: 'Una' },
		});
	await Promise.all([update('u_1'), update('u_1'), update('u_1')]);
	expect(partnero.sandbox.maxConcurrent).toBe(1);
	partnero.sandbox.faults.add({ kind: 'latency', ms: 4_000 });
	await Promise.all([update('u_1'), update('u_2')]);
	expect(partnero.sandbox.maxConcurrent).toBe(2);
});
