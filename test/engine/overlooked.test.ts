import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
const sent = () => partnero.wire().map(({ method, path }) => `${method} ${path}`);
const anna = { email: 'Ann@example.com', additionalFields: { name: 'Anna' } };
const get = async (mode: string, value: string) =>
	await partnero.operate('partner', 'get', { partner: locator(mode, value) });

beforeEach(() => {
	const { partners } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_0', key: 'annleena', email: 'leena@example.com' });
	partners.add({
		id: 'p_1',
		key: 'annlee',
		moreKeys: ['ann yt'],
		email: 'ann@example.com',
		name: 'Ann',
	});
});

describe('a partner by key, where GET /partner is no address', () => {
	beforeEach(() => Object.assign(partnero.sandbox.quirks, { addressesMissing: ['/partner'] }));

	it.each(['annlee', 'ann yt'])(
		'is searched for, and %s is compared with the keys of its links',
		async (key) => {
			const { json } = await get('key', key);
			expect(json).toEqual([expect.objectContaining({ id: 'p_1' })]);
			expect(sent().slice(0, 2)).toEqual(['GET /partner', 'GET /partners:search']);
		},
	);

	it('is none whose key has the wanted one in it', async () => {
		const { error } = await get('key', 'annle');
		expect(error?.message).toBe("No partner has the referral key 'annle'");
	});

	it('is searched for at once by the items that come later', async () => {
		const items = ['annlee', 'annleena', 'annlee'].map((key) => ({ key }));
		const parameters = {
			partner: locator('key', '={{ $json.key }}'),
			settings: { requestsAtOnce: 1 },
		};
		const { json } = await partnero.operate('partner', 'get', parameters, { items });
		expect(json.map(({ id }) => id)).toEqual(['p_1', 'p_0', 'p_1']);
		expect(sent().filter((request) => request === 'GET /partner')).toHaveLength(1);
	});

	it('is found on a later page of the search', async () => {
		const { partners } = partnero.sandbox.program('affiliate');
		for (let index = 0; index < 5; index += 1) partners.add({ key: `ann${index}` });
		partners.add({ id: 'p_9', key: 'ann' });
		partnero.sandbox.quirks.pageCap = 2;
		const { json } = await get('key', 'ann');
		expect(json).toEqual([expect.objectContaining({ id: 'p_9' })]);
	});

	it('is not guessed among very many', async () => {
		const { partners } = partnero.sandbox.program('affiliate');
		for (let index = 0; index < 50; index += 1) partners.add({ key: `ann${index}` });
		partnero.sandbox.quirks.pageCap = 10;
		const { error } = await get('key', 'ann');
		// No page more than shows that there are too many.
		expect(sent().filter((request) => request === 'GET /partners:search')).toHaveLength(3);
		expect(error?.message).toBe("More than 25 partners have a referral key that contains 'ann'");
		expect(error?.description).toContain('or By ID');
	});
});

it('a 404 that speaks of the partner is believed at once', async () => {
	const { error } = await get('key', 'nobody');
	expect(error?.message).toBe("No partner has the referral key 'nobody'");
	expect(sent()).toEqual(['GET /partner']);
});

it('a 404 that says nothing costs one search more', async () => {
	partnero.sandbox.faults.add({
		kind: 'status',
		status: 404,
		match: { path: '/partner' },
		times: 1,
	});
	const { error } = await get('key', 'nobody');
	expect(error?.message).toBe("No partner has the referral key 'nobody'");
	expect(sent()).toEqual(['GET /partner', 'GET /partners:search']);
});

describe('where the search does not find emails', () => {
	beforeEach(() => Object.assign(partnero.sandbox.quirks, { searchesBlindTo: ['email'] }));

	it('a partner is read by its email', async () => {
		const { json } = await get('email', 'Ann@example.com');
		expect(json).toEqual([expect.objectContaining({ id: 'p_1' })]);
		expect(sent()).toEqual(['GET /partners:search', 'GET /partner', 'GET /partners/p_1']);
	});

	it('a partner whose email is taken is updated, and not created', async () => {
		const { json } = await partnero.operate('partner', 'upsert', anna);
		expect(json).toEqual([expect.objectContaining({ id: 'p_1', name: 'Anna', created: false })]);
		expect(sent()).toEqual([
			'GET /partners:search',
			'POST /partners',
			'GET /partner',
			'PUT /partners/p_1',
		]);
		expect(partnero.sandbox.ledger().partners).toHaveLength(2);
	});

	it('a new partner is created with no request more', async () => {
		const { json } = await partnero.operate('partner', 'upsert', { email: 'new@example.com' });
		expect(json).toEqual([expect.objectContaining({ email: 'new@example.com', created: true })]);
		expect(sent()).toEqual(['GET /partners:search', 'POST /partners']);
	});

	it('a partner whose creation was carried out, though its answer was lost, is the one that was created', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' }, times: 1 });
		const { json, error } = await partnero.operate('partner', 'upsert', {
			email: 'new@example.com',
			additionalFields: { name: 'Neo' },
		});
		expect(error).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ email: 'new@example.com', name: 'Neo' })]);
		expect(partnero.sandbox.ledger().partners).toHaveLength(3);
	});

	it('Create still refuses an email that is taken', async () => {
		const { error } = await partnero.operate('partner', 'create', anna);
		expect(error?.message).toContain('The email has already been taken');
		expect(sent()).toEqual(['POST /partners']);
	});

	it('a subscriber whose email is taken is updated, and not created', async () => {
		const { subscribers } = partnero.sandbox.program('newsletter');
		subscribers.add({ id: 's_1', email: 'rea@example.com', name: 'Rea' });
		const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys.newsletter };
		const parameters = { email: 'rea@example.com', additionalFields: { name: 'Rhea' } };
		const { json } = await partnero.operate('subscriber', 'upsert', parameters, { credentials });
		expect(json).toEqual([
			expect.objectContaining({ email: 'rea@example.com', name: 'Rhea', created: false }),
		]);
		expect(subscribers.size).toBe(1);
	});
});

describe('a list by email that finds nothing', () => {
	const list = async (email: string) =>
		await partnero.operate('partner', 'getAll', { returnAll: true, filters: { email } });

	it('where the search does not find emails, is found in the whole list', async () => {
		partnero.sandbox.quirks.searchesBlindTo = ['email'];
		const { json } = await list('ANN@');
		expect(json).toEqual([expect.objectContaining({ id: 'p_1' })]);
		expect(sent()).toEqual([
			'GET /partners:search',
			'GET /partners',
			'GET /partners:search',
			'GET /partners',
		]);
	});

	it('where the search finds, costs two requests more, once per run', async () => {
		const items = [{ email: 'nobody' }, { email: 'neither' }, { email: 'ann@' }];
		const { json } = await partnero.operate(
			'partner',
			'getAll',
			{ returnAll: true, filters: { email: '={{ $json.email }}' } },
			{ items },
		);
		expect(json).toEqual([expect.objectContaining({ id: 'p_1' })]);
		const searches = sent().filter((request) => request === 'GET /partners:search');
		expect([searches.length, sent().length]).toEqual([4, 5]);
	});

	it('by a referral key, which no list shows, is not looked for elsewhere', async () => {
		const { json } = await partnero.operate('partner', 'getAll', {
			returnAll: true,
			filters: { key: 'nobody' },
		});
		expect(json).toEqual([]);
		expect(sent()).toEqual(['GET /partners:search']);
	});

	it.each(['customer', 'subscriber'])(
		'is found in the whole list of each %s, too',
		async (resource) => {
			const program = resource === 'subscriber' ? 'newsletter' : 'affiliate';
			const { customers, subscribers } = partnero.sandbox.program(program);
			if (resource === 'subscriber') subscribers.add({ id: 's_1', email: 'rea@example.com' });
			else customers.add({ id: 'c_1', key: 'c_1', email: 'rea@example.com', partner: 'p_1' });
			partnero.sandbox.quirks.searchesBlindTo = ['email'];
			const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] };
			const { json } = await partnero.operate(
				resource,
				'getAll',
				{ returnAll: true, filters: { email: 'rea' } },
				{ credentials },
			);
			expect(json).toEqual([expect.objectContaining({ email: 'rea@example.com' })]);
		},
	);
});
