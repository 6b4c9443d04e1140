import { useExamples } from './examples';
import { Crm } from './receivers';
import type { Stage } from './stage';

// What Partnero's webhooks start.

let stage: Stage;
const { load, tryNow, call, post } = useExamples((started) => (stage = started));

test('welcome a new partner', async () => {
	const example = await load('welcome-a-new-partner.json');
	await example.activate();
	await call('/partners', { email: 'ann@example.com', name: 'Ann', key: 'annlee' });
	await stage.sandbox.settled();
	const [run] = await example.runs(1);
	expect(run.error).toBeUndefined();
	const message = {
		to: 'ann@example.com',
		subject: 'Welcome, Ann!',
		text: expect.stringContaining('aff=annlee'),
	};
	expect(run.output('Message')).toEqual([message]);
	expect((await tryNow(example)).output('Message')).toEqual([message]);
});

describe('lead to CRM and back', () => {
	const secret = { name: 'X-CRM-Secret', value: 'a long secret of the CRM' };
	let crm: Crm;
	beforeAll(async () => (crm = await Crm.start()));
	afterAll(async () => await crm?.close());

	test('a lead becomes a deal; a deal that is won or lost ends the lead', async () => {
		const credential = await stage.n8n.client.createCredential(
			'Header Auth account',
			'httpHeaderAuth',
			secret,
		);
		const example = await load('lead-to-crm-and-back.json', {
			credentials: [credential],
			nodes: crm.fillIn,
		});
		await example.activate();
		await call('/partners', { email: 'ann@example.com', key: 'annlee' });
		const leads = [];
		for (const name of ['Won Lead', 'Lost Lead']) {
			leads.push(
				await call('/leads', {
					name,
					email: `${name.slice(0, 3)}@leads.example`,
					partner: { key: 'annlee' },
				}),
			);
			await stage.sandbox.settled();
		}
		for (const run of await example.runs(2)) expect(run.error).toBeUndefined();
		const deal = {
			leadId: leads[0].id,
			name: 'Won Lead',
			email: 'Won@leads.example',
			partner: 'ann@example.com',
			notes: expect.stringContaining('Name: Won Lead'),
		};
		expect(crm.sent).toContainEqual(deal);
		expect(crm.sent).toHaveLength(2);

		const close = async (body: object, headers = {}) =>
			(await post('/webhook/partnero-deal-closed', body, headers)).status;
		const won = { leadId: leads[0].id, won: true, amount: 500 };
		expect(await close(won)).toBe(403);
		expect(await close(won, { [secret.name]: 'wrong' })).toBe(403);
		const header = { [secret.name]: secret.value };
		expect(await close(won, header)).toBe(200);
		for (const unclear of ['lost', null, undefined])
			expect(await close({ leadId: leads[1].id, won: unclear }, header)).toBe(500);
		const [{ error }] = await example.runs(6, 1);
		expect(error).toContain(`Lead ${String(leads[1].id)} was left as it is`);
		expect(await close({ leadId: leads[1].id, won: false }, header)).toBe(200);
		await example.runs(7);
		expect(stage.sandbox.ledger().leads.map(({ status }) => status)).toEqual([
			'converted',
			'rejected',
		]);
		expect(stage.sandbox.ledger().transactions).toMatchObject({ total: 1, amount: 500 });

		expect((await tryNow(example)).output('Lead')).toEqual([
			expect.objectContaining({ leadId: leads[1].id }),
		]);
		expect(crm.sent).toHaveLength(2);
	});
});

test('reward a large sale, once, also when its delivery is repeated after a restart of n8n', async () => {
	const example = await load('reward-a-large-sale.json');
	await example.activate();
	await call('/partners', { id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	await call('/customers', { key: 'c_1', partner: { key: 'annlee' } });
	for (const [key, amount] of [
		['small', 999.99],
		['large', 1000],
	] as const) {
		await call('/transactions', { key, amount, customer: { key: 'c_1' } });
		await stage.sandbox.settled();
	}
	// Nobody earned this one.
	await call('/transactions', { key: 'nobody', amount: 5000, customer: { key: 'unknown' } });
	await stage.sandbox.settled();
	for (const run of await example.runs(3)) expect(run.error).toBeUndefined();
	const bonus = { partner: 'p_1', amount: 50, note: 'Bonus for the sale large' };
	expect(stage.sandbox.ledger().bonuses).toMatchObject([bonus]);

	const delivery = stage.sandbox.deliveries.find(({ body }) => body.includes('"large"'))!;
	await stage.stopN8n();
	await stage.startN8n();
	expect(await stage.sandbox.repeat(delivery)).toBe(200);
	for (const run of await example.runs(4)) expect(run.error).toBeUndefined();
	expect(stage.sandbox.ledger().bonuses).toMatchObject([bonus]);

	const earned = (await tryNow(example)).output('What each would earn');
	expect(earned.map(({ key, bonus }) => [key, bonus])).toEqual([
		['nobody', 0],
		['large', 50],
		['small', 0],
	]);
	expect(stage.sandbox.ledger().bonuses).toHaveLength(1);
});

test('a coupon code per partner: everything once, however often it runs', async () => {
	const example = await load('coupon-per-partner.json');
	for (const recordedNow of [true, false]) {
		const tried = await tryNow(example);
		const order = {
			partner: 'Mira Sol',
			code: expect.stringMatching(/^PARTNER-/),
			timesRedeemed: 1,
			order: 'order-2001',
			recordedNow,
		};
		expect(tried.output('Outcome')).toEqual([order]);
		const { partners, coupons, promotionCodes, transactions, commission } = stage.sandbox.ledger();
		expect(partners).toMatchObject([{ email: 'mira.sol@partners.example' }]);
		expect(coupons).toMatchObject([{ uuid_code: 'PARTNER10', coupon_discount_amount: 10 }]);
		expect(promotionCodes).toMatchObject([
			{
				coupon: 'PARTNER10',
				partner: { id: partners[0].id, fullName: 'Mira Sol' },
				redemptions: [{ transaction_key: 'order-2001' }],
			},
		]);
		expect(transactions).toMatchObject({
			total: 1,
			byKey: { 'order-2001': { count: 1, amount: 89.5, earners: [partners[0].id] } },
		});
		expect(commission.byEarner[partners[0].id]).toMatchObject({ sales: 1, commission: 26.85 });
	}

	await example.activate();
	await call('/partners', { id: 'p_ann', email: 'ann@example.com', name: 'Ann', key: 'annlee' });
	await stage.sandbox.settled();
	// After the two from the button.
	const [run] = await example.runs(3, 1);
	expect(run.error).toBeUndefined();
	expect(run.output('Code')).toEqual([
		{ code: 'PARTNER-P_ANN', partnerId: 'p_ann', partner: 'Ann' },
	]);
	expect(run.output('Record sale')).toEqual([]);
	expect(stage.sandbox.ledger()).toMatchObject({
		coupons: [{}],
		promotionCodes: [{}, { code: 'PARTNER-P_ANN' }],
	});
});

test('payout run: small requests are approved and written down, and marked as paid once the money has moved', async () => {
	const user = { username: 'finance', password: 'a long password of finance' };
	const credential = await stage.n8n.client.createCredential(
		'Basic Auth account',
		'httpBasicAuth',
		{ user: user.username, password: user.password },
	);
	const example = await load('payout-run.json', { credentials: [credential] });
	const { partners, payoutRequests } = stage.sandbox.program('affiliate');
	partners.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com', name: 'Ann', surname: 'Lee' });
	payoutRequests.add({ id: '61', partner: 'p_1', amount: 199.5 });
	payoutRequests.add({ id: '62', partner: 'p_1', amount: 200.01 });
	payoutRequests.add({ id: '63', partner: 'p_1', amount: 20, amount_units: 'EUR' });
	payoutRequests.add({ id: '64', partner: 'p_1', amount: 30, status: 'approved' });
	payoutRequests.add({ id: '65', partner: 'p_1', amount: 200 });
	partners.add({
		id: 'p_2',
		key: 'eve',
		email: 'eve@example.com',
		name: '=HYPERLINK("https://eve.example")',
	});
	payoutRequests.add({ id: '66', partner: 'p_2', amount: 1 });
	for (const [id, amount] of [
		['67', null],
		['68', '1,500.00'],
		['69', -5],
	])
		payoutRequests.add({ id: String(id), partner: 'p_1', amount: amount as number });
	const statuses = () =>
		Object.fromEntries(stage.sandbox.ledger().payouts.p_1.map(({ id, status }) => [id, status]));
	const requested = Object.fromEntries([61, 62, 63, 65, 67, 68, 69].map((id) => [id, 'requested']));
	const before = { ...requested, 64: 'approved' };

	const tried = await tryNow(example);
	expect(tried.output('Would be approved').map(({ id }) => id)).toEqual([66, 65, 61]);
	expect(statuses()).toEqual(before);

	const run = await stage.n8n.client.runWorkflow(example.id, 'On the first of the month');
	expect(run.error).toBeUndefined();
	const row = { name: 'Ann Lee', email: 'ann@example.com', currency: 'USD' };
	const formula = {
		name: `'=HYPERLINK("https://eve.example")`,
		email: 'eve@example.com',
		currency: 'USD',
		payoutId: 66,
		amount: 1,
		gateway: 'paypal',
	};
	const rows = [
		formula,
		{ ...row, payoutId: 65, amount: 200, gateway: 'paypal' },
		{ ...row, payoutId: 61, amount: 199.5, gateway: 'paypal' },
	];
	expect(run.output('Rows of the payout file')).toEqual(rows);
	expect(run.output('Payout file')).toHaveLength(1);
	const reason = 'Above the limit, in another currency, or without an amount';
	expect(run.output('For a person to decide')).toEqual([
		...[
			[69, '-5'],
			[68, '1,500.00'],
			[67, ''],
		].map(([payoutId, amount]) => ({ ...row, payoutId, amount, reason })),
		{ ...row, payoutId: 63, amount: '20', currency: 'EUR', reason },
		{ ...row, payoutId: 62, amount: '200.01', reason },
	]);
	expect(statuses()).toEqual({ ...before, 61: 'approved', 65: 'approved' });

	await example.activate();
	const submit = async (ids: string, auth?: typeof user) => {
		const form = new FormData();
		form.append('field-0', ids);
		const signedIn = auth && {
			authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`,
		};
		return (await post('/form/partnero-payouts-paid', form, signedIn)).status;
	};
	expect(await submit('61')).toBe(401);
	expect(await submit('61', { ...user, password: 'wrong' })).toBe(401);
	expect(await submit('payoutId\n65\n61\n61\n', user)).toBe(200);
	const [paid] = await example.runs(3, 1);
	expect(paid.error).toBeUndefined();
	expect(statuses()).toEqual({ ...before, 61: 'finished', 65: 'finished' });

	// One that was never approved, and a row of the file: the other one is marked all the same, and the run fails with the reasons.
	await submit('62\n66,Eve,eve@example.com,64,USD\n64', user);
	const [failed] = await example.runs(4, 1);
	expect(failed.error).toMatch(/62: .* This one is 'requested'\. Approve it first\./);
	expect(failed.error).toContain(
		"66,Eve,eve@example.com,64,USD: 'Payout Request': The ID of a payout request is a number",
	);
	expect(statuses()).toEqual({ ...before, 61: 'finished', 65: 'finished', 64: 'finished' });
	expect(stage.sandbox.ledger().payouts.p_2).toMatchObject([{ status: 'approved' }]);
});
