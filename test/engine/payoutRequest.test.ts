import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { FaultKind } from '../../sandbox/faults';
import type { NewPayoutRequest } from '../../sandbox/records';
import { defaultSwitches, SWITCHES } from '../../sandbox/switches';

import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
const program = () => partnero.sandbox.program('affiliate');
const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const ann = { partner: locator('key', 'annlee'), amountUnits: 'usd' };
const create = { method: 'POST', path: '/payout_requests' };
const approve = { method: 'POST', path: '/payout_requests/61/approve' };
const posts = () => partnero.wire().filter(({ method }) => method === 'POST');
const byId = (id: string | number) => ({ payoutRequest: locator('id', String(id)) });

beforeEach(() => {
	const { partners, customers, transactions } = program();
	const payoutMethod = { gateway: 'paypal' as const, settings: { username: 'ann@example.com' } };
	partners.add({
		id: 'p_1',
		key: 'annlee',
		email: 'ann@example.com',
		name: 'Ann',
		surname: 'Lee',
		payoutMethod,
	});
	customers.add({ key: 'bob', partner: 'p_1' });
	transactions.add({ key: 'inv_1', amount: 100, customer: 'bob' });
});
afterEach(() => Object.assign(partnero.sandbox.switches, defaultSwitches()));

function add(request: NewPayoutRequest = {}): void {
	program().payoutRequests.add({ id: '61', partner: 'p_1', amount: 10, ...request });
}

describe('a payout run', () => {
	it.each(SWITCHES.payoutAnswer)(
		'requests, approves and pays, in this order and in no other, also where the answer is a %s',
		async (payoutAnswer) => {
			partnero.sandbox.switches.payoutAnswer = payoutAnswer;
			const { json } = await partnero.operate('payoutRequest', 'create', ann);
			expect(json).toEqual([
				expect.objectContaining({
					status: 'requested',
					amount: 30,
					amount_units: 'USD',
					gateway: 'paypal',
				}),
			]);
			const request = byId(Number(json[0].id));

			const early = await partnero.operate('payoutRequest', 'markAsPaid', request);
			expect(early.error).toMatchObject({
				message: `Mark payout request as paid '${String(json[0].id)}' was refused: This payout request cannot be marked as paid: it is requested`,
				description:
					"Mark as Paid works only on a payout request with the status 'approved'. This one is 'requested'. Approve it first.",
			});
			const approved = await partnero.operate('payoutRequest', 'approve', request);
			expect(approved.json).toEqual([expect.objectContaining({ status: 'approved' })]);
			const again = await partnero.operate('payoutRequest', 'approve', request);
			expect(again.error?.description).toBe(
				"Approve works only on a payout request with the status 'requested' or 'resubmitted'. This one is 'approved' already.",
			);
			const paid = await partnero.operate('payoutRequest', 'markAsPaid', request);
			expect(paid.json).toEqual([expect.objectContaining({ status: 'finished' })]);
			expect(partnero.sandbox.ledger().payouts.p_1).toEqual([
				expect.objectContaining({ status: 'finished', amount: 30 }),
			]);
		},
	);

	it.each(SWITCHES.payoutRefusal)(
		'says what stands in the way, whatever the status of the answer: %s',
		async (payoutRefusal) => {
			partnero.sandbox.switches.payoutRefusal = payoutRefusal;
			add({ status: 'resubmit_requested' });
			const { error } = await partnero.operate('payoutRequest', 'approve', byId(61), {
				node: retryOnFail,
			});
			expect(error?.message).toContain('it is resubmit_requested');
			expect(error?.description).toContain(
				"This one is 'resubmit_requested'. The partner has to send it again first.",
			);
			expect(posts()).toHaveLength(1);
		},
	);

	it('names the payout request that is not there', async () => {
		const { error } = await partnero.operate('payoutRequest', 'approve', byId(7));
		expect(error?.message).toBe("Payout Request '7' was not found");
		expect(partnero.wire()).toHaveLength(1);
	});

	it.each(['search', 'ann@example.com', '12345678901234567890'])(
		'takes %p for no ID, and asks for nothing',
		async (id) => {
			for (const operation of ['get', 'approve', 'markAsPaid']) {
				const { error } = await partnero.operate(
					'payoutRequest',
					operation,
					{ payoutRequest: locator('id', '={{ $json.id }}') },
					{ items: [{ id }] },
				);
				expect(error?.message).toBe("'Payout Request': The ID of a payout request is a number");
			}
			expect(partnero.wire()).toEqual([]);
		},
	);
});

describe('create', () => {
	const venmo = { gateway: 'venmo', payout_settings: { name: 'Ann Lee' } };
	const cases: Array<[string, INodeParameters, IDataObject]> = [
		['the saved way', { gateway: 'saved' }, {}],
		[
			'PayPal',
			{ gateway: 'paypal', username: 'ann@pay.example' },
			{ gateway: 'paypal', payout_settings: { username: 'ann@pay.example' } },
		],
		[
			'PayPal with everything',
			{
				gateway: 'paypal',
				username: 'ann@pay.example',
				name: 'Ann Lee',
				address: '1 Main Street',
				taxId: '12-3',
			},
			{
				gateway: 'paypal',
				payout_settings: {
					username: 'ann@pay.example',
					name: 'Ann Lee',
					address: '1 Main Street',
					tax_id: '12-3',
				},
			},
		],
		[
			'crypto',
			{ gateway: 'crypto', walletAddress: '0x5', type: 'USDC', name: 'Ann Lee' },
			{
				gateway: 'crypto',
				payout_settings: { wallet_address: '0x5', type: 'USDC', name: 'Ann Lee' },
			},
		],
		...([
			['USER_HANDLE', 'userHandle', 'user_handle', '@ann-lee'],
			['EMAIL', 'email', 'email', 'ann@pay.example'],
			['PHONE', 'phone', 'phone', '+1 555 0100'],
		].map(([recipientType, field, apiField, value]) => [
			`Venmo by ${field}`,
			{ gateway: 'venmo', recipientType, [field]: value, name: 'Ann Lee' },
			{
				...venmo,
				payout_settings: { recipient_type: recipientType, [apiField]: value, name: 'Ann Lee' },
			},
		]) as Array<[string, INodeParameters, IDataObject]>),
	];

	it.each(cases)('pays by %s', async (_how, parameters, body) => {
		const { error } = await partnero.operate('payoutRequest', 'create', { ...ann, ...parameters });
		expect(error?.message).toBeUndefined();
		expect(posts()).toEqual([
			{ ...create, body: { partner: { key: 'annlee' }, amount_units: 'usd', ...body } },
		]);
	});

	it('pays by Wise with the bank account that the partner has saved, and sends no details of it', async () => {
		const { partners } = partnero.sandbox.program('affiliate');
		const [partner] = [...partners];
		partners.update(partner, { payoutMethod: { gateway: 'wise', settings: {} } });
		const { error } = await partnero.operate('payoutRequest', 'create', {
			...ann,
			...{ gateway: 'wise', username: 'ann@pay.example', name: 'Ann Lee' },
		});
		expect(error?.message).toBeUndefined();
		expect(posts()).toEqual([
			{
				...create,
				body: { partner: { key: 'annlee' }, amount_units: 'usd', gateway: 'wise' },
			},
		]);
	});

	it('sends no field of another way to be paid, though an expression decides which one it is', async () => {
		const every = {
			username: 'ann@pay.example',
			walletAddress: '0x5',
			type: 'USDC',
			recipientType: 'PHONE',
			phone: '1',
			email: 'a@b.example',
			userHandle: '@a',
		};
		const items = [{ gateway: 'crypto' }, { gateway: 'saved' }];
		await partnero.operate(
			'payoutRequest',
			'create',
			{ ...ann, ...every, gateway: '={{ $json.gateway }}' },
			{ items, node: { onError: 'continueRegularOutput' } },
		);
		const sent = posts().map(({ body }) => (body as IDataObject).payout_settings);
		expect(sent).toEqual(
			expect.arrayContaining([{ wallet_address: '0x5', type: 'USDC' }, undefined]),
		);
	});

	it.each([
		['PayPal Email', { gateway: 'paypal' }],
		['Wallet Address', { gateway: 'crypto', username: 'ann@pay.example' }],
		['Venmo User Handle', { gateway: 'venmo', recipientType: 'USER_HANDLE', email: 'a@b.example' }],
		['Venmo Email', { gateway: 'venmo', recipientType: 'EMAIL' }],
		['Venmo Phone', { gateway: 'venmo', recipientType: 'PHONE', phone: '  ' }],
	])("refuses an empty '%s' before any request", async (label, parameters) => {
		const { error } = await partnero.operate('payoutRequest', 'create', { ...ann, ...parameters });
		expect(error?.message).toBe(`'${label}' is empty`);
		expect(partnero.wire()).toEqual([]);
	});

	it('says that chosen rewards are refused where partners may not choose', async () => {
		partnero.sandbox.switches.payoutChoice = 'none';
		const { error } = await partnero.operate('payoutRequest', 'create', {
			...ann,
			additionalFields: { rewardIds: '501' },
		});
		expect(error?.description).toContain("Check 'Additional Fields > Reward IDs'.");
	});

	it('pays out chosen rewards, and refuses what is no list of their IDs', async () => {
		program().bonuses.push({
			id: 501,
			partner: 'p_1',
			amount: 5,
			amount_units: 'USD',
			is_currency: true,
			note: null,
			created_at: program().now(),
		});
		const { json } = await partnero.operate('payoutRequest', 'create', {
			...ann,
			additionalFields: { rewardIds: '501' },
		});
		expect(json).toEqual([expect.objectContaining({ amount: 5 })]);
		const before = partnero.wire().length;
		const { error } = await partnero.operate('payoutRequest', 'create', {
			...ann,
			additionalFields: { rewardIds: '501, spring' },
		});
		expect(error?.message).toBe("'Additional Fields > Reward IDs' must be a list of integers");
		expect(partnero.wire()).toHaveLength(before);
	});

	it.each([
		['nothing is unpaid', { ...ann, amountUnits: 'eur' }, "Check 'Amount Units'."],
		[
			'the partner is unknown',
			{ ...ann, partner: locator('key', 'nobody') },
			'Partnero says: The selected partner is invalid.',
		],
	])('says why when %s', async (_why, parameters, description) => {
		const { error } = await partnero.operate('payoutRequest', 'create', parameters);
		expect(error?.description).toContain(description);
	});

	it('says that the partner has to say how it is paid', async () => {
		program().partners.update(program().partners.find('id', 'p_1')!, { payoutMethod: null });
		const { error } = await partnero.operate('payoutRequest', 'create', ann);
		expect(error?.description).toContain("Check 'Gateway'.");
	});

	it.each<FaultKind>(['statusAfterWrite', 'cutAfterWrite'])(
		'finds the request whose answer was lost: %s',
		async (kind) => {
			add({ status: 'finished' });
			partnero.sandbox.faults.add({ kind, match: create, times: 1 });
			const { json, error } = await partnero.operate('payoutRequest', 'create', ann, {
				node: retryOnFail,
			});
			expect(error?.message).toBeUndefined();
			expect(json).toEqual([expect.objectContaining({ status: 'requested', amount: 20 })]);
			expect(posts()).toHaveLength(1);
			expect(partnero.sandbox.ledger().payouts.p_1).toHaveLength(2);
		},
	);

	it.each<FaultKind>(['status', 'cut'])(
		'is not sent again when nothing is found, nor takes an older request for it: %s',
		async (kind) => {
			add();
			partnero.sandbox.faults.add({ kind, match: create, times: 1 });
			const { error } = await partnero.operate('payoutRequest', 'create', ann, {
				node: retryOnFail,
			});
			expect(error?.description).toContain('may have been recorded anyway: look it up in Partnero');
			expect(posts()).toHaveLength(1);
			expect(partnero.sandbox.ledger().payouts.p_1).toHaveLength(1);
		},
	);

	it('takes no payout of another item for its own', async () => {
		for (const id of [501, 502])
			program().bonuses.push({
				id,
				partner: 'p_1',
				amount: 5,
				amount_units: 'USD',
				is_currency: true,
				note: null,
				created_at: program().now(),
			});
		partnero.sandbox.faults.add({ kind: 'cut', match: create, times: 1 });
		const { outputs } = await partnero.operate(
			'payoutRequest',
			'create',
			{ ...ann, additionalFields: { rewardIds: '={{ $json.reward }}' } },
			{ items: [{ reward: 501 }, { reward: 502 }], node: { onError: 'continueRegularOutput' } },
		);
		const [lost, made] = outputs[0].map(({ json }) => json);
		expect(lost.message).toContain('may have been recorded');
		expect(lost.error).toMatch(
			/^Partnero could not be reached|^The connection to Partnero was lost/,
		);
		expect(made).toMatchObject({ amount: 5, status: 'requested' });
		expect(partnero.sandbox.ledger().payouts.p_1).toHaveLength(1);
	});

	it.each(['={{ [{ id: 501 }] }}', '={{ [[501]] }}', '={{ [null] }}', '={{ [] }}', ','])(
		'refuses %s as chosen rewards, which would become the whole balance',
		async (rewardIds) => {
			const { error } = await partnero.operate('payoutRequest', 'create', {
				...ann,
				additionalFields: { rewardIds },
			});
			expect(error?.message).toBe("'Additional Fields > Reward IDs' must be a list of integers");
			expect(partnero.wire()).toEqual([]);
		},
	);

	it('is refused when an expression gives no gateway, rather than paid another way', async () => {
		const { error } = await partnero.operate('payoutRequest', 'create', {
			...ann,
			gateway: '={{ $json.missing }}',
			username: 'ann@pay.example',
		});
		expect(error?.message).toBe("'Gateway' is empty");
		expect(partnero.wire()).toEqual([]);
	});

	it('is called by its partner when it is refused', async () => {
		const { error } = await partnero.operate('payoutRequest', 'create', {
			...ann,
			partner: locator('key', 'nobody'),
			gateway: 'venmo',
			userHandle: '@a',
			name: 'Ann Lee',
		});
		expect(error?.message).toMatch(/^Create payout request 'nobody' was refused/);
	});

	it('is sent once also when the search does not work', async () => {
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 404,
			match: { path: '/payout_requests:search' },
		});
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: create, times: 1 });
		const { error } = await partnero.operate('payoutRequest', 'create', ann, { node: retryOnFail });
		expect(error?.description).toContain('may have been recorded');
		expect(posts()).toHaveLength(1);
	});
});

describe('a lost answer to a change of status', () => {
	const changes = { approve: 'approved', markAsPaid: 'finished' };

	it.each(
		Object.entries(changes).flatMap(([operation, to]) =>
			(['statusAfterWrite', 'cutAfterWrite', 'status', 'cut'] as const).map(
				(kind): [string, FaultKind, string] => [operation, kind, to],
			),
		),
	)('%s, %s: it is %s, and a success', async (operation, kind, to) => {
		add({ status: operation === 'approve' ? 'requested' : 'approved' });
		partnero.sandbox.faults.add({ kind, match: { method: 'POST' }, times: 1 });
		const { json, error } = await partnero.operate('payoutRequest', operation, byId(61));
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ id: 61, status: to })]);
		// What was carried out is not sent again.
		expect(posts()).toHaveLength(kind.endsWith('AfterWrite') ? 1 : 2);
	});

	it('does not become "approved already" by Retry On Fail', async () => {
		add();
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: approve, times: 1 });
		// The first try cannot look either.
		partnero.sandbox.faults.add({
			kind: 'status',
			status: 503,
			match: { method: 'GET' },
			times: 6,
		});
		const { json, error } = await partnero.operate('payoutRequest', 'approve', byId(61), {
			node: retryOnFail,
		});
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ status: 'approved' })]);
		expect(posts()).toHaveLength(1);
	});

	it('says "may have been recorded" when nobody can tell', async () => {
		add();
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: approve, times: 1 });
		partnero.sandbox.faults.add({ kind: 'status', status: 404, match: { method: 'GET' } });
		const { error } = await partnero.operate('payoutRequest', 'approve', byId(61));
		expect(error?.description).toContain(
			"Approve payout request '61' may have been recorded anyway",
		);
		expect(posts()).toHaveLength(1);
	});

	it('is looked into for leads and partners as well: a lead is converted once', async () => {
		program().leads.add({ id: '44', name: 'Cy Po', email: 'cy@example.com', partner: 'p_1' });
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' }, times: 2 });
		const lead = { lead: locator('id', '44'), commissionTransactionAmount: 500 };
		const converted = await partnero.operate('lead', 'convert', lead, { node: retryOnFail });
		expect(converted.json).toEqual([expect.objectContaining({ id: 44, status: 'converted' })]);
		const archived = await partnero.operate(
			'partner',
			'archive',
			{ partner: locator('id', 'p_1') },
			{ node: retryOnFail },
		);
		expect(archived.json).toEqual([{ archived: true, id: 'p_1' }]);
		expect(posts()).toHaveLength(2);
		expect(partnero.sandbox.ledger().transactions.byKey.lead_44).toMatchObject({ count: 1 });
	});
});

describe('getAll', () => {
	it('searches for everything that is filled at once, on every page, and sorted', async () => {
		program().partners.add({ id: 'p_2', key: 'ben', email: 'ben@example.com' });
		for (let index = 0; index < 110; index += 1)
			add({ id: String(100 + index), status: index === 50 ? 'approved' : 'requested' });
		add({ id: '500', partner: 'p_2' });
		add({ id: '501', amount_units: 'EUR' });
		const filters = {
			status: 'requested',
			partner: locator('email', 'ann@example.com'),
			amountUnits: 'usd',
		};
		const { json } = await partnero.operate('payoutRequest', 'getAll', {
			returnAll: true,
			filters,
			options: { sort: 'asc' },
		});
		expect(json.map(({ id }) => id)).toEqual(
			Array.from({ length: 110 }, (_, index) => 100 + index).filter((id) => id !== 150),
		);
		const query = {
			status: 'requested',
			partner_email: 'ann@example.com',
			amount_units: 'usd',
			sort: 'asc',
			limit: '100',
		};
		// The third is asked for ahead, while the second is awaited.
		expect(partnero.wire()).toEqual(
			['1', '2', '3'].map((page) => ({
				method: 'GET',
				path: '/payout_requests:search',
				query: { ...query, page },
			})),
		);
	});

	it('reads the plain list without a filter', async () => {
		add();
		await partnero.operate('payoutRequest', 'getAll', { options: { sort: 'desc' }, filters: {} });
		expect(partnero.wire()).toEqual([
			{ method: 'GET', path: '/payout_requests', query: { sort: 'desc', limit: '50', page: '1' } },
		]);
	});
});

it('the list shows whose payout it is, how much, and how far it is', async () => {
	add({ amount: 45.5 });
	add({ id: '62', status: 'approved' });
	const { results } = await searchList('searchPayoutRequests', partnero.credentials);
	expect(results).toEqual([
		{ name: 'Ann Lee (ann@example.com) · 10 USD · approved', value: '62' },
		{ name: 'Ann Lee (ann@example.com) · 45.5 USD · requested', value: '61' },
	]);
	const filtered = await searchList('searchPayoutRequests', partnero.credentials, 'APPROVED');
	expect(filtered.results.map(({ value }) => value)).toEqual(['62']);
});
