import { defaultSwitches } from '../../sandbox/switches';

import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox({}, 'newsletter');
const program = () => partnero.sandbox.program('newsletter');
const ledger = () => partnero.sandbox.ledger('newsletter');
const emails = () => ledger().subscribers.map(({ email }) => email);
const sent = () => partnero.wire().map(({ method, path }) => `${method} ${path}`);

afterEach(() => Object.assign(partnero.sandbox.switches, defaultSwitches()));

describe('a subscriber', () => {
	it('is made with everything that was filled, and earns the one who referred it a reward', async () => {
		program().rewards.add({ id: 7, name: 'Mug', subscribers_count: 1 });
		program().subscribers.add({ id: 'sub_1', email: 'rea@example.com' });
		const { json } = await partnero.operate('subscriber', 'create', {
			email: 'ron@example.com',
			additionalFields: {
				id: 'sub_2',
				name: 'Ron Green',
				tos: false,
				marketingConsent: false,
				status: 'suspended',
				approved: false,
				referredBy: locator('email', 'rea@example.com'),
			},
		});
		const [, ron] = ledger().subscribers;
		expect(json).toEqual([
			expect.objectContaining({ id: 'sub_2', is_referred: true, status: 'Suspended' }),
		]);
		expect(ron).toMatchObject({
			name: 'Ron Green',
			tos: false,
			marketing_consent: false,
			status: 'suspended',
			approved: false,
		});
		const referring = await partnero.operate('subscriber', 'get', {
			subscriber: locator('id', 'sub_1'),
			simplify: false,
		});
		expect(referring.json).toEqual([
			expect.objectContaining({
				referrals_count: 1,
				reward: [expect.objectContaining({ name: 'Mug' })],
			}),
		]);
		const { json: rewards } = await partnero.operate('reward', 'get', {
			reward: locator('list', '7'),
		});
		expect(rewards).toEqual([expect.objectContaining({ times_triggered: 1 })]);
	});

	it('is shown with ten flat fields at most', async () => {
		program().subscribers.add({
			id: 'sub_1',
			email: 'rea@example.com',
			created_at: '2026-01-31T12:00:00.000000Z',
		});
		const { json } = await partnero.operate('subscriber', 'getAll', { simplify: true });
		expect(json).toEqual([
			{
				id: 'sub_1',
				email: 'rea@example.com',
				name: null,
				status: 'Active',
				approved: true,
				marketing_consent: true,
				is_referred: false,
				referrals_count: 0,
				share_link: expect.stringContaining('https://'),
				created_at: '2026-01-31T12:00:00.000000Z',
			},
		]);
	});

	it.each(['statusAfterWrite', 'cutAfterWrite'] as const)(
		'is made once though the answer is lost (%s), whether it has an ID yet or not',
		async (kind) => {
			partnero.sandbox.switches.subscriberId = 'later';
			partnero.sandbox.faults.add({ kind, match: { method: 'POST' }, times: 1 });
			const { json } = await partnero.operate('subscriber', 'create', { email: 'rea@example.com' });
			expect(json).toEqual([expect.objectContaining({ id: null, email: 'rea@example.com' })]);
			expect(sent()).toEqual(['POST /subscribers', 'GET /subscribers:search']);
			expect(emails()).toEqual(['rea@example.com']);
		},
	);

	it('is updated by an upsert before it has an ID, and looked at only if there is nothing to change', async () => {
		partnero.sandbox.switches.subscriberId = 'later';
		const upsert = async (more: object) =>
			await partnero.operate('subscriber', 'upsert', { email: 'rea@example.com', ...more });
		const outcomes = [
			await upsert({}),
			await upsert({ additionalFields: { name: 'Rea' } }),
			await upsert({}),
		];
		expect(
			outcomes.flatMap(({ json }) => json.map(({ name, created }) => [name, created])),
		).toEqual([
			[null, true],
			['Rea', false],
			['Rea', false],
		]);
		const search = 'GET /subscribers:search';
		expect(sent()).toEqual([search, 'POST /subscribers', search, 'PUT /subscribers', search]);
		expect(emails()).toEqual(['rea@example.com']);
	});

	it('is deleted, also when the answer is lost and it is gone by the next try', async () => {
		program().subscribers.add({ id: 'sub_1', email: 'rea@example.com' });
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'DELETE' }, times: 1 });
		const { json } = await partnero.operate('subscriber', 'delete', {
			subscriber: locator('email', 'rea@example.com'),
		});
		expect(json).toEqual([{ deleted: true, id: 'rea@example.com' }]);
		expect(partnero.wire()).toEqual(
			[1, 2].map(() => ({
				method: 'DELETE',
				path: '/subscribers',
				body: { email: 'rea@example.com' },
			})),
		);
	});

	it.each(['wrapper', 'toplevel'] as const)(
		'gets another ID and email, also when the answer is lost and it is gone from there (updates: %s)',
		async (updates) => {
			partnero.sandbox.switches.updates = updates;
			program().subscribers.add({ id: 'sub_1', email: 'rea@example.com' });
			partnero.sandbox.faults.add({
				kind: 'cutAfterWrite',
				match: {
					method: 'PUT',
					path: updates === 'wrapper' ? '/subscribers' : /^\/subscribers\/./,
				},
				times: 1,
			});
			const { json } = await partnero.operate('subscriber', 'update', {
				subscriber: locator('id', 'sub_1'),
				updateFields: { id: 'sub_9', email: 'rea@new.example' },
			});
			expect(json).toEqual([expect.objectContaining({ id: 'sub_9', email: 'rea@new.example' })]);
			expect(sent().at(-1)).toBe('GET /subscribers/sub_9');
		},
	);

	it('that is not there is not taken for another one that has the new email', async () => {
		program().subscribers.add({ id: 'sub_2', email: 'other@example.com', name: 'Other' });
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 502,
			match: { method: 'PUT' },
			times: 1,
		});
		const { error } = await partnero.operate('subscriber', 'update', {
			subscriber: locator('email', 'gone@example.com'),
			updateFields: { email: 'other@example.com', name: 'Gone' },
		});
		expect(error?.message).toBe("Subscriber 'gone@example.com' was not found");
	});

	it.each(['update', 'delete'])(
		'that is not there is named by the error: %s',
		async (operation) => {
			const { error } = await partnero.operate('subscriber', operation, {
				subscriber: locator('email', 'rea@example.com'),
				updateFields: { name: 'Rea' },
			});
			expect(error?.message).toBe("Subscriber 'rea@example.com' was not found");
		},
	);

	it.each([
		['create', { email: 'ron@example.com' }, "Check 'Subscriber Email'."],
		[
			'create',
			{ email: 'sue@example.com', additionalFields: { referredBy: locator('id', 'sub_9') } },
			"Check 'Additional Fields > Referred By'.",
		],
		[
			'update',
			{
				subscriber: locator('email', 'rea@example.com'),
				updateFields: { email: 'ron@example.com' },
			},
			"Check 'Update Fields > New Email'.",
		],
		[
			'update',
			{ subscriber: locator('email', 'rea@example.com'), updateFields: { email: 'no address' } },
			"Check 'Update Fields > New Email'.",
		],
	])(
		'that is refused has the field named as in the form: %s %j',
		async (operation, parameters, description) => {
			for (const [id, email] of [
				['sub_1', 'rea@example.com'],
				['sub_2', 'ron@example.com'],
			])
				program().subscribers.add({ id, email });
			const { error } = await partnero.operate('subscriber', operation, parameters);
			expect(error?.description).toContain(description);
			expect(emails()).toEqual(['rea@example.com', 'ron@example.com']);
		},
	);
});

describe('a subscriber who is picked from the list', () => {
	const pick = async (filter?: string) =>
		await searchList('searchSubscribers', partnero.credentials, filter);

	it('stands for its ID, or for its email while it has none', async () => {
		program().subscribers.add({ id: 'sub_1', email: 'rea@example.com', name: 'Rea Green' });
		program().subscribers.add({ id: null, email: 'ron@example.com' });
		expect((await pick()).results).toEqual([
			{ name: 'ron@example.com', value: 'ron@example.com' },
			{ name: 'Rea Green (rea@example.com)', value: 'sub_1' },
		]);
		expect((await pick('ron@')).results.map(({ value }) => value)).toEqual(['ron@example.com']);
		expect((await pick('green')).results.map(({ value }) => value)).toEqual(['sub_1']);
	});

	it.each([
		['an ID', 'sub_1', [], { id: 'sub_1' }],
		['no ID', null, ['GET /subscribers/rea%40example.com'], { email: 'rea@example.com' }],
		[
			'its first email as ID, and a new email',
			'old@example.com',
			['GET /subscribers/old%40example.com'],
			{ id: 'old@example.com' },
		],
	])('and has %s is read, changed and deleted', async (_what, id, lookUps, body) => {
		program().subscribers.add({ id, email: 'rea@example.com' });
		const subscriber = locator('list', String((await pick()).results[0].value));
		partnero.sandbox.requests.length = 0;

		const { json } = await partnero.operate('subscriber', 'get', { subscriber });
		expect(json).toEqual([expect.objectContaining({ id, email: 'rea@example.com' })]);
		const updated = await partnero.operate('subscriber', 'update', {
			subscriber,
			updateFields: { name: 'Rea' },
		});
		expect(updated.json).toEqual([expect.objectContaining({ id, name: 'Rea' })]);
		const referred = await partnero.operate('subscriber', 'create', {
			email: 'sue@example.com',
			additionalFields: { referredBy: subscriber },
		});
		expect(referred.json).toEqual([expect.objectContaining({ is_referred: true })]);
		const deleted = await partnero.operate('subscriber', 'delete', { subscriber });
		expect(deleted.json).toEqual([{ deleted: true, id: Object.values(body)[0] }]);

		expect(sent().slice(1)).toEqual([
			...lookUps,
			'PUT /subscribers',
			...lookUps,
			'POST /subscribers',
			...lookUps,
			'DELETE /subscribers',
		]);
		const bodies = partnero
			.wire()
			.flatMap((request) => (request.body === undefined ? [] : [request.body]));
		expect(bodies).toMatchObject([{ ...body, update: { name: 'Rea' } }, { referral: body }, body]);
		expect(emails()).toEqual(['sue@example.com']);
	});

	it('is asked for once, however many items name it', async () => {
		program().subscribers.add({ id: null, email: 'rea@example.com' });
		const items = ['a', 'b', 'c'].map((name) => ({ email: `${name}@example.com` }));
		const additionalFields = { referredBy: locator('list', 'rea@example.com') };
		await partnero.operate(
			'subscriber',
			'create',
			{ email: '={{ $json.email }}', additionalFields },
			{ items },
		);
		expect(sent().filter((request) => request.startsWith('GET'))).toEqual([
			'GET /subscribers/rea%40example.com',
		]);
		expect(ledger().subscribers.filter(({ referrer }) => referrer !== null)).toHaveLength(3);
	});
});

describe('the list of subscribers', () => {
	it.each([['10-100'], ['1-250']] as const)(
		'has everybody once, though nobody has an ID (limits %s)',
		async (limits) => {
			partnero.sandbox.switches.limits = limits;
			for (let number = 0; number < 230; number += 1)
				program().subscribers.add({ id: null, email: `s${number}@example.com` });
			const { json } = await partnero.operate('subscriber', 'getAll', {
				returnAll: true,
				simplify: true,
			});
			expect(new Set(json.map(({ email }) => email)).size).toBe(230);
			expect(json).toHaveLength(230);
			expect((await partnero.operate('subscriber', 'getAll', { limit: 1 })).json).toHaveLength(1);
		},
	);

	it('is filtered by the API, which takes one condition at a time', async () => {
		program().subscribers.add({ id: 'sub_1', email: 'rea@example.com' });
		program().subscribers.add({ id: 'sub_2', email: 'ron@example.com', referrer: 'sub_1' });
		const { json } = await partnero.operate('subscriber', 'getAll', {
			filters: { referStatus: 'referred' },
		});
		expect(json.map(({ id }) => id)).toEqual(['sub_2']);
		const { error } = await partnero.operate('subscriber', 'getAll', {
			filters: { referStatus: 'referred', email: 'rea' },
		});
		expect(error?.message).toBe(
			"'Filters > Email' and 'Filters > Refer Status' cannot be combined",
		);
		expect(sent()).toEqual(['GET /subscribers']);
	});
});

describe('a reward', () => {
	const mug = {
		name: 'Mug',
		subscribersCount: 3,
		fulfillmentType: 'url_link',
		fulfillmentValue: 'https://shop.example/mug',
	};

	it('is made, and picked from the list', async () => {
		const { json } = await partnero.operate('reward', 'create', {
			...mug,
			additionalFields: { description: 'A mug' },
		});
		expect(json).toEqual([
			expect.objectContaining({
				name: 'Mug',
				description: 'A mug',
				subscriber_count: 3,
				fulfillment_type_name: 'URL link',
			}),
		]);
		const { results } = await searchList('searchRewards', partnero.credentials);
		expect(results).toEqual([{ name: 'Mug · 3 referred', value: String(json[0].id) }]);
		const { json: read } = await partnero.operate('reward', 'get', {
			reward: locator('list', String(results[0].value)),
		});
		expect(read).toEqual(json);
	});

	it.each(['cutAfterWrite', 'cut'] as const)(
		'is sent once, and the error says that it may be there (%s)',
		async (kind) => {
			partnero.sandbox.faults.add({ kind, match: { method: 'POST' } });
			const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
			const { error } = await partnero.operate('reward', 'create', mug, { node });
			expect(error?.description).toContain(
				"Create reward 'Mug' may have been recorded anyway: look it up in Partnero",
			);
			expect(sent()).toEqual(['POST /rewards']);
			expect(ledger().rewards).toHaveLength(kind === 'cut' ? 0 : 1);
		},
	);

	it('is named by a number', async () => {
		const { error } = await partnero.operate('reward', 'get', {
			reward: locator('id', '={{ "Mug" }}'),
		});
		expect(error?.message).toBe("'Reward': The ID of a reward is a number");
		expect(sent()).toEqual([]);
		const missing = await partnero.operate('reward', 'get', { reward: locator('id', '99') });
		expect(missing.error?.message).toBe("Reward '99' was not found");
	});
});

describe('the program', () => {
	beforeEach(() => {
		program().subscribers.add({ id: 'sub_1', email: 'rea@example.com' });
		for (const name of ['a', 'b', 'c'])
			program().subscribers.add({ email: `${name}@example.com`, referrer: 'sub_1' });
	});

	it('is shown with its counts', async () => {
		const { json } = await partnero.operate('program', 'get', { simplify: true });
		expect(json).toEqual([
			{
				type: 'Newsletter',
				id: 'SBXNWS01',
				public_id: 'SBXNWS01',
				name: 'Sandbox newsletter program',
				website: null,
				total_subscribers: 4,
				total_referring: 1,
				total_referred: 3,
			},
		]);
	});

	it('is reported with who takes part, from one request', async () => {
		const { json } = await partnero.operate('program', 'getReport');
		expect(json[0].metrics).toMatchObject([
			{ name: 'total_subscribers', value: 4 },
			{ name: 'total_referring', value: 1 },
			{ name: 'total_referred', value: 3 },
		]);
		for (const text of [json[0].text, json[0].markdown, json[0].html]) {
			expect(text).toMatch(/25% of subscribers[\s\S]*75% of subscribers/);
		}
		expect(sent()).toEqual(['GET /program']);
	});
});
