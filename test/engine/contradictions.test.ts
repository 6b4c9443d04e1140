import type { SwitchName, Switches } from '../../sandbox/switches';
import { SWITCHES, defaultSwitches } from '../../sandbox/switches';

import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';
import { arrange } from './support/samples';

/*
 * Where the documents of the API disagree, a switch of the sandbox plays either side, and the node has
 * to work with both.
 */
const partnero = useSandbox();
/** Switches that concern other parts of the node. */
const elsewhere: Record<string, string> = {
	batchAnswer: 'several sales in one request: createMany.test.ts',
	otherProgram: 'programTypes.test.ts',
	subscriberId: 'newsletter.test.ts',
	payoutRefusal: 'what stands in the way of a payout: payoutRequest.test.ts',
	payoutAnswer: 'a payout request, or only a status: payoutRequest.test.ts',
	payoutChoice: 'payoutRequest.test.ts',
	webhookSecret: 'the trigger',
};
const tried = new Set<string>();

beforeEach(() => arrange(partnero.sandbox));
afterEach(() => Object.assign(partnero.sandbox.switches, defaultSwitches()));

/** Plays both sides of a switch. */
function onEitherSide<Name extends SwitchName>(
	name: Name,
	tests: (side: Switches[Name]) => void,
): void {
	tried.add(name);
	for (const side of SWITCHES[name] as readonly unknown[] as Array<Switches[Name]>) {
		describe(`${name}: ${side}`, () => {
			beforeEach(() => {
				partnero.sandbox.switches[name] = side;
			});
			tests(side);
		});
	}
}

const referAFriend = () => ({
	credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys.referAFriend },
});
const newsletter = () => ({
	credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys.newsletter },
});
const statuses = () => partnero.sandbox.requests.map(({ method, status }) => `${method} ${status}`);
const sale = { customer: locator('key', 'u_1'), amount: 50 };

onEitherSide('leadsConvert', (side) => {
	const refused = side === 'get' ? ['POST 405'] : [];
	const accepted = side === 'get' ? 'GET 200' : 'POST 200';

	it('a lead is converted once, and its partner paid', async () => {
		const { json } = await partnero.operate('lead', 'convert', {
			lead: locator('id', '41'),
			commissionTransactionAmount: 500.5,
		});
		expect(json).toEqual([expect.objectContaining({ id: 41, status: 'converted' })]);
		expect(partnero.sandbox.ledger().transactions.byKey.lead_41).toMatchObject({
			count: 1,
			amount: 500.5,
			earners: ['p_1'],
		});
		expect(statuses()).toEqual([...refused, accepted]);
	});

	it('a lead is rejected', async () => {
		const { json } = await partnero.operate('lead', 'reject', { lead: locator('list', '42') });
		expect(json).toEqual([expect.objectContaining({ id: 42, status: 'rejected' })]);
		expect(statuses()).toEqual([...refused, accepted]);
	});

	it('a lead that is closed already is not closed again', async () => {
		await partnero.operate('lead', 'reject', { lead: locator('id', '41') });
		const { error } = await partnero.operate('lead', 'convert', {
			lead: locator('id', '41'),
			commissionTransactionAmount: 5,
		});
		expect(error?.message).toBe(
			"Convert lead '41' was refused: Action failed: the lead is rejected already",
		);
		expect(partnero.sandbox.ledger().leads.map(({ status }) => status)).toEqual([
			'rejected',
			'submitted',
		]);
	});
});

onEitherSide('updates', (side) => {
	const sent = side === 'toplevel' ? ['PUT 422', 'PUT 200'] : ['PUT 200'];
	const changed = { name: 'Nic', surname: 'Neu', email: 'nic@example.com', tags: ['vip'] };

	it.each([
		['partner', { partner: locator('id', 'p_1') }],
		['customer', { customer: locator('key', 'u_1') }],
	])('a %s is updated, and its tags cleared', async (resource, record) => {
		const { json } = await partnero.operate(resource, 'update', {
			...record,
			updateFields: { ...changed, tags: 'vip', key: 'new' },
		});
		expect(json).toEqual([expect.objectContaining({ ...changed, tags: [{ value: 'vip' }] })]);
		expect(statuses()).toEqual(sent);
		const cleared = await partnero.operate(resource, 'update', {
			...(resource === 'partner' ? record : { customer: locator('key', 'new') }),
			updateFields: { tags: '={{ [] }}' },
		});
		expect(cleared.json).toEqual([expect.objectContaining({ name: 'Nic', tags: [] })]);
	});

	it.each([
		['partner', { email: 'ann@example.com' }],
		['customer', { key: 'u_1', partner: locator('key', 'annlee') }],
	])('a %s that is there is updated by an upsert', async (resource, record) => {
		const { json } = await partnero.operate(resource, 'upsert', {
			...record,
			additionalFields: { surname: 'Neu', tags: 'vip' },
		});
		expect(json).toEqual([
			expect.objectContaining({ surname: 'Neu', tags: [{ value: 'vip' }], created: false }),
		]);
		expect(statuses()).toEqual(['GET 200', ...sent]);
	});

	it.each([
		['id', 's_1'],
		['email', 'rea@example.com'],
	])('a subscriber who is named by %s gets a new email', async (mode, name) => {
		const parameters = {
			subscriber: locator(mode, name),
			updateFields: { email: 'new@example.com', approved: false },
		};
		const { json } = await partnero.operate('subscriber', 'update', parameters, newsletter());
		expect(json).toEqual([
			expect.objectContaining({
				id: 's_1',
				email: 'new@example.com',
				name: 'Rea Lo',
				approved: false,
			}),
		]);
		expect(partnero.sandbox.ledger('newsletter').subscribers.map(({ email }) => email)).toEqual([
			'new@example.com',
			'andrea@example.com',
		]);
		expect(statuses()).toEqual(sent);
	});

	it('a subscriber that is there is updated by an upsert', async () => {
		const parameters = {
			email: 'Rea@example.com',
			additionalFields: { status: 'suspended', id: 's_9' },
		};
		const { json } = await partnero.operate('subscriber', 'upsert', parameters, newsletter());
		expect(json).toEqual([
			expect.objectContaining({ id: 's_1', status: 'Suspended', created: false }),
		]);
		expect(statuses()).toEqual(['GET 200', ...sent]);
	});
});

describe('programShape', () => {
	tried.add('programShape');
	const shapes = async (operation: string, credentials: object = {}) => {
		const outputs = [];
		for (const shape of SWITCHES.programShape) {
			partnero.sandbox.switches.programShape = shape;
			const { json } = await partnero.operate('program', operation, {}, credentials);
			outputs.push(json[0]);
		}
		return outputs;
	};

	it.each([
		[
			'affiliate',
			() => ({}),
			{ total_partners: 2, total_purchases: 2, total_revenue: 70, total_revenue_currency: 'USD' },
		],
		[
			'refer-a-friend',
			referAFriend,
			{ total_customers: 3, total_sales: 2, total_revenue_from_sales: 70 },
		],
	])(
		'both shapes give the same numbers of an %s program',
		async (_program, credentials, numbers) => {
			for (const shown of await shapes('get', credentials())) expect(shown).toMatchObject(numbers);
			const [blocks, flat] = await shapes('getReport', credentials());
			expect(blocks.metrics).toEqual(flat.metrics);
		},
	);
});

onEitherSide('limits', () => {
	it.each([1, 9, 10, 15, 100, 101, 230, Infinity])('a list gives %d', async (wanted) => {
		const { partners } = partnero.sandbox.program('affiliate');
		for (let index = partners.size; index < 240; index += 1) partners.add({});
		const limit = wanted === Infinity ? { returnAll: true } : { limit: wanted };
		const { json } = await partnero.operate('partner', 'getAll', limit);
		expect(new Set(json.map(({ id }) => id)).size).toBe(Math.min(wanted, 240));
		expect(json).toHaveLength(Math.min(wanted, 240));
		expect(new Set(statuses())).toEqual(new Set(['GET 200']));
	});

	it('the lists of the editor are filled, and a partner is found by email', async () => {
		const { results } = await searchList('searchPartners', partnero.credentials);
		expect(results.map(({ value }) => value)).toEqual(['p_2', 'p_1']);
		const { json } = await partnero.operate('partner', 'archive', {
			partner: locator('email', 'ann@example.com'),
		});
		expect(json).toEqual([{ archived: true, id: 'p_1' }]);
	});
});

onEitherSide('createdAt', (side) => {
	it('a sale is dated back', async () => {
		const { json } = await partnero.operate('transaction', 'create', {
			...sale,
			key: 'inv_1',
			additionalFields: { createdAt: '2026-01-31T12:00:00Z' },
		});
		expect(json).toEqual([
			expect.objectContaining({ created_at: '2026-01-31T12:00:00.000000Z', created: true }),
		]);
		expect(partnero.sandbox.ledger().transactions.byKey.inv_1?.count).toBe(1);
		expect(statuses()).toEqual(['GET 200', ...(side === 'iso' ? ['POST 422'] : []), 'POST 200']);
	});
});

onEitherSide('customerPath', (side) => {
	const program = { affiliate: () => ({}), referAFriend };

	it.each(['affiliate', 'referAFriend'] as const)(
		'a customer of the %s program is read, changed and charged by its main identifier',
		async (name) => {
			const main = locator(name === 'affiliate' ? 'key' : 'id', 'u_1');
			const get = await partnero.operate('customer', 'get', { customer: main }, program[name]());
			expect(get.json).toEqual([expect.objectContaining({ email: 'una@example.com' })]);
			const update = await partnero.operate(
				'customer',
				'update',
				{ customer: main, updateFields: { name: 'Una' } },
				program[name](),
			);
			expect(update.json).toEqual([expect.objectContaining({ name: 'Una' })]);
			const { json } = await partnero.operate(
				'transaction',
				'create',
				{ ...sale, customer: locator('list', 'u_1') },
				program[name](),
			);
			expect(json).toEqual([
				expect.objectContaining({
					rewards: [expect.objectContaining({ amount: name === 'affiliate' ? 15 : 5 })],
				}),
			]);
		},
	);

	it('an email finds the customer, or the error names it', async () => {
		const { json, error } = await partnero.operate('customer', 'get', {
			customer: locator('email', 'una@example.com'),
		});
		if (side === 'any') expect(json).toEqual([expect.objectContaining({ key: 'u_1' })]);
		else expect(error?.message).toBe("Customer 'una@example.com' was not found");
	});

	it('an upsert by the key makes no second customer', async () => {
		const { json } = await partnero.operate('customer', 'upsert', {
			key: 'u_1',
			partner: locator('key', 'annlee'),
			additionalFields: { name: 'Una' },
		});
		expect(json).toEqual([expect.objectContaining({ key: 'u_1', name: 'Una', created: false })]);
		expect(partnero.sandbox.ledger().customers).toHaveLength(2);
	});
});

onEitherSide('unknownCustomer', (side) => {
	const unknown = { ...sale, customer: locator('key', 'u_9'), key: 'inv_1' };

	it('the output, or the error, says that nobody earns anything', async () => {
		const { json, error } = await partnero.operate('transaction', 'create', {
			...unknown,
			ifCustomerUnknown: 'record',
		});
		if (side === 'record')
			expect(json).toEqual([
				expect.objectContaining({ customer: null, rewards: [], created: true }),
			]);
		else
			expect(error?.message).toBe(
				"Create transaction 'inv_1' was refused: The customer is unknown",
			);
		expect(partnero.sandbox.ledger().transactions.byKey.inv_1?.count).toBe(
			side === 'record' ? 1 : undefined,
		);
	});

	it('nothing remains recorded if that is not what is wanted, and the item can be repeated', async () => {
		const { error } = await partnero.operate('transaction', 'create', unknown);
		expect(error?.message).toContain(
			side === 'record' ? "Customer 'u_9' was not found" : 'The customer is unknown',
		);
		expect(partnero.sandbox.ledger().transactions.byKey.inv_1).toBeUndefined();
		const { partners, customers } = partnero.sandbox.program('affiliate');
		partners.add({ id: 'p_9', email: 'nina@example.com', key: 'nina' });
		customers.add({ key: 'u_9', partner: 'p_9' });
		const { json } = await partnero.operate('transaction', 'create', unknown);
		expect(json).toMatchObject([{ customer: 'u_9', created: true }]);
		expect(partnero.sandbox.ledger().transactions.byKey.inv_1).toMatchObject({ count: 1 });
	});

	if (side === 'record') {
		it.each([
			['after it was carried out', 'statusAfterWrite', undefined],
			['before it was carried out', 'status', 1],
		] as const)(
			'the error says that nobody knows whether it was taken back, where the answer is lost %s',
			async (_, kind, remains) => {
				partnero.sandbox.faults.add({ kind, status: 502, match: { method: 'DELETE' } });
				const { error } = await partnero.operate('transaction', 'create', unknown);
				expect(error?.message).toBe(
					"Create transaction 'inv_1' was recorded without a customer, and may have been deleted again",
				);
				expect(error?.description).toContain('may have been recorded: look it up in Partnero');
				expect(partnero.sandbox.ledger().transactions.byKey.inv_1?.count).toBe(remains);
			},
		);
	}

	it('the customer is made in the same step when asked for', async () => {
		const { json } = await partnero.operate('transaction', 'create', {
			...unknown,
			createCustomer: true,
			newCustomer: { partner: locator('key', 'annlee') },
		});
		expect(json).toEqual([
			expect.objectContaining({ customer: 'u_9', partner: 'p_1', created: true }),
		]);
	});
});

onEitherSide('duplicateTransactionKeys', (side) => {
	const again = { ...sale, key: 't_1' };

	it('a sale that is there is skipped', async () => {
		const { json } = await partnero.operate('transaction', 'create', again);
		expect(json).toEqual([expect.objectContaining({ key: 't_1', created: false })]);
		expect(partnero.sandbox.ledger().transactions.byKey.t_1?.count).toBe(1);
	});

	it('two items with one key make one sale', async () => {
		const { json } = await partnero.operate(
			'transaction',
			'create',
			{ ...sale, key: 'inv_1' },
			{ items: [{}, {}] },
		);
		expect(json.map(({ created }) => created)).toEqual([true, false]);
		expect(partnero.sandbox.ledger().transactions.twice).toEqual([]);
	});

	it('it is recorded again only on demand, if the API does that', async () => {
		const { json, error } = await partnero.operate('transaction', 'create', {
			...again,
			ifKeyExists: 'record',
		});
		if (side === 'record') expect(json).toEqual([expect.objectContaining({ created: true })]);
		else
			expect(error?.message).toBe(
				"Create transaction 't_1' was refused: The key has already been taken",
			);
		expect(partnero.sandbox.ledger().transactions.byKey.t_1?.count).toBe(side === 'record' ? 2 : 1);
	});
});

onEitherSide('createStatus', () => {
	it.each([
		['partner', { email: 'new@example.com' }],
		['customer', { key: 'n_1', partner: locator('key', 'annlee') }],
		['transaction', { ...sale, key: 'inv_1' }],
		['lead', { partner: locator('id', 'p_1'), name: 'Cy Po', email: 'cy@example.com' }],
		[
			'coupon',
			{ couponDiscountType: 'percent', couponDiscountAmount: 10, couponDurationType: 'once' },
		],
	])('a %s is created', async (resource, parameters) => {
		const { json, error } = await partnero.operate(resource, 'create', parameters);
		expect(error).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ created_at: expect.any(String) })]);
	});
});

onEitherSide('order', () => {
	it('what was created after a date is found, wherever it was recorded', async () => {
		const { transactions } = partnero.sandbox.program('affiliate');
		// Recorded out of order: every third one is from this year, and all of them arrived today.
		for (let index = 0; index < 240; index += 1) {
			const year = index % 3 === 0 ? 2026 : 2024;
			transactions.add({
				key: `old_${index}`,
				created_at: `${year}-01-0${(index % 9) + 1}T12:00:00.000000Z`,
			});
		}
		const { json } = await partnero.operate('transaction', 'getAll', {
			returnAll: true,
			filters: { createdAfter: '2025-06-01' },
		});
		expect(new Set(json.map(({ key }) => key)).size).toBe(82);
		expect(json).toHaveLength(82);
	});
});

onEitherSide('referrals', () => {
	it.each([
		[5, 5],
		[100, 100],
		[Infinity, 122],
	])('of 122 referrals, asked for %d, it gives %d', async (limit, count) => {
		const { customers } = partnero.sandbox.program('referAFriend');
		for (let index = 0; index < 120; index += 1)
			customers.add({ id: `f_${index}`, referringCustomer: 'u_0' });
		const parameters = {
			customer: locator('id', 'u_0'),
			...(limit === Infinity ? { returnAll: true } : { limit }),
		};
		const { json } = await partnero.operate('customer', 'getReferrals', parameters, referAFriend());
		expect(json).toHaveLength(count);
		expect(new Set(json.map(({ id }) => id)).size).toBe(count);
	});
});

onEitherSide('referralTransactions', (side) => {
	it('a customer who buys and refers has its sales once', async () => {
		const { customers, transactions } = partnero.sandbox.program('referAFriend');
		customers.add({ id: 'u_3', key: 'k_3', referringCustomer: 'u_1' });
		transactions.add({ key: 't_3', amount: 10, customer: 'u_3' });
		const { json } = await partnero.operate(
			'customer',
			'getTransactions',
			{ customer: locator('id', 'u_1') },
			referAFriend(),
		);
		expect(json.map(({ key }) => key)).toEqual(side === 'both' ? ['t_3', 't_1'] : ['t_3']);
	});
});

it('leaves no switch out', () => {
	expect(Object.keys(SWITCHES).filter((name) => !tried.has(name) && !(name in elsewhere))).toEqual(
		[],
	);
});
