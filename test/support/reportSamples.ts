import type { ReportDocument } from '../../nodes/Partnero/reports/document';
import { Formats } from '../../nodes/Partnero/reports/formats';
import { periodsOf } from '../../nodes/Partnero/reports/period';
import { compare } from '../../nodes/Partnero/reports/periodLedger';
import { shownPeriod, type PeriodNumbers } from '../../nodes/Partnero/reports/periodNumbers';
import { periodDocument } from '../../nodes/Partnero/reports/periodView';
import { statementDocument, type Statement } from '../../nodes/Partnero/reports/statementView';

/** A program and its partners, as they mostly are. */
export const plainNames = ['Brightdesk Partners', 'Ann Lee', 'Ben Okafor', 'Mira Sol', 'Chiara Rossi', 'Jonas Weber', 'Aiko Tanaka', 'Luis Ortega'];

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
export function numbersWith(names: string[], more: Partial<PeriodNumbers> = {}): { numbers: PeriodNumbers; document: ReportDocument } {
	const periods = periodsOf({ name: 'lastMonth', now: Date.parse('2026-11-28T08:00:00Z'), timeZone: 'Europe/Berlin', weekStartsOn: 1 });
	const metric = (name: string, label: string, value: number | null, previous: number | null, unit: string) => ({ name, label, ...compare(value, previous, unit), target: null, reached: null });
	const numbers: PeriodNumbers = {
		programName: names[0],
		programType: 'Affiliate',
		generatedAt: '2026-11-28T08:00:00.000Z',
		period: shownPeriod(periods.current),
		previousPeriod: shownPeriod(periods.previous),
		currency: 'USD',
		metrics: [
			{ ...metric('revenue', 'Revenue', 1234567.89, 1200000, 'USD'), target: 1500000, reached: 82.3 },
			metric('revenue', 'Revenue', 12.5, 0, 'EUR'),
			metric('sales', 'Sales', 4321, 4400, ''),
			metric('commissions', 'Commissions', 370370.37, 360000, 'USD'),
			metric('refunds', 'Archived Sales', null, null, ''),
			metric('newPartners', 'New Partners', 0, 0, ''),
		],
		series: Array.from({ length: 31 }, (_, index) => {
			const day = `2026-10-${String(index + 1).padStart(2, '0')}`;
			return { from: day, to: day, sales: index, revenue: { USD: (index * 7919) % 1000 }, commissions: { USD: index } };
		}),
		topPartners: Array.from({ length: 25 }, (_, index) => ({
			rank: index + 1,
			id: `p_${index}`,
			name: names === plainNames ? names[1 + (index % (names.length - 1))] : names[index % names.length],
			email: null,
			...{ sales: 25 - index, revenue: 50_000 - index * 1999.5, commission: 150.25, unit: 'USD' },
			...{ previousRevenue: 40_000, change: 10_000 - index * 1999.5, changePercent: 25 - index },
			revenueByCurrency: { USD: 50_000 - index * 1999.5, EUR: 7 },
			commissionByCurrency: { USD: 150.25 },
		})),
		topReferrers: [],
		waiting: { total: 3, partners: 1, payoutRequests: 2, payoutAmounts: [{ value: 450, unit: 'USD' }], leads: 0 },
		read: {},
		notes: names === plainNames ? [] : [names[names.length - 1]],
		...more,
	};
	return { numbers, document: periodDocument(numbers, { formats: new Formats('en-US', 'Europe/Berlin'), periods }) };
}

/** A statement whose sales have these names as their keys and customers. */
export function sampleStatement(names: string[]): { statement: Statement; document: ReportDocument } {
	const { current } = periodsOf({ name: 'lastMonth', now: Date.parse('2026-11-28T08:00:00Z'), timeZone: 'Europe/Berlin', weekStartsOn: 1 });
	const isPlain = names === plainNames;
	const statuses = ['ok', 'ok', 'review_period', 'rejected', 'archived'];
	const statement: Statement = {
		...{ partner: 'p_1', partnerName: names[1], partnerEmail: 'ann@example.com', programName: names[0] },
		generatedAt: '2026-11-28T08:00:00.000Z',
		period: shownPeriod(current),
		currency: 'USD',
		salesCount: 14,
		revenueByCurrency: { USD: 1400, EUR: 20 },
		commission: 420,
		commissionByCurrency: { USD: 420, EUR: 6 },
		commissions: [
			{ status: 'ok', value: 330, unit: 'USD' },
			{ status: 'review_period', value: 90, unit: 'USD' },
			{ status: 'ok', value: 6, unit: 'EUR' },
		],
		paid: { USD: 1250.5 },
		pending: {},
		notPaid: { USD: 420, EUR: 6 },
		sales: names.map((name, index) => ({
			key: isPlain ? `inv_${1001 + index}` : name,
			date: `2026-10-${String(30 - index).padStart(2, '0')}T12:00:00.000+01:00`,
			amount: 100,
			unit: 'USD',
			commission: 30,
			commissionUnit: 'USD',
			commissions: [{ value: 30, unit: 'USD', status: statuses[index % statuses.length] }],
			status: statuses[index % statuses.length],
			customer: isPlain ? `user_${77 + index}` : name,
		})),
		read: { records: 20, pages: 1, toTheEnd: true, newestFirst: true, undated: 0, isShown: true },
		unreadableAmounts: 0,
	};
	return { statement, document: statementDocument(statement, new Formats('en-US', 'Europe/Berlin'), current) };
}
