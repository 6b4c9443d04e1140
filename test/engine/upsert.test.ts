import type { IDataObject } from 'n8n-workflow';

import { closeAll, json, serve } from './support/bareServer';
import { run } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
const program = () => partnero.sandbox.program('affiliate');
const sent = () => partnero.wire().map(({ method, path }) => `${method} ${path}`);

beforeEach(() => {
	program().partners.add({
		id: 'p_1',
		email: 'Ann.Lee@example.com',
		key: 'annlee',
		name: 'Ann',
		surname: 'Lee',
		tags: ['vip'],
	});
	program().partners.add({ id: 'p_2', email: 'joann.lee@example.com', key: 'joann' });
	program().customers.add({
		id: 'i_1',
		key: 'u_1',
		email: 'una@example.com',
		name: 'Una',
		surname: 'Lind',
		tags: ['vip'],
		partner: 'p_1',
	});
	partnero.sandbox.requests.length = 0;
});

describe('partner upsert', () => {
	it('creates the partner that is not there, though others have its email as a part of theirs', async () => {
		const { json } = await partnero.operate('partner', 'upsert', {
			email: 'lee@example.com',
			additionalFields: { id: 'p_9', name: 'Lee' },
		});
		expect(json).toEqual([
			expect.objectContaining({ id: 'p_9', email: 'lee@example.com', name: 'Lee', created: true }),
		]);
		expect(sent()).toEqual(['GET /partners:search', 'POST /partners']);
		const { partners } = partnero.sandbox.ledger();
		expect(partners.map(({ name }) => name)).toEqual(['Ann', null, 'Lee']);
	});

	it('changes what was filled of the partner that is there, whatever the case of its email, and not its id', async () => {
		const { json } = await partnero.operate('partner', 'upsert', {
			email: 'ann.lee@example.com',
			additionalFields: {
				id: 'p_9',
				name: 'Anna',
				surname: '',
				referringPartner: locator('key', 'joann'),
			},
		});
		expect(json).toEqual([
			expect.objectContaining({
				id: 'p_1',
				email: 'Ann.Lee@example.com',
				name: 'Anna',
				surname: 'Lee',
				tags: [{ value: 'vip' }],
				created: false,
			}),
		]);
		expect(partnero.wire().at(-1)).toEqual({
			method: 'PUT',
			path: '/partners/p_1',
			body: { update: { name: 'Anna' } },
		});
		expect(partnero.sandbox.ledger().partners).toHaveLength(2);
	});

	it('sends no change when there is nothing to change', async () => {
		const { json } = await partnero.operate('partner', 'upsert', {
			email: 'ann.lee@example.com',
			additionalFields: { name: '  ' },
		});
		expect(json).toEqual([expect.objectContaining({ id: 'p_1', name: 'Ann', created: false })]);
		expect(sent()).toEqual(['GET /partners:search']);
	});

	it('makes one partner of two items with the same email', async () => {
		const { json, outputs } = await partnero.operate(
			'partner',
			'upsert',
			{ email: '={{ $json.email }}', additionalFields: { name: '={{ $json.name }}' } },
			{
				items: [
					{ email: 'new@example.com', name: 'Nic' },
					{ email: 'New@example.com', name: 'Nick' },
				],
			},
		);
		expect(json.map(({ name, created }) => [name, created])).toEqual([
			['Nic', true],
			['Nick', false],
		]);
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(partnero.sandbox.ledger().partners.map(({ name }) => name)).toEqual([
			'Ann',
			null,
			'Nick',
		]);
	});

	it('changes nothing when two partners have the email, and names both', async () => {
		program().partners.add({ id: 'p_3', email: 'ann.lee@example.com' });
		const { error } = await partnero.operate('partner', 'upsert', {
			email: 'ann.lee@example.com',
			additionalFields: { name: 'Anna' },
		});
		expect(error?.message).toBe("2 partners have the email 'ann.lee@example.com'");
		expect(error?.description).toMatch(/^Nothing was changed\. Their IDs are p_3, p_1/);
		expect(sent()).toEqual(['GET /partners:search']);
	});
});

describe('of two partners with one email, where one of them is deleted', () => {
	beforeEach(
		() =>
			void program().partners.add({
				id: 'p_3',
				email: 'ann.lee@example.com',
				status: 'deleted' as 'archived',
			}),
	);

	it('Create or Update changes the other one', async () => {
		const { json } = await partnero.operate('partner', 'upsert', {
			email: 'ann.lee@example.com',
			additionalFields: { name: 'Anna' },
		});
		expect(json).toEqual([expect.objectContaining({ id: 'p_1', name: 'Anna', created: false })]);
	});

	it('By Email finds the other one', async () => {
		const { json } = await partnero.operate('partner', 'get', {
			partner: locator('email', 'ann.lee@example.com'),
		});
		expect(json).toEqual([expect.objectContaining({ id: 'p_1' })]);
	});
});

describe('customer upsert', () => {
	const una = { key: 'u_1', partner: locator('key', 'joann') };

	it('creates the customer that is not there, and attributes it', async () => {
		const { json } = await partnero.operate('customer', 'upsert', {
			...una,
			key: 'u_2',
			additionalFields: { email: 'uri@example.com' },
		});
		expect(json).toEqual([expect.objectContaining({ key: 'u_2', partner: 'p_2', created: true })]);
		expect(sent()).toEqual(['GET /customers/u_2', 'POST /customers']);
	});

	it('changes what was filled of the customer that is there, and leaves it with its partner', async () => {
		const { json } = await partnero.operate('customer', 'upsert', {
			...una,
			additionalFields: {
				name: 'Unna',
				surname: ' ',
				tags: '={{ [] }}',
				referralUrl: 'https://shop.example?aff=joann',
			},
		});
		expect(json).toEqual([
			expect.objectContaining({
				key: 'u_1',
				partner: 'p_1',
				name: 'Unna',
				surname: 'Lind',
				tags: [],
				created: false,
			}),
		]);
		expect(partnero.wire().at(-1)).toEqual({
			method: 'PUT',
			path: '/customers/u_1',
			body: { update: { name: 'Unna', tags: [] } },
		});
	});

	it('sends no change when there is nothing to change', async () => {
		const { json } = await partnero.operate('customer', 'upsert', una);
		expect(json).toEqual([expect.objectContaining({ key: 'u_1', name: 'Una', created: false })]);
		expect(sent()).toEqual(['GET /customers/u_1']);
	});

	it('makes one customer of two items with the same key', async () => {
		const items = [{ name: 'Nic' }, { name: 'Nick' }];
		const parameters = { ...una, key: 'u_9', additionalFields: { name: '={{ $json.name }}' } };
		const { json } = await partnero.operate('customer', 'upsert', parameters, { items });
		expect(json.map(({ name, created }) => [name, created])).toEqual([
			['Nic', true],
			['Nick', false],
		]);
		expect(partnero.sandbox.ledger().customers.map(({ key, name }) => [key, name])).toEqual([
			['u_1', 'Una'],
			['u_9', 'Nick'],
		]);
	});

	it.each(['una@example.com', 'i_1'])(
		'does not take for it a customer whose email or ID is %s',
		async (key) => {
			const { json } = await partnero.operate('customer', 'upsert', {
				...una,
				key,
				additionalFields: { name: 'Other' },
			});
			expect(json).toEqual([expect.objectContaining({ key, name: 'Other', created: true })]);
			expect(partnero.sandbox.ledger().customers.map(({ name }) => name)).toEqual(['Una', 'Other']);
		},
	);

	it('creates nobody when the partner is not there', async () => {
		const { error } = await partnero.operate('customer', 'upsert', {
			key: 'u_2',
			partner: locator('key', 'nobody'),
		});
		expect(error?.message).toBe(
			"Create or update customer 'u_2' was refused: no partner has the referral key 'nobody'",
		);
		expect(error?.description).toContain('what follows "aff="');
		expect(partnero.sandbox.ledger().customers).toHaveLength(1);
	});
});

describe('a look-up for a locator', () => {
	const rename = (partner: ReturnType<typeof locator>) =>
		partnero.operate('partner', 'update', { partner, updateFields: { name: 'Wrong' } });

	it('that finds only a part changes nothing, and says what it found', async () => {
		const { error } = await rename(locator('email', 'lee@example.com'));
		expect(error?.message).toBe("No partner has the email 'lee@example.com'");
		expect(error?.description).toMatch(
			/^Nothing was changed\. .*joann\.lee@example\.com, Ann\.Lee@example\.com/,
		);
		expect(sent()).toEqual(['GET /partners:search']);
	});

	it('that finds two changes nothing, and names both', async () => {
		program().partners.add({ id: 'p_3', email: 'ann.lee@example.com' });
		const { error } = await rename(locator('email', 'ann.lee@example.com'));
		expect(error?.message).toBe("2 partners have the email 'ann.lee@example.com'");
		expect(error?.description).toBe(
			"Nothing was changed. Their IDs are p_3, p_1; choose By ID in 'Partner'.",
		);
		expect(sent()).toEqual(['GET /partners:search']);
	});

	it.each(['annle', 'ANNLEE'])(
		'by the referral key %s, which is none, changes nothing',
		async (key) => {
			const { error } = await rename(locator('key', key));
			expect(error?.message).toBe(`No partner has the referral key '${key}'`);
			expect(sent()).toEqual(['GET /partner']);
		},
	);

	it.each([
		[
			'customer',
			'getAll',
			{ filters: { partner: locator('id', 'p_9') } },
			"Filters > Partner 'p_9' was not found",
		],
		[
			'transaction',
			'create',
			{ amount: 5, customer: locator('list', 'u_9') },
			"Customer 'u_9' was not found",
		],
	])(
		'that finds nobody names the field: %s %s',
		async (resource, operation, parameters, message) => {
			const { error } = await partnero.operate(resource, operation, parameters);
			expect(error?.message).toBe(message);
			expect(sent()).toHaveLength(1);
		},
	);
});

describe('a record that shows late', () => {
	afterEach(closeAll);

	it.each([
		[
			'partner',
			{ email: 'ann@example.com', additionalFields: { name: 'Anna' } },
			{ id: 'p_1', email: 'ann@example.com', name: 'Ann' },
		],
		[
			'customer',
			{
				key: 'u_1',
				attributeTo: 'partner',
				partner: locator('id', 'p_1'),
				additionalFields: { name: 'Anna' },
			},
			{ key: 'u_1', name: 'Ann' },
		],
	])(
		'is looked for again, and updated, where the create says that it is there: %s',
		async (resource, parameters, record) => {
			let reads = 0;
			let name = 'Ann';
			const server = await serve(({ method, path, body }, response) => {
				if (method === 'POST')
					return json(response, 422, {
						message: 'Invalid.',
						errors: { [resource === 'partner' ? 'email' : 'key']: ['It has already been taken.'] },
					});
				if (method === 'PUT') name = (JSON.parse(body) as { update: { name: string } }).update.name;
				if (method === 'GET' && ++reads <= 2)
					return path.includes(':search')
						? json(response, 200, { data: [], links: { next: null } })
						: json(response, 404, { message: 'Partner or customer not found.' });
				return json(response, 200, {
					data: path.includes(':search') ? [{ ...record, name }] : { ...record, name },
					links: { next: null },
				});
			});
			const { json: items, error } = await partnero.operate(resource, 'upsert', parameters, {
				credentials: { apiKey: `late-${server.url}`, baseUrl: server.url },
			});
			expect(error?.message).toBeUndefined();
			expect(items).toEqual([expect.objectContaining({ name: 'Anna', created: false })]);
		},
	);
});

it('says of the record that it is new, if only n8n’s next try could update it', async () => {
	let made: IDataObject | undefined;
	let updates = 0;
	const { url } = await serve(({ method, path, body }, response) => {
		if (method === 'POST') {
			// Somebody, or a rule of the program, gives it another name at once.
			made = { ...(JSON.parse(body) as IDataObject), id: 'p_1', name: 'New partner' };
			response.destroy();
		} else if (method === 'PUT') {
			updates += 1;
			if (updates <= 6) return json(response, 503, { message: 'Service Unavailable' });
			Object.assign(made!, (JSON.parse(body) as { update: IDataObject }).update);
			json(response, 200, { data: made, status: 1 });
		} else {
			const data = path.startsWith('/partners:search') ? [made].filter(Boolean) : made;
			json(response, data ? 200 : 404, { data, links: { next: null }, status: 1 });
		}
	});
	const { json: items, error } = await run({
		credentials: { apiKey: 'upsert', baseUrl: url },
		parameters: {
			...{ resource: 'partner', operation: 'upsert', email: 'ann@example.com' },
			additionalFields: { name: 'Ann' },
		},
		node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
	});
	expect(error).toBeUndefined();
	expect(items).toMatchObject([{ name: 'Ann', created: true }]);
	await closeAll();
});
