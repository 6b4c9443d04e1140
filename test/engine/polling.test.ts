import type { IDataObject } from 'n8n-workflow';

import type { SavedMemory } from '../../nodes/PartneroPollingTrigger/memory';
import type { ProgramName } from '../../sandbox/programs';

import { useSandbox } from './support/partnero';
import type { PollerOptions } from './support/poller';
import { Poller } from './support/poller';

const partnero = useSandbox();
const program = (name: ProgramName = 'affiliate') => partnero.sandbox.program(name);
const hour = 3_600_000;
const at = (ago: number) => new Date(Date.now() - ago).toISOString();
const ids = (items: IDataObject[]) => items.map(({ id }) => id);

function poller(
	parameters: PollerOptions['parameters'] = {},
	more: Partial<PollerOptions> = {},
	name: ProgramName = 'affiliate',
): Poller {
	return new Poller({
		credentials: () => ({ apiKey: partnero.sandbox.keys[name], baseUrl: partnero.sandbox.url }),
		parameters,
		...more,
	});
}

/** A payout request of the partner `p_1`. */
const addPayoutRequest = () =>
	program().payoutRequests.add({
		partner: 'p_1',
		amount: 5,
		amount_units: 'USD',
		gateway: 'paypal',
		settings: {},
	} as never);

/** Partners in the order in which they arrive. */
function partners(...given: Array<[id: string, ago?: number]>): void {
	for (const [id, ago = 0] of given)
		program().partners.add({
			id,
			email: `${id}@example.com`,
			created_at: at(ago),
			updated_at: at(ago),
		});
}

/** So many partners, a minute apart, the last one so long ago. */
function many(count: number, last = 10 * hour, prefix = 'old'): void {
	partners(
		...Array.from({ length: count }, (_, index): [string, number] => [
			`${prefix}-${index}`,
			last + (count - index) * 60_000,
		]),
	);
}

/** Sets what the trigger keeps, as if time had passed. */
function age(trigger: Poller, milliseconds: number): void {
	const saved = Object.values(trigger.saved)[0] as { memory: SavedMemory };
	saved.memory.readWholeAt = Number(saved.memory.readWholeAt) - milliseconds;
}

describe('a published workflow', () => {
	it('remembers what is there at its first poll, and starts for what comes', async () => {
		partners(['p_1', hour], ['p_2']);
		const trigger = poller();
		expect(await trigger.publish()).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
		partners(['p_3'], ['p_4']);
		expect(ids(await trigger.poll())).toEqual(['p_3', 'p_4']);
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.executions).toBe(1);
	});

	it('starts for the first record of an empty program', async () => {
		const trigger = poller();
		await trigger.publish();
		partners(['p_1']);
		expect(ids(await trigger.poll())).toEqual(['p_1']);
	});

	it('begins with a date, and gives the oldest first', async () => {
		partners(['before', 50 * hour], ['p_1', 40 * hour], ['p_3', hour], ['p_2', 20 * hour]);
		const trigger = poller({ options: { startFrom: at(45 * hour) } });
		expect(ids(await trigger.publish())).toEqual(['p_1', 'p_2', 'p_3']);
		expect(await trigger.poll()).toEqual([]);
		partners(['imported', 44 * hour], ['unwanted', 46 * hour]);
		expect(ids(await trigger.poll())).toEqual(['imported']);
	});

	it.each([
		'={{ $now.minus({ hours: 5 }) }}',
		'={{ $now.minus({ hours: 5 }).toSeconds() }}',
		'={{ Date.now() - 5 * 3600000 }}',
	])('begins with a date that an expression gives: %s', async (startFrom) => {
		partners(['before', 6 * hour], ['p_1', 4 * hour]);
		expect(ids(await poller({ options: { startFrom } }).publish())).toEqual(['p_1']);
	});

	it('reads a date without a time zone in the zone of the workflow', async () => {
		program().partners.add({
			id: 'p_1',
			email: 'a@example.com',
			created_at: '2026-01-01T12:30:00.000000Z',
		});
		const from = { options: { startFrom: '2026-01-01T13:00:00' } };
		expect(await poller(from, { timezone: 'UTC' }).publish()).toEqual([]);
		expect(ids(await poller(from, { timezone: 'Europe/Berlin' }).publish())).toEqual(['p_1']);
	});

	it('that is unpublished and published again gives nothing twice, and what came meanwhile', async () => {
		const trigger = poller();
		await trigger.publish();
		partners(['p_1']);
		await trigger.poll();
		expect(await trigger.publish()).toEqual([]);
		partners(['p_2']);
		expect(ids(await trigger.publish())).toEqual(['p_2']);
		expect(await trigger.publish()).toEqual([]);
	});

	it.each(['withWorkflow', 'staged'] as const)(
		'loses nothing when n8n is killed between two polls (%s)',
		async (keeping) => {
			const trigger = poller({}, { keeping });
			partners(['p_1']);
			await trigger.publish();
			await trigger.poll();
			partners(['p_2']);
			expect(ids(await trigger.killAndStart())).toEqual(['p_2']);
			await trigger.poll();
			await trigger.poll();
			partners(['p_3'], ['imported', 400 * hour]);
			expect(ids(await trigger.killAndStart())).toEqual(['imported', 'p_3']);
			expect(await trigger.killAndStart()).toEqual([]);
		},
	);

	it('keeps what it remembered at the publication, where n8n does not save that itself', async () => {
		partners(['p_1']);
		const trigger = poller({}, { keeping: 'staged' });
		await trigger.publish();
		partners(['p_2']);
		expect(ids(await trigger.killAndStart())).toEqual(['p_2']);
		partners(['p_3']);
		expect(ids(await trigger.killAndStart())).toEqual(['p_3']);
		expect(JSON.stringify(trigger.saved)).not.toContain('partneroPollingTrigger');
	});

	it('begins anew with another key', async () => {
		partners(['p_1']);
		const trigger = poller();
		await trigger.publish();
		const before = trigger.kept;
		partnero.sandbox.keys.affiliate = partnero.sandbox.addProgram('affiliate').key;
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.kept).not.toEqual(before);
	});

	it('begins anew with another list', async () => {
		partners(['p_1']);
		const trigger = poller();
		await trigger.publish();
		program().customers.add({ key: 'c_1', partner: 'p_1' });
		trigger.parameters = { watch: 'customer' };
		expect(await trigger.publish()).toEqual([]);
		program().customers.add({ key: 'c_2', partner: 'p_1' });
		expect((await trigger.poll()).map(({ key }) => key)).toEqual(['c_2']);
		trigger.parameters = { watch: 'partner' };
		partners(['p_2']);
		expect(await trigger.publish()).toEqual([]);
	});
});

describe('what is remembered', () => {
	it('holds no key and no name of anybody', async () => {
		partners(['p_1'], ['p_2']);
		const trigger = poller();
		await trigger.publish();
		const text = JSON.stringify(trigger.saved);
		for (const secret of [partnero.credentials.apiKey, 'p_1', 'example.com', partnero.sandbox.url])
			expect(text).not.toContain(secret);
	});

	it('stays small, however long the list is', async () => {
		many(5_300);
		const trigger = poller();
		expect(await trigger.publish()).toEqual([]);
		expect(JSON.stringify(trigger.saved).length).toBeLessThan(100_000);
		many(300, 0, 'new');
		expect(await trigger.poll()).toHaveLength(300);
		expect(JSON.stringify(trigger.saved).length).toBeLessThan(100_000);
		age(trigger, hour);
		expect(await trigger.killAndStart()).toEqual([]);
		// What is older than all that is remembered counts as known.
		partners(['too-old', 6_000 * 60_000], ['late', 1_000 * 60_000]);
		age(trigger, hour);
		expect(ids(await trigger.killAndStart())).toEqual(['late']);
	});

	it('is not changed by a test in the editor, which shows the newest record', async () => {
		partners(['p_1', hour], ['p_2'], ['imported', 30 * hour]);
		const trigger = poller();
		expect(ids(await trigger.test())).toEqual(['p_2']);
		await trigger.publish();
		partners(['p_3']);
		expect(ids(await trigger.test())).toEqual(['p_3']);
		expect(ids(await trigger.poll())).toEqual(['p_3']);
	});

	it('is left as it is by a poll that fails', async () => {
		partners(['p_1']);
		const trigger = poller();
		await trigger.publish();
		const before = trigger.kept;
		partners(['p_2'], ...Array.from({ length: 250 }, (_, index): [string] => [`more-${index}`]));
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 500,
			match: { path: /^\/partners/, query: { page: '2' } },
		} as never);
		await expect(trigger.poll()).rejects.toMatchObject({
			message: expect.stringMatching(/^The partners could not be read/),
			httpCode: '500',
		});
		expect(trigger.kept).toEqual(before);
		partnero.sandbox.faults.clear();
		expect(await trigger.poll()).toHaveLength(251);
	});
});

describe('no record twice, and none missing', () => {
	it('of those of one second, those that show late, and those imported with a past date', async () => {
		const trigger = poller();
		partners(['p_1'], ['p_2']);
		await trigger.publish();
		const now = new Date().toISOString();
		for (const id of ['a', 'b'])
			program().partners.add({ id, email: `${id}@example.com`, created_at: now });
		expect(ids(await trigger.poll()).sort()).toEqual(['a', 'b']);
		for (const id of ['c', 'd'])
			program().partners.add({ id, email: `${id}@example.com`, created_at: now });
		partners(['late', 600_000], ['imported', 9_000 * hour]);
		expect(ids(await trigger.poll()).sort()).toEqual(['c', 'd', 'imported', 'late']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('in a long list: within the overlap at once, before it within an hour', async () => {
		many(1_200);
		const trigger = poller();
		await trigger.publish();
		partners(['p_1'], ['late', 0.9 * hour], ['imported', 5_000 * hour]);
		expect(ids(await trigger.poll())).toEqual(['late', 'p_1']);
		partnero.sandbox.requests.length = 0;
		expect(await trigger.poll()).toEqual([]);
		expect(partnero.sandbox.requests).toHaveLength(1);
		age(trigger, hour);
		expect(ids(await trigger.killAndStart())).toEqual(['imported']);
	});

	it('in a long list that is in the order of arrival', async () => {
		partnero.sandbox.switches.order = 'recorded';
		many(700);
		const trigger = poller();
		await trigger.publish();
		many(250, 2_000 * hour, 'imported');
		partners(['p_1']);
		expect(await trigger.poll()).toHaveLength(251);
		partners(['p_2'], ['imported', 9_000 * hour]);
		expect(ids(await trigger.poll())).toEqual(['imported', 'p_2']);
	});

	it('when a burst is longer than what the overlap shows', async () => {
		many(600);
		const trigger = poller({ options: { overlap: 0 } });
		await trigger.publish();
		many(450, 0, 'burst');
		expect(await trigger.poll()).toHaveLength(450);
		expect(await trigger.poll()).toEqual([]);
	});

	it('when more come than fit into one poll: the oldest first, the others with the next polls', async () => {
		many(900);
		const trigger = poller({ options: { limit: 100 } });
		await trigger.publish();
		many(250, 3_000 * hour, 'imported');
		age(trigger, hour);
		expect(await trigger.killAndStart()).toHaveLength(100);
		partners(['now']);
		const rest = [...(await trigger.poll()), ...(await trigger.poll()), ...(await trigger.poll())];
		expect(ids([...trigger.items.slice(0, 100), ...rest.slice(0, 150)])).toEqual(
			Array.from({ length: 250 }, (_, index) => `imported-${index}`),
		);
		expect(ids(rest.slice(150))).toEqual(['now']);
	});

	it('when an import has one date for all, and more records than are remembered', async () => {
		const trigger = poller({ options: { limit: 2_500 } });
		await trigger.publish();
		const date = at(100 * hour);
		for (let number = 0; number < 6_000; number++)
			program().partners.add({
				id: `i-${number}`,
				email: `i-${number}@example.com`,
				created_at: date,
			});
		for (let poll = 0; poll < 4; poll++) await trigger.poll();
		expect(trigger.items).toHaveLength(6_000);
		expect(new Set(ids(trigger.items)).size).toBe(6_000);
	});

	it('when records were deleted, and made anew under the same name', async () => {
		partners(['p', hour]);
		program().customers.add({
			key: 'c_1',
			email: 'c@example.com',
			partner: 'p',
			created_at: at(hour),
		});
		const trigger = poller({ watch: 'customer' });
		await trigger.publish();
		program().customers.remove(program().customers.find('key', 'c_1')!);
		expect(await trigger.poll()).toEqual([]);
		program().customers.add({ key: 'c_1', email: 'c@example.com', partner: 'p' });
		expect((await trigger.poll()).map(({ key }) => key)).toEqual(['c_1']);
	});

	it('when a customer gets another key, and later another email', async () => {
		partners(['p', hour]);
		const customer = program().customers.add({
			key: 'c_1',
			email: 'c@example.com',
			partner: 'p',
			created_at: at(hour),
		});
		const trigger = poller({ watch: 'customer' });
		await trigger.publish();
		program().customers.update(customer, { key: 'c_2' });
		expect(await trigger.poll()).toEqual([]);
		program().customers.update(customer, { email: 'd@example.com' });
		expect(await trigger.poll()).toEqual([]);
	});

	it.each(['withWorkflow', 'staged'] as const)(
		'when a second poll begins before the first has ended (%s)',
		async (keeping) => {
			const trigger = poller({}, { keeping });
			await trigger.publish();
			partners(['p_1']);
			partnero.sandbox.faults.add({ kind: 'latency', ms: 2_000, match: { path: /^\/partners/ } });
			const answers = await Promise.all([trigger.poll(), trigger.poll()]);
			expect(ids(answers.flat())).toEqual(['p_1']);
			expect(await trigger.poll()).toEqual([]);
		},
	);

	it('when a list comes in no order that is known, and the oldest first', async () => {
		const trigger = poller({ watch: 'subscriber' }, {}, 'newsletter');
		program('newsletter').subscribers.add({ email: 'a@example.com' });
		await trigger.publish();
		program('newsletter').subscribers.add({ email: 'b@example.com' });
		expect((await trigger.poll()).map(({ email }) => email)).toEqual(['b@example.com']);
	});
});

describe('what comes out', () => {
	/** A program of each type with something to see. */
	async function arranged(name: ProgramName): Promise<void> {
		if (name === 'newsletter') {
			program(name).subscribers.add({ email: 's@example.com', name: 'Sam' });
		} else if (name === 'referAFriend') {
			program(name).customers.add({ id: 'c_1', key: 'k_1', email: 'c@example.com' });
		} else {
			partners(['p_1']);
			program().customers.add({ key: 'c_1', email: 'c@example.com', partner: 'p_1' });
			program().transactions.add({ key: 't_1', customer: 'c_1', amount: 50 });
			program().leads.add({ name: 'Lea', email: 'lea@example.com', partner: 'p_1' });
			addPayoutRequest();
		}
	}

	it.each<[watch: string, name: ProgramName]>([
		['partner', 'affiliate'],
		['customer', 'affiliate'],
		['customer', 'referAFriend'],
		['transaction', 'affiliate'],
		['lead', 'affiliate'],
		['payoutRequest', 'affiliate'],
		['subscriber', 'newsletter'],
	])('of a %s (%s) is what Get Many gives', async (watch, name) => {
		for (const simplify of [true, false]) {
			partnero.sandbox.reset('empty');
			const trigger = poller({ watch, simplify }, {}, name);
			await trigger.publish();
			await arranged(name);
			const credentials = { apiKey: partnero.sandbox.keys[name], baseUrl: partnero.sandbox.url };
			const { json } = await partnero.operate(
				watch,
				'getAll',
				{ returnAll: true, simplify },
				{ credentials },
			);
			expect(json).toHaveLength(1);
			expect(await trigger.test()).toEqual(json);
			expect(await trigger.poll()).toEqual(json);
		}
	});

	it('of payout requests: each once for each of the statuses that it gets into', async () => {
		partners(['p_1']);
		const [first, second] = [addPayoutRequest(), addPayoutRequest()];
		const trigger = poller({ watch: 'payoutRequest', statuses: ['approved', 'finished'] });
		await trigger.publish();
		expect(await trigger.poll()).toEqual([]);
		program().payoutRequests.update(first, { status: 'approved' });
		expect(await trigger.poll()).toMatchObject([{ id: Number(first.id), status: 'approved' }]);
		program().payoutRequests.update(second, { status: 'approved' });
		program().payoutRequests.update(first, { status: 'finished' });
		expect((await trigger.poll()).map(({ status }) => status).sort()).toEqual([
			'approved',
			'finished',
		]);
		program().payoutRequests.update(second, { status: 'rejected' });
		expect(await trigger.poll()).toEqual([]);
	});

	it.each([
		{ filtersIgnored: ['status'] },
		{ emptyListIs404: true as const },
		{ emptyListIs404: 'always' as const },
	])('of payout requests, where the server has %j', async (quirks) => {
		Object.assign(partnero.sandbox.quirks, quirks);
		partners(['p_1']);
		const request = addPayoutRequest();
		const trigger = poller({ watch: 'payoutRequest', statuses: ['approved'] });
		await trigger.publish();
		expect(await trigger.poll()).toEqual([]);
		program().payoutRequests.update(request, { status: 'approved' });
		expect(await trigger.poll()).toHaveLength(1);
	});

	it('of a number: once for each time that it crosses the threshold', async () => {
		const above = poller({
			watch: 'metric',
			metric: 'total_partners',
			threshold: 3,
			direction: 'above',
		});
		const below = poller({
			watch: 'metric',
			metric: 'total_partners',
			threshold: 3,
			direction: 'below',
		});
		const both = async () => [(await above.poll()).length, (await below.poll()).length];
		partners(['p_1'], ['p_2']);
		expect([await above.publish(), await below.publish()]).toEqual([[], []]);
		partners(['p_3']);
		expect(await above.poll()).toEqual([
			expect.objectContaining({
				metric: 'total_partners',
				label: 'Partners',
				value: 3,
				threshold: 3,
				direction: 'above',
				program: expect.objectContaining({ type: 'Affiliate' }),
			}),
		]);
		expect(await below.poll()).toEqual([]);
		partners(['p_4']);
		expect(await both()).toEqual([0, 0]);
		for (const id of ['p_3', 'p_4']) program().partners.remove(program().partners.find('id', id)!);
		expect(await both()).toEqual([0, 1]);
		expect(await both()).toEqual([0, 0]);
		partners(['p_5']);
		expect(await both()).toEqual([1, 0]);
		expect(await above.killAndStart()).toEqual([]);
	});

	it('of a number that is across the threshold at the first poll: nothing, but a sample in the editor', async () => {
		partners(['p_1'], ['p_2']);
		const trigger = poller({
			watch: 'metric',
			metric: 'total_partners',
			threshold: 1,
			direction: 'above',
		});
		expect(await trigger.publish()).toEqual([]);
		expect(await trigger.test()).toMatchObject([{ value: 2 }]);
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('a clear error, and nothing remembered,', () => {
	it.each<[string, PollerOptions['parameters'], RegExp]>([
		['for no such list', { watch: 'coupon' }, /^'Watch' cannot be 'coupon'/],
		[
			'for a limit of nothing',
			{ options: { limit: 0 } },
			/^'Options > Limit' must be a positive integer/,
		],
		[
			'for an overlap that is none',
			{ options: { overlap: 'long' } },
			/^'Options > Overlap \(Minutes\)' must be a number/,
		],
		[
			'for a date that is none',
			{ options: { startFrom: 'soon' } },
			/^'Options > Start From' must be a date/,
		],
		[
			'for a day that no calendar has',
			{ options: { startFrom: '2026-02-31' } },
			/^'Options > Start From' must be a date/,
		],
		[
			'for a date that can be two',
			{ options: { startFrom: '03/04/2026' } },
			/^'Options > Start From' must be a date/,
		],
		[
			'for what comes out of a field that was empty',
			{ options: { startFrom: '0001-01-01' } },
			/^'Options > Start From' must be a date/,
		],
		[
			'for an expression that gives no date',
			{ options: { startFrom: '={{ null }}' } },
			/^'Options > Start From' is empty/,
		],
		[
			'for a limit in another notation',
			{ options: { limit: '0x10' } },
			/^'Options > Limit' must be a number/,
		],
		[
			'for a threshold that is none',
			{ watch: 'metric', metric: 'total_partners', threshold: 'high', direction: 'above' },
			/^'Threshold' must be a number/,
		],
		[
			'for a number of another program',
			{ watch: 'metric', metric: 'total_subscribers', threshold: 1, direction: 'above' },
			/^This program has no metric 'total_subscribers'/,
		],
		[
			'for a list of another program',
			{ watch: 'subscriber' },
			/^Subscribers exist only in newsletter programs; this API key belongs to an affiliate program$/,
		],
	])('%s', async (_what, parameters, message) => {
		const trigger = poller(parameters);
		await expect(trigger.publish()).rejects.toThrow(message);
		expect(trigger.saved).toEqual({});
		await expect(trigger.test()).rejects.toThrow(message);
	});

	it('names the types of programs that have the list', async () => {
		await expect(poller({ watch: 'subscriber' }).publish()).rejects.toMatchObject({
			description: expect.stringContaining('Choose the credential of a newsletter program.'),
		});
	});

	it('for a wrong key, without the key', async () => {
		const trigger = poller(
			{},
			{ credentials: () => ({ apiKey: 'a-wrong-key', baseUrl: partnero.sandbox.url }) },
		);
		const error = await trigger.publish().catch((thrown: Error) => thrown);
		expect(error).toMatchObject({
			httpCode: '401',
			description: expect.stringContaining('Open the credential and check the API key'),
		});
		expect(JSON.stringify(error)).not.toContain('a-wrong-key');
	});

	it('for a test where there is nothing to show', async () => {
		await expect(poller().test()).rejects.toThrow(/^There is no partner yet/);
	});

	it.each([
		['240 seconds, unless n8n gives it fewer', undefined, 25_000],
		['the time that n8n gives it', 20_000, 5_000],
	])(
		'for a server that is too slow: a poll ends after %s',
		async (_what, budgetMs, ms) => {
			const trigger = poller({}, { budgetMs });
			await trigger.publish();
			const before = trigger.kept;
			many(450);
			partnero.sandbox.quirks.pageCap = 10;
			partnero.sandbox.faults.add({
				kind: 'latency',
				ms,
				times: 1_000,
				match: { path: /^\/partners/ },
			});
			await expect(trigger.poll()).rejects.toThrow(
				`Partnero did not answer within the ${(budgetMs ?? 240_000) / 1000} seconds`,
			);
			expect(trigger.kept).toEqual(before);
			partnero.sandbox.faults.clear();
			partnero.sandbox.quirks.pageCap = null;
			expect(await trigger.poll()).toHaveLength(450);
		},
		60_000,
	);

	it('for a rate limit that lasts', async () => {
		const trigger = poller();
		await trigger.publish();
		partners(['p_1']);
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 429,
			times: 1_000,
			headers: { 'retry-after': '600' },
			match: { path: /^\/partners/ },
		} as never);
		await expect(trigger.poll()).rejects.toThrow(
			/^The partners could not be read: Rate limit reached/,
		);
		partnero.sandbox.faults.clear();
		expect(ids(await trigger.poll())).toEqual(['p_1']);
	});
});

it('every request is one that the contract knows, and carries a page of a hundred', async () => {
	for (const watch of ['partner', 'customer', 'transaction', 'lead', 'payoutRequest']) {
		partnero.sandbox.requests.length = 0;
		await poller({ watch }).publish();
		expect(partnero.wire().map(({ query }) => query)).toEqual([
			{ limit: '100', page: '1', sort: 'desc' },
		]);
	}
});
