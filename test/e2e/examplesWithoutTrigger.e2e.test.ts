import type { Credential } from '../../n8n/client';
import type { DescribedNode } from '../support/examples';
import { exampleFiles, readExample, unknownParameters } from '../support/examples';

import { useExamples } from './examples';
import { Crm, Mailbox } from './receivers';
import type { Stage } from './stage';

// What somebody else's webhook, a form or the clock starts.

let stage: Stage;
const { load, tryNow, call, post } = useExamples((started) => (stage = started));

const partners = [
	{ id: 'p_ann', email: 'ann@example.com', key: 'annlee' },
	{ id: 'p_ben', email: 'ben@example.com', key: 'benbrews' },
];
/** The partners of the examples' sample data. */
async function addPartners(): Promise<void> {
	for (const partner of partners) await call('/partners', partner);
}

const secret = { name: 'X-Billing-Secret', value: 'a long secret of the billing' };
const header = { [secret.name]: secret.value };
let headerAuth: Credential;
let mailbox: Mailbox;
let smtp: Credential;
let crm: Crm;
beforeAll(async () => {
	const { client } = stage.n8n;
	headerAuth = await client.createCredential('Header Auth account', 'httpHeaderAuth', secret);
	mailbox = await Mailbox.start();
	smtp = await client.createCredential('SMTP account', 'smtp', mailbox.credential);
	crm = await Crm.start();
});
afterAll(async () => await Promise.all([mailbox?.close(), crm?.close()]));
beforeEach(() => (mailbox.mails.length = 0));

const customers = () =>
	stage.sandbox.ledger().customers.map(({ key, email, partner }) => ({ key, email, partner }));
const sales = () => stage.sandbox.ledger().transactions;

test('n8n knows every parameter of every example', async () => {
	const { data: types } = await stage.n8n.client.http.get<DescribedNode[]>('/types/nodes.json');
	const unknown = exampleFiles.flatMap((file) =>
		readExample(file).nodes.flatMap((node) => {
			const type = types.find(
				({ name, version }) =>
					name === node.type && [version].flat().includes(node.typeVersion as number),
			);
			if (!type) return [`${file}: ${node.name} is of an unknown type`];
			return unknownParameters(node, type).map((path) => `${file}: ${node.name}: ${path}`);
		}),
	);
	expect(unknown).toEqual([]);
});

test('sign-up, then sale: running it again records nothing twice', async () => {
	await addPartners();
	const example = await load('sign-up-then-sale.json');
	for (const recordedNow of [true, false]) {
		expect((await tryNow(example)).output('Commission')).toMatchObject([
			{ order: 'order-1001', amount: 129.9, recordedNow },
		]);
	}
	expect(customers()).toEqual([
		{ key: 'customer-1001', email: 'sam.rivers@shop.example', partner: 'p_ann' },
	]);
	expect(sales()).toMatchObject({
		total: 1,
		byKey: { 'order-1001': { amount: 129.9, earners: ['p_ann'] } },
	});
});

test('sign-up attribution: by the cookie, once; without one or with an unknown one the customer is not lost', async () => {
	await addPartners();
	const example = await load('sign-up-attribution.json', { credentials: [headerAuth] });
	for (const reason of ['New customer', 'Known customer, whose partner stays as it is']) {
		expect((await tryNow(example)).output('Attributed')).toEqual([
			{ customer: 'user_2001', attributed: true, partner: 'p_ann', reason },
		]);
	}
	await example.activate();
	const signUp = async (userId: string, cookie: object, headers = header) =>
		await post(
			'/webhook/partnero-sign-up',
			{ userId, email: `${userId}@shop.example`, firstName: 'Kim', ...cookie },
			headers,
		);
	const answer = (customer: string, partner: string, reason: string) => ({
		status: 200,
		data: { customer, attributed: partner !== '', partner, reason },
	});

	expect(await signUp('u_1', { partneroPartner: 'annlee' }, {})).toMatchObject({ status: 403 });
	expect(await signUp('u_1', { partneroPartner: 'benbrews' })).toEqual(
		answer('u_1', 'p_ben', 'New customer'),
	);
	expect(await signUp('u_1', { partneroPartner: 'annlee' })).toEqual(
		answer('u_1', 'p_ben', 'Known customer, whose partner stays as it is'),
	);
	expect(await signUp('u_2', {})).toEqual(answer('u_2', '', 'No referral key'));
	expect(await signUp('u_3', { partneroPartner: 'gone' })).toEqual(
		answer('u_3', '', 'No partner has the referral key gone'),
	);
	expect(customers()).toEqual([
		{ key: 'user_2001', email: 'robin.hale@shop.example', partner: 'p_ann' },
		{ key: 'u_1', email: 'u_1@shop.example', partner: 'p_ben' },
	]);

	expect(await signUp('u_3', { partneroPartner: 4711 })).toEqual(
		answer('u_3', '', 'No partner has the referral key 4711'),
	);

	// Neither attributed nor waved through: the run can be repeated in n8n.
	stage.sandbox.faults.add({ kind: 'status', status: 401 });
	expect(await signUp('u_4', { partneroPartner: 'annlee' })).toMatchObject({ status: 500 });
	const [failed] = await example.runs(8, 1);
	expect(failed.error).toContain('Partnero did not accept the API key');
});

test('record sales from billing: once, with a new customer, answered when it is recorded', async () => {
	await addPartners();
	const example = await load('record-sales-from-billing.json', { credentials: [headerAuth, smtp] });
	for (const recordedNow of [true, false]) {
		const recorded = { sale: 'in_1001', amount: 129.9, customer: 'cus_3001', recordedNow };
		expect((await tryNow(example)).output('Recorded')).toMatchObject([recorded]);
	}
	await example.activate();
	const event = (id: string, customer: string, partner?: string, more = {}) => {
		const metadata = partner ? { partnero_partner: partner } : {};
		return {
			type: 'invoice.paid',
			data: {
				object: {
					id,
					amount_paid: 5050,
					currency: 'eur',
					customer,
					customer_email: `${customer}@shop.example`,
					metadata,
					...more,
				},
			},
		};
	};
	const pay = async (body: object, headers = header) =>
		(await post('/webhook/partnero-invoice-paid', body, headers)).status;

	expect(await pay(event('forged', 'cus_1', 'annlee'), {})).toBe(403);
	stage.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' }, times: 1 });
	expect(await pay(event('in_1', 'cus_1', 'benbrews'))).toBe(200);
	expect(sales().byKey.in_1).toEqual({
		count: 1,
		amount: 50.5,
		commission: expect.any(Number),
		customers: ['cus_1'],
		earners: ['p_ben'],
	});
	// The provider sends it again; later the customer pays again, without a referral key.
	expect(await pay(event('in_1', 'cus_1', 'benbrews'))).toBe(200);
	expect(await pay(event('in_2', 'cus_1'))).toBe(200);
	// Nobody's customers, a trial, and another event.
	expect(await pay(event('in_3', 'cus_2'))).toBe(200);
	expect(await pay(event('in_4', 'cus_3', 'gone'))).toBe(200);
	expect(await pay(event('in_5', 'cus_1', 'benbrews', { amount_paid: 0 }))).toBe(200);
	expect(await pay({ type: 'invoice.created', data: { object: {} } })).toBe(200);
	const earners = Object.entries(sales().byKey).map(([key, sale]) => [
		key,
		sale.count,
		...sale.earners,
	]);
	expect(earners).toEqual([
		['in_1001', 1, 'p_ann'],
		['in_1', 1, 'p_ben'],
		['in_2', 1, 'p_ben'],
		['in_3', 1],
		['in_4', 1],
	]);
	expect(customers().map(({ key }) => key)).toEqual(['cus_3001', 'cus_1']);
	// The customer under the shop's own identifier, as the sign-up attributed it; and a currency without cents.
	await call('/customers', { key: 'user_9', partner: { key: 'annlee' } });
	const subscription = {
		parent: { subscription_details: { metadata: { user_id: 'user_9' } } },
		currency: 'jpy',
	};
	expect(await pay(event('in_7', 'cus_9', undefined, subscription))).toBe(200);
	expect(sales().byKey.in_7).toMatchObject({
		amount: 5050,
		customers: ['user_9'],
		earners: ['p_ann'],
	});

	// The provider hears that it was not recorded, sends it again, and then it is.
	stage.sandbox.faults.add({ kind: 'status', status: 401 });
	expect(await pay(event('in_6', 'cus_1'))).toBe(500);
	expect(sales().byKey.in_6).toBeUndefined();
	stage.sandbox.faults.clear();
	expect(await pay(event('in_6', 'cus_1'))).toBe(200);
	expect(sales().byKey.in_6?.count).toBe(1);
});

test('record sales from billing: in every currency, without tax, under trimmed identifiers; a currency that is not known goes to a person', async () => {
	await addPartners();
	const example = await load('record-sales-from-billing.json', { credentials: [headerAuth, smtp] });
	await example.activate();
	let number = 0;
	/** The amount that is recorded for an invoice. */
	const recorded = async (invoice: object): Promise<number | undefined> => {
		const id = `in_${(number += 1)}`;
		const object = {
			id: ` ${id}\n`,
			customer: ' cus_1 ',
			customer_email: ' cus_1@shop.example ',
			metadata: { partnero_partner: ' annlee ' },
			...invoice,
		};
		expect(
			(
				await post(
					'/webhook/partnero-invoice-paid',
					{ type: 'invoice.paid', data: { object } },
					header,
				)
			).status,
		).toBe(200);
		return sales().byKey[id]?.amount;
	};

	const one = { amount_paid: 123_450 };
	for (const currency of ['jpy', 'JPY', 'krw', 'Vnd', ' xof '])
		expect([currency, await recorded({ ...one, currency })]).toEqual([currency, 123_450]);
	for (const currency of ['kwd', 'BHD', 'jod', 'OMR', 'tnd'])
		expect([currency, await recorded({ ...one, currency })]).toEqual([currency, 123.45]);
	for (const currency of ['usd', 'EUR', 'isk', 'ugx', ' gbp'])
		expect([currency, await recorded({ ...one, currency })]).toEqual([currency, 1234.5]);

	const taxed = { amount_paid: 11_900, total: 11_900, currency: 'eur' };
	for (const [what, tax] of Object.entries({
		'what is left without it': { total_excluding_tax: 10_000 },
		'its sum': { tax: 1900 },
		'its parts': { total_taxes: [{ amount: 1000 }, { amount: 900 }] },
		'its parts, as earlier versions call them': {
			total_tax_amounts: [{ amount: 1900, inclusive: true }],
		},
	}))
		expect([what, await recorded({ ...taxed, ...tax })]).toEqual([what, 100]);
	// Half of it was paid from a credit.
	expect(await recorded({ ...taxed, total_excluding_tax: 10_000, amount_paid: 5950 })).toBe(50);
	expect(
		await recorded({ ...taxed, total_excluding_tax: null, tax: null, total_tax_amounts: null }),
	).toBe(119);
	expect(await recorded({ ...taxed, currency: 'jpy', total: 110, amount_paid: 110, tax: 10 })).toBe(
		100,
	);

	expect(customers()).toEqual([{ key: 'cus_1', email: 'cus_1@shop.example', partner: 'p_ann' }]);
	expect(mailbox.mails).toEqual([]);
	const before = sales().total;
	for (const currency of ['xyz', '', null])
		expect(await recorded({ ...one, currency })).toBeUndefined();
	expect(sales().total).toBe(before);
	expect(mailbox.mails.map(({ subject }) => subject)).toEqual(
		[1, 2, 3].map((later) => `A sale to record: in_${number - 3 + later}`),
	);
	expect(mailbox.mails[0]).toMatchObject({
		text: expect.stringContaining('of the customer cus_1 was paid: 123450 XYZ without tax'),
	});
});

test('refund from billing: amounts in every currency, trimmed identifiers; a currency that is not known goes to a person', async () => {
	await addPartners();
	await call('/customers', { key: 'c_1', partner: { key: 'annlee' } });
	for (const key of ['in_1', 'in_2', 'in_3'])
		await call('/transactions', { key, amount: 100, customer: { key: 'c_1' } });
	const example = await load('refund-from-billing.json', { credentials: [headerAuth, smtp] });
	await example.activate();
	const refund = async (object: object) => {
		expect(
			(
				await post(
					'/webhook/partnero-payment-refunded',
					{ type: 'charge.refunded', data: { object: { id: 'ch_1', ...object } } },
					header,
				)
			).status,
		).toBe(200);
	};
	await refund({ invoice: ' in_1 ', amount: 100, amount_refunded: 100, currency: 'JPY' });
	await refund({
		invoice: { id: 'in_2' },
		amount: 100_000,
		amount_refunded: 100_000,
		currency: 'kwd',
	});
	expect(Object.keys(sales().byKey)).toEqual(['in_3']);
	expect(mailbox.mails).toEqual([]);
	await refund({ invoice: 'in_3', amount: 123_450, amount_refunded: 50, currency: 'jpy' });
	await refund({ invoice: 'in_3', amount: 123_450, amount_refunded: 1500, currency: 'KWD' });
	await refund({ invoice: 'in_3', amount: 123_450, amount_refunded: 123_450, currency: 'xyz' });
	expect(sales().byKey.in_3).toMatchObject({ count: 1 });
	expect(mailbox.mails.map(({ text }) => text)).toEqual([
		expect.stringContaining('50 of 123450 JPY of the sale in_3'),
		expect.stringContaining('1.5 of 123.45 KWD of the sale in_3'),
		expect.stringContaining(
			'123450 of 123450 XYZ (in the smallest unit, since the workflow does not know this currency) of the sale in_3',
		),
	]);
});

test('refund from billing: the whole sale goes, once; a part of it goes to a person', async () => {
	await addPartners();
	await call('/customers', { key: 'c_1', partner: { key: 'annlee' } });
	for (const key of ['in_1001', 'in_1', 'in_2'])
		await call('/transactions', { key, amount: 129.9, customer: { key: 'c_1' } });
	const example = await load('refund-from-billing.json', { credentials: [headerAuth, smtp] });
	const done = 'Take the sale and its commission back';
	for (const refunded of [true, false])
		expect((await tryNow(example)).output(done)).toEqual([{ refunded, key: 'in_1001' }]);
	await example.activate();
	const refund = async (invoice: string | null, amount_refunded: number, headers = header) => {
		const body = {
			type: 'charge.refunded',
			data: { object: { id: 'ch_1', invoice, amount: 12990, amount_refunded, currency: 'usd' } },
		};
		return (await post('/webhook/partnero-payment-refunded', body, headers)).status;
	};

	expect(await refund('in_1', 12990, {})).toBe(403);
	expect(await refund('in_1', 12990)).toBe(200);
	expect(await refund('in_1', 12990)).toBe(200);
	expect(await refund('never recorded', 12990)).toBe(200);
	expect(Object.keys(sales().byKey)).toEqual(['in_2']);
	expect(mailbox.mails).toEqual([]);

	expect(await refund('in_2', 3000)).toBe(200);
	expect(await refund(null, 12990)).toBe(200);
	// A provider that calls its amounts otherwise.
	expect(
		(
			await post(
				'/webhook/partnero-payment-refunded',
				{ type: 'charge.refunded', data: { object: { invoice: 'in_2' } } },
				header,
			)
		).status,
	).toBe(200);
	expect(sales().byKey.in_2).toMatchObject({ count: 1, amount: 129.9 });
	const to = [{ address: 'partners@example.com' }];
	expect(mailbox.mails).toMatchObject([
		{
			to,
			subject: 'A refund to look at: in_2',
			text: expect.stringContaining('30 of 129.9 USD of the sale in_2 were refunded'),
		},
		{
			to,
			subject: 'A refund to look at: of an unknown sale',
			text: expect.stringContaining('that the event (ch_1) does not name'),
		},
		{ to, subject: 'A refund to look at: in_2' },
	]);
});

test('import past sales: from the sample and from an uploaded sheet, once', async () => {
	await addPartners();
	const account = { user: 'shop', password: 'of the form' };
	const basicAuth = await stage.n8n.client.createCredential(
		'Basic Auth account',
		'httpBasicAuth',
		account,
	);
	const example = await load('import-past-sales.json', { credentials: [basicAuth] });
	for (const result of [
		{ recordedNow: 3, recordedBefore: 0 },
		{ recordedNow: 0, recordedBefore: 3 },
	]) {
		const run = await tryNow(example);
		expect(run.output('Result')).toEqual([result]);
		expect(run.output('Incomplete row')).toMatchObject([{ order: 'A-1004' }]);
	}
	await example.activate();
	const upload = async (rows: string[], login: string) => {
		const form = new FormData();
		form.append(
			'field-0',
			new Blob([['order,customer,email,partner,amount,currency,date', ...rows].join('\n')], {
				type: 'text/csv',
			}),
			'sales.csv',
		);
		const { status } = await post('/form/partnero-import-sales', form, {
			authorization: `Basic ${btoa(login)}`,
		});
		return status;
	};
	const rows = [
		'A-1001,user_4001,,annlee,129.90,USD,2026-01-15',
		'B-1,user_5,,benbrews,80,USD,2026-03-01',
		'B-2,user_6,,gone,10,USD,2026-03-02',
	];
	expect(await upload(rows, 'shop:guessed')).not.toBe(200);
	expect(await upload(rows, 'shop:of the form')).toBe(200);
	const [run] = await example.runs(3, 1);
	expect(run.error).toBeUndefined();
	expect(run.output('Result')).toEqual([{ recordedNow: 1, recordedBefore: 1 }]);
	expect(run.output('Not recorded')).toEqual([
		{ order: 'B-2', reason: expect.stringContaining('partner') },
	]);

	expect(sales()).toMatchObject({
		total: 4,
		twice: [],
		byKey: { 'A-1003': { amount: 18.5, customers: ['user_4002'], earners: ['p_ben'] } },
	});
	const dates = [...stage.sandbox.program('affiliate').transactions].map(({ key, created_at }) => [
		key,
		created_at.slice(0, 10),
	]);
	expect(dates).toContainEqual(['A-1002', '2026-02-15']);
});

test('CRM contacts to partners and back: what is new since the last run that went well', async () => {
	const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
	for (const [name, days] of [
		['old', 8],
		['young', 2],
	] as const) {
		stage.sandbox.program('affiliate').partners.add({
			id: `p_${name}`,
			key: name,
			email: `${name}@example.com`,
			created_at: daysAgo(days),
		});
	}
	crm.contacts = [
		{ email: 'cleo@crm.example', firstName: 'Cleo', lastName: 'Diaz' },
		{ firstName: 'No Email' },
	];
	const emails = () => crm.sent.splice(0).map(({ email }) => email);

	const asItIs = await load('crm-contacts-and-partners.json');
	await asItIs.activate();
	await asItIs.deactivate();

	// The same, but the clock can be told to strike.
	const example = await load('crm-contacts-and-partners.json', {
		nodes: (nodes) => {
			crm.fillIn(nodes);
			const clock = nodes.find(({ name }) => name === 'Every hour')!;
			const parameters = {
				httpMethod: 'POST',
				path: 'strike',
				responseMode: 'lastNode',
				responseData: 'noData',
			};
			Object.assign(clock, {
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				webhookId: crypto.randomUUID(),
				parameters,
			});
		},
	});
	await example.activate();
	let runs = 0;
	const strike = async () => {
		const { status } = await post('/webhook/strike', {});
		await example.runs((runs += 1), 1);
		return status;
	};
	// What does not work out is done again.
	crm.isDown = true;
	expect(await strike()).toBe(500);
	crm.isDown = false;
	stage.sandbox.faults.add({ kind: 'status', status: 403, match: { method: 'PUT' }, times: 1 });
	expect(await strike()).toBe(500);
	expect(await strike()).toBe(200);
	expect(crm.sent).toEqual([
		{
			email: 'cleo@crm.example',
			firstName: 'Cleo',
			lastName: 'Diaz',
			partnerId: expect.any(String),
			referralLink: expect.stringContaining('aff='),
		},
		{
			email: 'young@example.com',
			partnerId: 'p_young',
			referralLink: expect.stringContaining('aff=young'),
		},
	]);
	expect(emails()).toHaveLength(2);
	await call('/partners', { email: 'new@example.com' });
	await call('/partners', { email: 'refused@example.com' });
	crm.refused = 'refused@example.com';
	crm.contacts = [
		{ email: 'not an address' },
		{ email: 'cleo@crm.example', firstName: 'Cleopatra' },
	];
	expect(await strike()).toBe(200);
	const [last] = await example.runs(runs, 1);
	expect(last.output('Refused contact')).toEqual([
		{ email: 'not an address', reason: expect.stringContaining('was refused') },
	]);
	expect(last.output('Refused partner')).toEqual([
		{ email: 'refused@example.com', reason: expect.stringContaining('422') },
	]);
	// Who came in the last five minutes may come again, whom the CRM finds by the email.
	expect(emails()).toEqual(['new@example.com', 'cleo@crm.example']);
	const ages = crm.asked.map((url) =>
		Math.round((Date.now() - Date.parse(url.searchParams.get('changedSince')!)) / 60_000),
	);
	expect(ages.map((minutes) => (minutes < 60 ? 'minutes' : minutes / 1440))).toEqual([
		7,
		7,
		7,
		'minutes',
	]);
	// One more of the second in which the newest was made, which the list shows only now.
	const { partners: all } = stage.sandbox.program('affiliate');
	const newest = [...all]
		.map(({ created_at: at }) => at)
		.sort()
		.at(-1)!;
	all.add({
		id: 'p_same',
		key: 'same',
		email: 'same@example.com',
		created_at: newest.replace(/\.\d+Z$/, '.000000Z'),
	});
	expect(await strike()).toBe(200);
	expect(emails()).toContain('same@example.com');
	const names = stage.sandbox
		.ledger()
		.partners.map(({ email, name, surname }) => [email, name, surname]);
	expect(names).toContainEqual(['cleo@crm.example', 'Cleopatra', 'Diaz']);
	expect(names).toHaveLength(6);
});

test('CRM contacts to partners and back: Try it now makes partners of sample contacts, and asks no CRM', async () => {
	await tryNow(await load('crm-contacts-and-partners.json'));
	const made = stage.sandbox
		.ledger()
		.partners.map(({ email, name, surname }) => [email, name, surname]);
	expect(made.sort()).toEqual([
		['kim.contact@crm.example', 'Kim', 'Contact'],
		['sam.contact@crm.example', 'Sam', 'Contact'],
	]);
});
