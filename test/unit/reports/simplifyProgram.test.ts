import type { IDataObject } from 'n8n-workflow';

import { METRICS } from '../../../nodes/Partnero/resources/program/metrics';
import { simplifyProgram } from '../../../nodes/Partnero/resources/program/output';
import fc from '../../support/fastCheck';

import { affiliate, flatAffiliate, newsletter, referAFriend } from './programs';

const IDENTITY = ['type', 'id', 'public_id', 'name', 'website'];

describe('simplifyProgram', () => {
	it('flattens an affiliate program of four blocks, with numbers for text', () => {
		const item = simplifyProgram(affiliate());
		expect(item).toMatchObject({
			type: 'Affiliate',
			id: 7,
			public_id: 'ABCD1234',
			name: 'Brightdesk Partners',
			website: 'https://brightdesk.example',
			total_partners: 48,
			total_partners_growth: 4.3,
			total_revenue: 12480.5,
			total_revenue_currency: 'USD',
			total_revenue_growth: 8.2,
			net_profit: 8736.35,
			net_profit_currency: 'USD',
			click_to_signup_conversion: 7.4,
			total_paid: 0,
			total_pending: 0,
			rewards_breakdown_unclaimed: 0,
			rewards_breakdown_in_review: 96.4,
			rewards_breakdown_in_review_currency: 'USD',
			partner_activity_approved: 44,
			payout_status_breakdown_requested_count: 2,
			payout_status_breakdown_requested_amounts: 410,
			payout_status_breakdown_rejected_count: 0,
			payout_status_breakdown_rejected_amounts: 0,
			payout_status_breakdown_total_requested_amounts: 410,
		});
		expect(item).not.toHaveProperty('total_revenue_by_currency');
		expect(item).not.toHaveProperty('net_profit_formatted');
	});

	it('holds no settings, and nothing but numbers and currency codes beside the identity', () => {
		const { type, id, public_id, name, website, ...rest } = simplifyProgram(affiliate());
		expect([type, id, public_id, name, website]).not.toContain(null);
		expect(
			Object.keys(rest).filter((key) => /settings|cookie|portal|created|initial/.test(key)),
		).toEqual([]);
		for (const [key, value] of Object.entries(rest)) {
			expect([key, typeof value]).toEqual([key, key.endsWith('_currency') ? 'string' : 'number']);
		}
	});

	it('has every documented statistic of the affiliate program', () => {
		const documented = METRICS.filter((metric) => metric.description.includes('(affiliate'));
		expect(documented.length).toBeGreaterThan(25);
		const item = simplifyProgram(affiliate());
		expect(documented.filter((metric) => typeof item[metric.name] !== 'number')).toEqual([]);
	});

	it('gives the flat shape the same names', () => {
		expect(simplifyProgram(flatAffiliate())).toEqual({
			type: 'Affiliate',
			id: 8,
			public_id: 'EFGH5678',
			name: 'Loam Affiliates',
			website: 'https://loam.example',
			total_partners: 3,
			total_partners_growth: 0,
			total_revenue: 1124.9,
			total_revenue_currency: 'EUR',
			total_revenue_growth: 5,
			total_paid: 0,
			total_paid_currency: 'EUR',
			total_pending: 0,
			total_pending_currency: 'EUR',
		});
	});

	it('keeps the earlier values of a refer-a-friend program', () => {
		expect(simplifyProgram(referAFriend())).toMatchObject({
			type: 'Referral',
			public_id: 'IJKL9012',
			active_rewards: 2,
			total_sales: 96,
			total_sales_before: 100,
			total_sales_growth: -4,
			participation_before: 15.25,
			total_revenue_from_sales: 6411.97,
			total_revenue_from_sales_currency: 'USD',
		});
	});

	it('reads a refer-a-friend program of four blocks', () => {
		const { program, overview_program_current_settings, ...stats } = referAFriend();
		const blocks = {
			program,
			stats,
			program_settings: { referral_portal_enabled: true },
			portal_settings: {},
		};
		expect(overview_program_current_settings).toBeDefined();
		expect(simplifyProgram(blocks)).toEqual(simplifyProgram(referAFriend()));
	});

	it('knows a newsletter program by its fields', () => {
		expect(simplifyProgram(newsletter())).toEqual({
			type: 'Newsletter',
			id: 'HTA1XYZ9',
			public_id: 'HTA1XYZ9',
			name: 'The Weekly Loam',
			website: null,
			total_subscribers: 5210,
			total_referring: 88,
			total_referred: 301,
		});
	});

	it('shows several currencies, the program\u2019s own one first', () => {
		const item = simplifyProgram(
			affiliate({ total_revenue: { eur: '€1.234,50', usd: '$12.00', gbp: null } }),
		);
		expect(item).toMatchObject({
			total_revenue: 12,
			total_revenue_currency: 'USD',
			total_revenue_by_currency: { EUR: 1234.5, USD: 12, GBP: 0 },
		});
	});

	it('falls back on the first currency where the program\u2019s own one is not among them', () => {
		const item = simplifyProgram(affiliate({ total_revenue: { eur: '€7.00', gbp: '£8.00' } }));
		expect(item).toMatchObject({ total_revenue: 7, total_revenue_currency: 'EUR' });
		expect(item.total_revenue_by_currency).toEqual({ EUR: 7, GBP: 8 });
	});

	it.each<[string, unknown, IDataObject]>([
		['an empty array', [], { total_reward: 0, total_reward_currency: 'USD' }],
		['an empty object', {}, { total_reward: 0, total_reward_currency: 'USD' }],
		['a plain number', 12.5, { total_reward: 12.5, total_reward_currency: 'USD' }],
		['formatted text', '€12.50', { total_reward: 12.5, total_reward_currency: 'EUR' }],
		[
			'a list of amounts',
			[{ currency: 'usd', amount: 3 }],
			{ total_reward: 3, total_reward_currency: 'USD' },
		],
		['null', null, { total_reward: null }],
		['text that is no number', 'n/a', { total_reward: null }],
		['a truth value', true, { total_reward: null }],
		['amounts that are no numbers', { usd: 'n/a' }, { total_reward: null }],
		[
			'an amount that is no number beside another',
			{ usd: 'n/a', eur: '€2.00' },
			{
				total_reward: null,
				total_reward_currency: 'USD',
				total_reward_by_currency: { USD: null, EUR: 2 },
			},
		],
	])('reads money from %s', (_, total_reward, expected) => {
		const item = simplifyProgram(affiliate({ total_reward: total_reward as IDataObject }));
		const read = Object.entries(item).filter(([key]) =>
			/^total_reward(_currency|_by_currency)?$/.test(key),
		);
		expect(Object.fromEntries(read)).toEqual(expected);
	});

	it('does not read a currency into words of three letters, nor a number into a list', () => {
		const item = simplifyProgram(
			affiliate({ partner_mix: { new: '4', old: '5' }, top_partners: [1, 2, 3] }),
		);
		expect(item).toMatchObject({ partner_mix_new: 4, partner_mix_old: 5 });
		expect(item).not.toHaveProperty('partner_mix');
		expect(item).not.toHaveProperty('top_partners');
	});

	it('lets no statistic replace the identity', () => {
		expect(simplifyProgram(affiliate({ name: 5, id: 6 }))).toMatchObject({
			name: 'Brightdesk Partners',
			id: 7,
		});
	});

	it.each([
		[{}],
		[null],
		[[]],
		['text'],
		[{ program: null, stats: [] }],
		[{ program: 'x', stats: { a: { b: [] } } }],
	])('takes %j without complaint', (data) => {
		expect(Object.keys(simplifyProgram(data as unknown as IDataObject))).toEqual(
			expect.arrayContaining(IDENTITY),
		);
	});

	it('goes only so deep, and keeps the item a plain object', () => {
		let deep: IDataObject = { usd: '$1.00' };
		for (let level = 0; level < 20_000; level++) deep = { a: deep };
		expect(Object.keys(simplifyProgram({ stats: { deep } }))).toEqual(IDENTITY);
		const item = simplifyProgram(JSON.parse('{"stats":{"__proto__":null}}') as IDataObject);
		expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
	});

	it('never throws, and never gives anything nested but amounts by currency', () => {
		const key = fc.constantFrom(
			'total_revenue',
			'usd',
			'eur',
			'x',
			'__proto__',
			'partner_activity',
		);
		const nested = fc.dictionary(key, fc.jsonValue());
		fc.assert(
			fc.property(
				fc.record({ stats: nested, program: fc.jsonValue(), program_settings: fc.jsonValue() }),
				(data) => {
					const item = simplifyProgram(data as unknown as IDataObject);
					const deep = Object.entries(item).filter(
						([, value]) => typeof value === 'object' && value !== null,
					);
					expect(deep.filter(([key]) => !key.endsWith('_by_currency'))).toEqual([]);
				},
			),
		);
	});
});
