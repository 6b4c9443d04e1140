import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/Partnero/resources';
import type { ProgramName } from '../../sandbox/programs';
import type { ProgramState } from '../../sandbox/state';

import { closeAll, json, serve } from './support/bareServer';
import { fieldsOf, pathOf } from './support/forms';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
const day = 24 * 60 * 60 * 1000;
const longAgo = new Date(Date.now() - 90 * day).toISOString();
const lately = new Date(Date.now() - 30 * day).toISOString();
const longBefore = new Date(Date.now() - 60 * day).toISOString();

/** Sixty records, of which every fourth is wanted. */
const indexes = Array.from({ length: 60 }, (_, index) => index);
const isWanted = (index: number) => index % 4 === 1;
const wanted = indexes.filter(isWanted);
/** What a list puts first: of ten records on a page few are wanted. */
const limit = 10;

interface Case {
	/** What is filled in. */
	value: unknown;
	program?: ProgramName;
	/** Makes the records of the list. */
	arrange(state: ProgramState): void;
	/** What the list calls the wanted ones. */
	name: string;
	names: string[];
	/** The query parameters by which the API filters; none where only the node does. */
	ignored?: string[];
	/** What goes out on a server that heeds its filters. */
	sent: string[];
	/** How often a hint may say that records do not show the filter. */
	isUnseen?: true;
}

const named = (name: (index: number) => string) => wanted.map(name);

/** Ann and Ben, and a customer of each. */
function people({ partners, customers }: ProgramState): void {
	partners.add({ id: 'p_1', key: 'annlee', moreKeys: ['ann-yt'], email: 'ann@example.com' });
	partners.add({ id: 'p_2', key: 'ben', email: 'ben@example.com' });
	customers.add({ id: 'i_1', key: 'u_1', email: 'una@example.com', partner: 'p_1' });
	customers.add({ id: 'i_2', key: 'u_2', email: 'uri@example.com', partner: 'p_2' });
}

const ofAnn = (index: number) => (isWanted(index) ? 'p_1' : 'p_2');
const dated = (index: number) => ({ created_at: isWanted(index) ? undefined : longAgo });
/** The other way round: the wanted ones are the old ones. */
const older = (index: number) => ({ created_at: isWanted(index) ? longAgo : undefined });
const partners = (more: (index: number) => object) => (state: ProgramState) => {
	for (const index of indexes)
		state.partners.add({ id: `p_${index}`, email: `${index}@example.com`, ...more(index) });
};
const customers = (more: (index: number) => object) => (state: ProgramState) => {
	people(state);
	state.customers.clear();
	for (const index of indexes)
		state.customers.add({
			id: `c_${index}`,
			key: `c_${index}`,
			email: `${index}@example.com`,
			...more(index),
		});
};
const sales = (more: (index: number) => object) => (state: ProgramState) => {
	people(state);
	for (const index of indexes)
		state.transactions.add({
			key: `s_${index}`,
			amount: index,
			customer: isWanted(index) ? 'u_1' : 'u_2',
			...more(index),
		});
};
const payouts = (more: (index: number) => object) => (state: ProgramState) => {
	people(state);
	for (const index of indexes)
		state.payoutRequests.add({ id: String(index), partner: ofAnn(index), ...more(index) });
};
const leads = (more: (index: number) => object) => (state: ProgramState) => {
	for (const index of indexes) state.leads.add({ id: String(index), ...more(index) });
};
const subscribers = (more: (index: number) => object) => (state: ProgramState) => {
	state.subscribers.add({ email: 'first@example.com', code: 'first', created_at: longAgo });
	for (const index of indexes)
		state.subscribers.add({ email: `${index}@example.com`, ...more(index) });
};

const mail = (index: number) => ({
	email: `${index}@${isWanted(index) ? 'Blog' : 'shop'}.example`,
});
const ids = named((index) => `p_${index}`);
const keys = named((index) => `c_${index}`);
const saleKeys = named((index) => `s_${index}`);
const numbers = named(String);
const partnerNames = { id: 'p_1', list: 'p_1', key: 'annlee', email: 'ann@example.com' };
const partnerQuery = ['partner_key', 'partner_email', 'partner_id'];

/**
 * Lists of a partner's records show the partner's ID. A key or an email that was given is compared with it, for which
 * the partner is read once; that is all that a list asks for more than before.
 */
function byPartner(
	arrange: Case['arrange'],
	name: string,
	names: string[],
	path: string,
	lookUps: { [mode: string]: [before: string[], after: string[]] },
): Case[] {
	return Object.entries(lookUps).map(([mode, [before, after]]) => ({
		value: locator(mode, partnerNames[mode as keyof typeof partnerNames]),
		arrange,
		name,
		names,
		ignored: partnerQuery,
		sent: [...before, path, ...after],
	}));
}

const known: [string[], string[]] = [['/partners/p_1'], []];
const lookedUp = {
	id: known,
	list: known,
	key: [[], ['/partner']],
	email: [[], ['/partners:search']],
} as { [mode: string]: [string[], string[]] };

/** Every filter of every list, and servers to try it on. */
const cases: Record<string, Case[]> = {
	'partner getAll filters.createdAfter': [
		{ value: lately, arrange: partners(dated), name: 'id', names: ids, sent: ['/partners'] },
	],
	'partner getAll filters.createdBefore': [
		{ value: longBefore, arrange: partners(older), name: 'id', names: ids, sent: ['/partners'] },
	],
	'partner getAll filters.email': [
		{
			value: 'BLOG',
			arrange: partners(mail),
			name: 'id',
			names: ids,
			ignored: ['email'],
			sent: ['/partners:search'],
		},
	],
	'partner getAll filters.id': [
		{
			value: 'w_',
			arrange: partners((index) => ({ id: isWanted(index) ? `w_${index}` : `o_${index}` })),
			name: 'id',
			names: named((index) => `w_${index}`),
			ignored: ['id'],
			sent: ['/partners:search'],
		},
	],
	'partner getAll filters.key': [
		{
			value: 'blog',
			arrange: partners((index) => ({ key: isWanted(index) ? `blog${index}` : `o${index}` })),
			name: 'id',
			names: ids,
			ignored: ['key'],
			sent: ['/partners:search'],
			isUnseen: true,
		},
	],
	'partner getAll filters.status': [
		{
			value: 'pending',
			arrange: partners((index) => ({ status: isWanted(index) ? 'pending' : 'active' })),
			name: 'id',
			names: ids,
			sent: ['/partners'],
		},
	],
	'customer getAll filters.createdAfter': [
		{ value: lately, arrange: customers(dated), name: 'key', names: keys, sent: ['/customers'] },
	],
	'customer getAll filters.createdBefore': [
		{
			value: longBefore,
			arrange: customers(older),
			name: 'key',
			names: keys,
			sent: ['/customers'],
		},
	],
	'customer getAll filters.email': [
		{
			value: 'blog',
			arrange: customers(mail),
			name: 'key',
			names: keys,
			ignored: ['email'],
			sent: ['/customers:search'],
		},
	],
	'customer getAll filters.id': [
		{
			value: 'w_',
			program: 'referAFriend',
			arrange: customers((index) => ({ id: isWanted(index) ? `w_${index}` : `o_${index}` })),
			name: 'id',
			names: named((index) => `w_${index}`),
			ignored: ['id'],
			sent: ['/customers:search'],
		},
	],
	'customer getAll filters.key': [
		{
			value: 'W_',
			arrange: customers((index) => ({ key: isWanted(index) ? `w_${index}` : `o_${index}` })),
			name: 'key',
			names: named((index) => `w_${index}`),
			ignored: ['key'],
			sent: ['/customers:search'],
		},
		{
			value: 'w_',
			program: 'referAFriend',
			arrange: customers((index) => ({ key: isWanted(index) ? `w_${index}` : `o_${index}` })),
			name: 'id',
			names: keys,
			ignored: ['key'],
			sent: ['/customers:search'],
			isUnseen: true,
		},
	],
	'customer getAll filters.partner': byPartner(
		customers((index) => ({ partner: ofAnn(index) })),
		'key',
		keys,
		'/customers',
		lookedUp,
	),
	'customer getAll filters.referStatus': [
		{
			value: 'referred',
			program: 'referAFriend',
			arrange: customers((index) => ({ referringCustomer: isWanted(index) ? 'c_0' : undefined })),
			name: 'id',
			names: keys,
			ignored: ['refer_status'],
			sent: ['/customers'],
			isUnseen: true,
		},
	],
	'lead getAll filters.createdAfter': [
		{ value: lately, arrange: leads(dated), name: 'id', names: numbers, sent: ['/leads'] },
	],
	'lead getAll filters.createdBefore': [
		{ value: longBefore, arrange: leads(older), name: 'id', names: numbers, sent: ['/leads'] },
	],
	'lead getAll filters.status': [
		{
			value: 'rejected',
			arrange: leads((index) => ({ status: isWanted(index) ? 'rejected' : 'submitted' })),
			name: 'id',
			names: numbers,
			sent: ['/leads'],
		},
	],
	'coupon getAll filters.createdAfter': [
		{
			value: lately,
			arrange: ({ coupons }) => {
				for (const index of indexes) coupons.add({ uuid_code: `c_${index}`, ...dated(index) });
			},
			name: 'uuid_code',
			names: keys,
			sent: ['/coupons'],
		},
	],
	'coupon getAll filters.createdBefore': [
		{
			value: longBefore,
			arrange: ({ coupons }) => {
				for (const index of indexes) coupons.add({ uuid_code: `c_${index}`, ...older(index) });
			},
			name: 'uuid_code',
			names: keys,
			sent: ['/coupons'],
		},
	],
	'payoutRequest getAll filters.amountUnits': [
		{
			value: 'eur',
			arrange: payouts((index) => ({ amount_units: isWanted(index) ? 'EUR' : 'USD' })),
			name: 'id',
			names: numbers,
			ignored: ['amount_units'],
			sent: ['/payout_requests:search'],
		},
	],
	'payoutRequest getAll filters.partner': byPartner(
		payouts(() => ({})),
		'id',
		numbers,
		'/payout_requests:search',
		{
			...{ id: [[], []], list: [[], []], email: [[], []] },
			key: [[], ['/partner']],
		},
	),
	'payoutRequest getAll filters.status': [
		{
			value: 'finished',
			arrange: payouts((index) => ({ status: isWanted(index) ? 'finished' : 'requested' })),
			name: 'id',
			names: numbers,
			ignored: ['status'],
			sent: ['/payout_requests:search'],
		},
	],
	'subscriber getAll filters.email': [
		{
			value: 'blog',
			program: 'newsletter',
			arrange: subscribers(mail),
			name: 'email',
			names: named((index) => mail(index).email),
			ignored: ['email'],
			sent: ['/subscribers:search'],
		},
	],
	'subscriber getAll filters.referStatus': [
		{
			value: 'referred',
			program: 'newsletter',
			arrange: subscribers((index) => ({ referrer: isWanted(index) ? 'first' : undefined })),
			name: 'email',
			names: named((index) => `${index}@example.com`),
			ignored: ['refer_status'],
			sent: ['/subscribers'],
		},
		{
			value: 'non_referred',
			program: 'newsletter',
			arrange: subscribers((index) => ({ referrer: isWanted(index) ? undefined : 'first' })),
			name: 'email',
			names: [...named((index) => `${index}@example.com`), 'first@example.com'],
			ignored: ['refer_status'],
			sent: ['/subscribers'],
		},
	],
	'transaction getAll filters.createdAfter': [
		{ value: lately, arrange: sales(dated), name: 'key', names: saleKeys, sent: ['/transactions'] },
	],
	'transaction getAll filters.createdBefore': [
		{
			value: longBefore,
			arrange: sales(older),
			name: 'key',
			names: saleKeys,
			sent: ['/transactions'],
		},
	],
	// The customer stands in the address, so that only records that contradict each other are looked into.
	'transaction getAll filters.customer': Object.entries({
		key: 'u_1',
		list: 'u_1',
		id: 'i_1',
		email: 'una@example.com',
	}).map(([mode, value]) => ({
		value: locator(mode, value),
		arrange: sales(() => ({})),
		name: 'key',
		names: saleKeys,
		ignored: ['customer'],
		sent: [`/customers/${encodeURIComponent(value)}/transactions`],
	})),
	'transaction getAll filters.key': [
		{
			value: 's_1',
			arrange: sales((index) => (isWanted(index) ? { key: 's_1' } : {})),
			name: 'key',
			names: ['s_1'],
			ignored: ['key'],
			sent: ['/transactions'],
		},
	],
	'transaction getAll filters.partner': byPartner(
		sales(() => ({})),
		'key',
		saleKeys,
		'/transactions',
		lookedUp,
	),
};

const lists = resources.flatMap(({ entry, operations }) =>
	operations
		.filter(({ output }) => output.kind === 'list')
		.map((operation) => ({ resource: entry.value, operation })),
);

it('every filter of every list is tried', () => {
	const filters = lists.flatMap(({ resource, operation: { entry } }) =>
		fieldsOf(resource, entry.value)
			.filter(({ collection }) => collection === 'filters')
			.map((field) => `${resource} ${entry.value} ${pathOf(field)}`),
	);
	expect(Object.keys(cases).sort()).toEqual([...new Set(filters)].sort());
});

it('every filter of every list is checked by the node', () => {
	for (const { resource, operation } of lists) {
		const { output } = operation;
		const {
			checks = [],
			createdAfter,
			createdBefore,
		} = (output.kind === 'list' && output.filters) || {};
		const filters = fieldsOf(resource, operation.entry.value)
			.filter(({ collection }) => collection === 'filters')
			.map(pathOf);
		expect(
			[
				...checks.map(({ field }) => field),
				...[createdAfter, createdBefore].filter((field) => field !== undefined),
			].sort(),
		).toEqual(filters.sort());
	}
});

async function list(
	title: string,
	{ value, program = 'affiliate', arrange }: Case,
	ignored: string[] = [],
) {
	const [resource, operation, path] = title.split(' ');
	const [, field] = path.split('.');
	const { sandbox } = partnero;
	arrange(sandbox.program(program));
	if (ignored.length > 0) sandbox.quirks.filtersIgnored = ignored;
	// An expression, since the editor itself speaks of a limit that is a number.
	const parameters = {
		simplify: false,
		limit: `={{ ${limit} }}`,
		filters: { [field]: value },
	} as INodeParameters;
	const credentials = { ...partnero.credentials, apiKey: sandbox.keys[program] };
	const { json, error, stored } = await partnero.operate(resource, operation, parameters, {
		credentials,
	});
	expect(error).toBeUndefined();
	const { resultData } = JSON.parse(stored) as {
		resultData: { runData: Record<string, Array<{ hints?: Array<{ message: string }> }>> };
	};
	const all = (resultData.runData.Partnero.at(-1)?.hints ?? []).map(({ message }) => message);
	const ofLimit = all.filter((message) => message.startsWith('The limit was reached'));
	return { json, hints: all.filter((message) => !ofLimit.includes(message)), ofLimit };
}

const others = (json: IDataObject[], { name, names }: Case) =>
	json.map((record) => String(record[name])).filter((one) => !names.includes(one));
const rows = Object.entries(cases).flatMap(([title, tried]) =>
	tried.map((one, index) => ({
		title: `${title}${tried.length > 1 ? ` (${(one.value as IDataObject).mode ?? index + 1})` : ''}`,
		filter: title,
		one,
	})),
);

describe('on a server that heeds its filters', () => {
	it.each(rows)('$title', async ({ filter, one }) => {
		const { json, hints, ofLimit } = await list(filter, one);
		expect(json).toHaveLength(limit);
		expect(ofLimit).toEqual([expect.stringMatching(/there (?:are|may be) more records/)]);
		expect(others(json, one)).toEqual([]);
		expect(partnero.sandbox.requests.map(({ path }) => path)).toEqual(one.sent);
		expect(hints).toEqual(
			one.isUnseen ? [expect.stringContaining('10 records in the output do not show')] : [],
		);
	});
});

describe('on a server that ignores it', () => {
	it.each(rows.filter(({ one }) => one.ignored))('$title', async ({ filter, one }) => {
		const { json, hints } = await list(filter, one, one.ignored);
		expect(json).toHaveLength(limit);
		const said = one.isUnseen ? 'in the output do not show' : 'Partnero did not apply the filter';
		expect(hints).toEqual([expect.stringContaining(said)]);
		if (!one.isUnseen) expect(others(json, one)).toEqual([]);
	});
});

describe('the hint', () => {
	it('comes once, whatever the number of items', async () => {
		sales(() => ({}))(partnero.sandbox.program('affiliate'));
		partnero.sandbox.quirks.filtersIgnored = ['partner_key'];
		const parameters = {
			returnAll: true,
			filters: { partner: locator('key', '={{ $json.key }}') },
		};
		const { json, stored } = await partnero.operate('transaction', 'getAll', parameters, {
			items: [{ key: 'annlee' }, { key: 'ben' }, { key: 'ben' }],
		});
		expect(json).toHaveLength(15 + 45 + 45);
		expect(stored.match(/did not apply the filter 'Partner'/g)).toHaveLength(1);
		expect(stored).toContain('it left out 75 records.');
		expect(partnero.sandbox.requests.filter(({ path }) => path === '/partner')).toHaveLength(2);
	});
});

it("a key of one of the partner's other links is the partner's as well", async () => {
	sales(() => ({}))(partnero.sandbox.program('affiliate'));
	const { json } = await partnero.operate('transaction', 'getAll', {
		returnAll: true,
		filters: { partner: locator('key', 'ann-yt') },
	});
	expect(json).toHaveLength(wanted.length);
});

it('records of one other partner alone do not come out', async () => {
	const { partners: table, customers: buyers } = partnero.sandbox.program('affiliate');
	table.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com' });
	table.add({ id: 'p_2', key: 'ben', email: 'ben@example.com' });
	buyers.add({ key: 'u_2', partner: 'p_2' });
	partnero.sandbox.quirks.filtersIgnored = ['partner_key'];
	const { json, error } = await partnero.operate('customer', 'getAll', {
		filters: { partner: locator('key', 'annlee') },
	});
	expect(error).toBeUndefined();
	expect(json).toEqual([]);
});

describe('a server that shows its records in another way', () => {
	afterEach(closeAll);

	/** The records of a list that ignores its filters, as far as they come out, and what the hints say. */
	async function kept(resource: string, filter: IDataObject, records: IDataObject[]) {
		const server = await serve(({ path }, response) => {
			const { pathname } = new URL(path, 'http://localhost');
			if (pathname === '/partners/p_1' || pathname === '/partner')
				return json(response, 200, {
					data: {
						id: 'p_1',
						email: 'ann@example.com',
						referral_link: 'https://shop.example.com?aff=annlee',
					},
				});
			return json(response, 200, {
				data: records.map((record, index) => ({
					id: `r_${index}`,
					key: `r_${index}`,
					email: `r${index}@example.com`,
					...record,
				})),
				links: { next: null },
				status: 1,
			});
		});
		const {
			json: items,
			error,
			stored,
		} = await partnero.operate(
			resource,
			'getAll',
			{ returnAll: true, simplify: false, filters: filter as INodeParameters },
			{ credentials: { apiKey: `lists-${server.url}`, baseUrl: server.url } },
		);
		expect(error?.message).toBeUndefined();
		const isUnchecked = /(\d+) records? in the output do(?:es)? not show/.exec(stored)?.[1] ?? '0';
		const isIgnored = /it left out (\d+) record/.exec(stored)?.[1] ?? '0';
		return {
			kept: items.map(({ id }) => Number(String(id).slice(2))),
			unchecked: Number(isUnchecked),
			leftOut: Number(isIgnored),
		};
	}

	it.each<[string, IDataObject, unknown[], number[], number]>([
		[
			'payoutRequest',
			{ status: 'approved' },
			['Approved', ' APPROVED ', 'completed', 1, true, 'requested', 'Resubmit-Requested'],
			[0, 1, 2, 3, 4],
			3,
		],
		[
			'payoutRequest',
			{ status: 'resubmit_requested' },
			['Resubmit Requested', 'resubmit-requested', 'requested'],
			[0, 1],
			0,
		],
		['payoutRequest', { status: 'finished' }, ['Paid', 'done', 'approved'], [0, 1], 1],
		['lead', { status: 'submitted' }, ['Submitted', 'new', 'rejected'], [0, 1], 1],
		['partner', { status: 'active' }, ['Active', 'approved', 'pending'], [0, 1], 1],
	])(
		'%s %j: a status in another case is the same, and one in another word says nothing',
		async (resource, filter, statuses, wantedOnes, unchecked) => {
			expect(
				await kept(
					resource,
					filter,
					statuses.map((status) => ({ status }) as IDataObject),
				),
			).toMatchObject({ kept: wantedOnes, unchecked });
		},
	);

	it.each<[string, IDataObject, unknown[], number[], number]>([
		// An internal number is not another partner.
		['transaction', { partner: locator('id', 'p_1') }, [77, '78', 'p_1', 'p_2'], [0, 1, 2], 2],
		[
			'transaction',
			{ partner: locator('id', 'p_1') },
			[{ id: 77 }, { id: 78, email: 'ben@example.com' }, { id: 77, email: 'ann@example.com' }],
			[0, 2],
			1,
		],
		['customer', { partner: locator('key', 'annlee') }, [77, 78], [0, 1], 2],
		['payoutRequest', { partner: locator('id', 'p_1') }, [{ id: 77 }, { id: 'p_2' }], [0], 1],
		['transaction', { partner: locator('id', 'p_1') }, ['Ben Doe', 'b***@example.com'], [0, 1], 2],
		// Where the list shows nobody at all, it may not show partners.
		['transaction', { partner: locator('id', 'p_1') }, [null, null], [0, 1], 2],
		['transaction', { partner: locator('id', 'p_1') }, [null, 'p_1', 'p_2'], [1], 0],
	])('%s %j: partners shown as %j', async (resource, filter, partners, wantedOnes, unchecked) => {
		expect(
			await kept(
				resource,
				filter,
				partners.map((one) => ({ partner: one }) as IDataObject),
			),
		).toMatchObject({ kept: wantedOnes, unchecked });
	});

	it.each<[string, unknown[], number[], number]>([
		['referred', ['no', 'N', '0', 0, false, 'yes', 1, true], [5, 6, 7], 0],
		['non_referred', ['no', 'N', '0', 0, false, 'yes', 1, true], [0, 1, 2, 3, 4], 0],
		['referred', [null, null], [0, 1], 2],
		['referred', [null, true], [1], 0],
	])(
		'subscriber referStatus %s: is_referred shown as %j',
		async (referStatus, words, wantedOnes, unchecked) => {
			expect(
				await kept(
					'subscriber',
					{ referStatus },
					words.map((word) => ({ is_referred: word }) as IDataObject),
				),
			).toMatchObject({ kept: wantedOnes, unchecked });
		},
	);

	it('customer referStatus referred: nobody is shown by whom they were brought in', async () => {
		expect(
			await kept('customer', { referStatus: 'referred' }, [
				{ referring_customer: null },
				{ referring_customer: null },
			]),
		).toMatchObject({ kept: [0, 1], unchecked: 2 });
	});

	it.each(['partner', 'customer', 'subscriber'])(
		'%s email: a masked one says nothing',
		async (resource) => {
			const emails = ['a***@example.com', 'ann@example.com', 'ben@example.com'];
			expect(
				await kept(
					resource,
					{ email: 'ann@example.com' },
					emails.map((email) => ({ email })),
				),
			).toEqual({ kept: [0, 1], unchecked: 1, leftOut: 1 });
		},
	);
});

describe('between two dates', () => {
	it.each([
		[{ createdAfter: '2026-01-01', createdBefore: '2026-01-04' }, ['b', 'c']],
		[{ createdBefore: '2026-01-03T00:00:00Z' }, ['a', 'b']],
		[{ createdAfter: '2026-01-03T00:00:00Z' }, ['d']],
		[{ createdAfter: '2026-01-04', createdBefore: '2026-01-02' }, []],
	])('%j', async (filters, keys) => {
		const { transactions } = partnero.sandbox.program('affiliate');
		for (const [index, key] of ['a', 'b', 'c', 'd'].entries())
			transactions.add({
				...{ key, amount: 1, customer: '' },
				created_at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
			});
		const { json: found } = await partnero.operate(
			'transaction',
			'getAll',
			{ filters, returnAll: true },
			{ timezone: 'UTC' },
		);
		expect(found.map(({ key }) => key).sort()).toEqual(keys);
	});

	it('a record that shows only its day counts for both ends of it', async () => {
		const { leads: table } = partnero.sandbox.program('affiliate');
		table.add({ id: '1', created_at: '2026-01-02' });
		const found = async (createdBefore: string) =>
			(await partnero.operate('lead', 'getAll', { filters: { createdBefore } })).json.length;
		expect([await found('2026-01-02T00:00:01Z'), await found('2026-01-02T00:00:00Z')]).toEqual([
			1, 0,
		]);
	});
});
