/** Records whose identifier has a slash, on a server that decodes it before it routes, and on one that does not. */
import type { Manners } from '../../sandbox/manners';
import { MANNERS } from '../../sandbox/manners';
import type { AddedProgram } from '../../sandbox/server';

import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

/** Customers and partners whose identifiers differ by a slash. */
function programWith(manners: Manners): AddedProgram {
	const program = partnero.sandbox.addProgram('affiliate', { manners });
	const { partners, customers, transactions, coupons, promotionCodes } = program.state;
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	partners.add({ id: 'p/1', email: 'ben@example.com', key: 'ben' });
	for (const key of ['org', 'org/', 'org/7', 'org/7/8'])
		customers.add({ key, partner: 'p_1', name: 'Old' });
	transactions.add({ key: 'inv/1', amount: 5, customer: 'org' });
	coupons.add({ uuid_code: 'win/25' });
	promotionCodes.add({ code: 'ann/25', coupon: 'win/25' });
	return program;
}

describe.each(MANNERS)('%s', (manners) => {
	let program: AddedProgram;
	beforeEach(() => void (program = programWith(manners)));

	const operate = async (
		resource: string,
		operation: string,
		parameters: NonNullable<Parameters<typeof partnero.operate>[2]>,
	) =>
		await partnero.operate(resource, operation, parameters, {
			credentials: { ...partnero.credentials, apiKey: program.key },
		});
	const nameOf = (key: string) => program.state.customers.find('key', key)?.name;

	it.each([
		['customer', 'key', 'org/7', { key: 'org/7' }],
		['customer', 'key', 'org/', { key: 'org/' }],
		['customer', 'list', 'org/7/8', { key: 'org/7/8' }],
		['transaction', 'key', 'inv/1', { key: 'inv/1' }],
		['partner', 'id', 'p/1', { id: 'p/1' }],
		['coupon', 'uuidCode', 'win/25', { uuid_code: 'win/25' }],
		['promotionCode', 'code', 'ann/25', { code: 'ann/25' }],
	])('Get finds a %s (by %s: %s)', async (resource, mode, value, record) => {
		const { json, error } = await operate(resource, 'get', {
			[resource]: locator(mode, value),
			simplify: false,
		});
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining(record)]);
	});

	it('Get of what is not there is not found, also where the path leads to another record', async () => {
		program.state.customers.remove(program.state.customers.find('key', 'org/')!);
		for (const key of ['org/', 'none/1']) {
			const { error } = await operate('customer', 'get', { customer: locator('key', key) });
			expect(error?.message).toBe(`Customer '${key}' was not found`);
		}
	});

	it.each(['org/7', 'org/'])('Update changes the customer that is meant: %s', async (key) => {
		const { json } = await operate('customer', 'update', {
			customer: locator('key', key),
			updateFields: { name: 'New' },
		});
		expect(json).toEqual([expect.objectContaining({ key, name: 'New' })]);
		expect(nameOf(key)).toBe('New');
		expect(nameOf('org')).toBe('Old');
	});

	it.each(['org/7', 'org/'])('Delete deletes the customer that is meant: %s', async (key) => {
		const { json } = await operate('customer', 'delete', { customer: locator('key', key) });
		expect(json).toEqual([{ deleted: true, id: key }]);
		expect([...program.state.customers].map((one) => one.key)).toEqual(
			['org', 'org/', 'org/7', 'org/7/8'].filter((one) => one !== key),
		);
	});

	it('Create or Update finds the customer the second time', async () => {
		const upsert = async (name: string) =>
			await operate('customer', 'upsert', {
				key: 'new/1',
				attributeTo: 'partner',
				partner: locator('key', 'annlee'),
				additionalFields: { name },
			});
		expect((await upsert('First')).json).toEqual([
			expect.objectContaining({ key: 'new/1', created: true }),
		]);
		expect((await upsert('Second')).json).toEqual([
			expect.objectContaining({ key: 'new/1', name: 'Second', created: false }),
		]);
		expect([...program.state.customers].filter(({ key }) => key === 'new/1')).toHaveLength(1);
	});
});

describe.each(MANNERS)('by another name, %s', (manners) => {
	let program: AddedProgram;
	beforeEach(() => {
		program = programWith(manners);
		const { customers, partners } = program.state;
		customers.clear();
		customers.add({ key: 'org', email: 'org@example.com', partner: 'p_1', name: 'Old' });
		customers.add({ key: 'org/7', email: 'seven@example.com', partner: 'p_1', name: 'Old' });
		customers.add({ key: 'org/', email: 'end@example.com', partner: 'p_1', name: 'Old' });
		partners.find('id', 'p/1')!.name = 'Old';
		program.state.transactions.add({ key: 'sale_7', amount: 7, customer: 'org/7' });
	});

	const operate = async (
		resource: string,
		operation: string,
		parameters: NonNullable<Parameters<typeof partnero.operate>[2]>,
	) =>
		await partnero.operate(resource, operation, parameters, {
			credentials: { ...partnero.credentials, apiKey: program.key },
		});
	const customer = (key: string) => program.state.customers.find('key', key);
	/** What it takes where `%2F` is part of the identifier. */
	const costs = (requests: number) => {
		if (manners === 'strict')
			expect(Object.values(program.ledger().requests).reduce((sum, count) => sum + count, 0)).toBe(
				requests,
			);
	};

	it.each(['list', 'key'])('a customer is suspended, approved and archived (%s)', async (mode) => {
		for (const [operation, status] of [
			['suspend', 'suspended'],
			['approve', 'active'],
			['archive', 'archived'],
		]) {
			const { error, json } = await operate('customer', operation, {
				customer: locator(mode, 'org/7'),
			});
			expect(error?.message).toBeUndefined();
			expect(json).toEqual([expect.objectContaining({ id: 'org/7' })]);
			expect(customer('org/7')!.status).toBe(status);
		}
		expect(customer('org')!.status).toBe('active');
		costs(3);
	});

	it("a customer's sales are listed", async () => {
		for (const [resource, operation, parameters] of [
			['customer', 'getTransactions', { customer: locator('key', 'org/7') }],
			['transaction', 'getAll', { filters: { customer: locator('key', 'org/7') } }],
		] as const) {
			const { error, json } = await operate(resource, operation, parameters);
			expect(error?.message).toBeUndefined();
			expect(json.map(({ key }) => key)).toEqual(['sale_7']);
		}
		costs(2);
	});

	it('a customer that is picked from the list is updated and deleted', async () => {
		const { json } = await operate('customer', 'update', {
			customer: locator('list', 'org/7'),
			updateFields: { name: 'New' },
		});
		expect(json).toEqual([expect.objectContaining({ key: 'org/7', name: 'New' })]);
		expect(
			(await operate('customer', 'delete', { customer: locator('list', 'org/7') })).json,
		).toEqual([{ deleted: true, id: 'org/7' }]);
		expect([...program.state.customers].map(({ key, name }) => [key, name])).toEqual([
			['org', 'Old'],
			['org/', 'Old'],
		]);
		costs(2);
	});

	it('a path that was parted once is not tried again in the run', async () => {
		program.state.customers.add({ key: 'org/8', email: 'eight@example.com', partner: 'p_1' });
		program.state.transactions.add({ key: 'sale_8', amount: 8, customer: 'org/8' });
		const items = ['org/7', 'org/8'].map((key) => ({ key }));
		const { json, error } = await partnero.operate(
			'customer',
			'getTransactions',
			{ customer: locator('key', '={{ $json.key }}'), settings: { requestsAtOnce: 1 } },
			{ items, credentials: { ...partnero.credentials, apiKey: program.key } },
		);
		expect([error?.message, json.map(({ key }) => key)]).toEqual([undefined, ['sale_7', 'sale_8']]);
		const tried = partnero.wire().filter(({ path }) => path.includes('%2F'));
		expect(tried.length).toBe(manners === 'strict' ? 2 : 1);
	});

	it('a picked customer that may not be read is not said to be missing', async () => {
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 403,
			match: { method: 'GET', path: /customers/ },
		});
		const { error } = await operate('customer', 'getStatistics', {
			customer: locator('list', 'org/7'),
		});
		expect(error?.message).toContain('is not allowed for this API key');
	});

	it('a slash at the end cannot lead to another customer', async () => {
		expect(
			(await operate('customer', 'archive', { customer: locator('key', 'org/') })).error?.message,
		).toBeUndefined();
		expect(
			(
				await operate('customer', 'update', {
					customer: locator('list', 'org/'),
					updateFields: { name: 'New' },
				})
			).error?.message,
		).toBeUndefined();
		expect(
			[...program.state.customers].map(({ key, name, status }) => [key, name, status]),
		).toEqual([
			['org', 'Old', 'active'],
			['org/7', 'Old', 'active'],
			['org/', 'New', 'archived'],
		]);
	});

	it('nor does one of which there is no other name: nothing is sent', async () => {
		program.state.customers.update(customer('org/')!, { email: null });
		for (const operation of ['archive', 'getTransactions']) {
			const { error } = await operate('customer', operation, { customer: locator('key', 'org/') });
			expect(error?.message).toContain(
				'was not sent, since the slash in the identifier could lead to another record',
			);
			expect(error?.description).toContain('The identifier has a slash');
		}
		expect(customer('org')!.status).toBe('active');
	});

	it('nor does the other form of an update', async () => {
		partnero.sandbox.quirks.updatesIgnored = 'wrapped';
		await operate('customer', 'update', {
			customer: locator('key', 'org/'),
			updateFields: { name: 'New' },
		});
		partnero.sandbox.quirks.updatesIgnored = null;
		expect(customer('org')!.name).toBe('Old');
	});

	it('a partner is updated and deleted', async () => {
		const partner = locator('id', 'p/1');
		const { json, error } = await operate('partner', 'update', {
			partner,
			updateFields: { name: 'New' },
		});
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ id: 'p/1', name: 'New' })]);
		const upsert = await operate('partner', 'upsert', {
			email: 'ben@example.com',
			additionalFields: { name: 'Newer' },
		});
		expect(upsert.json).toEqual([
			expect.objectContaining({ id: 'p/1', name: 'Newer', created: false }),
		]);
		expect((await operate('partner', 'delete', { partner })).json).toEqual([
			{ deleted: true, id: 'p/1' },
		]);
		expect(program.ledger().partners.map(({ id }) => id)).toEqual(['p_1']);
		costs(4);
	});

	it("a partner's customers are listed", async () => {
		program.state.customers.add({ key: 'of_ben', partner: 'p/1' });
		const { json } = await operate('customer', 'getAll', {
			filters: { partner: locator('id', 'p/1') },
		});
		expect(json.map(({ key }) => key)).toEqual(['of_ben']);
	});
});

it.each([
	['partner', 'archive', 'id', 'p/1'],
	['partner', 'addReward', 'id', 'p/1'],
	['transaction', 'archive', 'key', 'inv/1'],
	['coupon', 'delete', 'uuidCode', 'win/25'],
])(
	'where there is no way round, the error says why: %s %s',
	async (resource, operation, mode, value) => {
		const program = programWith('laravel');
		const credentials = { ...partnero.credentials, apiKey: program.key };
		const { error } = await partnero.operate(
			resource,
			operation,
			{ [resource]: locator(mode, value), amount: 5 },
			{ credentials },
		);
		expect(error?.description).toContain(
			'The identifier has a slash, which Partnero may take for a part of the address',
		);
	},
);

it('without a slash nothing more is sent than the one request', async () => {
	const program = programWith('strict');
	const options = { credentials: { ...partnero.credentials, apiKey: program.key } };
	const customer = locator('key', 'org');
	await partnero.operate('customer', 'get', { customer }, options);
	await partnero.operate('customer', 'get', { customer: locator('key', 'none') }, options);
	await partnero.operate(
		'customer',
		'update',
		{ customer, updateFields: { name: 'New' } },
		options,
	);
	await partnero.operate('customer', 'delete', { customer }, options);
	expect(program.ledger().requests).toEqual({
		getCustomer: 2,
		updateCustomer: 1,
		deleteCustomer: 1,
	});
});
