import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { ProgramName } from '../../../sandbox/programs';
import type { Quirks } from '../../../sandbox/quirks';
import type { AddedProgram } from '../../../sandbox/server';
import type { ProgramState } from '../../../sandbox/state';

import { locator } from './partnero';

/** A server that differs from what its documents make one expect. */
export interface Server {
	name: string;
	quirks: Partial<Quirks>;
	/** Keys of new sales, where the quirk is about keys. */
	key?: (index: number) => string;
	/** The partner of a customer who is created with a sale. */
	newCustomersPartner?: string;
	tls?: boolean;
	/** Milliseconds under Request Options, by the node's clock. */
	timeout?: number;
	/** How long a run may take, by the scaled clock. */
	patience?: number;
	/** Histories of which items may end with an error that says what became of them; the others must be done. */
	mayFail?: readonly HistoryName[];
}

/** What came of an operation on a server. */
export interface Played {
	server: Server;
	program: AddedProgram;
	items: IDataObject[];
	/** What each item gave; of the second run if there was one. */
	given: IDataObject[][];
	/** What stopped the run, or that it did not end. */
	stopped?: string;
}

/** An operation for some items, and what must hold in the ledger after it. */
export interface History {
	name: HistoryName;
	program: ProgramName;
	resource: string;
	operation: string;
	parameters: INodeParameters;
	items(server: Server): IDataObject[];
	arrange?(state: ProgramState, items: IDataObject[]): void;
	/** Servers on which it is not played, and why. */
	leftOut?: Record<string, string>;
	/** Runs a second time with the same items: nothing may be added. */
	twice?: boolean;
	/** What does not hold, in words; nothing where all does. */
	complaints(played: Played): string[];
}

export type HistoryName =
	| 'sale with a key'
	| 'sale without a key'
	| 'many sales'
	| 'sale that creates its customer'
	| 'sale for a stranger'
	| 'sale with a date'
	| 'sale that was archived'
	| 'refund'
	| 'refund with a slash'
	| 'refund of one of two'
	| 'all sales'
	| 'sales of a partner'
	| 'sales of a customer'
	| 'customers of a partner'
	| 'partners by email'
	| 'customer update'
	| 'partner update'
	| 'partner create'
	| 'customer create'
	| 'partner upsert'
	| 'customer upsert'
	| 'subscriber upsert'
	| 'lead convert'
	| 'balance credit'
	| 'get customer'
	| 'get partner by key'
	| 'get sale'
	| 'get sale with a slash';

const day = 24 * 60 * 60 * 1000;
const longAgo = new Date(Date.now() - 90 * day);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const keyOf = ({ key = (index) => `inv_${index}` }: Server, index: number) => key(index);

/** Two partners, two customers, and more old sales than a small page holds. */
function arrangeProgram({ partners, customers, transactions }: ProgramState): void {
	partners.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com', name: 'Ann' });
	partners.add({ id: 'p_2', key: 'benbrews', email: 'ben@example.com', name: 'Ben' });
	customers.add({
		key: 'user_0',
		id: 'c_0',
		email: 'uma@example.com',
		name: 'Uma',
		partner: 'p_1',
	});
	customers.add({
		key: 'user_1',
		id: 'c_1',
		email: 'viktor@example.com',
		name: 'Viktor',
		partner: 'p_2',
	});
	for (const index of upTo(24))
		transactions.add({ key: `old_${index}`, amount: 1000 + index, customer: `user_${index % 2}` });
}

const failed = (outputs: IDataObject[]) => outputs.some(({ error }) => error !== undefined);
const messageOf = (outputs: IDataObject[]) =>
	outputs.map(({ error, message }) => `${String(error ?? '')} ${String(message ?? '')}`).join(' ');

/** Whether an error says that something was, or may have been, recorded. */
const saysSo = (outputs: IDataObject[]) =>
	/recorded|credited|converted|accepted|exists/i.test(messageOf(outputs));

/** What an item says and what is recorded, side by side. */
function compare(
	played: Played,
	history: HistoryName,
	count: (item: IDataObject) => number,
): string[] {
	const mayFail = played.server.mayFail?.includes(history) ?? false;
	return played.items.flatMap((item, index) => {
		const outputs = played.given[index] ?? [];
		const done = count(item);
		const name = JSON.stringify(item);
		if (done > 1) return [`${name}: done ${done} times`];
		if (outputs.length === 0) return [`${name}: no output`];
		if (!failed(outputs)) return done === 1 ? [] : [`${name}: a success, and not done`];
		if (!mayFail) return [`${name}: ${messageOf(outputs)}`];
		return done === 1 && !saysSo(outputs)
			? [`${name}: done, and the error does not say so: ${messageOf(outputs)}`]
			: [];
	});
}

/** No key twice; every item is a sale that is there, for whoever bought, or an error. */
function ofSales(history: HistoryName) {
	return (played: Played): string[] => {
		const { transactions, customers } = played.program.state;
		const forIt = ({ amount }: IDataObject) =>
			[...transactions].filter((sale) => sale.amount === amount);
		const { twice } = played.program.ledger().transactions;
		const wrongBuyer = played.items.flatMap((item, index) => {
			const [sale] = forIt(item);
			if (!sale || failed(played.given[index] ?? [])) return [];
			const buyer = sale.buyer === null ? 'nobody' : customers.find('id', sale.buyer)?.key;
			return buyer === item.customer
				? []
				: [`${JSON.stringify(item)}: a success, and recorded for ${buyer}`];
		});
		return [
			...compare(played, history, (item) => forIt(item).length),
			...twice.map((key) => `key ${key} twice`),
			...wrongBuyer,
		];
	};
}

const sale: INodeParameters = {
	customer: locator('key', '={{ $json.customer }}'),
	amount: '={{ $json.amount }}',
};
const keyed: INodeParameters = { ...sale, key: '={{ $json.key }}' };
const newSales = (server: Server) =>
	upTo(4).map((index) => ({
		key: keyOf(server, index),
		customer: `user_${index % 2}`,
		amount: index + 1,
	}));

/** The first of the sales is there already, below newer ones, where no quirk changes its key. */
function arrangeKnown({ transactions }: ProgramState, [first]: IDataObject[]): void {
	if (first.key !== 'inv_0') return;
	const { customer, amount } = first as { customer: string; amount: number };
	transactions.add({ key: 'inv_0', amount, customer, created_at: '2026-01-01T00:00:00.000000Z' });
}

const sales: History[] = [
	{
		name: 'sale with a key',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'create',
		parameters: keyed,
		items: newSales,
		arrange: arrangeKnown,
		twice: true,
		complaints: ofSales('sale with a key'),
	},
	{
		name: 'sale without a key',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'create',
		parameters: sale,
		items: (server) => newSales(server).map(({ customer, amount }) => ({ customer, amount })),
		complaints: ofSales('sale without a key'),
	},
	{
		name: 'many sales',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'createMany',
		parameters: keyed,
		items: newSales,
		arrange: arrangeKnown,
		twice: true,
		complaints: ofSales('many sales'),
	},
	{
		name: 'sale that creates its customer',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'create',
		parameters: {
			...keyed,
			createCustomer: true,
			newCustomer: { partner: locator('key', '={{ $json.partner }}') },
		},
		items: (server) =>
			newSales(server)
				.slice(0, 2)
				.map((one, index) => ({
					...one,
					customer: `new_${index}`,
					partner: server.newCustomersPartner ?? 'annlee',
				})),
		twice: true,
		complaints: ofSales('sale that creates its customer'),
	},
	{
		name: 'sale for a stranger',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'create',
		parameters: keyed,
		items: (server) =>
			newSales(server)
				.slice(0, 2)
				.map((one, index) => ({ ...one, customer: `stranger_${index}` })),
		complaints: ofSales('sale for a stranger'),
	},
	{
		name: 'sale with a date',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'create',
		parameters: { ...keyed, additionalFields: { createdAt: longAgo.toISOString() } },
		items: (server) => newSales(server).slice(0, 2),
		complaints: (played) => {
			const dated = [...played.program.state.transactions].filter(({ amount }) => amount < 1000);
			const wrong = dated.filter(
				({ created_at }) => Math.abs(Date.parse(created_at) - longAgo.getTime()) > day,
			);
			const hidden = wrong.filter(({ amount }) => {
				const index = played.items.findIndex((item) => item.amount === amount);
				return !failed(played.given[index] ?? []);
			});
			return [
				...ofSales('sale with a date')(played),
				...hidden.map(({ amount }) => `${amount}: a success, and dated today`),
			];
		},
	},
	{
		name: 'sale that was archived',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'create',
		parameters: keyed,
		items: () => [{ key: 'inv_0', customer: 'user_0', amount: 1 }],
		arrange: ({ transactions }) =>
			void transactions.add({ key: 'inv_0', customer: 'user_0', amount: 1, status: 'archived' }),
		leftOut: { 'archived sales hidden': 'nobody can tell that the sale is there' },
		complaints: ofSales('sale that was archived'),
	},
	...refunds(),
];

/** A refund takes one sale away, and no other. */
function refunds(): History[] {
	const common = {
		program: 'affiliate',
		resource: 'transaction',
		operation: 'refund',
		parameters: { transaction: locator('key', '={{ $json.key }}') },
	} as const;
	const others = (state: ProgramState) =>
		[...state.transactions].filter(({ key }) => key?.startsWith('old_')).length;
	const isGone =
		(played: Played) =>
		({ key }: IDataObject) =>
			played.program.state.transactions.has('key', String(key)) ? 0 : 1;
	const leaves = (played: Played, count: number) => {
		const left = others(played.program.state);
		return left === count ? [] : [`${left} other sales are left`];
	};
	return [
		{
			...common,
			name: 'refund',
			items: () => ['old_0', 'old_1'].map((key) => ({ key })),
			complaints: (played) => [...compare(played, 'refund', isGone(played)), ...leaves(played, 22)],
		},
		{
			...common,
			name: 'refund with a slash',
			items: () => [{ key: 'a/b' }],
			arrange: ({ transactions }) => void transactions.add({ key: 'a/b', customer: 'user_0' }),
			complaints: (played) => [
				...compare(played, 'refund with a slash', isGone(played)),
				...leaves(played, 24),
			],
		},
		{
			...common,
			name: 'refund of one of two',
			items: () => [{ key: 'twin' }],
			arrange: ({ transactions }) => {
				for (const customer of ['user_0', 'user_1']) transactions.add({ key: 'twin', customer });
			},
			complaints: ({ given, program: { state } }) => {
				const left = state.transactions.all('key', 'twin').length;
				return left === 2 && failed(given[0] ?? [])
					? []
					: [`of two sales under one key ${left} are left`];
			},
		},
	];
}

/** A list is complete, has nothing twice, and nothing that the filter should have kept out. */
function listed(field: string, expected: (state: ProgramState) => Array<string | null>) {
	return ({ given, program }: Played): string[] => {
		const found = (given[0] ?? []).map((record) => String(record[field] ?? messageOf([record])));
		const wanted = expected(program.state).map(String);
		const missing = wanted.filter((one) => !found.includes(one));
		const others = found.filter(
			(one, index) => !wanted.includes(one) || found.indexOf(one) !== index,
		);
		return [
			...missing.map((one) => `${one} is missing`),
			...others.map((one) => `${one} is too much`),
		];
	};
}

const salesOf = ({ transactions, customers }: ProgramState, key: string) =>
	transactions.all('buyer', customers.find('key', key)?.id ?? '').map((one) => one.key);

const byAnn = { partner: locator('key', 'annlee') };
const once = () => [{ index: 0 }];

const lists: History[] = [
	{
		name: 'all sales',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'getAll',
		parameters: { returnAll: true },
		items: once,
		complaints: listed('key', ({ transactions }) => [...transactions].map(({ key }) => key)),
	},
	{
		name: 'sales of a partner',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'getAll',
		parameters: { returnAll: true, filters: byAnn },
		items: once,
		complaints: listed('key', (state) => salesOf(state, 'user_0')),
	},
	{
		name: 'sales of a customer',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'getAll',
		parameters: { returnAll: true, filters: { customer: locator('key', 'user_1') } },
		items: once,
		complaints: listed('key', (state) => salesOf(state, 'user_1')),
	},
	{
		name: 'customers of a partner',
		program: 'affiliate',
		resource: 'customer',
		operation: 'getAll',
		parameters: { returnAll: true, filters: byAnn },
		items: once,
		arrange: ({ customers }) => {
			for (const index of upTo(24))
				customers.add({ key: `c_${index}`, partner: index % 2 ? 'p_1' : 'p_2' });
		},
		complaints: listed('key', ({ customers }) =>
			customers.all('partner', 'p_1').map(({ key }) => key),
		),
	},
	{
		name: 'partners by email',
		program: 'affiliate',
		resource: 'partner',
		operation: 'getAll',
		parameters: { returnAll: true, filters: { email: 'blog.example' } },
		items: once,
		arrange: ({ partners }) => {
			for (const index of upTo(24))
				partners.add({
					id: `b_${index}`,
					email: `${index}@${index % 2 ? 'blog' : 'shop'}.example`,
				});
		},
		complaints: listed('id', ({ partners }) =>
			[...partners].filter(({ email }) => email.includes('blog')).map(({ id }) => id),
		),
	},
];

/** A success, only if it shows in the record. */
function shown(
	history: HistoryName,
	find: (state: ProgramState, item: IDataObject) => Array<{ name: string | null }>,
) {
	return (played: Played) =>
		compare(played, history, (item) => {
			const records = find(played.program.state, item);
			return records.length > 1
				? records.length
				: records.filter(({ name }) => name === item.name).length;
		});
}

const partnersWith = ({ partners }: ProgramState, { email }: IDataObject) =>
	[...partners].filter((one) => one.email === email);
const customersWith = ({ customers }: ProgramState, { customer }: IDataObject) =>
	[...customers].filter(({ key }) => key === customer);

const writes: History[] = [
	{
		name: 'customer update',
		program: 'affiliate',
		resource: 'customer',
		operation: 'update',
		parameters: {
			customer: locator('key', '={{ $json.customer }}'),
			updateFields: { name: '={{ $json.name }}' },
		},
		items: () => upTo(2).map((index) => ({ customer: `user_${index}`, name: `Name ${index}` })),
		complaints: shown('customer update', customersWith),
	},
	{
		name: 'partner update',
		program: 'affiliate',
		resource: 'partner',
		operation: 'update',
		parameters: {
			partner: locator('id', '={{ $json.id }}'),
			updateFields: { name: '={{ $json.name }}' },
		},
		items: () => [
			{ id: 'p_1', email: 'ann@example.com', name: 'Anna' },
			{ id: 'p_2', email: 'ben@example.com', name: 'Benno' },
		],
		complaints: shown('partner update', partnersWith),
	},
	{
		name: 'partner create',
		program: 'affiliate',
		resource: 'partner',
		operation: 'create',
		parameters: { email: '={{ $json.email }}', additionalFields: { name: '={{ $json.name }}' } },
		items: () =>
			upTo(2).map((index) => ({ email: `new_${index}@example.com`, name: `Name ${index}` })),
		complaints: shown('partner create', partnersWith),
	},
	{
		name: 'customer create',
		program: 'affiliate',
		resource: 'customer',
		operation: 'create',
		parameters: {
			key: '={{ $json.customer }}',
			attributeTo: 'partner',
			partner: locator('key', 'annlee'),
			additionalFields: { name: '={{ $json.name }}' },
		},
		items: () => upTo(2).map((index) => ({ customer: `new_${index}`, name: `Name ${index}` })),
		complaints: shown('customer create', customersWith),
	},
	{
		name: 'partner upsert',
		program: 'affiliate',
		resource: 'partner',
		operation: 'upsert',
		parameters: { email: '={{ $json.email }}', additionalFields: { name: '={{ $json.name }}' } },
		items: () => [
			{ email: 'ann@example.com', name: 'Anna' },
			{ email: 'new@example.com', name: 'Neo' },
		],
		complaints: shown('partner upsert', partnersWith),
	},
	{
		name: 'customer upsert',
		program: 'affiliate',
		resource: 'customer',
		operation: 'upsert',
		parameters: {
			key: '={{ $json.customer }}',
			attributeTo: 'partner',
			partner: locator('key', 'annlee'),
			additionalFields: { name: '={{ $json.name }}' },
		},
		items: () => [
			{ customer: 'user_0', name: 'Una' },
			{ customer: 'new_0', name: 'Neo' },
		],
		complaints: shown('customer upsert', customersWith),
	},
	{
		name: 'subscriber upsert',
		program: 'newsletter',
		resource: 'subscriber',
		operation: 'upsert',
		parameters: { email: '={{ $json.email }}', additionalFields: { name: '={{ $json.name }}' } },
		items: () => [
			{ email: 'rea@example.com', name: 'Rhea' },
			{ email: 'new@example.com', name: 'Neo' },
		],
		arrange: ({ subscribers }) => void subscribers.add({ email: 'rea@example.com', name: 'Rea' }),
		complaints: shown('subscriber upsert', ({ subscribers }, { email }) =>
			[...subscribers].filter((one) => one.email === email),
		),
	},
	{
		name: 'lead convert',
		program: 'affiliate',
		resource: 'lead',
		operation: 'convert',
		parameters: {
			lead: locator('id', '={{ $json.id }}'),
			commissionTransactionAmount: '={{ $json.amount }}',
		},
		items: () => upTo(2).map((index) => ({ id: String(41 + index), amount: 500 + index })),
		arrange: ({ leads }, items) => {
			for (const { id } of items)
				leads.add({ id: String(id), email: `lead_${String(id)}@example.com`, partner: 'p_1' });
		},
		complaints: (played) =>
			compare(played, 'lead convert', ({ id, amount }) => {
				const { leads, transactions } = played.program.state;
				const paid = [...transactions].filter((one) => one.amount === amount).length;
				return leads.find('id', String(id))?.status === 'converted' ? paid : paid * 2;
			}),
	},
	{
		name: 'balance credit',
		program: 'referAFriend',
		resource: 'customer',
		operation: 'creditBalance',
		parameters: {
			customer: locator('key', '={{ $json.customer }}'),
			amount: '={{ $json.amount }}',
			additionalFields: { amountUnits: 'USD' },
		},
		items: () => upTo(2).map((index) => ({ customer: `u_${index}`, amount: 5 + index })),
		arrange: ({ customers }) => {
			for (const index of upTo(2)) customers.add({ id: `u_${index}`, key: `u_${index}` });
		},
		complaints: (played) =>
			compare(
				played,
				'balance credit',
				({ amount }) => played.program.state.credits.filter((one) => one.amount === amount).length,
			),
	},
];

/** The record that was asked for comes out. */
function got(history: HistoryName, field: string, wanted: (item: IDataObject) => unknown) {
	return (played: Played) =>
		compare(played, history, (item) => {
			const outputs = played.given[played.items.indexOf(item)] ?? [];
			return outputs.filter((one) => String(one[field]) === String(wanted(item))).length;
		});
}

const reads: History[] = [
	{
		name: 'get customer',
		program: 'affiliate',
		resource: 'customer',
		operation: 'get',
		parameters: { customer: locator('key', '={{ $json.customer }}') },
		items: () => [{ customer: 'user_0' }, { customer: 'user_1' }],
		complaints: got('get customer', 'key', ({ customer }) => customer),
	},
	{
		name: 'get partner by key',
		program: 'affiliate',
		resource: 'partner',
		operation: 'get',
		parameters: { partner: locator('key', '={{ $json.partner }}') },
		items: () => [
			{ partner: 'annlee', id: 'p_1' },
			{ partner: 'benbrews', id: 'p_2' },
		],
		complaints: got('get partner by key', 'id', ({ id }) => id),
	},
	{
		name: 'get sale',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'get',
		parameters: { transaction: locator('key', '={{ $json.key }}') },
		items: () => [{ key: 'old_0' }, { key: 'old_1' }],
		complaints: got('get sale', 'key', ({ key }) => key),
	},
	{
		name: 'get sale with a slash',
		program: 'affiliate',
		resource: 'transaction',
		operation: 'get',
		parameters: { transaction: locator('key', '={{ $json.key }}') },
		items: () => [{ key: 'a/b' }],
		arrange: ({ transactions }) => void transactions.add({ key: 'a/b', customer: 'user_0' }),
		complaints: got('get sale with a slash', 'key', ({ key }) => key),
	},
];

/** Every operation whose outcome the ledger can tell. */
export const histories: History[] = [...sales, ...lists, ...writes, ...reads];

/** A program with what the history needs, and its items. */
export function prepare(
	{ program: name, ...history }: History,
	server: Server,
	state: ProgramState,
): IDataObject[] {
	const items = history.items(server);
	if (name === 'affiliate') arrangeProgram(state);
	history.arrange?.(state, items);
	return items;
}

const keyedSales = [
	'sale with a key',
	'many sales',
	'sale that creates its customer',
	'sale for a stranger',
	'sale with a date',
] as const;
const stranger = ['sale for a stranger'] as const;
/** What cannot be looked for after a lost answer. */
const untraceable = [...stranger, 'sale without a key', 'balance credit'] as const;

const quirky: Server[] = [
	{ name: 'no quirk', quirks: {} },
	{ name: '10 records a page', quirks: { pageCap: 10 } },
	{ name: 'a new sale shows in lists late', quirks: { salesHiddenFromListsMs: 10_000 } },
	{ name: 'a new sale can be read late', quirks: { salesHiddenFromReadsMs: 10_000 } },
	{
		name: 'a new sale shows late everywhere',
		quirks: { salesHiddenFromListsMs: 10_000, salesHiddenFromReadsMs: 10_000 },
	},
	{
		name: 'cut, and carried out later',
		quirks: { carriedOutLate: { ms: 10_000, answer: 'cut', times: 2 } },
		mayFail: untraceable,
	},
	{
		name: '502, and carried out later',
		quirks: { carriedOutLate: { ms: 10_000, answer: '502', times: 2 } },
		mayFail: untraceable,
	},
	{ name: 'archived sales hidden', quirks: { archivedSalesHidden: true } },
	{ name: 'an empty list is a 404', quirks: { emptyListIs404: true } },
	{ name: 'an empty list is always a 404, and says so', quirks: { emptyListIs404: 'always' } },
	{ name: 'keys trimmed', quirks: { keysTrimmed: true }, key: (index) => ` inv-${index}\u200b` },
	{
		name: 'keys without capitals',
		quirks: { keysCaseFolded: true },
		key: (index) => `Inv-${index}`,
		mayFail: keyedSales,
	},
	{
		name: 'keys composed',
		quirks: { keysNormalized: true },
		key: (index) => `cafe\u0301-${index}`,
		mayFail: keyedSales,
	},
	{
		name: 'keys cut',
		quirks: { keysCutAt: 40 },
		key: (index) => `${'order-2026-'.padEnd(40, 'x')}${index}`,
		mayFail: keyedSales,
	},
	{ name: 'keys are numbers', quirks: { keysAsNumbers: true }, key: (index) => `700${index}` },
	{
		name: 'keys lose their zeros',
		quirks: { keysAsNumbers: true },
		key: (index) => `0070${index}`,
		mayFail: keyedSales,
	},
	{ name: 'wrapped updates ignored', quirks: { updatesIgnored: 'wrapped' } },
	{ name: 'unwrapped updates ignored', quirks: { updatesIgnored: 'unwrapped' } },
	{
		name: 'partner filters ignored',
		quirks: { filtersIgnored: ['partner_key', 'partner_email', 'partner.key', 'partner.email'] },
	},
	{ name: 'the key filter ignored', quirks: { filtersIgnored: ['key'] } },
	{ name: 'the email filter ignored', quirks: { filtersIgnored: ['email'] } },
	{ name: 'searches do not find emails', quirks: { searchesBlindTo: ['email'] } },
	{ name: 'partners cannot be read by key', quirks: { addressesMissing: ['/partner'] } },
	{ name: 'a stranger is nobody', quirks: { unknownCustomer: 'record' } },
	{ name: 'a stranger is refused', quirks: { unknownCustomer: 'refuse' } },
	{
		name: 'an unknown partner is nobody',
		quirks: { unknownPartnerIgnored: true },
		newCustomersPartner: 'nobody',
		mayFail: ['sale that creates its customer'],
	},
	{ name: 'dates not heeded', quirks: { createdAtIgnored: true }, mayFail: ['sale with a date'] },
	{ name: 'a batch recorded in part', quirks: { batchCutShort: { recorded: 1 } } },
	{ name: 'success is "1"', quirks: { successStatus: '1' } },
	{ name: 'success is true', quirks: { successStatus: true } },
	{ name: 'success is a word', quirks: { successStatus: 'success' } },
	{ name: 'failure is "0" in a 200', quirks: { failureStatus: '0', unknownCustomer: 'refuse' } },
	{
		name: 'failure is false in a 200',
		quirks: { failureStatus: false, unknownCustomer: 'refuse' },
	},
	{
		name: 'failure is "error" in a 200',
		quirks: { failureStatus: 'error', unknownCustomer: 'refuse' },
	},
	{ name: 'a rate limit', quirks: { rateLimit: { perMinute: 2 } } },
	{
		name: 'a rate limit without Retry-After',
		quirks: { rateLimit: { perMinute: 2, retryAfter: 'none' } },
	},
	{
		name: 'a rate limit, Retry-After: 0',
		quirks: { rateLimit: { perMinute: 2, retryAfter: 'zero' } },
	},
	{
		name: 'a rate limit, Retry-After in the past',
		quirks: { rateLimit: { perMinute: 2, retryAfter: 'past' } },
	},
	{
		name: 'a rate limit, Retry-After: nonsense',
		quirks: { rateLimit: { perMinute: 2, retryAfter: 'nonsense' } },
	},
	{
		name: 'TLS breaks after the write',
		quirks: { tlsBreaks: { times: 2 } },
		tls: true,
		mayFail: untraceable,
	},
	{
		name: 'answers to writes drip',
		quirks: { drips: { everyMs: 500 } },
		timeout: 60_000,
		patience: 600_000,
		mayFail: untraceable,
	},
	{
		name: 'answers to reads drip',
		quirks: { drips: { everyMs: 500, methods: ['GET'] } },
		timeout: 60_000,
		patience: 600_000,
	},
	{
		name: 'trims, shows late, small pages, "1"',
		quirks: { keysTrimmed: true, salesHiddenFromListsMs: 2_000, pageCap: 10, successStatus: '1' },
		key: (index) => ` inv-${index} `,
	},
	{
		name: 'cut, carried out later, shows late',
		quirks: {
			carriedOutLate: { ms: 10_000, answer: 'cut' },
			salesHiddenFromListsMs: 2_000,
			salesHiddenFromReadsMs: 2_000,
		},
		mayFail: untraceable,
	},
];

/** Every server; a sale for somebody whom it does not know may end with an error on each. */
export const servers: Server[] = quirky.map((server) => ({
	...server,
	mayFail: [...(server.mayFail ?? []), ...stranger],
}));
