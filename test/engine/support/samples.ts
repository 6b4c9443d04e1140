import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { ProgramName } from '../../../sandbox/programs';
import type { Sandbox } from '../../../sandbox/server';
import type { ProgramState } from '../../../sandbox/state';

import { locator } from './partnero';

/** Method, path, and what there is of query and body. */
export type Call = [
	method: string,
	path: string,
	rest?: { query?: IDataObject; body?: IDataObject },
];

/** A request as the sandbox records it. */
export interface Wire {
	method: string;
	path: string;
	query?: IDataObject;
	body?: IDataObject;
}

export function asWire([method, path, rest = {}]: Call): Wire {
	return { method, path, ...rest };
}

/**
 * One operation with no more than has to be filled, for two items; and what has to come of it, written
 * from the documents of the API and not from the node.
 */
export interface Sample {
	resource: string;
	operation: string;
	programs: ProgramName[];
	/** Reads what differs between the items. */
	parameters: INodeParameters;
	items: [IDataObject, IDataObject];
	arrange?: (state: ProgramState) => void;
	calls: (item: IDataObject) => Call[];
	/** A part of each output item. */
	output: (item: IDataObject, program: ProgramName) => object[];
}

const affiliate: ProgramName[] = ['affiliate'];
const referAFriend: ProgramName[] = ['referAFriend'];
const newsletter: ProgramName[] = ['newsletter'];
const both: ProgramName[] = ['affiliate', 'referAFriend'];
const every: ProgramName[] = [...both, 'newsletter'];

/** The records that every sample finds: in both programs two customers are called `u_1` and `u_2`. */
export function arrange(sandbox: Sandbox): void {
	const a = sandbox.program('affiliate');
	a.partners.add({
		id: 'p_1',
		email: 'ann@example.com',
		key: 'annlee',
		moreKeys: ['ann-yt'],
		name: 'Ann',
		surname: 'Lee',
	});
	a.partners.add({
		id: 'p_2',
		email: 'ben@example.com',
		key: 'benbrews',
		moreKeys: ['ben-yt'],
		name: 'Ben',
		surname: 'Okafor',
	});
	a.linkDomains.push({ id: 'dom_2', domain: 'blog.example', is_additional: true });
	a.customers.add({ id: 'i_1', key: 'u_1', email: 'una@example.com', partner: 'p_1' });
	a.customers.add({ id: 'i_2', key: 'u_2', email: 'uri@example.com', partner: 'p_2' });
	for (const partner of [...a.partners]) {
		a.partners.update(partner, {
			payoutMethod: { gateway: 'paypal', settings: { username: partner.email } },
		});
	}
	a.leads.add({ id: '41', name: 'Lea Ra', email: 'lea@example.com', partner: 'p_1' });
	a.leads.add({ id: '42', name: 'Leo Ro', email: 'leo@example.com', partner: 'p_2' });
	a.payoutRequests.add({ id: '61', partner: 'p_1', amount: 5 });
	a.payoutRequests.add({ id: '62', partner: 'p_2', amount: 2 });
	const r = sandbox.program('referAFriend');
	r.customers.add({ id: 'u_0', key: 'k_0', email: 'ulf@example.com' });
	r.customers.add({
		id: 'u_1',
		key: 'k_1',
		moreKeys: ['una-yt'],
		email: 'una@example.com',
		referringCustomer: 'u_0',
	});
	r.customers.add({
		id: 'u_2',
		key: 'k_2',
		moreKeys: ['uri-yt'],
		email: 'uri@example.com',
		referringCustomer: 'u_0',
	});
	const n = sandbox.program('newsletter');
	n.rewards.add({ id: 1, name: 'Mug', subscribers_count: 1 });
	n.rewards.add({ id: 2, name: 'Shirt', subscribers_count: 5 });
	n.subscribers.add({ id: 's_1', email: 'rea@example.com', name: 'Rea Lo' });
	n.subscribers.add({ id: 's_2', email: 'andrea@example.com', name: 'Andrea Li', referrer: 's_1' });
	for (const { transactions } of [a, r]) {
		transactions.add({ key: 't_1', amount: 50, customer: 'u_1' });
		transactions.add({ key: 't_2', amount: 20, customer: 'u_2' });
	}
	for (const { coupons, promotionCodes } of [a, r, n]) {
		coupons.add({ uuid_code: 'WINTER', name: 'Winter' });
		coupons.add({ uuid_code: 'SUMMER', name: 'Summer' });
		promotionCodes.add({ code: 'ANN25', coupon: 'WINTER' });
		promotionCodes.add({ code: 'BEN25', coupon: 'SUMMER' });
	}
}

/** A locator whose value each item brings along. */
function picked(mode: string, field = 'of') {
	return locator(mode, `={{ $json.${field} }}`);
}

const partners: Sample['items'] = [{ of: 'p_1' }, { of: 'p_2' }];
const customers: Sample['items'] = [{ of: 'u_1' }, { of: 'u_2' }];
const sales: Sample['items'] = [{ of: 't_1' }, { of: 't_2' }];
const leads: Sample['items'] = [{ of: '41' }, { of: '42' }];
const payouts: Sample['items'] = [{ of: '61' }, { of: '62' }];
const coupons: Sample['items'] = [{ of: 'WINTER' }, { of: 'SUMMER' }];
const codes: Sample['items'] = [
	{ of: 'ANN25', coupon: 'WINTER' },
	{ of: 'BEN25', coupon: 'SUMMER' },
];

const firstPage = { query: { limit: '50', page: '1' } };
const byPartnerId = { partner: picked('id') };
const byCustomer = { customer: picked('key') };
const bySale = { transaction: picked('key') };
const byLead = { lead: picked('id') };
const byPayout = { payoutRequest: picked('id') };
const byCoupon = { coupon: picked('uuidCode') };
const byCode = { promotionCode: picked('code') };

/** A customer is shown by its key in affiliate programs, and by its id in the other ones. */
function customerOf({ of }: IDataObject, program: ProgramName): object {
	return program === 'affiliate' ? { key: of } : { id: of };
}

/** A sale of 50, or of 20, and 30 % of it for the partner or 10 % for the customer who referred the buyer. */
function saleOf({ of }: IDataObject, program: ProgramName): object {
	const first = of === 't_1';
	return program === 'affiliate'
		? {
				key: of,
				customer: first ? 'u_1' : 'u_2',
				partner: first ? 'p_1' : 'p_2',
				commission: first ? 15 : 6,
			}
		: {
				key: of,
				customer: 'u_0',
				referred_customer: first ? 'u_1' : 'u_2',
				commission: first ? 5 : 2,
			};
}

const partnerSamples: Sample[] = [
	{
		resource: 'partner',
		operation: 'create',
		programs: affiliate,
		parameters: { email: '={{ $json.email }}' },
		items: [{ email: 'cleo@example.com' }, { email: 'dan@example.com' }],
		calls: ({ email }) => [['POST', '/partners', { body: { email } }]],
		output: ({ email }) => [
			{ email, status: 'active', tags: [], referral_link: expect.stringContaining('?aff=') },
		],
	},
	{
		resource: 'partner',
		operation: 'upsert',
		programs: affiliate,
		parameters: { email: '={{ $json.email }}', additionalFields: { name: '={{ $json.name }}' } },
		items: [
			{ email: 'Ann@Example.com', name: 'Anna', known: 'p_1' },
			{ email: 'cleo@example.com', name: 'Cleo' },
		],
		calls: ({ email, name, known }) => [
			['GET', '/partners:search', { query: { email, limit: '100', page: '1' } }],
			known
				? ['PUT', `/partners/${String(known)}`, { body: { update: { name } } }]
				: ['POST', '/partners', { body: { email, name } }],
		],
		output: ({ name, known }) => [
			{ name, created: !known, ...(known !== undefined && { id: known }) },
		],
	},
	{
		resource: 'partner',
		operation: 'get',
		programs: affiliate,
		parameters: byPartnerId,
		items: partners,
		calls: ({ of }) => [['GET', `/partners/${String(of)}`]],
		output: ({ of }) => [
			{ id: of, status: 'active', approved: true, referrals_count: 1, tags: [] },
		],
	},
	{
		resource: 'partner',
		operation: 'getAll',
		programs: affiliate,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/partners', firstPage]],
		output: () => [{ id: 'p_2' }, { id: 'p_1' }],
	},
	{
		resource: 'partner',
		operation: 'getAll',
		programs: affiliate,
		parameters: { filters: { key: '={{ $json.part }}' } },
		items: [{ part: 'annl' }, { part: 'benb' }],
		calls: ({ part }) => [
			['GET', '/partners:search', { query: { key: part, ...firstPage.query } }],
		],
		output: ({ part }) => [{ id: part === 'annl' ? 'p_1' : 'p_2' }],
	},
	{
		resource: 'partner',
		operation: 'update',
		programs: affiliate,
		parameters: { ...byPartnerId, updateFields: { name: 'Nic' } },
		items: partners,
		calls: ({ of }) => [['PUT', `/partners/${String(of)}`, { body: { update: { name: 'Nic' } } }]],
		output: ({ of }) => [{ id: of, name: 'Nic' }],
	},
	{
		resource: 'partner',
		operation: 'delete',
		programs: affiliate,
		parameters: { partner: picked('email') },
		items: [
			{ of: 'ann@example.com', id: 'p_1' },
			{ of: 'ben@example.com', id: 'p_2' },
		],
		calls: ({ of, id }) => [
			['GET', '/partners:search', { query: { email: of, limit: '100', page: '1' } }],
			['DELETE', `/partners/${String(id)}`],
		],
		output: ({ id }) => [{ deleted: true, id }],
	},
	{
		resource: 'partner',
		operation: 'archive',
		programs: affiliate,
		parameters: { partner: picked('key') },
		items: [
			{ of: 'annlee', id: 'p_1' },
			{ of: 'benbrews', id: 'p_2' },
		],
		calls: ({ of, id }) => [
			['GET', '/partner', { query: { key: of } }],
			['POST', `/partners/${String(id)}/archive`],
		],
		output: ({ id }) => [{ archived: true, id }],
	},
	{
		resource: 'partner',
		operation: 'unarchive',
		programs: affiliate,
		parameters: byPartnerId,
		items: partners,
		arrange: ({ partners: table }) =>
			[...table].forEach((one) => table.update(one, { status: 'archived' })),
		calls: ({ of }) => [['POST', `/partners/${String(of)}/revoke-archive`]],
		output: ({ of }) => [{ archived: false, id: of }],
	},
	{
		resource: 'partner',
		operation: 'addReward',
		programs: affiliate,
		parameters: { ...byPartnerId, amount: 25.5 },
		items: partners,
		calls: ({ of }) => [['POST', `/partners/${String(of)}/reward`, { body: { amount: 25.5 } }]],
		output: ({ of }) => [{ partner: of, amount: 25.5, amount_units: 'USD' }],
	},
	{
		resource: 'partner',
		operation: 'getSignInUrl',
		programs: affiliate,
		parameters: { partner: picked('key') },
		items: [{ of: 'annlee' }, { of: 'benbrews' }],
		calls: ({ of }) => [['POST', '/partners:sign-in-url', { body: { key: of } }]],
		output: () => [{ signInUrl: expect.stringMatching(/^https:/), expiresIn: 120 }],
	},
];

const customerSamples: Sample[] = [
	{
		resource: 'customer',
		operation: 'create',
		programs: affiliate,
		parameters: { key: '={{ $json.key }}', partner: picked('key') },
		items: [
			{ key: 'n_1', of: 'annlee', id: 'p_1' },
			{ key: 'n_2', of: 'benbrews', id: 'p_2' },
		],
		calls: ({ key, of }) => [['POST', '/customers', { body: { key, partner: { key: of } } }]],
		output: ({ key, id }) => [{ key, partner: id, status: 'active' }],
	},
	{
		resource: 'customer',
		operation: 'create',
		programs: referAFriend,
		parameters: {
			key: '={{ $json.key }}',
			attributeTo: 'referringCustomer',
			referringCustomer: picked('id'),
		},
		items: [
			{ key: 'n_1', of: 'u_1' },
			{ key: 'n_2', of: 'u_2' },
		],
		calls: ({ key, of }) => [
			['POST', '/customers', { body: { key, referring_customer: { id: of } } }],
		],
		output: ({ key, of }) => [
			{ referral_link: `https://shop.example?ref=${String(key)}`, referring_customer: { id: of } },
		],
	},
	...both.map((program): Sample => ({
		resource: 'customer',
		operation: 'upsert',
		programs: [program],
		parameters: {
			key: '={{ $json.of }}',
			attributeTo: program === 'affiliate' ? 'partner' : 'nobody',
			partner: locator('key', 'annlee'),
			additionalFields: { name: '={{ $json.name }}' },
		},
		items: [
			{ of: 'u_1', name: 'Una', known: true },
			{ of: 'n_1', name: 'Neo' },
		],
		calls: ({ of, name, known }) => [
			['GET', `/customers/${String(of)}`],
			known
				? ['PUT', `/customers/${String(of)}`, { body: { update: { name } } }]
				: [
						'POST',
						'/customers',
						{
							body: {
								key: of,
								name,
								...(program === 'affiliate' && { partner: { key: 'annlee' } }),
							},
						},
					],
		],
		output: ({ name, known }) => [{ name, created: !known }],
	})),
	{
		resource: 'customer',
		operation: 'get',
		programs: both,
		parameters: byCustomer,
		items: customers,
		calls: ({ of }) => [['GET', `/customers/${String(of)}`]],
		output: (item, program) => [
			{
				...customerOf(item, program),
				status: 'active',
				...(program === 'affiliate'
					? { partner: item.of === 'u_1' ? 'p_1' : 'p_2' }
					: { referring_customer: 'u_0', referrals_count: 0 }),
			},
		],
	},
	{
		resource: 'customer',
		operation: 'getAll',
		programs: affiliate,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/customers', firstPage]],
		output: () => [{ key: 'u_2' }, { key: 'u_1' }],
	},
	{
		resource: 'customer',
		operation: 'getAll',
		programs: referAFriend,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/customers', firstPage]],
		output: () => [{ id: 'u_2' }, { id: 'u_1' }, { id: 'u_0' }],
	},
	{
		resource: 'customer',
		operation: 'getAll',
		programs: both,
		parameters: { filters: { email: '={{ $json.part }}' } },
		items: [
			{ part: 'una', of: 'u_1' },
			{ part: 'uri', of: 'u_2' },
		],
		calls: ({ part }) => [
			['GET', '/customers:search', { query: { email: part, ...firstPage.query } }],
		],
		output: (item, program) => [customerOf(item, program)],
	},
	{
		resource: 'customer',
		operation: 'update',
		programs: both,
		parameters: { ...byCustomer, updateFields: { name: 'Nic' } },
		items: customers,
		calls: ({ of }) => [['PUT', `/customers/${String(of)}`, { body: { update: { name: 'Nic' } } }]],
		output: (item, program) => [{ ...customerOf(item, program), name: 'Nic' }],
	},
	{
		resource: 'customer',
		operation: 'delete',
		programs: both,
		parameters: byCustomer,
		items: customers,
		calls: ({ of }) => [['DELETE', `/customers/${String(of)}`]],
		output: ({ of }) => [{ deleted: true, id: of }],
	},
	{
		resource: 'customer',
		operation: 'archive',
		programs: both,
		parameters: byCustomer,
		items: customers,
		calls: ({ of }) => [['POST', `/customers/${String(of)}/archive`]],
		output: ({ of }) => [{ archived: true, id: of }],
	},
	{
		resource: 'customer',
		operation: 'unarchive',
		programs: both,
		parameters: byCustomer,
		items: customers,
		arrange: ({ customers: table }) =>
			[...table].forEach((one) => table.update(one, { status: 'archived' })),
		calls: ({ of }) => [['POST', `/customers/${String(of)}/revoke-archive`]],
		output: ({ of }) => [{ archived: false, id: of }],
	},
	{
		resource: 'customer',
		operation: 'suspend',
		programs: affiliate,
		parameters: byCustomer,
		items: customers,
		calls: ({ of }) => [['POST', `/customers/${String(of)}/suspend`]],
		output: ({ of }) => [{ suspended: true, id: of }],
	},
	{
		resource: 'customer',
		operation: 'approve',
		programs: affiliate,
		parameters: byCustomer,
		items: customers,
		arrange: ({ customers: table }) =>
			[...table].forEach((one) => table.update(one, { status: 'suspended' })),
		calls: ({ of }) => [['POST', `/customers/${String(of)}/approve`]],
		output: ({ of }) => [{ approved: true, id: of }],
	},
	{
		resource: 'customer',
		operation: 'getTransactions',
		programs: affiliate,
		parameters: byCustomer,
		items: customers,
		calls: ({ of }) => [['GET', `/customers/${String(of)}/transactions`, firstPage]],
		output: ({ of }) => [of === 'u_1' ? { key: 't_1', amount: 50 } : { key: 't_2', amount: 20 }],
	},
	{
		resource: 'customer',
		operation: 'getTransactions',
		programs: referAFriend,
		parameters: byCustomer,
		items: [{ of: 'u_0' }, { of: 'u_1' }],
		calls: ({ of }) => [['GET', `/customers/${String(of)}/transactions`, firstPage]],
		output: ({ of }) => (of === 'u_0' ? [{ key: 't_2' }, { key: 't_1' }] : []),
	},
	{
		resource: 'customer',
		operation: 'getReferrals',
		programs: referAFriend,
		parameters: byCustomer,
		items: [{ of: 'u_0' }, { of: 'u_1' }],
		calls: ({ of }) => [['GET', `/customers/${String(of)}/referrals`, firstPage]],
		output: ({ of }) => (of === 'u_0' ? [{ id: 'u_1' }, { id: 'u_2' }] : []),
	},
	{
		resource: 'customer',
		operation: 'getBalance',
		programs: referAFriend,
		parameters: byCustomer,
		items: [{ of: 'u_0' }, { of: 'u_1' }],
		calls: ({ of }) => [['GET', `/customers/${String(of)}/balance`]],
		output: ({ of }) => [
			{
				customer: { id: of },
				balance: of === 'u_0' ? [{ amount: 7, amountUnits: 'USD', isCurrency: true }] : [],
			},
		],
	},
	{
		resource: 'customer',
		operation: 'creditBalance',
		programs: referAFriend,
		parameters: { ...byCustomer, amount: 10, additionalFields: { amountUnits: 'USD' } },
		items: customers,
		calls: ({ of }) => [
			['GET', `/customers/${String(of)}/balance`],
			[
				'POST',
				`/customers/${String(of)}/balance/credit`,
				{ body: { amount: 10, is_currency: true, amount_units: 'USD' } },
			],
		],
		output: ({ of }) => [{ customer: { id: of }, balance: { currency: [{ amount: 10 }] } }],
	},
	{
		resource: 'customer',
		operation: 'getStatistics',
		programs: referAFriend,
		parameters: byCustomer,
		items: [{ of: 'u_0' }, { of: 'u_1' }],
		calls: ({ of }) => [['GET', `/customers/${String(of)}/stats`]],
		output: ({ of }) => [
			{ referrals_count: of === 'u_0' ? 2 : 0, total_revenue: of === 'u_0' ? 70 : 0 },
		],
	},
	{
		resource: 'customer',
		operation: 'invite',
		programs: referAFriend,
		parameters: { email: '={{ $json.email }}' },
		items: [{ email: 'vic@example.com' }, { email: 'wes@example.com' }],
		calls: ({ email }) => [['POST', '/customers:invite', { body: { email } }]],
		output: ({ email }) => [{ email }],
	},
];

const transactionSamples: Sample[] = [
	{
		resource: 'transaction',
		operation: 'create',
		programs: both,
		parameters: { ...byCustomer, customer: picked('id'), amount: 99.99 },
		items: customers,
		arrange: ({ customers: table }) =>
			[...table].forEach((one) => table.update(one, { id: one.id.replace('i_', 'u_') })),
		calls: ({ of }) => [
			['POST', '/transactions', { body: { action: 'sale', amount: 99.99, customer: { id: of } } }],
		],
		output: (_item, program) => [
			{
				amount: 99.99,
				created: true,
				rewards: [{ amount: program === 'affiliate' ? 29.997 : 9.999 }],
			},
		],
	},
	{
		resource: 'transaction',
		operation: 'get',
		programs: both,
		parameters: bySale,
		items: sales,
		calls: ({ of }) => [['GET', `/transactions/${String(of)}`]],
		output: (item, program) => [saleOf(item, program)],
	},
	{
		resource: 'transaction',
		operation: 'getAll',
		programs: both,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/transactions', firstPage]],
		output: (_item, program) => [saleOf({ of: 't_2' }, program), saleOf({ of: 't_1' }, program)],
	},
	{
		resource: 'transaction',
		operation: 'refund',
		programs: both,
		parameters: bySale,
		items: sales,
		// A second sale under the key shows in the list alone.
		calls: ({ of }) => [
			['GET', '/transactions', { query: { key: String(of), limit: '100', page: '1' } }],
			['DELETE', `/transactions/${String(of)}`],
		],
		output: ({ of }) => [{ refunded: true, key: of }],
	},
	{
		resource: 'transaction',
		operation: 'archive',
		programs: affiliate,
		parameters: bySale,
		items: sales,
		calls: ({ of }) => [['POST', `/transactions/${String(of)}/archive`]],
		output: ({ of }) => [{ archived: true, key: of }],
	},
	{
		resource: 'transaction',
		operation: 'unarchive',
		programs: affiliate,
		parameters: bySale,
		items: sales,
		arrange: ({ transactions: table }) =>
			[...table].forEach((one) => table.update(one, { status: 'archived' })),
		calls: ({ of }) => [['POST', `/transactions/${String(of)}/revoke-archive`]],
		output: ({ of }) => [{ archived: false, key: of }],
	},
];

const leadSamples: Sample[] = [
	{
		resource: 'lead',
		operation: 'create',
		programs: affiliate,
		parameters: { ...byPartnerId, name: 'Cy Po', email: 'cy@example.com' },
		items: partners,
		calls: ({ of }) => [
			['POST', '/leads', { body: { name: 'Cy Po', email: 'cy@example.com', partner: { id: of } } }],
		],
		output: ({ of }) => [
			{
				status: 'submitted',
				submitter: { id: of },
				lead_info: { name: 'Cy Po', email: 'cy@example.com' },
			},
		],
	},
	{
		resource: 'lead',
		operation: 'get',
		programs: affiliate,
		parameters: byLead,
		items: leads,
		calls: ({ of }) => [['GET', `/leads/${String(of)}`]],
		output: ({ of }) => [{ id: Number(of), status: 'submitted', can_be_converted: true }],
	},
	{
		resource: 'lead',
		operation: 'getAll',
		programs: affiliate,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/leads', firstPage]],
		output: () => [{ id: 42 }, { id: 41 }],
	},
	{
		resource: 'lead',
		operation: 'delete',
		programs: affiliate,
		parameters: byLead,
		items: leads,
		calls: ({ of }) => [['DELETE', `/leads/${String(of)}`]],
		output: ({ of }) => [{ deleted: true, id: Number(of) }],
	},
	{
		resource: 'lead',
		operation: 'convert',
		programs: affiliate,
		parameters: { ...byLead, commissionTransactionAmount: 500 },
		items: leads,
		calls: ({ of }) => [
			['POST', '/leads/convert', { body: { id: Number(of), commission_transaction_amount: 500 } }],
		],
		output: ({ of }) => [
			{
				id: Number(of),
				status: 'converted',
				converted_to: { email: of === '41' ? 'lea@example.com' : 'leo@example.com' },
			},
		],
	},
	{
		resource: 'lead',
		operation: 'reject',
		programs: affiliate,
		parameters: byLead,
		items: leads,
		calls: ({ of }) => [['POST', '/leads/reject', { body: { id: Number(of) } }]],
		output: ({ of }) => [{ id: Number(of), status: 'rejected', can_be_rejected: false }],
	},
	{
		resource: 'lead',
		operation: 'getForm',
		programs: affiliate,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/leads/details']],
		output: () => [{ leads_enabled: true, fields: [] }],
	},
];

const couponSamples: Sample[] = [
	{
		resource: 'coupon',
		operation: 'create',
		programs: every,
		parameters: {
			couponDiscountType: 'percent',
			couponDiscountAmount: '={{ $json.amount }}',
			couponDurationType: 'once',
		},
		items: [{ amount: 25 }, { amount: 40 }],
		calls: ({ amount }) => [
			[
				'POST',
				'/coupons',
				{
					body: {
						active: true,
						coupon_discount_type: 'percent',
						coupon_discount_amount: amount,
						coupon_duration_type: 'once',
					},
				},
			],
		],
		output: ({ amount }) => [
			{
				coupon_discount_amount: amount,
				message: 'The coupon has been created.',
				synchronization: { enabled: false, successful: false, message: '' },
			},
		],
	},
	{
		resource: 'coupon',
		operation: 'get',
		programs: every,
		parameters: byCoupon,
		items: coupons,
		calls: ({ of }) => [['GET', `/coupons/${String(of)}`]],
		output: ({ of }) => [{ uuid_code: of, active: true, times_redeemed: 0 }],
	},
	{
		resource: 'coupon',
		operation: 'getAll',
		programs: every,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/coupons', firstPage]],
		output: () => [{ uuid_code: 'SUMMER' }, { uuid_code: 'WINTER' }],
	},
	{
		resource: 'coupon',
		operation: 'delete',
		programs: every,
		parameters: byCoupon,
		items: coupons,
		calls: ({ of }) => [['DELETE', `/coupons/${String(of)}`]],
		output: ({ of }) => [{ deleted: true, id: of }],
	},
	{
		resource: 'coupon',
		operation: 'update',
		programs: every,
		parameters: { ...byCoupon, updateFields: { name: 'Sale' } },
		items: coupons,
		calls: ({ of }) => [['PUT', '/coupons', { body: { uuid_code: of, name: 'Sale' } }]],
		output: ({ of }) => [{ uuid_code: of, name: 'Sale', message: 'The coupon has been updated.' }],
	},
	{
		resource: 'coupon',
		operation: 'redeem',
		programs: every,
		parameters: byCoupon,
		items: coupons,
		calls: ({ of }) => [['PUT', '/coupons', { body: { uuid_code: of, redeem: true } }]],
		output: ({ of }) => [{ uuid_code: of, times_redeemed: 1 }],
	},
];

const promotionCodeSamples: Sample[] = [
	{
		resource: 'promotionCode',
		operation: 'create',
		programs: every,
		parameters: byCoupon,
		items: coupons,
		calls: ({ of }) => [['POST', '/promotion-codes', { body: { coupon_uuid: of } }]],
		output: () => [
			{
				code: expect.stringMatching(/^\w+$/),
				message: 'The promotion code has been created.',
				coupon_specific_partners: {},
			},
		],
	},
	{
		resource: 'promotionCode',
		operation: 'get',
		programs: every,
		parameters: byCode,
		items: codes,
		calls: ({ of }) => [['GET', `/promotion-codes/${String(of)}`]],
		output: ({ of, coupon }) => [
			{ code: of, coupon: { uuid_code: coupon }, times_redeemed: 0, metadata: {} },
		],
	},
	{
		resource: 'promotionCode',
		operation: 'getAll',
		programs: every,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/promotion-codes', firstPage]],
		output: () => [{ code: 'BEN25' }, { code: 'ANN25' }],
	},
	{
		resource: 'promotionCode',
		operation: 'delete',
		programs: every,
		parameters: byCode,
		items: codes,
		calls: ({ of, coupon }) => [
			['GET', `/promotion-codes/${String(of)}`],
			['DELETE', '/promotion-codes', { body: { code: of, coupon: { uuid_code: coupon } } }],
		],
		output: ({ of }) => [
			{ deleted: true, id: of, message: 'The promotion code has been deleted.' },
		],
	},
	{
		resource: 'promotionCode',
		operation: 'update',
		programs: every,
		parameters: {
			...byCode,
			updateFields: { metadata: { pairs: [{ name: 'campaign', value: 'spring' }] } },
		},
		items: codes,
		calls: ({ of }) => [
			['PUT', '/promotion-codes', { body: { code: of, metadata: { campaign: 'spring' } } }],
		],
		output: ({ of }) => [
			{
				code: of,
				metadata: { campaign: 'spring' },
				message: 'The promotion code has been updated.',
			},
		],
	},
	{
		resource: 'promotionCode',
		operation: 'redeem',
		programs: every,
		parameters: byCode,
		items: codes,
		calls: ({ of }) => [['PUT', '/promotion-codes', { body: { code: of, redeem: true } }]],
		output: ({ of }) => [{ code: of, times_redeemed: 1 }],
	},
];

/** Partners have links in affiliate programs, customers in refer-a-friend programs: of each the first and the second. */
const linkSamples: Sample[] = (
	[
		[
			'affiliate',
			'partner',
			'id',
			['p_1', 'p_2'],
			['annlee', 'benbrews'],
			['ann-yt', 'ben-yt'],
			'aff',
		],
		['referAFriend', 'customer', 'id', ['u_1', 'u_2'], ['k_1', 'k_2'], ['una-yt', 'uri-yt'], 'ref'],
	] as const
).flatMap(([program, owner, mode, owners, defaults, links, parameter]): Sample[] => {
	const one = { resource: 'referralLink', programs: [program] };
	const ofOwner = { owner, [owner]: picked(mode) };
	const byLink = { owner, referralLink: picked('id') };
	const ownerItems: Sample['items'] = [{ of: owners[0] }, { of: owners[1] }];
	const linkItems: Sample['items'] = [{ of: links[0] }, { of: links[1] }];
	const path = (of: IDataObject[string]) => `/${owner}_referral_links/${String(of)}`;
	const shown = (key: unknown, isDefault = false) => ({
		id: key,
		key,
		url: `https://shop.example?${parameter}=${String(key)}`,
		default: isDefault,
	});
	return [
		{
			...one,
			operation: 'create',
			parameters: { ...ofOwner, key: '={{ $json.of }}-new' },
			items: ownerItems,
			calls: ({ of }) => [
				[
					'POST',
					`/${owner}_referral_links`,
					{ body: { key: `${String(of)}-new`, [owner]: { [mode]: of } } },
				],
			],
			output: ({ of }) => [{ ...shown(`${String(of)}-new`), is_additional: false }],
		},
		{
			...one,
			operation: 'get',
			parameters: byLink,
			items: linkItems,
			calls: ({ of }) => [['GET', path(of)]],
			output: ({ of }) => [shown(of)],
		},
		{
			...one,
			operation: 'getAll',
			parameters: ofOwner,
			items: ownerItems,
			calls: ({ of }) => [['GET', `/${owner}s/${String(of)}/referral_links`, firstPage]],
			output: ({ of }) => {
				const index = owners.findIndex((id) => id === of);
				return [shown(defaults[index], true), shown(links[index])];
			},
		},
		{
			...one,
			operation: 'update',
			parameters: { ...byLink, key: '={{ $json.of }}-2' },
			items: linkItems,
			calls: ({ of }) => [['PUT', path(of), { body: { key: `${String(of)}-2` } }]],
			output: ({ of }) => [shown(`${String(of)}-2`)],
		},
		{
			...one,
			operation: 'delete',
			parameters: byLink,
			items: linkItems,
			calls: ({ of }) => [['DELETE', path(of)]],
			output: ({ of }) => [{ deleted: true, id: of }],
		},
	];
});

const domainSample: Sample = {
	resource: 'referralLink',
	operation: 'getDomains',
	programs: affiliate,
	parameters: {},
	items: [{}, {}],
	calls: () => [['GET', '/partner_referral_links:domains', firstPage]],
	output: () => [
		{ id: null, domain: 'shop.example', is_additional: false },
		{ id: 'dom_2', domain: 'blog.example', url: 'https://blog.example?aff=', is_additional: true },
	],
};

/** Every type of program has webhooks, for events of its own. */
const webhookSamples: Sample[] = (
	[
		['affiliate', 'lead.submitted'],
		['referAFriend', 'customer.rewarded'],
		['newsletter', 'subscriber.created'],
	] as Array<[ProgramName, string]>
).flatMap(([program, event]): Sample[] => {
	const one = {
		resource: 'webhook',
		programs: [program],
		arrange: ({ webhooks }: ProgramState) => {
			for (const key of ['w_1', 'w_2']) {
				webhooks.add({
					key,
					name: `Hook ${key}`,
					url: `https://crm.example/${key}`,
					events: [event],
				});
			}
		},
	};
	const items: Sample['items'] = [{ of: 'w_1' }, { of: 'w_2' }];
	const byKey = { webhook: picked('key') };
	const shown = (key: IDataObject[string]) => ({
		key,
		name: `Hook ${String(key)}`,
		url: `https://crm.example/${String(key)}`,
		is_active: true,
		events: [event],
	});
	return [
		{
			...one,
			operation: 'create',
			parameters: { name: 'CRM', url: '={{ $json.to }}', events: [event] },
			items: [{ to: 'https://crm.example/a' }, { to: 'http://127.0.0.1/b' }],
			calls: ({ to }) => [
				['POST', '/webhooks', { body: { name: 'CRM', url: to, events: [event] } }],
			],
			output: ({ to }) => [
				{
					key: expect.any(String),
					name: 'CRM',
					url: to,
					is_active: true,
					events: [event],
					signature: expect.any(String),
				},
			],
		},
		{
			...one,
			operation: 'get',
			parameters: byKey,
			items,
			calls: ({ of }) => [['GET', `/webhooks/${String(of)}`]],
			output: ({ of }) => [shown(of)],
		},
		{
			...one,
			operation: 'getAll',
			parameters: {},
			items: [{}, {}],
			calls: () => [['GET', '/webhooks', firstPage]],
			output: () => [shown('w_2'), shown('w_1')],
		},
		{
			...one,
			operation: 'update',
			parameters: { ...byKey, updateFields: { name: 'Nic' } },
			items,
			calls: ({ of }) => [['PUT', `/webhooks/${String(of)}`, { body: { name: 'Nic' } }]],
			output: ({ of }) => [{ ...shown(of), name: 'Nic' }],
		},
		{
			...one,
			operation: 'delete',
			parameters: byKey,
			items,
			calls: ({ of }) => [['DELETE', `/webhooks/${String(of)}`]],
			output: ({ of }) => [{ deleted: true, id: of }],
		},
	];
});

const byId = { subscriber: picked('id') };
const subscribers: Sample['items'] = [{ of: 's_1' }, { of: 's_2' }];

const newsletterSamples: Sample[] = [
	{
		resource: 'subscriber',
		operation: 'create',
		programs: newsletter,
		parameters: { email: '={{ $json.email }}' },
		items: [{ email: 'sue@example.com' }, { email: 'tom@example.com' }],
		calls: ({ email }) => [['POST', '/subscribers', { body: { email } }]],
		output: ({ email }) => [
			{ id: email, email, status: 'Active', is_referred: false, referrals_count: 0, reward: [] },
		],
	},
	{
		resource: 'subscriber',
		operation: 'upsert',
		programs: newsletter,
		parameters: { email: '={{ $json.email }}', additionalFields: { name: '={{ $json.name }}' } },
		items: [
			{ email: 'Rea@Example.com', name: 'Andrea', known: 'rea@example.com' },
			{ email: 'sue@example.com', name: 'Sue' },
		],
		calls: ({ email, name, known }) => [
			['GET', '/subscribers:search', { query: { email, limit: '100', page: '1' } }],
			known
				? ['PUT', '/subscribers', { body: { email: known, update: { name } } }]
				: ['POST', '/subscribers', { body: { email, name } }],
		],
		output: ({ name, known }) => [{ name, created: !known, id: known ? 's_1' : 'sue@example.com' }],
	},
	{
		resource: 'subscriber',
		operation: 'get',
		programs: newsletter,
		parameters: byId,
		items: subscribers,
		calls: ({ of }) => [['GET', `/subscribers/${String(of)}`]],
		output: ({ of }) => [
			{
				id: of,
				status: 'Active',
				approved: true,
				is_referred: of === 's_2',
				referrals_count: of === 's_1' ? 1 : 0,
			},
		],
	},
	{
		resource: 'subscriber',
		operation: 'getAll',
		programs: newsletter,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/subscribers', firstPage]],
		output: () => [{ id: 's_2' }, { id: 's_1' }],
	},
	{
		resource: 'subscriber',
		operation: 'getAll',
		programs: newsletter,
		parameters: { filters: { email: '={{ $json.part }}' } },
		items: [{ part: 'rea@' }, { part: 'andrea' }],
		calls: ({ part }) => [
			['GET', '/subscribers:search', { query: { email: part, ...firstPage.query } }],
		],
		// Parts match as well.
		output: ({ part }) => [{ id: 's_2' }, ...(part === 'rea@' ? [{ id: 's_1' }] : [])],
	},
	{
		resource: 'subscriber',
		operation: 'update',
		programs: newsletter,
		parameters: { ...byId, updateFields: { name: 'Nic' } },
		items: subscribers,
		calls: ({ of }) => [['PUT', '/subscribers', { body: { id: of, update: { name: 'Nic' } } }]],
		output: ({ of }) => [{ id: of, name: 'Nic' }],
	},
	{
		resource: 'subscriber',
		operation: 'delete',
		programs: newsletter,
		parameters: byId,
		items: subscribers,
		calls: ({ of }) => [['DELETE', '/subscribers', { body: { id: of } }]],
		output: ({ of }) => [{ deleted: true, id: of }],
	},
	{
		resource: 'reward',
		operation: 'create',
		programs: newsletter,
		parameters: {
			name: '={{ $json.name }}',
			subscribersCount: 5,
			fulfillmentType: 'generic_coupon',
			fulfillmentValue: 'REWARD10',
		},
		items: [{ name: '10% off' }, { name: 'Mug' }],
		calls: ({ name }) => [
			[
				'POST',
				'/rewards',
				{
					body: {
						name,
						subscribers_count: 5,
						fulfillment_type: 'generic_coupon',
						fulfillment_value: 'REWARD10',
					},
				},
			],
		],
		output: ({ name }) => [
			{ name, subscriber_count: 5, fulfillment_value: 'REWARD10', times_triggered: 0 },
		],
	},
	{
		resource: 'reward',
		operation: 'get',
		programs: newsletter,
		parameters: { reward: picked('id') },
		items: [{ of: '1' }, { of: '2' }],
		calls: ({ of }) => [['GET', `/rewards/${String(of)}`]],
		output: ({ of }) => [
			of === '1'
				? { id: 1, name: 'Mug', subscriber_count: 1, times_triggered: 1 }
				: { id: 2, name: 'Shirt', subscriber_count: 5, times_triggered: 0 },
		],
	},
	{
		resource: 'reward',
		operation: 'getAll',
		programs: newsletter,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/rewards', firstPage]],
		output: () => [{ id: 2 }, { id: 1 }],
	},
];

const payoutSamples: Sample[] = [
	{
		resource: 'payoutRequest',
		operation: 'create',
		programs: affiliate,
		parameters: { ...byPartnerId, amountUnits: 'usd' },
		items: partners,
		calls: ({ of }) => [
			[
				'GET',
				'/payout_requests:search',
				{ query: { partner_id: of, amount_units: 'usd', limit: '100', page: '1' } },
			],
			['POST', '/payout_requests', { body: { partner: { id: of }, amount_units: 'usd' } }],
		],
		// What they have earned, 15 and 6, less what is requested already.
		output: ({ of }) => [
			{
				status: 'requested',
				amount: of === 'p_1' ? 10 : 4,
				amount_units: 'USD',
				partner: { id: of },
			},
		],
	},
	{
		resource: 'payoutRequest',
		operation: 'get',
		programs: affiliate,
		parameters: byPayout,
		items: payouts,
		calls: ({ of }) => [['GET', `/payout_requests/${String(of)}`]],
		output: ({ of }) => [{ id: Number(of), status: 'requested', amount: of === '61' ? 5 : 2 }],
	},
	{
		resource: 'payoutRequest',
		operation: 'getAll',
		programs: affiliate,
		parameters: {},
		items: [{}, {}],
		calls: () => [['GET', '/payout_requests', firstPage]],
		output: () => [{ id: 62 }, { id: 61 }],
	},
	{
		resource: 'payoutRequest',
		operation: 'getAll',
		programs: affiliate,
		parameters: { filters: { status: '={{ $json.status }}' } },
		items: [{ status: 'requested' }, { status: 'approved' }],
		calls: ({ status }) => [
			['GET', '/payout_requests:search', { query: { status, ...firstPage.query } }],
		],
		output: ({ status }) => (status === 'requested' ? [{ id: 62 }, { id: 61 }] : []),
	},
	{
		resource: 'payoutRequest',
		operation: 'approve',
		programs: affiliate,
		parameters: byPayout,
		items: payouts,
		calls: ({ of }) => [['POST', `/payout_requests/${String(of)}/approve`]],
		output: ({ of }) => [{ id: Number(of), status: 'approved' }],
	},
	{
		resource: 'payoutRequest',
		operation: 'markAsPaid',
		programs: affiliate,
		parameters: byPayout,
		items: payouts,
		arrange: ({ payoutRequests: table }) =>
			[...table].forEach((one) => table.update(one, { status: 'approved' })),
		calls: ({ of }) => [['POST', `/payout_requests/${String(of)}/mark_as_paid`]],
		output: ({ of }) => [{ id: Number(of), status: 'finished' }],
	},
];

const statementSamples: Sample[] = [
	{
		resource: 'partner',
		operation: 'getStatements',
		programs: affiliate,
		parameters: { period: 'custom', from: '2020-01-01', to: '2099-12-31', filters: byPartnerId },
		items: partners,
		calls: ({ of }) => [
			['GET', '/program'],
			['GET', '/transactions', { query: { sort: 'desc', limit: '100', page: '1' } }],
			['GET', `/partners/${String(of)}`],
		],
		output: ({ of }) => [
			{
				partner: of,
				salesCount: 1,
				commission: of === 'p_1' ? 15 : 6,
				sales: [{ key: of === 'p_1' ? 't_1' : 't_2' }],
				html: expect.stringContaining('Statement for'),
			},
		],
	},
];

const everyProgram: Array<[ProgramName, string]> = [
	['affiliate', 'Affiliate'],
	['referAFriend', 'Referral'],
	['newsletter', 'Newsletter'],
];

/** What the report of a period reads, in each type of program. */
const listsOfReport: Record<ProgramName, Array<[path: string, query: object]>> = {
	affiliate: ['/transactions', '/partners', '/customers', '/leads'].map((path) => [
		path,
		{ sort: 'desc' },
	]),
	referAFriend: ['/transactions', '/customers'].map((path) => [path, { sort: 'desc' }]),
	newsletter: ['/subscribers', '/rewards'].map((path) => [path, {}]),
};

/** Whom it looks up: who brought the most. */
const topOfReport: Record<ProgramName, string[]> = {
	affiliate: ['/partners/p_1', '/partners/p_2'],
	referAFriend: ['/customers/u_0'],
	newsletter: [],
};

const programSamples: Sample[] = [
	...everyProgram.flatMap(([program, type]): Sample[] => [
		{
			resource: 'program',
			operation: 'get',
			programs: [program],
			parameters: {},
			items: [{}, {}],
			calls: () => [['GET', '/program']],
			output: () => [{ type, name: expect.stringMatching(/^Sandbox .* program$/) }],
		},
		{
			resource: 'program',
			operation: 'getReport',
			programs: [program],
			parameters: {},
			items: [{}, {}],
			calls: () => [['GET', '/program']],
			output: () => [
				{ programType: type, text: expect.stringContaining('Sandbox'), metrics: expect.any(Array) },
			],
		},
		{
			resource: 'program',
			operation: 'getReport',
			programs: [program],
			parameters: { period: 'thisMonth', options: { top: '={{ $json.top }}' } },
			items: [{ top: 0 }, { top: 2 }],
			calls: ({ top }) => [
				['GET', '/program'],
				...listsOfReport[program].map(([path, query]): Call => [
					'GET',
					path,
					{ query: { ...query, limit: '100', page: '1' } },
				]),
				...(top === 2 ? topOfReport[program].map((path): Call => ['GET', path]) : []),
			],
			output: () => [
				{
					programType: type,
					period: { name: 'thisMonth' },
					slackBlocks: { blocks: expect.any(Array) },
					series: expect.any(Array),
				},
			],
		},
	]),
	{
		resource: 'program',
		operation: 'update',
		programs: both,
		parameters: { updateFields: { name: '={{ $json.name }}' } },
		items: [{ name: 'Friends' }, { name: 'Fans' }],
		calls: ({ name }) => [['PUT', '/program', { body: { name } }]],
		output: () => [{ updated: true, message: 'The program has been updated.' }],
	},
];

export const samples: Sample[] = [
	...partnerSamples,
	...statementSamples,
	...customerSamples,
	...transactionSamples,
	...leadSamples,
	...couponSamples,
	...promotionCodeSamples,
	...newsletterSamples,
	...payoutSamples,
	...programSamples,
	...linkSamples,
	domainSample,
	...webhookSamples,
];
