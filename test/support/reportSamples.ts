import type { ReportDocument } from '../../nodes/Partnero/reports/document';
import { Formats } from '../../nodes/Partnero/reports/formats';
import { periodsOf } from '../../nodes/Partnero/reports/period';
import { compare, percentOf } from '../../nodes/Partnero/reports/periodLedger';
import type { PeriodNumbers } from '../../nodes/Partnero/reports/periodNumbers';
import { shownPeriod } from '../../nodes/Partnero/reports/periodNumbers';
import { periodDocument } from '../../nodes/Partnero/reports/periodView';
import type { Statement } from '../../nodes/Partnero/reports/statementView';
import { statementDocument } from '../../nodes/Partnero/reports/statementView';

/** A program and its partners, as they mostly are. */
export const plainNames = [
	'Brightdesk Partners',
	'Ann Lee',
	'Ben Okafor',
	'Mira Sol',
	'Chiara Rossi',
	'Jonas Weber',
	'Aiko Tanaka',
	'Luis Ortega',
];

/** What somebody may have typed in as a name, to look like something else or to break a mail. */
export const hostileNames = [
	'<script>alert(1)</script>',
	'"><img src=x onerror=alert(1)>',
	"'; DROP TABLE partners; --",
	'</td></tr></table><h1>Paid</h1>',
	'<!-- </style> -->',
	'&lt;b&gt; & &amp;',
	'*bold* _it_ ~no~ `code` [link](https://evil.example)',
	'<https://evil.example|Click> <!channel> <@U123>',
	'| a | b |\n|---|---|',
	'\u202Egnp.exe\u0000\u0007',
	'W'.repeat(300),
	'Maximiliana-Konstantina von und zu Hohenlohe-Langenburg-Schillingsfürst '.repeat(4),
	'😀'.repeat(90),
	'\uD800 half a character',
];

/** The numbers of a report with as many top partners as there may be, under these names. */
export function numbersWith(
	names: string[],
	more: Partial<PeriodNumbers> = {},
): { numbers: PeriodNumbers; document: ReportDocument } {
	const periods = periodsOf({
		name: 'lastMonth',
		now: Date.parse('2026-11-28T08:00:00Z'),
		timeZone: 'Europe/Berlin',
		weekStartsOn: 1,
	});
	const metric = (
		name: string,
		label: string,
		value: number | null,
		previous: number | null,
		unit: string,
	) => ({ name, label, ...compare(value, previous, unit), target: null, reached: null });
	const days = Array.from({ length: 31 }, (_, index) => ({
		day: `2026-10-${String(index + 1).padStart(2, '0')}`,
		revenue: 4000 + ((index * 7919) % 3000) - ((index + 3) % 7 < 2 ? 2500 : 0),
	}));
	const revenue = days.reduce((sum, day) => sum + day.revenue, 0);
	const numbers: PeriodNumbers = {
		programName: names[0],
		programType: 'Affiliate',
		generatedAt: '2026-11-28T08:00:00.000Z',
		period: shownPeriod(periods.current),
		previousPeriod: shownPeriod(periods.previous),
		currency: 'USD',
		metrics: [
			{
				...metric('revenue', 'Revenue', revenue, 128_450.5, 'USD'),
				target: 150_000,
				reached: percentOf(revenue, 150_000),
			},
			metric('revenue', 'Revenue', 312.5, 0, 'EUR'),
			metric('sales', 'Sales', 1204, 1250, ''),
			metric('commissions', 'Commissions', 42_113.37, 38_535.15, 'USD'),
			metric('commissions', 'Commissions', 93.75, 0, 'EUR'),
			metric('refunds', 'Archived Sales', null, null, ''),
			metric('newPartners', 'New Partners', 12, 9, ''),
			metric('newCustomers', 'New Customers', 318, 318, ''),
		],
		series: days.map(({ day, revenue: sold }, index) => ({
			from: day,
			to: day,
			sales: 30 + (index % 9),
			revenue: { USD: sold },
			commissions: { USD: sold * 0.3 },
		})),
		topPartners: Array.from({ length: 25 }, (_, index) => {
			const brought = Math.round(21_400 * 0.82 ** index) + 0.5;
			const before = Math.round(brought * (0.8 + ((index * 3) % 5) / 10));
			return {
				rank: index + 1,
				id: `p_${index}`,
				name:
					names === plainNames
						? names[1 + (index % (names.length - 1))]
						: names[index % names.length],
				email: null,
				...{
					sales: 200 - index * 8 + (index === 24 ? -7 : 0),
					revenue: brought,
					commission: Math.round(brought * 30) / 100,
					unit: 'USD',
				},
				...{
					previousRevenue: before,
					change: brought - before,
					changePercent: percentOf(brought - before, before),
				},
				revenueByCurrency: { USD: brought, ...(index === 1 && { EUR: 312.5 }) },
				commissionByCurrency: { USD: Math.round(brought * 30) / 100 },
			};
		}),
		topReferrers: [],
		waiting: {
			total: 3,
			partners: 1,
			payoutRequests: 2,
			payoutAmounts: [{ value: 450, unit: 'USD' }],
			leads: 0,
		},
		read: {},
		notes: names === plainNames ? [] : [names[names.length - 1]],
		...more,
	};
	return {
		numbers,
		document: periodDocument(numbers, { formats: new Formats('en-US', 'Europe/Berlin'), periods }),
	};
}

/** A statement whose sales have these names as their keys and customers. */
export function sampleStatement(names: string[]): {
	statement: Statement;
	document: ReportDocument;
} {
	const { current } = periodsOf({
		name: 'lastMonth',
		now: Date.parse('2026-11-28T08:00:00Z'),
		timeZone: 'Europe/Berlin',
		weekStartsOn: 1,
	});
	const isPlain = names === plainNames;
	const statuses = ['ok', 'ok', 'review_period', 'rejected', 'archived'];
	const statement: Statement = {
		...{
			partner: 'p_1',
			partnerName: names[1],
			partnerEmail: 'ann@example.com',
			programName: names[0],
		},
		generatedAt: '2026-11-28T08:00:00.000Z',
		period: shownPeriod(current),
		currency: 'USD',
		salesCount: 7,
		revenueByCurrency: { USD: 700 },
		commission: 180,
		commissionByCurrency: { USD: 180, EUR: 6 },
		commissions: [
			{ status: 'ok', value: 120, unit: 'USD' },
			{ status: 'review_period', value: 60, unit: 'USD' },
			{ status: 'ok', value: 6, unit: 'EUR' },
		],
		paid: { USD: 1250.5 },
		pending: {},
		notPaid: { USD: 180, EUR: 6 },
		sales: names.map((name, index) => ({
			key: isPlain ? `inv_${1001 + index}` : name,
			date: `2026-10-${String(30 - index).padStart(2, '0')}T12:00:00.000+01:00`,
			amount: 100,
			unit: 'USD',
			commission: ['rejected', 'archived'].includes(statuses[index % statuses.length]) ? 0 : 30,
			commissionUnit: 'USD',
			commissions: [{ value: 30, unit: 'USD', status: statuses[index % statuses.length] }],
			status: statuses[index % statuses.length],
			customer: isPlain ? `user_${77 + index}` : name,
		})),
		read: { records: 20, pages: 1, toTheEnd: true, newestFirst: true, undated: 0, isShown: true },
		unreadableAmounts: 0,
	};
	return {
		statement,
		document: statementDocument(statement, new Formats('en-US', 'Europe/Berlin'), current),
	};
}
