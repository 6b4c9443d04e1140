/** Records whose identifier has a slash, on a server that decodes it before it routes, and on one that does not. */
import { MANNERS, type Manners } from '../../sandbox/manners';
import type { AddedProgram } from '../../sandbox/server';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

/** Customers and partners whose identifiers differ by a slash. */
function programWith(manners: Manners): AddedProgram {
	const program = partnero.sandbox.addProgram('affiliate', { manners });
	const { partners, customers, transactions, coupons, promotionCodes } = program.state;
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	partners.add({ id: 'p/1', email: 'ben@example.com', key: 'ben' });
	for (const key of ['org', 'org/', 'org/7', 'org/7/8']) customers.add({ key, partner: 'p_1', name: 'Old' });
	transactions.add({ key: 'inv/1', amount: 5, customer: 'org' });
	coupons.add({ uuid_code: 'win/25' });
	promotionCodes.add({ code: 'ann/25', coupon: 'win/25' });
	return program;
}

describe.each(MANNERS)('%s', (manners) => {
	let program: AddedProgram;
	beforeEach(() => void (program = programWith(manners)));

	const operate = async (resource: string, operation: string, parameters: NonNullable<Parameters<typeof partnero.operate>[2]>) =>
		await partnero.operate(resource, operation, parameters, { credentials: { ...partnero.credentials, apiKey: program.key } });
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
		const { json, error } = await operate(resource, 'get', { [resource]: locator(mode, value), simplify: false });
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining(record)]);
	});

	it('Get of what is not there is not found, also where the path leads to another record', async () => {
		program.state.customers.remove(program.state.customers.find('key', 'org/')!);
		for (const key of ['org/', 'none/1']) {
			const { error } = await operate('customer', 'get', { customer: locator('key', key) });
			expect(error?.message).toBe(`Customer '${key}' was not found [item 0]`);
		}
	});

	it.each(['org/7', 'org/'])('Update changes the customer that is meant: %s', async (key) => {
		const { json } = await operate('customer', 'update', { customer: locator('key', key), updateFields: { name: 'New' } });
		expect(json).toEqual([expect.objectContaining({ key, name: 'New' })]);
		expect(nameOf(key)).toBe('New');
		expect(nameOf('org')).toBe('Old');
	});

	it.each(['org/7', 'org/'])('Delete deletes the customer that is meant: %s', async (key) => {
		const { json } = await operate('customer', 'delete', { customer: locator('key', key) });
		expect(json).toEqual([{ deleted: true, id: key }]);
		expect([...program.state.customers].map((one) => one.key)).toEqual(['org', 'org/', 'org/7', 'org/7/8'].filter((one) => one !== key));
	});

	it('Create or Update finds the customer the second time', async () => {
		const upsert = async (name: string) =>
			await operate('customer', 'upsert', { key: 'new/1', attributeTo: 'partner', partner: locator('key', 'annlee'), additionalFields: { name } });
		expect((await upsert('First')).json).toEqual([expect.objectContaining({ key: 'new/1', created: true })]);
		expect((await upsert('Second')).json).toEqual([expect.objectContaining({ key: 'new/1', name: 'Second', created: false })]);
		expect([...program.state.customers].filter(({ key }) => key === 'new/1')).toHaveLength(1);
	});
});

it('without a slash nothing more is sent than the one request', async () => {
	const program = programWith('strict');
	const options = { credentials: { ...partnero.credentials, apiKey: program.key } };
	const customer = locator('key', 'org');
	await partnero.operate('customer', 'get', { customer }, options);
	await partnero.operate('customer', 'get', { customer: locator('key', 'none') }, options);
	await partnero.operate('customer', 'update', { customer, updateFields: { name: 'New' } }, options);
	await partnero.operate('customer', 'delete', { customer }, options);
	expect(program.ledger().requests).toEqual({ getCustomer: 2, updateCustomer: 1, deleteCustomer: 1 });
});
