import type { IDataObject } from 'n8n-workflow';

import type { Report, Snapshot } from '../../../nodes/Partnero/reports/programReport';
import {
	knownMetrics,
	programReport,
	snapshotOf,
} from '../../../nodes/Partnero/reports/programReport';

import { affiliate, flatAffiliate, newsletter, referAFriend } from './programs';

const MONDAY = '2026-11-23T08:00:00.000+01:00';
const LAST_MONDAY = '2026-11-16T08:00:00.000+01:00';

const report = (data: IDataObject, metrics?: string[]) =>
	programReport(data, { comparePrevious: false, metrics, generatedAt: MONDAY });

const compared = (data: IDataObject, previous?: Snapshot) =>
	programReport(data, { comparePrevious: true, previous, generatedAt: MONDAY });

const snapshot = (data: IDataObject) =>
	snapshotOf(programReport(data, { comparePrevious: true, generatedAt: LAST_MONDAY }));

const names = ({ metrics }: Report) => metrics.map((metric) => metric.name);
const metric = ({ metrics }: Report, name: string) => metrics.find((entry) => entry.name === name);
const texts = ({ text, markdown, html }: Report) => [text, markdown, html];

describe('programReport', () => {
	it('reports an affiliate program from its revenue to its payouts', () => {
		const monday = report(affiliate());
		expect(monday).toMatchObject({
			programName: 'Brightdesk Partners',
			programType: 'Affiliate',
			generatedAt: MONDAY,
		});
		expect(names(monday)).toEqual([
			'total_revenue',
			'total_reward',
			'net_profit',
			'total_purchases',
			'average_order_value',
			'affiliate_referred_visitors_clicks',
			'total_signups',
			'total_paid_accounts',
			'click_to_signup_conversion',
			'signup_to_sale_conversion',
			'total_partners',
			'partner_activity_active_partners',
			'partner_activity_waiting_for_approval',
			'payout_status_breakdown_requested_count',
			'payout_status_breakdown_requested_amounts',
		]);
		expect(monday.metrics[0]).toEqual({
			name: 'total_revenue',
			label: 'Revenue',
			value: 12480.5,
			unit: 'USD',
			growth: 8.2,
			sinceLastReport: null,
		});
		expect(metric(monday, 'total_partners')).toMatchObject({ value: 48, unit: '', growth: 4.3 });
		expect(metric(monday, 'click_to_signup_conversion')).toMatchObject({
			value: 7.4,
			unit: '%',
			growth: 0,
		});
		expect(metric(monday, 'average_order_value')).toMatchObject({
			value: 25.01,
			unit: 'USD',
			growth: null,
		});
	});

	it('reports the other program types by what they count', () => {
		expect(names(report(referAFriend()))).toEqual([
			'total_revenue_from_sales',
			'total_sales',
			'total_customers',
			'total_referring_customers',
			'total_referred_customers',
			'participation',
			'active_rewards',
		]);
		expect(names(report(newsletter()))).toEqual([
			'total_subscribers',
			'total_referring',
			'total_referred',
		]);
		expect(names(report(flatAffiliate()))).toEqual(['total_revenue', 'total_partners']);
	});

	it('says of a newsletter which share of the subscribers takes part', () => {
		for (const text of texts(report(newsletter()))) {
			expect(text).toMatch(
				/Referring Subscribers[\s\S]*1\.7% of subscribers[\s\S]*Referred Subscribers[\s\S]*5\.8% of subscribers/,
			);
		}
		const nobody = report({
			...newsletter(),
			total_subscribers: 0,
			total_referring: 0,
			total_referred: 0,
		});
		for (const text of texts(nobody)) expect(text).not.toContain('of subscribers');
	});

	it('falls back on whatever a program of unknown statistics counts', () => {
		const { metrics } = report({
			program: { id: 1, name: 'New' },
			stats: { total_gift_cards: '12', total_gift_cards_growth: 3 },
		});
		expect(metrics).toEqual([
			{
				name: 'total_gift_cards',
				label: 'Total Gift Cards',
				value: 12,
				unit: '',
				growth: 3,
				sinceLastReport: null,
			},
		]);
	});

	it('shows the chosen metrics in the chosen order, each once', () => {
		const chosen = [
			'total_partners',
			'rewards_breakdown_in_review',
			'total_revenue',
			'total_partners',
		];
		const monday = report(affiliate(), chosen);
		expect(names(monday)).toEqual(chosen.slice(0, 3));
		for (const text of texts(monday)) {
			const places = ['Partners', 'Commissions in Review', 'Revenue'].map((label) =>
				text.lastIndexOf(`${label}`),
			);
			expect(places).toEqual([...places].sort((a, b) => a - b));
			expect(text).not.toContain('Clicks');
		}
	});

	it('refuses a metric that nobody knows, and says which ones there are', () => {
		expect(() => report(affiliate(), ['total_revenue', 'revnue'])).toThrow(
			/"revnue".*average_order_value.*total_revenue/,
		);
	});

	it('leaves out a metric of another program type, but not all of them', () => {
		expect(names(report(affiliate(), ['total_subscribers', 'total_partners']))).toEqual([
			'total_partners',
		]);
		expect(() => report(newsletter(), ['total_partners'])).toThrow(
			/total_partners.*total_referred, total_referring/,
		);
	});

	it('has one entry per currency, the program\u2019s own first', () => {
		const monday = report(affiliate({ total_revenue: { eur: '€1.234,50', usd: '$12,480.50' } }), [
			'total_revenue',
		]);
		expect(monday.metrics).toMatchObject([
			{ name: 'total_revenue', value: 12480.5, unit: 'USD', growth: 8.2 },
			{ name: 'total_revenue', value: 1234.5, unit: 'EUR', growth: null },
		]);
		for (const text of texts(monday)) {
			expect(text).toContain('Revenue (USD)');
			expect(text).toContain('$12,480.50');
			expect(text).toContain('Revenue (EUR)');
			expect(text).toContain('€1,234.50');
		}
	});

	it('says so when there are no statistics', () => {
		const empty = compared({});
		expect(empty.metrics).toEqual([]);
		for (const text of texts(empty)) expect(text).toContain('no statistics');
	});
});

describe('the comparison with the last report', () => {
	const before = affiliate({
		total_revenue: { usd: '$11,200.00' },
		total_partners: '50',
		click_to_signup_conversion: '5.4',
	});

	it('gives the difference of each metric', () => {
		const monday = compared(affiliate(), snapshot(before));
		expect(metric(monday, 'total_revenue')?.sinceLastReport).toBe(1280.5);
		expect(metric(monday, 'total_partners')?.sinceLastReport).toBe(-2);
		expect(metric(monday, 'click_to_signup_conversion')?.sinceLastReport).toBe(2);
		expect(metric(monday, 'total_signups')?.sinceLastReport).toBe(0);
	});

	it('is told in every text, with the date of the last report', () => {
		for (const text of texts(compared(affiliate(), snapshot(before)))) {
			expect(text).toContain('+$1,280.50');
			expect(text).toContain('-2');
			expect(text).toContain('+2 points');
			expect(text).toContain('unchanged');
			expect(text).toContain('Monday, November 16, 2026, 8:00 AM');
		}
	});

	it('is not mentioned when it is switched off', () => {
		const previous = snapshot(before);
		const monday = programReport(affiliate(), {
			comparePrevious: false,
			previous,
			generatedAt: MONDAY,
		});
		expect(monday.metrics.filter((entry) => entry.sinceLastReport !== null)).toEqual([]);
		for (const text of texts(monday))
			expect(text).not.toMatch(/last report|unchanged|first report|November 16/i);
	});

	it('starts with the second report', () => {
		const first = compared(affiliate());
		expect(first.metrics.filter((entry) => entry.sinceLastReport !== null)).toEqual([]);
		for (const text of texts(first)) expect(text).toContain('first report');
	});

	it('compares an amount with nothing but the same currency, or with nothing earned', () => {
		const euros = affiliate({ total_revenue: { eur: '€11,200.00' } });
		expect(
			metric(compared(affiliate(), snapshot(euros)), 'total_revenue')?.sinceLastReport,
		).toBeNull();

		const nothing = { ...referAFriend(), total_revenue_from_sales: [] };
		const monday = compared(referAFriend(), snapshot(nothing));
		expect(metric(monday, 'total_revenue_from_sales')?.sinceLastReport).toBe(6411.97);
	});

	it('has no noise of binary fractions', () => {
		const little = snapshot(affiliate({ total_revenue: { usd: '$0.10' } }));
		const monday = compared(affiliate({ total_revenue: { usd: '$0.30' } }), little);
		expect(metric(monday, 'total_revenue')?.sinceLastReport).toBe(0.2);
	});

	it.each([
		null,
		{},
		'old',
		{ generatedAt: LAST_MONDAY },
		{ generatedAt: LAST_MONDAY, values: null },
	])('takes %j for no report at all', (left) => {
		const monday = compared(affiliate(), left as unknown as Snapshot);
		expect(monday.metrics.every((entry) => entry.sinceLastReport === null)).toBe(true);
		expect(monday.text).toContain('first report');
	});

	it('remembers a snapshot that survives as JSON', () => {
		const kept = snapshotOf(compared(affiliate()));
		expect(kept.generatedAt).toBe(MONDAY);
		expect(kept.values).toMatchObject({ 'total_revenue USD': 12480.5, total_partners: 48 });
		expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
	});
});

describe('the texts', () => {
	it('say what a program manager looks for', () => {
		const { text } = compared(affiliate());
		expect(text).toMatch(
			/^Brightdesk Partners\nAffiliate program report, Monday, November 23, 2026, 8:00 AM\n/,
		);
		expect(text).toContain('- Revenue: $12,480.50 (growth +8.2%)');
		expect(text).toContain('- Commissions: $3,744.15 (30% of revenue, growth +8.2%)');
		expect(text).toContain('- Clicks: 4,210 (growth -3.1%)');
		expect(text).toContain('- Partners Waiting for Approval: 3\n');
		expect(text).toContain('does not document how long');
		expect(report(newsletter()).text).not.toContain('Growth');
		expect(report(referAFriend()).text).toContain('Refer-a-friend program report');
	});

	it('put the numbers into Markdown tables of equal columns', () => {
		const { markdown } = compared(affiliate(), snapshot(affiliate()));
		expect(markdown).toContain('| Metric | Value | Growth | Since last report |');
		expect(markdown).toContain('| Revenue | $12,480.50 | +8.2% | unchanged |');
		const rows = markdown.split('\n').filter((row) => row.startsWith('|'));
		expect(new Set(rows.map((row) => row.split(' | ').length))).toEqual(new Set([4]));
		expect(report(newsletter()).markdown).toContain('| Metric | Value |\n');
	});

	it('name the day in the zone of the date, and take a date they cannot read as it is', () => {
		const at = (generatedAt: string) =>
			programReport(newsletter(), { comparePrevious: false, generatedAt }).text;
		expect(at('2026-11-23T23:30:00.000-08:00')).toContain('Monday, November 23, 2026, 11:30 PM\n');
		expect(at('2026-11-23T08:00:00Z')).toContain('Monday, November 23, 2026, 8:00 AM UTC');
		expect(at('some day')).toContain('report, some day');
	});

	it('name the day in the time zone of the workflow', () => {
		const at = (timeZone: string) =>
			programReport(newsletter(), {
				comparePrevious: false,
				generatedAt: '2026-11-22T21:00:00.000Z',
				timeZone,
			}).text;
		expect(at('Australia/Sydney')).toContain('Monday, November 23, 2026, 8:00 AM\n');
		expect(at('America/New_York')).toContain('Sunday, November 22, 2026, 4:00 PM\n');
	});

	const WICKED = '<script>alert("1")</script> & \'co\' | `x` *b* [l](u)\n# no heading';

	it('let no program name break out of the HTML', () => {
		const { html, programName } = report(affiliate({}, { name: WICKED, type: '<b onload="x">' }));
		expect(programName).toBe(WICKED);
		expect(html).not.toMatch(/<script|<b |\son\w+="/i);
		expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;');
	});

	it('let no program name break out of the Markdown', () => {
		const { markdown } = report(affiliate({}, { name: WICKED }));
		expect(markdown.split('\n')[0]).toBe(
			'# &lt;script&gt;alert("1")&lt;/script&gt; &amp; \'co\' \\| \\`x\\` \\*b\\* \\[l\\](u) \\# no heading',
		);
	});

	it('escape the names of statistics too', () => {
		const { html, markdown } = report({ stats: { 'x<img src=x>|y': 4 } });
		expect(html).not.toContain('<img');
		expect(markdown).not.toContain('<img');
		expect(markdown).toContain('\\|');
	});

	it('fall back on a plain title for a program without a name', () => {
		for (const text of texts(report({ stats: { total_partners: 1 } })))
			expect(text).toContain('Partnero program');
	});
});

describe('the HTML for mail', () => {
	it('is self-contained and made of what mail clients keep', () => {
		const { html } = compared(affiliate(), snapshot(affiliate()));
		expect(html).toMatch(/^<!DOCTYPE html>/);
		expect(html).not.toMatch(
			/<(script|style|svg|img|link|iframe|div[^>]*class)|url\(|https?:|javascript:/i,
		);
		for (const tag of ['table', 'tr', 'td', 'div', 'p', 'h1', 'h2', 'span']) {
			const count = (pattern: string) => html.match(new RegExp(pattern, 'g'))?.length ?? 0;
			expect([tag, count(`<${tag}[ >]`)]).toEqual([tag, count(`</${tag}>`)]);
		}
	});

	const bars = (html: string) => {
		const cells = [...html.matchAll(/<td width="(\d+)%" height="8" bgcolor="(#\w+)"/g)];
		return cells.map(([, width, color]) => [Number(width), color] as const);
	};

	it('draws each bar over the full width, as long as its number', () => {
		const drawn = bars(
			report(affiliate(), [
				'affiliate_referred_visitors_clicks',
				'total_signups',
				'total_paid_accounts',
			]).html,
		);
		// The clicks are the headline and the measure; 312 and 187 of 4210 follow.
		expect(drawn.map(([width]) => width)).toEqual([7, 93, 4, 96]);
		expect(new Set(drawn.map(([, color]) => color)).size).toBe(2);
	});

	it('draws nothing for nothing, something for something, and no bar without a measure', () => {
		const lines = [
			'total_partners',
			'affiliate_referred_visitors_clicks',
			'total_signups',
			'total_paid_accounts',
		];
		const drawn = bars(report(affiliate({ total_signups: 0, total_paid_accounts: 1 }), lines).html);
		expect(drawn.map(([width]) => width)).toEqual([100, 100, 1, 99]);
		expect(bars(report(affiliate(), ['total_signups', 'total_partners']).html)).toEqual([]);
		const idle = {
			affiliate_referred_visitors_clicks: 0,
			total_signups: 0,
			total_paid_accounts: 0,
		};
		expect(bars(report(affiliate(idle), lines).html)).toEqual([]);
	});

	it('draws a loss as no profit', () => {
		const loss = affiliate({ net_profit: -20, net_profit_formatted: '-$20.00' });
		const { html, text } = report(loss, ['total_revenue', 'net_profit']);
		expect(bars(html).map(([width]) => width)).toEqual([100]);
		expect(html).toContain('-$20.00');
		expect(text).toContain('- Net Profit: -$20.00 (growth');
	});

	it('compares only money of one currency', () => {
		const mixed = affiliate({ total_reward: { eur: '€12,480.50' } });
		expect(report(mixed, ['total_revenue', 'total_reward']).text).not.toContain('of revenue');
		expect(bars(report(mixed, ['total_revenue', 'total_reward']).html)).toEqual([]);
	});
});

describe('knownMetrics', () => {
	it('offers each metric once, sorted by a label of its own', () => {
		const labels = knownMetrics.map((known) => known.label);
		expect(labels).toEqual([...labels].sort((a, b) => a.localeCompare(b, 'en')));
		expect(new Set(labels).size).toBe(labels.length);
		expect(new Set(knownMetrics.map((known) => known.name)).size).toBe(labels.length);
	});

	it('offers what the report shows by itself', () => {
		const offered = knownMetrics.map((known) => known.name);
		for (const data of [affiliate(), referAFriend(), newsletter()]) {
			expect(names(report(data)).filter((name) => !offered.includes(name))).toEqual([]);
		}
	});
});
