import { metricOfPeriod } from '../resources/program/metrics';

import type {
	DocumentChart,
	DocumentLine,
	DocumentSection,
	Remark,
	ReportDocument,
} from './document';
import { counted, plainRemark, shownName } from './document';
import type { Formats } from './formats';
import { calledBy } from './people';
import type { Periods } from './period';
import type { PeriodNumber, PeriodNumbers, SeriesEntry, TopEarner } from './periodNumbers';
import type { Waiting } from './waiting';

/** What a report says beside its numbers. */
interface Circumstances {
	formats: Formats;
	periods: Periods;
}

/** What the report of a program begins with. */
const headlines = ['revenue', 'newSubscribers'];

const newRecords = ['newPartners', 'newCustomers', 'newLeads', 'newReferrals', 'rewardsTriggered'];

/** The words of a report of a period, from its numbers. */
export function periodDocument(
	numbers: PeriodNumbers,
	{ formats, periods }: Circumstances,
): ReportDocument {
	const { waiting } = numbers;
	// The notes say what is not shown.
	const metrics = numbers.metrics.filter(({ value }) => value !== null);
	const line = (metric: PeriodNumber) => lineOf(metric, metrics, formats);
	const first = metrics.find(({ name }) => headlines.includes(name)) ?? metrics.at(0);
	const isNewsletter = metrics.some(({ name }) => name === 'newSubscribers');
	const others = metrics.filter((metric) => metric !== first);
	const isNew = ({ name }: PeriodNumber) => newRecords.includes(name);
	const sections: DocumentSection[] = [
		{
			heading: '',
			lines: first ? [{ ...line(first), isHeadline: true }] : [],
			chart: chartOf(numbers, formats),
		},
		{ heading: 'Sales', lines: others.filter((metric) => !isNew(metric)).map(line) },
		{
			heading: isNewsletter ? 'Referrals and Rewards' : 'New in the Program',
			lines: others.filter(isNew).map(line),
		},
		{ heading: 'Top Partners', lines: topLines(numbers.topPartners, formats) },
		{ heading: 'Top Referrers', lines: topLines(numbers.topReferrers, formats) },
		...(waiting ? [{ heading: 'Waiting for You', lines: waitingLines(waiting, formats) }] : []),
	];
	return {
		title: shownName(numbers.programName) || 'Partnero program',
		subtitle: `${nameOfPeriod(periods.current.name)}: ${formats.span(periods.current)}`,
		sections: sections.filter(({ lines }) => lines.length > 0),
		notes: [
			`Compared with ${formats.span(periods.previous)}. Days are those of the time zone ${periods.current.timeZone}.`,
			...numbers.notes,
		],
	};
}

/** What a period is called in the form. */
function nameOfPeriod(name: string): string {
	const names: { [name: string]: string } = {
		last7Days: 'Last 7 days',
		last30Days: 'Last 30 days',
		lastWeek: 'Last week',
		thisWeek: 'This week so far',
		lastMonth: 'Last month',
		thisMonth: 'This month so far',
		lastQuarter: 'Last quarter',
	};
	return names[name] ?? 'Report';
}

function lineOf(metric: PeriodNumber, all: PeriodNumber[], formats: Formats): DocumentLine {
	const { name, label, value, unit } = metric;
	const isOneOfSeveral = all.filter((other) => other.name === name).length > 1;
	return {
		label: isOneOfSeveral && unit !== '' ? `${label} (${shownName(unit)})` : label,
		value: formats.amount(value ?? 0, unit),
		remarks: [...changeRemarks(metric, formats), ...targetRemark(metric, formats)],
	};
}

function changeRemarks(
	{ name, previous, change, changePercent, unit }: PeriodNumber,
	formats: Formats,
): Remark[] {
	if (previous === null || change === null) return [];
	const isGood = metricOfPeriod(name)?.isGood;
	const tone =
		change === 0 || isGood === undefined ? 'plain' : change > 0 === isGood ? 'good' : 'bad';
	if (change === 0) return [{ text: 'unchanged', tone }];
	const percent =
		changePercent === null || changePercent === 0
			? ''
			: `, ${formats.percent(changePercent, true)}`;
	return [
		{ text: `${formats.change(change, unit)}${percent}`, tone },
		plainRemark(`was ${formats.amount(previous, unit)}`),
	];
}

function targetRemark({ target, reached, unit }: PeriodNumber, formats: Formats): Remark[] {
	if (target === null || reached === null) return [];
	return [
		{
			text: `${formats.percent(reached)} of the target of ${formats.amount(target, unit)}`,
			tone: reached >= 100 ? 'good' : 'plain',
		},
	];
}

/** The first number by day or by week. */
function chartOf({ series, currency }: PeriodNumbers, formats: Formats): DocumentChart | undefined {
	if (series.length < 2) return undefined;
	const sold = series.some(({ revenue = {} }) => (revenue[currency] ?? 0) > 0);
	const isNewsletter = series.every(({ sales }) => sales === undefined);
	const of = (entry: SeriesEntry) =>
		isNewsletter
			? (entry.newSubscribers ?? 0)
			: sold
				? (entry.revenue?.[currency] ?? 0)
				: (entry.sales ?? 0);
	const unit = !isNewsletter && sold ? currency : '';
	const largest = Math.max(...series.map(of));
	if (largest <= 0) return undefined;
	const what = isNewsletter ? 'New subscribers' : sold ? 'Revenue' : 'Sales';
	const isOfDays = series.every(({ from, to }) => from === to);
	const labelOf = ({ from, to }: SeriesEntry) =>
		from === to ? formats.shortDay(from) : `${formats.shortDay(from)} to ${formats.shortDay(to)}`;
	const best = series.find((entry) => of(entry) === largest)!;
	const most = `the most on ${labelOf(best)}: ${formats.amount(largest, unit)}`;
	return {
		caption: `${what} by ${isOfDays ? 'day' : 'week'}, ${isOfDays ? most : most.replace(' on ', ' in ')}`,
		columns: series.map((entry) => ({
			label: labelOf(entry),
			value: formats.amount(of(entry), unit),
			size: Math.max(0, of(entry)) / largest,
		})),
	};
}

function topLines(top: TopEarner[], formats: Formats): DocumentLine[] {
	const largest = Math.max(...top.map(({ revenue }) => revenue));
	return top.map((earner) => {
		const { rank, sales, revenue, commission, unit, change, changePercent } = earner;
		const others = Object.entries(earner.revenueByCurrency).filter(([of]) => of !== unit);
		const tone = change > 0 ? 'good' : change < 0 ? 'bad' : 'plain';
		const changed =
			changePercent === null || changePercent === 0
				? formats.change(change, unit)
				: formats.percent(changePercent, true);
		return {
			label: `${rank}. ${shownName(calledBy(earner))}`,
			value: formats.amount(revenue, unit),
			remarks: [
				plainRemark(counted(formats.amount(sales, ''), 'sale', sales === 1)),
				plainRemark(`commission ${formats.amount(commission, unit)}`),
				...others.map(([of, value]) => plainRemark(`and ${formats.amount(value, of)}`)),
				{ text: changed, tone },
			],
			...(largest > 0 && { bar: revenue / largest }),
		};
	});
}

function waitingLines(
	{ partners, payoutRequests, payoutAmounts, leads }: Waiting,
	formats: Formats,
): DocumentLine[] {
	const line = (label: string, count: number | null, remarks: Remark[] = []): DocumentLine => ({
		label,
		value: count === null ? 'not shown' : formats.amount(count, ''),
		remarks,
	});
	return [
		line('Partners to approve', partners),
		line(
			'Payout requests',
			payoutRequests,
			payoutAmounts.map(({ value, unit }) => plainRemark(formats.amount(value, unit))),
		),
		line('Leads to decide about', leads),
	];
}
