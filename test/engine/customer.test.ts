import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

beforeEach(() => {
	partnero.sandbox.program('affiliate').partners.add({
		id: 'p_1',
		email: 'ann@example.com',
		key: 'annlee',
		name: 'Ann',
		surname: 'Lee',
	});
});

describe('customer create', () => {
	it('attributes each item to its partner, by whichever identifier was given', async () => {
		const items = [
			{ key: 'c_1', mode: 'key', partner: 'annlee' },
			{ key: 'c_2', mode: 'email', partner: 'ann@example.com' },
			{ key: 'c_3', mode: 'id', partner: 'p_1' },
			{ key: 'c_4', mode: 'list', partner: 'p_1' },
		];
		for (const item of items) {
			const { json } = await partnero.operate('customer', 'create', {
				key: item.key,
				attributeTo: 'partner',
				partner: locator(item.mode, item.partner),
			});
			expect(json).toEqual([expect.objectContaining({ key: item.key, partner: 'p_1' })]);
		}
		expect(partnero.wire().map(({ method, path, body }) => [method, path, body])).toEqual(
			items.map(({ key, mode, partner }) => [
				'POST',
				'/customers',
				{ key, partner: { [mode === 'list' ? 'id' : mode]: partner } },
			]),
		);
	});

	it('sends every field under the name of the API', async () => {
		await partnero.operate(
			'customer',
			'create',
			{
				key: '={{ $json.key }}',
				attributeTo: 'partner',
				partner: locator('key', 'annlee'),
				additionalFields: {
					email: 'bob@example.com',
					name: 'Bob',
					surname: '',
					tags: '={{ [] }}',
					referralUrl: 'https://shop.example?aff=annlee',
				},
			},
			{ items: [{ key: 77 }] },
		);
		expect(partnero.wire()[0].body).toEqual({
			key: '77',
			email: 'bob@example.com',
			name: 'Bob',
			tags: [],
			partner: { key: 'annlee' },
			options: { referral_url: 'https://shop.example?aff=annlee' },
		});
	});

	it('sends no attribution that is hidden in the form', async () => {
		await partnero.operate(
			'customer',
			'create',
			{ key: 'c_1', attributeTo: '={{ $json.to }}', partner: locator('key', 'annlee') },
			{ items: [{ to: 'nobody' }] },
		);
		expect(partnero.wire()[0].body).toEqual({ key: 'c_1' });
	});

	it('of another partner is not taken for the one whose answer was lost', async () => {
		const { partners } = partnero.sandbox.program('affiliate');
		for (const id of ['p_8', 'p_9']) partners.add({ id, email: `${id}@example.com` });
		partnero.sandbox.faults.add({ kind: 'cut', match: { method: 'POST' }, times: 1 });
		const { outputs } = await partnero.operate(
			'customer',
			'create',
			{ key: 'user_5', partner: locator('id', '={{ $json.partner }}') },
			{
				items: [{ partner: 'p_8' }, { partner: 'p_9' }],
				node: { onError: 'continueRegularOutput' },
			},
		);
		const made = partnero.sandbox.ledger().customers.find(({ key }) => key === 'user_5');
		expect(outputs[0].filter(({ json }) => !json.error).map(({ json }) => json.partner)).toEqual([
			made?.partner,
		]);
	});

	it('needs a key or an ID', async () => {
		const { error } = await partnero.operate('customer', 'create', {
			key: '',
			attributeTo: 'nobody',
		});
		expect(error?.message).toBe(
			"'Customer Key' or 'Additional Fields > Customer ID' must be filled",
		);
		expect(partnero.wire()).toEqual([]);
	});
});

describe('customer get', () => {
	it('gives few flat fields, or the record as it was sent', async () => {
		await partnero.operate('customer', 'create', {
			key: 'c_1',
			partner: locator('key', 'annlee'),
			additionalFields: { tags: 'a,b', email: 'bob@example.com' },
		});
		const { json } = await partnero.operate('customer', 'get', { customer: locator('key', 'c_1') });
		expect(json).toEqual([
			{
				key: 'c_1',
				email: 'bob@example.com',
				name: null,
				surname: null,
				status: 'active',
				partner: 'p_1',
				tags: ['a', 'b'],
				created_at: expect.any(String),
			},
		]);
		const { json: raw } = await partnero.operate('customer', 'get', {
			customer: locator('key', 'c_1'),
			simplify: false,
		});
		expect(raw[0]).toMatchObject({ tags: [{ value: 'a' }, { value: 'b' }], deleted: false });
	});
});

describe('customer update', () => {
	it.each([
		['key', locator('key', 'user_1'), { key: 'user_2' }, 'user_2'],
		[
			'email',
			locator('email', 'bob@example.com'),
			{ email: 'bob@new.example' },
			'bob%40new.example',
		],
	])(
		'gives it another %s, also when the answer is lost and it is gone from there',
		async (_what, customer, updateFields, address) => {
			partnero.sandbox
				.program('affiliate')
				.customers.add({ key: 'user_1', email: 'bob@example.com' });
			partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'PUT' }, times: 1 });
			const { json, error } = await partnero.operate('customer', 'update', {
				customer,
				updateFields,
			});
			expect(error?.message).toBeUndefined();
			expect(json).toEqual([expect.objectContaining(updateFields)]);
			expect(partnero.wire().at(-1)).toEqual({ method: 'GET', path: `/customers/${address}` });
		},
	);

	it('takes no other customer for the one that is not there', async () => {
		partnero.sandbox.program('affiliate').customers.add({
			key: 'user_77',
			name: 'Somebody',
			created_at: '2025-01-01T00:00:00.000000Z',
		});
		partnero.sandbox.faults.add({ kind: 'cut', match: { method: 'PUT' }, times: 1 });
		const { error } = await partnero.operate('customer', 'update', {
			customer: locator('key', 'user_99'),
			updateFields: { key: 'user_77' },
		});
		expect(error?.message).toBe("Customer 'user_99' was not found");
	});

	it('names the customer that is not there', async () => {
		const { error } = await partnero.operate('customer', 'update', {
			customer: locator('key', 'gone'),
			updateFields: { key: 'user_2' },
		});
		expect(error?.message).toBe("Customer 'gone' was not found");
		expect(partnero.wire()).toHaveLength(1);
	});
});

describe('the list of a locator', () => {
	it('finds partners by email, referral key and name', async () => {
		const { partners } = partnero.sandbox.program('affiliate');
		for (let index = 0; index < 120; index += 1)
			partners.add({ id: `x_${index}`, email: `x${index}@example.com`, name: 'Joe' });
		for (const filter of ['ann@exam', 'nnle', 'ANN LEE']) {
			const { results } = await searchList('searchPartners', partnero.credentials, filter);
			expect(results).toEqual([{ name: 'Ann Lee (ann@example.com)', value: 'p_1' }]);
		}
		const first = await searchList('searchPartners', partnero.credentials);
		expect(first.results).toHaveLength(100);
		const second = await searchList(
			'searchPartners',
			partnero.credentials,
			'',
			String(first.paginationToken),
		);
		expect(second.results).toHaveLength(21);
		expect(second.paginationToken).toBeUndefined();
	});

	it('picks customers by key', async () => {
		partnero.sandbox
			.program('affiliate')
			.customers.add({ key: 'c_1', email: 'bob@example.com', name: 'Bob', partner: 'p_1' });
		const { results } = await searchList('searchCustomers', partnero.credentials, 'bob');
		expect(results).toEqual([{ name: 'Bob (bob@example.com)', value: 'c_1' }]);
	});

	it('does not repeat the key, though the server does', async () => {
		partnero.sandbox.faults.add({ kind: 'echoAuth' });
		const error = (await searchList('searchPartners', partnero.credentials).catch(
			(thrown: unknown) => thrown,
		)) as Error & { description: string };
		expect(error.message).toContain('Refused: Authorization: Bearer [API key]');
		expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(
			partnero.credentials.apiKey,
		);
	});

	it('says what is wrong when it cannot be loaded', async () => {
		await expect(
			searchList('searchPartners', { ...partnero.credentials, apiKey: 'wrong' }),
		).rejects.toThrow('The list could not be loaded from Partnero');
	});
});
