import type { IDataObject } from 'n8n-workflow';

import type { PeriodNumber, PeriodNumbers } from '../../nodes/Partnero/reports/periodNumbers';
import { noQuirks } from '../../sandbox/quirks';
import { defaultSwitches } from '../../sandbox/switches';
import fc from '../support/fastCheck';

import { useSandbox } from './support/partnero';
import type { LedgerSale } from './support/reportLedger';
import {
	addPeople,
	addSales,
	dayIn,
	dayPlus,
	earnerCount,
	salesOf,
	sumOf,
} from './support/reportLedger';

const partnero = useSandbox();

afterEach(() => {
	Object.assign(partnero.sandbox.switches, defaultSwitches());
	Object.assign(partnero.sandbox.quirks, noQuirks());
});

/** The clocks of these zones change on October 25, November 1 and September 27, 2026. */
const zones = ['Europe/Berlin', 'America/New_York', 'Pacific/Auckland'];

type ProgramKey = 'affiliate' | 'referAFriend' | 'newsletter';

async function report(
	parameters: IDataObject,
	timezone = 'UTC',
	program: ProgramKey = 'affiliate',
): Promise<
	PeriodNumbers & {
		text: string;
		markdown: string;
		html: string;
		slackBlocks: { blocks: IDataObject[] };
	}
> {
	const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] };
	const { json, error } = await partnero.operate('program', 'getReport', parameters as never, {
		timezone,
		credentials,
	});
	if (error) throw new Error([error.message, error.description].join(' '));
	return json[0] as never;
}

const custom = (from: string, to: string, options: IDataObject = {}) => ({
	period: 'custom',
	from,
	to,
	options,
});
const paths = () => partnero.wire().map(({ path }) => path);
const numbered = ({ metrics }: { metrics: PeriodNumber[] }, name: string) =>
	metrics.filter((metric) => metric.name === name);
const byUnit = (metrics: PeriodNumber[], of: 'value' | 'previous') =>
	Object.fromEntries(metrics.map((metric) => [metric.unit, metric[of]]));
/** Without what is 0, since a currency shows up as soon as either period has it. */
const nonZero = (sums: { [unit: string]: number | null }) =>
	Object.fromEntries(Object.entries(sums).filter(([, value]) => value !== 0));

/** What the test sums of its ledger, for days of a time zone. */
function summed(sales: LedgerSale[], timeZone: string, [first, last]: [string, string]) {
	const within = sales.filter(
		({ at }) => dayIn(at, timeZone) >= first && dayIn(at, timeZone) <= last,
	);
	const live = within.filter(({ isArchived }) => !isArchived);
	return {
		sales: live.length,
		revenue: sumOf(live, ({ cents }) => cents),
		commissions: sumOf(live, ({ commissionCents }) => commissionCents),
		archived: within.length - live.length,
		byDay: (day: string) => live.filter(({ at }) => dayIn(at, timeZone) === day),
		byEarner: (earner: number) => live.filter((sale) => sale.earner === earner),
	};
}

describe.each([
	['an affiliate program', 'affiliate'],
	['a refer-a-friend program', 'referAFriend'],
] as const)('the report of a period of %s', (_, programName) => {
	it('has the sums of the ledger, whatever is in it: in three time zones, over changes of the clock, in several currencies', async () => {
		const days: [string, string] = ['2026-09-20', '2026-11-08'];
		const before: [string, string] = ['2026-08-01', '2026-09-19'];
		await fc.assert(
			fc.asyncProperty(
				salesOf(
					['2026-07-25', '2026-11-15'],
					['2026-08-01', '2026-09-20', '2026-09-27', '2026-10-25', '2026-11-01', '2026-11-09'],
				),
				fc.constantFrom(...zones),
				fc.constantFrom('createdAt', 'recorded'),
				async (sales, timeZone, order) => {
					partnero.sandbox.reset('empty');
					// The newest come first, or in the order in which an import recorded them.
					partnero.sandbox.switches.order = order as 'createdAt';
					partnero.sandbox.quirks.archivedSalesDated = true;
					addPeople(partnero.sandbox.program(programName), '2026-09-22T12:00:00.000000Z');
					addSales(partnero.sandbox, programName, sales);
					const shown = await report(custom(...days), timeZone, programName);
					const now = summed(sales, timeZone, days);
					const then = summed(sales, timeZone, before);

					expect(shown.period).toMatchObject({ firstDay: days[0], lastDay: days[1], timeZone });
					expect(shown.previousPeriod).toMatchObject({ firstDay: before[0], lastDay: before[1] });
					expect(numbered(shown, 'sales')).toMatchObject([
						{ value: now.sales, previous: then.sales, change: now.sales - then.sales },
					]);
					for (const name of ['revenue', 'commissions'] as const) {
						const metrics = numbered(shown, name);
						expect(nonZero(byUnit(metrics, 'value'))).toEqual(nonZero(now[name]));
						expect(nonZero(byUnit(metrics, 'previous'))).toEqual(nonZero(then[name]));
						for (const { value, previous, change } of metrics)
							expect(change).toBe((Math.round(value! * 100) - Math.round(previous! * 100)) / 100);
					}
					if (sales.some(({ isArchived }) => isArchived))
						expect(numbered(shown, 'refunds')).toMatchObject([
							{ value: now.archived, previous: then.archived },
						]);
					else
						expect(numbered(shown, 'refunds')).toMatchObject([
							{ value: null, previous: null, change: null },
						]);

					expect(shown.series.map(({ from }) => from)).toEqual(
						Array.from({ length: 50 }, (__, index) => dayPlus(days[0], index)),
					);
					for (const { from, sales: count, revenue } of shown.series) {
						expect([count, revenue]).toEqual([
							now.byDay(from).length,
							sumOf(now.byDay(from), ({ cents }) => cents),
						]);
					}
					const top = programName === 'affiliate' ? shown.topPartners : shown.topReferrers;
					for (let earner = 0; earner < earnerCount; earner += 1) {
						const own = now.byEarner(earner);
						const entry = top.find(({ id }) => id === `e_${earner}`);
						expect(entry?.sales ?? 0).toBe(own.length);
						if (entry) {
							expect(entry.revenueByCurrency).toEqual(sumOf(own, ({ cents }) => cents));
							expect(nonZero(entry.commissionByCurrency)).toEqual(
								nonZero(sumOf(own, ({ commissionCents }) => commissionCents)),
							);
							expect(entry.name).toBe(`Earner ${earner}`);
						}
					}
				},
			),
			{ numRuns: 30, seed: 22 },
		);
	}, 120_000);
});

describe('the lists that a report reads', () => {
	/** One sale an hour, the newest of them at the end of November 22. */
	function sellHourly(count: number): void {
		addPeople(partnero.sandbox.program('affiliate'), '2026-01-01T00:00:00.000000Z');
		const last = Date.parse('2026-11-22T23:30:00Z');
		const sales = Array.from({ length: count }, (_, index): LedgerSale => ({
			at: last - index * 3_600_000,
			cents: 1000,
			unit: 'USD',
			commissionCents: 300,
			earner: 0,
			isArchived: false,
		}));
		addSales(partnero.sandbox, 'affiliate', sales.reverse());
	}

	it('end three pages after the period before, as long as their dates descend', async () => {
		// A week has 168 sales, so that two weeks are four pages, the last one not full.
		sellHourly(2000);
		const shown = await report(custom('2026-11-16', '2026-11-22'));
		expect(numbered(shown, 'sales')).toMatchObject([{ value: 168, previous: 168 }]);
		expect(shown.read.transactions).toEqual({
			records: 700,
			pages: 7,
			toTheEnd: false,
			newestFirst: true,
			undated: 0,
			isShown: true,
		});
		expect(paths().filter((path) => path === '/transactions')).toHaveLength(7);
	});

	it('are read to the end where an imported sale stands out of order, and the report says so', async () => {
		partnero.sandbox.switches.order = 'recorded';
		sellHourly(900);
		const { transactions } = partnero.sandbox.program('affiliate');
		transactions.add({
			key: 'imported',
			customer: 'b_1',
			amount: 5,
			created_at: '2026-10-01T00:00:00.000000Z',
		});
		const shown = await report(custom('2026-11-16', '2026-11-22'));
		expect(numbered(shown, 'sales')).toMatchObject([{ value: 168, previous: 168 }]);
		expect(shown.read.transactions).toMatchObject({
			records: 901,
			toTheEnd: true,
			newestFirst: false,
		});
		expect(shown.text).toContain('not in the order of dates');
	});

	it('may come in smaller pages than were asked for', async () => {
		partnero.sandbox.quirks.pageCap = 30;
		sellHourly(600);
		const shown = await report(custom('2026-11-16', '2026-11-22'));
		expect(numbered(shown, 'sales')).toMatchObject([{ value: 168, previous: 168 }]);
	});

	it('may be missing: what they are for is not shown, and not 0', async () => {
		partnero.sandbox.quirks.addressesMissing = ['/leads'];
		sellHourly(3);
		const shown = await report(custom('2026-11-16', '2026-11-22'));
		expect(numbered(shown, 'newLeads')).toMatchObject([
			{ value: null, previous: null, change: null, changePercent: null },
		]);
		expect(shown.waiting).toMatchObject({ leads: null });
		expect(shown.text).toContain('Partnero does not show the list of leads.');
		expect(shown.text).not.toContain('New Leads');
	});

	it('stop the report where the sales cannot be read', async () => {
		partnero.sandbox.faults.add({ kind: 'status', status: 403, match: { path: '/transactions' } });
		await expect(report(custom('2026-11-16', '2026-11-22'))).rejects.toThrow(
			/403|permission|access/i,
		);
	});
});

describe('a report of a period', () => {
	const week = custom('2026-11-16', '2026-11-22');
	const program = () => partnero.sandbox.program('affiliate');

	it('of nothing at all is a report, with zeros and without percent', async () => {
		const shown = await report(week);
		expect(numbered(shown, 'revenue')).toMatchObject([
			{ value: 0, unit: 'USD', previous: 0, change: 0, changePercent: null },
		]);
		expect(shown).toMatchObject({
			topPartners: [],
			waiting: { total: 0, partners: 0, payoutRequests: 0, payoutAmounts: [], leads: 0 },
		});
		expect(shown.series).toHaveLength(7);
		expect(shown.html).toContain('$0.00');
	});

	it('that is the first has no percent, since there was nothing before', async () => {
		addPeople(program(), '2026-11-17T12:00:00.000000Z');
		program().transactions.add({
			key: 't',
			customer: 'b_0',
			amount: 10,
			created_at: '2026-11-18T12:00:00.000000Z',
		});
		const shown = await report(week);
		expect(numbered(shown, 'revenue')).toMatchObject([
			{ value: 10, previous: 0, change: 10, changePercent: null },
		]);
		expect(numbered(shown, 'newPartners')).toMatchObject([{ value: 5, previous: 0 }]);
		expect(numbered(shown, 'newCustomers')).toMatchObject([{ value: 5, previous: 0 }]);
		expect(shown.topPartners).toMatchObject([
			{
				rank: 1,
				id: 'e_0',
				revenue: 10,
				commission: 3,
				previousRevenue: 0,
				change: 10,
				changePercent: null,
			},
		]);
	});

	it('counts a lead by its day, and what waits whenever it came', async () => {
		program().partners.add({
			id: 'p_1',
			email: 'ann@example.com',
			created_at: '2026-01-01T00:00:00.000000Z',
		});
		program().partners.add({
			id: 'p_2',
			email: 'ben@example.com',
			status: 'pending',
			created_at: '2026-11-15T12:00:00.000000Z',
		});
		for (const [id, day, status] of [
			['1', '2026-11-16', 'submitted'],
			['2', '2026-11-22', 'rejected'],
			['3', '2026-11-15', 'converted'],
			['4', '2026-03-01', 'submitted'],
		] as const) {
			program().leads.add({ id, partner: 'p_1', status, created_at: `${day}T22:00:00.000000Z` });
		}
		program().payoutRequests.add({ partner: 'p_1', amount: 120.5 });
		program().payoutRequests.add({
			partner: 'p_1',
			amount: 30,
			amount_units: 'EUR',
			status: 'resubmitted',
		});
		program().payoutRequests.add({ partner: 'p_1', amount: 99, status: 'approved' });
		const waiting = {
			total: 5,
			partners: 1,
			payoutRequests: 2,
			payoutAmounts: [
				{ value: 120.5, unit: 'USD' },
				{ value: 30, unit: 'EUR' },
			],
			leads: 2,
		};
		for (const timeZone of zones) {
			const shown = await report(week, timeZone);
			expect(numbered(shown, 'newLeads')).toMatchObject([{ value: 2, previous: 1 }]);
			expect(shown.waiting).toEqual(waiting);
		}
		const without = await report(custom('2026-11-16', '2026-11-22', { waiting: false }));
		expect(without.waiting).toBeNull();
		expect(without.html).not.toContain('Waiting for You');
	});

	it('does not take an amount that nobody can read for 0, and reads text as money', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		const sell = (key: string, amount: unknown) =>
			program().transactions.add({
				key,
				customer: 'b_0',
				amount: amount as number,
				reward: 1,
				created_at: '2026-11-18T12:00:00.000000Z',
			});
		sell('a', '1,124.90');
		sell('b', '$5.10');
		sell('c', 'a lot');
		const shown = await report(week);
		expect(numbered(shown, 'sales')).toMatchObject([{ value: 3 }]);
		expect(numbered(shown, 'revenue')).toMatchObject([{ value: 1130, unit: 'USD' }]);
		expect(shown.text).toContain('1 sale shows no amount that can be read');
		partnero.sandbox.reset('empty');
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		sell('c', null);
		const nothing = await report(week);
		expect(numbered(nothing, 'revenue')).toMatchObject([
			{ value: null, previous: null, change: null },
		]);
		expect(nothing.text).toContain('Amounts are not shown');
	});

	it('shows how much of its targets there is', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		program().transactions.add({
			customer: 'b_0',
			amount: 800,
			created_at: '2026-11-18T12:00:00.000000Z',
		});
		const target = {
			targets: [
				{ metric: 'revenue', value: 1000 },
				{ metric: 'sales', value: '1' },
			],
		};
		const shown = await report(custom('2026-11-16', '2026-11-22', { target }));
		expect(numbered(shown, 'revenue')).toMatchObject([{ target: 1000, reached: 80 }]);
		expect(numbered(shown, 'sales')).toMatchObject([{ target: 1, reached: 100 }]);
		expect(shown.text).toContain('80% of the target of $1,000.00');
	});

	it('looks each of its top partners up once, and no more than it was told to', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		for (const [index, amount] of [10, 50, 30, 20, 40].entries())
			program().transactions.add({
				customer: `b_${index}`,
				amount,
				created_at: '2026-11-18T12:00:00.000000Z',
			});
		program().partners.remove(program().partners.find('id', 'e_1')!);
		partnero.sandbox.requests.length = 0;
		const shown = await report(custom('2026-11-16', '2026-11-22', { top: 3 }));
		expect(shown.topPartners.map(({ id, name, revenue }) => [id, name, revenue])).toEqual([
			['e_1', null, 50],
			['e_4', 'Earner 4', 40],
			['e_2', 'Earner 2', 30],
		]);
		expect(paths().filter((path) => path.startsWith('/partners/'))).toEqual([
			'/partners/e_1',
			'/partners/e_4',
			'/partners/e_2',
		]);
		expect(shown.html).toContain('1. e_1');
	});

	it('is in weeks where it is long, and writes numbers as the locale does', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		program().transactions.add({
			customer: 'b_0',
			amount: 1234.5,
			created_at: '2026-09-30T12:00:00.000000Z',
		});
		const shown = await report(
			custom('2026-07-01', '2026-09-30', { locale: 'de-DE', weekStartsOn: 'sunday' }),
		);
		expect(shown.series[0]).toMatchObject({ from: '2026-07-01', to: '2026-07-04' });
		expect(shown.series[1]).toMatchObject({ from: '2026-07-05', to: '2026-07-11' });
		expect(shown.series.at(-1)).toMatchObject({
			from: '2026-09-27',
			to: '2026-09-30',
			revenue: { USD: 1234.5 },
		});
		expect(shown.previousPeriod).toMatchObject({ firstDay: '2026-04-01', lastDay: '2026-06-30' });
		expect(shown.text).toContain('1.234,50 $');
	});

	it('keeps nothing for the next one', async () => {
		const staticData = {};
		await partnero.operate(
			'program',
			'getReport',
			{ period: 'lastWeek' },
			{ staticData, mode: 'trigger' },
		);
		expect(staticData).toEqual({});
	});

	it.each([
		[{ period: 'custom', from: '2026-11-22', to: '' }, /'To' is empty/],
		[
			{ period: 'custom', from: '2026-11-22', to: '2026-11-16' },
			/'From' must be earlier than 'To'/,
		],
		[{ period: 'custom', from: 'someday', to: '2026-11-16' }, /'From' must be a date/],
		[
			{ period: 'lastWeek', options: { locale: 'not a locale' } },
			/'Options > Locale' must be a language tag/,
		],
		[
			{ period: 'lastWeek', options: { top: 26 } },
			/'Options > Top Partners' must be an integer from 0 to 25/,
		],
		[
			{ period: 'lastWeek', options: { target: { targets: [{ metric: 'revnue', value: 1 }] } } },
			/'Options > Target': there is no metric 'revnue'/,
		],
		[
			{ period: 'lastWeek', options: { target: { targets: [{ metric: 'sales', value: 0 }] } } },
			/the target of 'sales' must be a number above 0/,
		],
	])('refuses what makes no report, and names the field: %j', async (parameters, message) => {
		const made = Object.fromEntries(
			Object.entries(parameters).map(([name, value]) => [
				name,
				value === '' ? '={{ $json.nothing }}' : value,
			]),
		);
		await expect(report(made as IDataObject)).rejects.toThrow(message);
		expect(paths()).toEqual([]);
	});
});

describe('the report of a period of a newsletter', () => {
	it('has its subscribers, its referrals and its rewards', async () => {
		const program = partnero.sandbox.program('newsletter');
		program.rewards.add({ id: 7, name: 'Mug', subscribers_count: 1 });
		program.subscribers.add({
			id: 's_1',
			email: 'rea@example.com',
			created_at: '2026-11-10T12:00:00.000000Z',
		});
		program.subscribers.add({
			id: 's_2',
			email: 'ron@example.com',
			referrer: 's_1',
			created_at: '2026-11-17T12:00:00.000000Z',
		});
		program.subscribers.add({
			id: 's_3',
			email: 'rob@example.com',
			created_at: '2026-11-18T12:00:00.000000Z',
		});
		partnero.sandbox.requests.length = 0;
		const shown = await report(custom('2026-11-16', '2026-11-22'), 'UTC', 'newsletter');
		expect(shown.metrics.map(({ name, value, previous }) => [name, value, previous])).toEqual([
			['newSubscribers', 2, 1],
			['newReferrals', 1, 0],
			['rewardsTriggered', 1, null],
		]);
		expect(shown.series[1]).toEqual({
			from: '2026-11-17',
			to: '2026-11-17',
			newSubscribers: 1,
			newReferrals: 1,
		});
		expect(shown).toMatchObject({ topPartners: [], topReferrers: [], waiting: null });
		expect(paths()).toEqual(['/program', '/subscribers', '/rewards']);
	});
});
