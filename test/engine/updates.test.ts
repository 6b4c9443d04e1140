import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { ProgramName } from '../../sandbox/programs';
import type { ProgramState } from '../../sandbox/state';
import fc from '../support/fastCheck';

import { closeAll, json, serve } from './support/bareServer';
import { locator, useSandbox } from './support/partnero';

/*
 * Updates are believed only if they show (`recording-rules.md` 13): on a server that does not heed an update no
 * operation reports success, and on one that does nothing more is sent than the update.
 */
const partnero = useSandbox();

/** One update of a record: its fields as a user fills them, and what the ledger has to show after it. */
interface Update {
	program: ProgramName;
	operation: [resource: string, operation: string];
	parameters(name: string): INodeParameters;
	/** What the record is called in the ledger. */
	nameOf(state: ProgramState): unknown;
	/** How many requests it takes where the server heeds it. */
	requests: number;
	/** Whether it has another form to send. */
	hasOtherForm: boolean;
	/** What the user calls the field. */
	label: string;
}

const updates: { [name: string]: Update } = {
	'customer update': {
		program: 'affiliate',
		operation: ['customer', 'update'],
		parameters: (name) => ({ customer: locator('key', 'u_1'), updateFields: { name } }),
		nameOf: ({ customers }) => customers.find('key', 'u_1')?.name,
		...{ requests: 1, hasOtherForm: true, label: 'First Name' },
	},
	'customer upsert': {
		program: 'affiliate',
		operation: ['customer', 'upsert'],
		parameters: (name) => ({
			key: 'u_1',
			attributeTo: 'partner',
			partner: locator('key', 'annlee'),
			additionalFields: { name },
		}),
		nameOf: ({ customers }) => customers.find('key', 'u_1')?.name,
		...{ requests: 2, hasOtherForm: true, label: 'First Name' },
	},
	'customer update, refer-a-friend': {
		program: 'referAFriend',
		operation: ['customer', 'update'],
		parameters: (name) => ({ customer: locator('id', 'u_1'), updateFields: { name } }),
		nameOf: ({ customers }) => customers.find('id', 'u_1')?.name,
		...{ requests: 1, hasOtherForm: true, label: 'First Name' },
	},
	'partner update': {
		program: 'affiliate',
		operation: ['partner', 'update'],
		parameters: (name) => ({ partner: locator('id', 'p_1'), updateFields: { name } }),
		nameOf: ({ partners }) => partners.find('id', 'p_1')?.name,
		...{ requests: 1, hasOtherForm: true, label: 'First Name' },
	},
	'partner upsert': {
		program: 'affiliate',
		operation: ['partner', 'upsert'],
		parameters: (name) => ({ email: 'ann@example.com', additionalFields: { name } }),
		nameOf: ({ partners }) => partners.find('id', 'p_1')?.name,
		...{ requests: 2, hasOtherForm: true, label: 'First Name' },
	},
	'subscriber update': {
		program: 'newsletter',
		operation: ['subscriber', 'update'],
		parameters: (name) => ({
			subscriber: locator('email', 'rea@example.com'),
			updateFields: { name },
		}),
		nameOf: ({ subscribers }) => subscribers.find('email', 'rea@example.com')?.name,
		...{ requests: 1, hasOtherForm: true, label: 'Name' },
	},
	'subscriber upsert': {
		program: 'newsletter',
		operation: ['subscriber', 'upsert'],
		parameters: (name) => ({ email: 'rea@example.com', additionalFields: { name } }),
		nameOf: ({ subscribers }) => subscribers.find('email', 'rea@example.com')?.name,
		...{ requests: 2, hasOtherForm: true, label: 'Name' },
	},
	'coupon update': {
		program: 'affiliate',
		operation: ['coupon', 'update'],
		parameters: (name) => ({ coupon: locator('uuidCode', 'WINTER'), updateFields: { name } }),
		nameOf: ({ coupons }) => coupons.find('uuid_code', 'WINTER')?.name,
		...{ requests: 1, hasOtherForm: false, label: 'Coupon Name' },
	},
	'promotion code update': {
		program: 'affiliate',
		operation: ['promotionCode', 'update'],
		parameters: (name) => ({
			promotionCode: locator('code', 'HELLO'),
			updateFields: { metadata: { pairs: [{ name: 'campaign', value: name }] } },
		}),
		nameOf: ({ promotionCodes }) => promotionCodes.find('code', 'HELLO')?.metadata.campaign,
		...{ requests: 1, hasOtherForm: false, label: 'Metadata' },
	},
	'referral link update': {
		program: 'affiliate',
		operation: ['referralLink', 'update'],
		parameters: (name) => ({ owner: 'partner', referralLink: locator('key', 'Before'), key: name }),
		nameOf: ({ partners }) => partners.find('id', 'p_1')?.moreKeys[0],
		...{ requests: 1, hasOtherForm: false, label: 'New Key' },
	},
	'webhook update': {
		program: 'affiliate',
		operation: ['webhook', 'update'],
		parameters: (name) => ({ webhook: locator('key', 'wh_1'), updateFields: { name } }),
		nameOf: ({ webhooks }) => webhooks.find('key', 'wh_1')?.name,
		...{ requests: 1, hasOtherForm: false, label: 'Webhook Name' },
	},
};

function arrange(program: ProgramName): ProgramState {
	const state = partnero.sandbox.program(program);
	const { partners, customers, subscribers, coupons, promotionCodes, webhooks } = state;
	if (program === 'newsletter') {
		subscribers.add({ email: 'rea@example.com', id: 'rea@example.com', name: 'Before' });
	} else if (program === 'referAFriend') {
		customers.add({ id: 'u_1', key: 'u_1', name: 'Before' });
	} else {
		partners.add({
			id: 'p_1',
			key: 'annlee',
			email: 'ann@example.com',
			name: 'Before',
			moreKeys: ['Before'],
		});
		customers.add({ key: 'u_1', name: 'Before', partner: 'p_1' });
		coupons.add({ uuid_code: 'WINTER', name: 'Before' });
		promotionCodes.add({ code: 'HELLO', coupon: 'WINTER', metadata: { campaign: 'Before' } });
		webhooks.add({
			key: 'wh_1',
			name: 'Before',
			url: 'https://crm.example.com',
			events: ['partner.created'],
		});
	}
	return state;
}

async function run(
	{ program, operation: [resource, operation], parameters }: Update,
	name = 'After',
) {
	const { error } = await partnero.operate(resource, operation, parameters(name), {
		credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] },
	});
	return { error };
}

const table = Object.entries(updates);

describe('an update', () => {
	it.each(table)('%s: takes not one request more where it is heeded', async (_name, one) => {
		const state = arrange(one.program);
		const { error } = await run(one);
		expect(error?.message).toBeUndefined();
		expect(one.nameOf(state)).toBe('After');
		expect(partnero.sandbox.requests).toHaveLength(one.requests);
	});

	it.each(table.filter(([, { hasOtherForm }]) => hasOtherForm))(
		'%s: is sent without the wrapper where that is ignored',
		async (_name, one) => {
			const state = arrange(one.program);
			partnero.sandbox.quirks.updatesIgnored = 'wrapped';
			const { error } = await run(one);
			expect(error?.message).toBeUndefined();
			expect(one.nameOf(state)).toBe('After');
			// The record is read before, since the first form may only be late to show.
			expect(partnero.sandbox.requests).toHaveLength(one.requests + 2);
		},
	);

	it.each(table)('%s: is an error where no form is heeded', async (_name, one) => {
		const state = arrange(one.program);
		partnero.sandbox.quirks.updatesIgnored = 'all';
		const { error } = await run(one);
		expect(error?.message).toMatch(
			new RegExp(`was accepted by Partnero, but '(?:\\w+ Fields > )?${one.label}' shows 'Before'`),
		);
		expect(error?.description).toMatch(
			new RegExp(`The node sent 'After' for '(?:\\w+ Fields > )?${one.label}'`),
		);
		expect(one.nameOf(state)).toBe('Before');
		expect(partnero.sandbox.requests.filter(({ method }) => method === 'PUT')).toHaveLength(
			one.hasOtherForm ? 2 : 1,
		);
	});

	it('reports success for any text only if the ledger has it', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...Object.values(updates)),
				fc
					.string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
					.filter((text) => text.trim() !== '' && !text.startsWith('=')),
				fc.constantFrom(null, 'wrapped' as const, 'unwrapped' as const, 'all' as const),
				async (one, name, updatesIgnored) => {
					partnero.sandbox.reset('empty');
					const state = arrange(one.program);
					partnero.sandbox.quirks.updatesIgnored = updatesIgnored;
					const { error } = await run(one, name);
					// The form trims some texts.
					const isHeeded = String(one.nameOf(state)).trim() === name.trim();
					expect({ succeeds: error === undefined, isHeeded }).toEqual({
						succeeds: isHeeded,
						isHeeded,
					});
				},
			),
			{ numRuns: 60, seed: 18 },
		);
	});
});

describe('one field alone takes not one request more where it is heeded', () => {
	const pairs = { pairs: [{ name: 'Campaign Name', value: ' Spring ' }] };
	const of = (
		program: ProgramName,
		resource: string,
		record: INodeParameters,
		fields: INodeParameters,
	) =>
		Object.entries(fields).map(
			([name, value]) => [program, resource, record, { [name]: value }] as const,
		);

	it.each([
		...of(
			'affiliate',
			'partner',
			{ partner: locator('id', 'p_1') },
			{
				email: 'New@Example.com',
				name: ' Ann ',
				surname: "O'Neill & <b>",
				password: 'Secret123',
				key: 'New-Key',
				tags: 'VIP, b',
			},
		),
		...of(
			'affiliate',
			'customer',
			{ customer: locator('key', 'u_1') },
			{ email: 'New@Example.com', surname: 'X', key: 'U_9', tags: '={{ [] }}' },
		),
		...of(
			'referAFriend',
			'customer',
			{ customer: locator('id', 'u_1') },
			{ email: 'New@Example.com', key: 'U_9' },
		),
		...of(
			'newsletter',
			'subscriber',
			{ subscriber: locator('email', 'rea@example.com') },
			{
				email: 'New@Example.com',
				id: 's_9',
				name: 'X',
				tos: false,
				marketingConsent: true,
				approved: false,
				status: 'suspended',
			},
		),
		...of(
			'affiliate',
			'coupon',
			{ coupon: locator('uuidCode', 'WINTER') },
			{ name: 'X', metadata: pairs },
		),
		...of(
			'affiliate',
			'promotionCode',
			{ promotionCode: locator('code', 'HELLO') },
			{ limitTo: 'nobody', metadata: pairs },
		),
		...of(
			'affiliate',
			'webhook',
			{ webhook: locator('key', 'wh_1') },
			{
				name: 'X',
				url: 'https://crm.example.com/New/',
				isActive: false,
				events: ['partner.updated'],
			},
		),
	])('%s: %s %j %j', async (program, resource, record, updateFields) => {
		arrange(program);
		const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] };
		const { error } = await partnero.operate(
			resource,
			'update',
			{ ...record, updateFields },
			{ credentials },
		);
		expect(error?.message).toBeUndefined();
		expect(partnero.wire().map(({ method }) => method)).toEqual(['PUT']);
	});
});

/** A record behind a server of the test's own. */
interface Shelf {
	record: IDataObject;
	/** What becomes of the fields of a PUT; they are taken as they are if not given. */
	writes?: (sent: IDataObject, record: IDataObject) => IDataObject;
	/** What a PUT is answered with; the record under `data` if not given. */
	answers?: (record: IDataObject, before: IDataObject) => unknown;
	/** How many reads after a PUT show the record as it was. */
	lag?: number;
	/** Whether only the form without the wrapper is heeded. */
	wantsBare?: boolean;
}

async function shelf({
	record,
	writes = (sent) => sent,
	answers = (now) => ({ data: now, status: 1 }),
	lag = 0,
	wantsBare = false,
}: Shelf) {
	let now = record;
	let shown = record;
	let late = 0;
	const server = await serve(({ method, path, body }, response) => {
		const input = body ? (JSON.parse(body) as IDataObject) : {};
		if (method === 'GET') {
			if (late-- <= 0) shown = now;
			return json(response, 200, {
				data: path.includes(':search') ? [record] : shown,
				links: { next: null },
				status: 1,
			});
		}
		const isHeeded = !wantsBare || input.update === undefined;
		const before = now;
		if (isHeeded) now = { ...now, ...writes((input.update ?? input) as IDataObject, now) };
		late = lag;
		if (lag === 0) shown = now;
		const answer = answers(lag > 0 ? before : now, before);
		if (answer === undefined) response.writeHead(204).end();
		else json(response, 200, answer);
	});
	const credentials = { apiKey: `shelf-${server.url}`, baseUrl: server.url };
	return {
		credentials,
		sent: () => server.arrivals.map(({ method }) => method),
		update: async (resource: string, parameters: INodeParameters, operation = 'update') =>
			await partnero.operate(resource, operation, parameters, { credentials }),
	};
}

afterEach(closeAll);

const ann = {
	id: 'p_1',
	email: 'ann@example.com',
	name: 'Before',
	surname: 'Lee',
	tags: [{ value: 'old' }],
	approved: true,
	status: 'active',
	metadata: { born: 'before' },
};
const partner = locator('id', 'p_1');

describe('what the API writes in its own way', () => {
	const one = (fields: INodeParameters, shown: IDataObject) => [fields, shown] as const;

	it.each([
		one({ name: 'ANN LEE' }, { name: 'Ann Lee' }),
		one({ name: "O'Neill & Sons" }, { name: 'O&#039;Neill &amp; Sons' }),
		one({ name: "O'Neill & Sons" }, { name: 'O&#x27;Neill &amp;amp; Sons' }),
		one({ name: 'Zoë' }, { name: 'Zo&euml;' }),
		one({ name: 'Ann   Marie' }, { name: 'Ann Marie' }),
		one({ name: 'Zoe\u0308' }, { name: 'Zo\u00eb' }),
		one({ name: 'Ａｎｎ' }, { name: 'Ann' }),
		one({ name: '<b>Ann</b>' }, { name: 'Ann' }),
		one({ name: 'Ann 🎉' }, { name: 'Ann ????' }),
		one({ tags: 'VIP Gold, Crème' }, { tags: [{ value: 'vip-gold' }, { value: 'creme' }] }),
		one({ tags: 'VIP' }, { tags: ['vip', 'old'] }),
		one({ tags: 'a,b' }, { tags: 'a, b' }),
		one({ tags: 'a' }, { tags: [{ id: 7, name: 'A' }] }),
		one({ email: 'Ann.Lee@gmail.com' }, { email: 'annlee@gmail.com' }),
		one({ email: 'ANN@example.com' }, { email: 'ann@example.com' }),
	])('is no contradiction: a partner, %j shown as %j', async (fields, shown) => {
		const { update, sent } = await shelf({ record: ann, writes: () => shown });
		const { error, json: items } = await update('partner', { partner, updateFields: fields });
		expect(error?.message).toBeUndefined();
		expect(items).toEqual([expect.objectContaining(shown)]);
		expect(sent().filter((method) => method === 'PUT').length).toBeLessThanOrEqual(2);
	});

	const pairs = (name: string, value: string) => ({ metadata: { pairs: [{ name, value }] } });

	it.each([
		[pairs('Campaign Name', 'Spring'), { campaign_name: 'Spring' }],
		[pairs('campaign', 'Spring'), [{ key: 'campaign', value: 'Spring' }]],
		[pairs('campaign', 'Spring'), [{ name: 'Campaign', value: 'spring' }]],
		[pairs('campaign', 'Spring'), '{"campaign":"Spring"}'],
		[pairs('campaign', 'Spring'), ['campaign', 'Spring']],
		[pairs('count', '10'), { count: 10 }],
		[pairs('count', '10'), { count: '10.00' }],
		[pairs('is_vip', 'true'), { is_vip: 1 }],
		[pairs('is_vip', 'false'), { is_vip: '0' }],
		[pairs('born', '1990-01-31'), { born: '1990-01-31 00:00:00' }],
		[pairs('born', '1990-01-31'), { born: '1990-01-30T23:00:00.000000Z' }],
		[pairs('born', '1990-01-31'), { born: '31.01.1990' }],
		[pairs('since', '2026-03-01T22:30:00.000Z'), { since: '2026-03-01 23:30:00' }],
		[pairs('since', '2026-03-01T22:30:00.000Z'), { since: '2026-03-01T23:30:00+01:00' }],
		[pairs('since', '2026-03-01T22:30:00.000Z'), { since: 1772404200 }],
		[pairs('phone', '030 123 456-7'), { phone: '+49301234567' }],
		[pairs('page', 'https://Shop.example.com'), { page: 'http://shop.example.com/' }],
	])('is no contradiction: %j shown as %j', async (fields, shown) => {
		const { update } = await shelf({
			record: { uuid_code: 'W', metadata: {} },
			writes: () => ({ metadata: shown }),
		});
		expect(
			(await update('coupon', { coupon: locator('uuidCode', 'W'), updateFields: fields })).error
				?.message,
		).toBeUndefined();
	});

	it.each([
		[pairs('campaign', 'Spring'), { campaign: 'Autumn' }],
		[pairs('campaign', 'Spring'), []],
		[pairs('campaign', 'Spring'), [{ key: 'other', value: 'Spring' }]],
		[pairs('count', '10'), { count: 11 }],
		[pairs('is_vip', 'true'), { is_vip: 0 }],
		[pairs('born', '1990-01-31'), { born: '1990-02-01' }],
		[pairs('since', '2026-03-01T22:30:00.000Z'), { since: '2026-03-01T22:30:00+01:00' }],
		[pairs('phone', '030 123 456-7'), { phone: '+49301234568' }],
		[pairs('page', 'https://shop.example.com/a'), { page: 'https://shop.example.com/b' }],
	])('is told from another value: %j shown as %j', async (fields, shown) => {
		const { update } = await shelf({
			record: { uuid_code: 'W', metadata: {} },
			writes: () => ({ metadata: shown }),
		});
		expect(
			(await update('coupon', { coupon: locator('uuidCode', 'W'), updateFields: fields })).error
				?.message,
		).toContain("was accepted by Partnero, but 'Update Fields > Metadata' shows");
	});

	it('is asked for in the other form once per run, since it might not have been heeded', async () => {
		const { update, sent, credentials } = await shelf({
			record: ann,
			writes: ({ name }) => ({ name: String(name).toLowerCase() }),
		});
		const parameters = {
			partner,
			updateFields: { name: '={{ $json.name }}' },
			settings: { requestsAtOnce: 1 },
		};
		const { error } = await partnero.operate('partner', 'update', parameters, {
			credentials,
			items: [{ name: 'Ann' }, { name: 'Ben' }, { name: 'Cy' }],
		});
		expect(error?.message).toBeUndefined();
		expect(sent()).toEqual(['PUT', 'GET', 'PUT', 'PUT', 'PUT']);
		expect((await update('partner', { partner, updateFields: { name: 'dan' } })).json).toEqual([
			expect.objectContaining({ name: 'dan' }),
		]);
	});

	it('is the new case of a name where only the form without the wrapper is heeded', async () => {
		const { update, sent } = await shelf({ record: { ...ann, name: 'ann' }, wantsBare: true });
		expect((await update('partner', { partner, updateFields: { name: 'Ann' } })).json).toEqual([
			expect.objectContaining({ name: 'Ann' }),
		]);
		expect(sent()).toEqual(['PUT', 'GET', 'PUT']);
	});

	it('is whatever an upsert finds changed; only what is as it was before was not heeded', async () => {
		const upsert = async (name: string) => {
			const { update } = await shelf({ record: ann, writes: () => ({ name }) });
			return await update(
				'partner',
				{ email: 'ann@example.com', additionalFields: { name: 'Ann' } },
				'upsert',
			);
		};
		expect((await upsert('Dr. A. Lee')).json).toEqual([
			expect.objectContaining({ name: 'Dr. A. Lee', created: false }),
		]);
		expect((await upsert('Before')).error?.message).toContain(
			"was accepted by Partnero, but 'Additional Fields > First Name' shows 'Before'",
		);
	});
});

describe('an answer to an update', () => {
	const changed = [expect.objectContaining({ name: 'After', surname: 'Lee' })];
	const rename = { partner, updateFields: { name: 'After' } };

	it.each<[string, (record: IDataObject) => unknown, string[]]>([
		['in a list', (record) => ({ data: [record], status: 1 }), ['PUT']],
		['under a name', (record) => ({ data: { partner: record }, status: 1 }), ['PUT']],
		['of 204', () => undefined, ['PUT', 'GET']],
		['of a status', () => ({ status: 1 }), ['PUT', 'GET']],
		['in part', ({ id }) => ({ data: { id, updated_at: 'now' }, status: 1 }), ['PUT', 'GET']],
	])('%s is compared like any other', async (_how, answers, requests) => {
		const heeding = await shelf({ record: ann, answers });
		expect((await heeding.update('partner', rename)).json).toEqual(changed);
		expect(heeding.sent()).toEqual(requests);

		const ignoring = await shelf({ record: ann, answers, writes: () => ({}) });
		expect((await ignoring.update('partner', rename)).error?.message).toContain(
			"was accepted by Partnero, but 'Update Fields > First Name' shows 'Before'",
		);
	});

	it('that never shows a field is read back once in a run', async () => {
		const { credentials, sent } = await shelf({
			record: { id: 'p_1', email: 'ann@example.com' },
			writes: () => ({}),
		});
		const { error } = await partnero.operate(
			'partner',
			'update',
			{ ...rename, settings: { requestsAtOnce: 1 } },
			{ credentials, items: [{}, {}, {}] },
		);
		expect(error?.message).toBeUndefined();
		expect(sent()).toEqual(['PUT', 'GET', 'PUT', 'PUT']);
	});

	it.each([
		['partner', rename, { ...ann }],
		[
			'webhook',
			{ webhook: locator('key', 'w'), updateFields: { name: 'After' } },
			{ key: 'w', name: 'Before', surname: 'Lee' },
		],
		[
			'coupon',
			{ coupon: locator('uuidCode', 'W'), updateFields: { name: 'After' } },
			{ uuid_code: 'W', name: 'Before', surname: 'Lee' },
		],
		[
			'subscriber',
			{ subscriber: locator('email', 's@example.com'), updateFields: { name: 'After' } },
			{ id: 's', email: 's@example.com', name: 'Before', surname: 'Lee' },
		],
	])(
		'that has the record as it was is read again before anything else is sent: %s',
		async (resource, parameters, record) => {
			const { update, sent } = await shelf({
				record,
				answers: (_record, before) => ({ data: before, status: 1 }),
			});
			expect((await update(resource, parameters as INodeParameters)).json).toEqual(changed);
			expect(sent()).toEqual(['PUT', 'GET']);
		},
	);

	it.each([1, 2])('that comes late is waited for (%d reads)', async (lag) => {
		const { update, sent } = await shelf({
			record: { uuid_code: 'W', name: 'Before', surname: 'Lee' },
			lag,
		});
		expect(
			(
				await update('coupon', {
					coupon: locator('uuidCode', 'W'),
					updateFields: { name: 'After' },
				})
			).json,
		).toEqual(changed);
		expect(sent()).toEqual(['PUT', ...Array.from({ length: lag + 1 }, () => 'GET')]);
	});

	it('to a use of a coupon shows whether it was counted', async () => {
		const coupon = { uuid_code: 'W', times_redeemed: 0 };
		for (const answers of [
			() => undefined,
			() => ({ status: 1 }),
			(record: IDataObject) => ({ data: [record], status: 1 }),
		]) {
			const counting = await shelf({
				record: coupon,
				answers,
				writes: () => ({ times_redeemed: 1 }),
			});
			expect(
				(await counting.update('coupon', { coupon: locator('uuidCode', 'W') }, 'redeem')).json,
			).toEqual([expect.objectContaining({ times_redeemed: 1 })]);
			const ignoring = await shelf({ record: coupon, answers, writes: () => ({}) });
			expect(
				(await ignoring.update('coupon', { coupon: locator('uuidCode', 'W') }, 'redeem')).error
					?.message,
			).toContain('was accepted by Partnero, but');
		}
	});
});
