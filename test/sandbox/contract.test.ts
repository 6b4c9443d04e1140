import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import type { ContractOperation } from '../../sandbox/contract';
import {
	contractOperations,
	CONTRACT_FILE,
	responseErrors,
	validateRequest,
} from '../../sandbox/contract';
import type { ProgramName } from '../../sandbox/programs';
import { HANDLERS } from '../../sandbox/resources';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import type { Switches } from '../../sandbox/switches';
import { defaultSwitches } from '../../sandbox/switches';

import { client } from './client';

const operations = contractOperations();
const operationIds = operations.map(({ operationId }) => operationId);

describe('the contract', () => {
	test('is clean for an OpenAPI linter', () => {
		const linter = join(require.resolve('@redocly/cli/package.json'), '../bin/cli.js');
		const output = execFileSync(
			process.execPath,
			[linter, 'lint', CONTRACT_FILE, '--format', 'json'],
			{
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
			},
		);
		expect(JSON.parse(output)).toMatchObject({ totals: { errors: 0, warnings: 0, ignored: 0 } });
	});

	test('has a handler for every operation, and an operation for every handler', () => {
		expect(Object.keys(HANDLERS).sort()).toEqual([...operationIds].sort());
	});

	test.each(operationIds)('%s says where it comes from and which programs have it', (id) => {
		const operation = operations.find(({ operationId }) => operationId === id) as ContractOperation;
		expect(operation['x-provenance']).toMatch(/^partnero-api\.md \d\.\d/);
		expect(['high', 'medium', 'low']).toContain(operation['x-confidence']);
		expect(operation['x-programs'].length).toBeGreaterThan(0);
		for (const name of operation['x-programs'])
			expect(['affiliate', 'refer-a-friend', 'newsletter']).toContain(name);
		const preferred = operation['x-alternative-to'];
		if (preferred) expect(operationIds).toContain(preferred);
	});
});

describe('validateRequest', () => {
	const partner = { key: 'annlee' };
	const sale = { key: 't', amount: 1, customer: { key: 'c' } };

	test.each<[string, string, unknown]>([
		['POST', '/customers', { key: 'c', partner }],
		[
			'POST',
			'/customers',
			{ key: 'c', email: 'ü@x.example', tags: [], partner: { email: 'a@b.example' } },
		],
		['POST', '/transactions', sale],
		['POST', '/transactions', { ...sale, amount: undefined, reward: 0 }],
		['POST', '/transactions', { customer: { id: 'c' }, transactions: [{ amount: 0 }] }],
		['PUT', '/partners/p_1', { update: { tags: null } }],
		['PUT', '/partners/a%2Fb', { update: { tags: [] } }],
		['POST', '/partners/p_1/archive', undefined],
		['DELETE', '/partners/p_1', {}],
		['POST', '/payout_requests', { partner: { id: 'p_1' }, amount_units: 'usd' }],
		[
			'POST',
			'/payout_requests',
			{
				partner,
				amount_units: 'usd',
				gateway: 'venmo',
				payout_settings: { recipient_type: 'PHONE', phone: '+1 555 0100', name: 'Ann' },
			},
		],
		[
			'POST',
			'/leads',
			{ name: 'n', email: 'a@b.example', partner, cfields: { 89: 'x', 91: ['a'] } },
		],
		['PUT', '/program', {}],
		[
			'POST',
			'/partner_referral_links',
			{ key: 'k', partner, domain_id: 'd', is_additional: false },
		],
	])('accepts %s %s %j', (method, path, body) => {
		expect(validateRequest({ method, path, body })).toMatchObject({ valid: true, errors: {} });
	});

	test.each<[string, string, unknown, string]>([
		['POST', '/customers', { key: 'c' }, 'partner'],
		['POST', '/customers', { key: 'c', partner: {} }, 'partner'],
		['POST', '/customers', { key: 'c', partner: { key: '' } }, 'partner.key'],
		['POST', '/customers', { key: 7, partner }, 'key'],
		['POST', '/customers', { key: 'c', id: 'i', partner }, 'id'],
		['POST', '/customers', undefined, 'body'],
		['POST', '/transactions', { ...sale, amount: '1' }, 'amount'],
		['POST', '/transactions', { ...sale, customer: { name: 'n' } }, 'customer.key'],
		[
			'POST',
			'/transactions',
			{ customer: { key: 'c' }, transactions: [{ key: 'k' }] },
			'transactions.0.amount',
		],
		['POST', '/transactions', { customer: { key: 'c' }, transactions: [], amount: 1 }, 'amount'],
		['PUT', '/partners/p_1', { name: 'Ann' }, 'update'],
		['PUT', '/partners/p_1', { update: { status: 'active' } }, 'update.status'],
		['POST', '/partners', { email: 'a@b.example', password: 'short' }, 'password'],
		['POST', '/partners', { email: 'no address' }, 'email'],
		['POST', '/partners/p_1/archive', { id: 'p_1' }, 'id'],
		['POST', '/partners/p_1/reward', { amount: 0 }, 'amount'],
		['POST', '/partners:sign-in-url', { key: 'k', email: 'a@b.example' }, 'body'],
		[
			'POST',
			'/leads',
			{ name: 'n', email: 'a@b.example', partner, cfields: { company: 'x' } },
			'cfields.company',
		],
		['DELETE', '/leads/abc', undefined, 'id'],
		[
			'POST',
			'/coupons',
			{
				coupon_discount_type: 'percent',
				coupon_discount_amount: 101,
				coupon_duration_type: 'once',
			},
			'coupon_discount_amount',
		],
		[
			'POST',
			'/coupons',
			{ coupon_discount_type: 'static', coupon_discount_amount: 101, coupon_duration_type: 'days' },
			'coupon_duration_value',
		],
		['PUT', '/coupons', { name: 'n' }, 'uuid_code'],
		['POST', '/promotion-codes', { coupon_uuid: 'c', code: 'no blanks' }, 'code'],
		[
			'POST',
			'/promotion-codes',
			{ coupon_uuid: 'c', limit_to_specific_partner: true },
			'coupon_specific_partners',
		],
		[
			'POST',
			'/promotion-codes',
			{ coupon_uuid: 'c', coupon_specific_partners: { id: 'p_1' } },
			'coupon_specific_partners.full_name',
		],
		[
			'POST',
			'/promotion-codes',
			{ coupon_uuid: 'c', minimum_order_status: true },
			'minimum_order_value',
		],
		[
			'PUT',
			'/promotion-codes',
			{ code: 'c', limit_to_specific_customer: false },
			'limit_to_specific_customer',
		],
		['DELETE', '/promotion-codes', { code: 'c' }, 'coupon'],
		['POST', '/partner_referral_links', { key: 'k' }, 'partner'],
		['POST', '/partner_referral_links', { key: 'k', partner, domain_id: 'd' }, 'is_additional'],
		['PUT', '/partner_referral_links/k', { update: { key: 'l' } }, 'update'],
		['POST', '/payout_requests', { partner }, 'amount_units'],
		[
			'POST',
			'/payout_requests',
			{ partner, amount_units: 'usd', gateway: 'paypal' },
			'payout_settings',
		],
		[
			'POST',
			'/payout_requests',
			{
				partner,
				amount_units: 'usd',
				gateway: 'paypal',
				payout_settings: { username: 'a@b.example', phone: '1' },
			},
			'payout_settings.phone',
		],
		[
			'POST',
			'/payout_requests',
			{
				partner,
				amount_units: 'usd',
				gateway: 'venmo',
				payout_settings: { recipient_type: 'PHONE', email: 'a@b.example' },
			},
			'payout_settings.phone',
		],
		[
			'POST',
			'/payout_requests',
			{ partner, amount_units: 'usd', reward_ids: ['1'] },
			'reward_ids.0',
		],
		['POST', '/payout_requests/61/approve', { id: 61 }, 'id'],
		['GET', '/payout_requests/search', undefined, 'id'],
		[
			'PUT',
			'/program',
			{ program_settings: { referral_portal_enabled: true } },
			'program_settings.referral_portal_enabled',
		],
	])('refuses %s %s %j, naming %s', (method, path, body, field) => {
		const verdict = validateRequest({ method, path, body });
		expect(verdict.valid).toBe(false);
		expect(Object.keys(verdict.errors)).toContain(field);
	});

	test('refuses unknown and malformed query parameters', () => {
		const query = { limit: '5', page: '0', sort: 'up', color: 'red' };
		expect(
			Object.keys(validateRequest({ method: 'GET', path: '/partners', query }).errors).sort(),
		).toEqual(Object.keys(query).sort());
	});

	test('knows what each program type has', () => {
		const body = { id: 'i', referring_customer: { key: 'k' } };
		const request = { method: 'POST', path: '/customers', body };
		expect(validateRequest(request, { program: 'referAFriend' }).valid).toBe(true);
		expect(Object.keys(validateRequest(request).errors)).toEqual(
			expect.arrayContaining(['id', 'referring_customer', 'key', 'partner']),
		);
		const filtered = { method: 'GET', path: '/customers', query: { partner_key: 'k' } };
		expect(validateRequest(filtered).valid).toBe(true);
		expect(validateRequest(filtered, { program: 'referAFriend' }).valid).toBe(false);
		expect(
			validateRequest({ method: 'GET', path: '/partners' }, { program: 'referAFriend' }).failure,
		).toBe('other-program');
	});

	test('tells an unknown path from a wrong method', () => {
		expect(validateRequest({ method: 'GET', path: '/nothing' }).failure).toBe('not-found');
		expect(validateRequest({ method: 'GET', path: '/partners/' }).failure).toBe('not-found');
		expect(validateRequest({ method: 'POST', path: '/partner' }).failure).toBe(
			'method-not-allowed',
		);
	});
});

test('responseErrors notices what an answer must not hold', () => {
	expect(responseErrors('archivePartner', 200, { status: 1 })).toEqual([]);
	expect(responseErrors('archivePartner', 200, { status: 1, key: 'k' })).toHaveLength(1);
	expect(responseErrors('archivePartner', 404, { message: 'Not Found' })).toHaveLength(1);
});

describe('every operation answers as the contract says', () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	beforeEach(() => sandbox.reset());
	afterAll(() => sandbox.close());

	type Row = [
		operationId: string,
		method: string,
		path: string,
		body?: unknown,
		switches?: Partial<Switches>,
	];
	const partner = {
		email: 'new@example.com',
		key: 'new',
		id: 'p_new',
		tags: ['a'],
		referring_partner: { key: 'annlee' },
	};
	const coupon = {
		coupon_discount_type: 'percent',
		coupon_discount_amount: 5,
		coupon_duration_type: 'lifetime',
	};
	const webhook = { name: 'n', url: 'http://127.0.0.1/hook' };
	/** What each type of program has, with an event that it has. */
	const webhooks = (event: string): Row[] => [
		['listWebhooks', 'GET', '/webhooks?limit=10&page=1'],
		['listWebhooks', 'GET', '/webhooks', undefined, { webhookSecret: 'onCreate' }],
		['createWebhook', 'POST', '/webhooks', { ...webhook, events: [event] }],
		['getWebhook', 'GET', '/webhooks/hook'],
		['updateWebhook', 'PUT', '/webhooks/hook', { events: [event], is_active: false }],
		['deleteWebhook', 'DELETE', '/webhooks/hook'],
	];
	/** The links of whoever has them, with a default one and a further one. */
	const links = (Kind: string, owner: string, defaultKey: string, further: string): Row[] => {
		const name = Kind.toLowerCase();
		const path = `/${name}_referral_links`;
		return [
			[`list${Kind}ReferralLinks`, 'GET', `/${name}s/${owner}/referral_links?limit=10&page=1`],
			[`search${Kind}ReferralLinks`, 'GET', `${path}:search?key=${defaultKey}`],
			[`create${Kind}ReferralLink`, 'POST', path, { key: 'new-link', [name]: { id: owner } }],
			[`get${Kind}ReferralLink`, 'GET', `${path}/${defaultKey}`],
			[`update${Kind}ReferralLink`, 'PUT', `${path}/${defaultKey}`, { key: 'renamed' }],
			[`delete${Kind}ReferralLink`, 'DELETE', `${path}/${further}`],
		];
	};
	const shared: Row[] = [
		['testConnection', 'GET', '/test'],
		['getProgram', 'GET', '/program'],
		['getProgram', 'GET', '/program', undefined, { programShape: 'flat' }],
		['getProgramOverview', 'GET', '/program/overview'],
		[
			'updateProgram',
			'PUT',
			'/program',
			{ name: 'New', portal_settings: { widget_enabled: true } },
		],
		['deleteProgram', 'DELETE', '/program'],
		['listCustomers', 'GET', '/customers?limit=50'],
		['searchCustomers', 'GET', '/customers:search?email=example'],
		['listTransactions', 'GET', '/transactions?limit=100&sort=asc'],
		['createTransactions', 'POST', '/transactions', { amount: 5, customer: { key: 'nobody' } }],
		['listCoupons', 'GET', '/coupons'],
		['createCoupon', 'POST', '/coupons', { ...coupon, uuid_code: 'NEW' }],
	];
	const limits = {
		affiliate: {
			limit_to_specific_partner: true,
			coupon_specific_partners: { id: 'p_annlee', full_name: 'Ann Lee' },
		},
		referAFriend: {
			limit_to_specific_customer: true,
			coupon_specific_customers: { id: 'user_1', customer_full_name: 'Alma' },
		},
		newsletter: {
			limit_to_specific_subscriber: true,
			coupon_specific_subscribers: { id: 's_1', subscriber_full_name: 'Rea Lo' },
		},
	};
	/** The same in every type of program, but for whom a code can be limited to. */
	const promotionCodes = (program: ProgramName): Row[] => [
		['listPromotionCodes', 'GET', '/promotion-codes?limit=100'],
		['createPromotionCode', 'POST', '/promotion-codes', { coupon_uuid: 'NEW', ...limits[program] }],
		['getPromotionCode', 'GET', '/promotion-codes/CODE'],
		[
			'updatePromotionCode',
			'PUT',
			'/promotion-codes',
			{ code: 'CODE', redeem: true, metadata: { a: 1 } },
		],
		[
			'deletePromotionCode',
			'DELETE',
			'/promotion-codes',
			{ code: 'CODE', coupon: { uuid_code: 'NEW' } },
		],
	];
	const affiliate: Row[] = [
		...shared,
		...promotionCodes('affiliate'),
		...webhooks('lead.submitted'),
		...links('Partner', 'p_annlee', 'annlee', 'annlee-blog'),
		['listReferralLinkDomains', 'GET', '/partner_referral_links:domains'],
		['listPartners', 'GET', '/partners'],
		['searchPartners', 'GET', '/partners:search?key=ann'],
		['lookUpPartner', 'GET', '/partner?email=ann.lee@example.com'],
		['getPartner', 'GET', '/partners/p_annlee'],
		['createPartner', 'POST', '/partners', partner],
		['updatePartner', 'PUT', '/partners/p_annlee', { update: { name: 'Anna', tags: [] } }],
		['updatePartnerByBody', 'PUT', '/partners', { key: 'annlee', update: { surname: 'Li' } }],
		['deletePartner', 'DELETE', '/partners/p_annlee'],
		['deletePartnerByBody', 'DELETE', '/partners', { email: 'ann.lee@example.com' }],
		['archivePartner', 'POST', '/partners/p_annlee/archive'],
		[
			'addPartnerReward',
			'POST',
			'/partners/p_annlee/reward',
			{ amount: 5, note: 'n', date: '2026-01-01T00:00:00Z' },
		],
		['createPartnerSignInUrl', 'POST', '/partners:sign-in-url', { key: 'annlee', expires_in: 30 }],
		[
			'createCustomer',
			'POST',
			'/customers',
			{ key: 'c', email: 'c@x.example', tags: ['t'], partner: { key: 'annlee' } },
		],
		['getCustomer', 'GET', '/customers/cust_1001'],
		['updateCustomer', 'PUT', '/customers/cust_1001', { update: { tags: ['t'] } }],
		['updateCustomerByBody', 'PUT', '/customers', { key: 'cust_1001', update: { name: 'N' } }],
		['deleteCustomer', 'DELETE', '/customers/cust_1001'],
		['deleteCustomerByBody', 'DELETE', '/customers', { key: 'cust_1001' }],
		['listCustomerTransactions', 'GET', '/customers/cust_1001/transactions'],
		['archiveCustomer', 'POST', '/customers/cust_1001/archive'],
		['suspendCustomer', 'POST', '/customers/cust_1001/suspend'],
		['approveCustomer', 'POST', '/customers/cust_1001/approve'],
		[
			'createTransactions',
			'POST',
			'/transactions',
			{ amount: 5, product_id: 'p', customer: { key: 'cust_1001' } },
		],
		['getTransaction', 'GET', '/transactions/order_5001'],
		['deleteTransaction', 'DELETE', '/transactions/order_5001'],
		['deleteTransactionByBody', 'DELETE', '/transactions', { key: 'order_5001' }],
		['archiveTransaction', 'POST', '/transactions/order_5001/archive'],
		['listLeads', 'GET', '/leads?sort=desc'],
		['getLead', 'GET', '/leads/42'],
		['getLeadDetails', 'GET', '/leads/details'],
		[
			'createLead',
			'POST',
			'/leads',
			{
				name: 'Cy Po',
				email: 'cy@q.example',
				partner: { key: 'annlee' },
				cfields: { 89: 'Acme', 91: ['Beans'], 94: 'US' },
			},
		],
		['deleteLead', 'DELETE', '/leads/42'],
		['convertLead', 'POST', '/leads/convert', { id: 41, commission_transaction_amount: 500 }],
		[
			'convertLeadByGet',
			'GET',
			'/leads/convert?id=41&commission_transaction_amount=500',
			undefined,
			{ leadsConvert: 'get' },
		],
		['rejectLead', 'POST', '/leads/reject', { id: 41 }],
		['rejectLeadByGet', 'GET', '/leads/reject?id=41', undefined, { leadsConvert: 'either' }],
		['listPayoutRequests', 'GET', '/payout_requests?sort=asc'],
		[
			'searchPayoutRequests',
			'GET',
			'/payout_requests:search?status=requested&partner_key=annlee&amount_units=usd',
		],
		['getPayoutRequest', 'GET', '/payout_requests/69'],
		[
			'createPayoutRequest',
			'POST',
			'/payout_requests',
			{ partner: { key: 'dripdan' }, amount_units: 'usd' },
		],
		['approvePayoutRequest', 'POST', '/payout_requests/69/approve'],
		['markPayoutRequestAsPaid', 'POST', '/payout_requests/64/mark_as_paid'],
		['getCoupon', 'GET', '/coupons/WINTER25'],
		[
			'updateCoupon',
			'PUT',
			'/coupons',
			{ uuid_code: 'WINTER25', redeem: true, metadata: { a: 1 } },
		],
		['deleteCoupon', 'DELETE', '/coupons/WINTER25'],
	];
	const referAFriend: Row[] = [
		...shared,
		...promotionCodes('referAFriend'),
		...webhooks('customer.rewarded'),
		...links('Customer', 'user_1', 'alma', 'alma-at-work'),
		[
			'createCustomer',
			'POST',
			'/customers',
			{
				email: 'n@x.example',
				metadata: { date_of_birth: '1990-01-31' },
				referring_customer: { key: 'alma' },
			},
		],
		['getCustomer', 'GET', '/customers/user_4'],
		['updateCustomer', 'PUT', '/customers/user_4', { update: { name: 'N' } }],
		['updateCustomerByBody', 'PUT', '/customers', { id: 'user_4', update: { name: 'N' } }],
		['deleteCustomer', 'DELETE', '/customers/user_4'],
		['deleteCustomerByBody', 'DELETE', '/customers', { key: 'deniz' }],
		['archiveCustomer', 'POST', '/customers/user_4/archive'],
		['listCustomerTransactions', 'GET', '/customers/user_1/transactions'],
		['listCustomerReferrals', 'GET', '/customers/user_1/referrals'],
		[
			'listCustomerReferrals',
			'GET',
			'/customers/user_1/referrals?limit=10',
			undefined,
			{ referrals: 'paged' },
		],
		['getCustomerStatistics', 'GET', '/customers/user_1/stats'],
		['getCustomerBalance', 'GET', '/customers/user_1/balance'],
		['getCustomerBalance', 'GET', '/customers/user_12/balance'],
		['creditCustomerBalance', 'POST', '/customers/user_1/balance/credit', { amount: 10 }],
		[
			'inviteCustomer',
			'POST',
			'/customers:invite',
			{ email: 'i@x.example', personalization: { greeting: 'Hi' } },
		],
		['createTransactions', 'POST', '/transactions', { amount: 5, customer: { key: 'deniz' } }],
		['getTransaction', 'GET', '/transactions/friend_order_101'],
		['deleteTransaction', 'DELETE', '/transactions/friend_order_101'],
		['deleteTransactionByBody', 'DELETE', '/transactions', { key: 'friend_order_101' }],
		['getCoupon', 'GET', '/coupons/NEW'],
		['updateCoupon', 'PUT', '/coupons', { uuid_code: 'NEW', name: 'Newer' }],
		['deleteCoupon', 'DELETE', '/coupons/NEW'],
	];
	const newsletter: Row[] = [
		...webhooks('subscriber.created'),
		...promotionCodes('newsletter'),
		['testConnection', 'GET', '/test'],
		['getProgram', 'GET', '/program'],
		['listCoupons', 'GET', '/coupons'],
		[
			'createCoupon',
			'POST',
			'/coupons',
			{ ...coupon, promotion_codes: [{ code: 'FIRST', ...limits.newsletter }] },
		],
		['getCoupon', 'GET', '/coupons/NEW'],
		['updateCoupon', 'PUT', '/coupons', { uuid_code: 'NEW', name: 'Newer' }],
		['deleteCoupon', 'DELETE', '/coupons/NEW'],
		['listSubscribers', 'GET', '/subscribers?limit=100&refer_status=referred'],
		['searchSubscribers', 'GET', '/subscribers:search?email=readers'],
		['getSubscriber', 'GET', '/subscribers/ada%40readers.example'],
		[
			'createSubscriber',
			'POST',
			'/subscribers',
			{
				email: 'n@x.example',
				id: 'n',
				name: 'N',
				tos: true,
				marketing_consent: false,
				status: 'active',
				approved: true,
				referral: { email: 'ada@readers.example' },
			},
		],
		[
			'createSubscriber',
			'POST',
			'/subscribers',
			{ email: 'n@x.example' },
			{ subscriberId: 'later' },
		],
		[
			'updateSubscriber',
			'PUT',
			'/subscribers',
			{ email: 'ada@readers.example', update: { name: 'N', status: 'suspended' } },
		],
		[
			'updateSubscriber',
			'PUT',
			'/subscribers',
			{ id: 'ada@readers.example', email: 'new@readers.example' },
			{ updates: 'toplevel' },
		],
		[
			'updateSubscriberByPath',
			'PUT',
			'/subscribers/ada@readers.example',
			{ name: 'N' },
			{ updates: 'toplevel' },
		],
		['deleteSubscriber', 'DELETE', '/subscribers', { id: 'ada@readers.example' }],
		['listRewards', 'GET', '/rewards?limit=10'],
		['getReward', 'GET', '/rewards/251'],
		[
			'createReward',
			'POST',
			'/rewards',
			{
				name: 'Mug',
				description: 'A mug',
				subscribers_count: 4,
				fulfillment_type: 'url_link',
				fulfillment_value: 'https://shop.example/mug',
			},
		],
	];

	const rows = Object.entries({ affiliate, referAFriend, newsletter }).flatMap(([program, list]) =>
		list.map(([operationId, method, path, body, switches]) => ({
			program: program as ProgramName,
			operationId,
			method,
			path,
			body,
			switches,
		})),
	);

	test.each(rows)(
		'$program: $operationId ($method $path)',
		async ({ program, operationId, method, path, body, switches }) => {
			Object.assign(sandbox.switches, defaultSwitches(), switches);
			sandbox.program(program).coupons.add({ uuid_code: 'NEW' });
			sandbox.program(program).promotionCodes.add({ code: 'CODE', coupon: 'NEW' });
			sandbox.program('newsletter').subscribers.add({ id: 's_1', email: 'rea@example.com' });
			sandbox.program(program).webhooks.add({
				key: 'hook',
				events: program === 'newsletter' ? ['subscriber.created'] : ['customer.created'],
			});
			if (operationId === 'createCoupon') sandbox.program(program).coupons.clear();
			const reply = await client(sandbox, program)(method, path, body);
			expect(reply.status).toBe(200);
			expect(sandbox.requests.at(-1)).toMatchObject({ operationId, status: 200, method });
		},
	);

	test('every operation was called in every program that has it', () => {
		const called = rows.map(({ program, operationId }) => `${program} ${operationId}`);
		const names = {
			affiliate: 'affiliate',
			'refer-a-friend': 'referAFriend',
			newsletter: 'newsletter',
		};
		const offered = operations.flatMap((operation) =>
			operation['x-programs'].map(
				(name) => `${names[name as keyof typeof names]} ${operation.operationId}`,
			),
		);
		// These need a record that is archived first; relations.test.ts calls them.
		const restores = offered.filter((name) => / restore/.test(name));
		expect([...new Set([...called, ...restores])].sort()).toEqual(offered.sort());
	});
});
