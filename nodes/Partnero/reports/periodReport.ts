import type { IDataObject } from 'n8n-workflow';

import { numberIn } from '../form/values';
import type { ProgramType } from '../operation';
import type { PeriodMetric } from '../resources/program/metrics';
import { PERIOD_METRICS } from '../resources/program/metrics';
import type { Call } from '../response/call';

import type { Sums } from './decimal';
import { difference } from './decimal';
import { documentAsText } from './document';
import { documentAsHtml } from './documentHtml';
import { documentAsMarkdown } from './documentMarkdown';
import { personOf } from './people';
import type { Step } from './period';
import { stepsOf } from './period';
import type { Compared, Earner, Newcomer, Tally } from './periodLedger';
import { compare, compareSums, percentOf, PeriodLedger, unitsOf } from './periodLedger';
import type { PeriodNumber, PeriodNumbers, SeriesEntry, TopEarner } from './periodNumbers';
import { shownPeriod } from './periodNumbers';
import { settingsOf } from './periodOf';
import { periodDocument } from './periodView';
import type { ProgramIdentity } from './programIdentity';
import { programIdentity } from './programIdentity';
import type { Reading, ReportList } from './readSince';
import { readSince } from './readSince';
import { saleOf } from './saleRecord';
import { documentAsSlackBlocks } from './slack';
import { Waiters } from './waiting';

/** The lists of a type of program, and what its new records are counted as. */
const newcomers: Array<{ metric: Newcomer; programs: ProgramType[]; list: ReportList }> = [
	{ metric: 'newPartners', programs: ['affiliate'], list: listOf('partners', 'id', true) },
	{
		metric: 'newCustomers',
		programs: ['affiliate', 'refer-a-friend'],
		list: listOf('customers', 'key', true),
	},
	{ metric: 'newLeads', programs: ['affiliate'], list: listOf('leads', 'id', true) },
	// No document has `sort` here (`partnero-api.md` 2.8).
	{
		metric: 'newSubscribers',
		programs: ['newsletter'],
		list: listOf('subscribers', 'email', false),
	},
];

function listOf(name: string, unique: string, isSortable: boolean): ReportList {
	return { name, url: `/${name}`, unique, isSortable, isOptional: true };
}

const mostTop = 25;
const usualTop = 10;

/**
 * The report of a period as one item: from the lists, back to the beginning of the period before it. What is read is
 * summed and not kept.
 * @param data of GET /program
 */
export async function makePeriodReport(data: IDataObject, call: Call): Promise<IDataObject[]> {
	const { form } = call;
	const { periods, weekStartsOn, formats } = settingsOf(call);
	const { timeZone } = periods.current;
	const steps = stepsOf(periods.current, weekStartsOn);
	const program = programIdentity(data);
	const targets = targetsOf(call);
	const top = topOf(call);
	const read: { [list: string]: Reading } = {};
	const since = periods.previous.from;

	const ledger = new PeriodLedger(periods, steps);
	if (program.kind !== 'newsletter') {
		const reading = { isReferral: program.kind === 'refer-a-friend', currency: program.currency };
		const list = { name: 'transactions', url: '/transactions', isSortable: true };
		read.transactions = await readSince(call, list, since, timeZone, (record, instant) =>
			ledger.takeSale(saleOf(record, reading), instant),
		);
	}
	const waiters = form.value('options.waiting') === false ? undefined : new Waiters(program);
	for (const { metric, list } of newcomers.filter(({ programs }) =>
		programs.includes(program.kind),
	)) {
		// Whoever waits may have come at any time.
		const back = waiters?.needs(list.name) ? -Infinity : since;
		read[list.name] = await readSince(call, list, back, timeZone, (record, instant) => {
			waiters?.take(list.name, record);
			if (isDeleted(record)) return;
			ledger.takeNewcomer(metric, instant);
			if (metric === 'newSubscribers' && isOn(record.is_referred))
				ledger.takeNewcomer('newReferrals', instant);
		});
	}
	let rewardsTriggered: number | null = null;
	if (program.kind === 'newsletter') {
		read.rewards = await readSince(
			call,
			listOf('rewards', 'id', false),
			-Infinity,
			timeZone,
			({ times_triggered: shown }) => {
				const times = typeof shown === 'string' ? numberIn(shown) : Number(shown ?? NaN);
				if (!Number.isNaN(times)) rewardsTriggered = (rewardsTriggered ?? 0) + times;
			},
		);
		if (read.rewards.isShown && read.rewards.records === 0) rewardsTriggered = 0;
	}
	const waiting = waiters ? await waiters.result(call, read) : null;

	const main =
		program.currency ??
		ledger.current.revenue.commonest() ??
		ledger.previous.revenue.commonest() ??
		'';
	const earners = await topEarners(call, program, ledger.top(top, main), main);
	const numbers: PeriodNumbers = {
		programName: program.name,
		programType: program.type,
		generatedAt: new Date().toISOString(),
		period: shownPeriod(periods.current),
		previousPeriod: shownPeriod(periods.previous),
		currency: main,
		metrics: numbersOf({ program, ledger, main, read, rewardsTriggered, targets }),
		series: steps.map((step, index) => entryOf(step, ledger.series[index], program, main, read)),
		topPartners: program.kind === 'affiliate' ? earners : [],
		topReferrers: program.kind === 'refer-a-friend' ? earners : [],
		waiting,
		read,
		notes: notesOf(ledger, read, program),
	};
	const document = periodDocument(numbers, { formats, periods });
	return [
		{
			...(numbers as unknown as IDataObject),
			text: documentAsText(document),
			markdown: documentAsMarkdown(document),
			html: documentAsHtml(document),
			slackBlocks: documentAsSlackBlocks(document) as unknown as IDataObject,
		},
	];
}

/**
 * Refuses, before any request, what makes no report of a period.
 * @throws NodeOperationError that names the field
 */
export function checkPeriodReport(call: Call): void {
	settingsOf(call);
	targetsOf(call);
	topOf(call);
}

/** Who came and is gone again has not come. */
function isDeleted({ deleted, deleted_at: deletedAt, status }: IDataObject): boolean {
	return (
		isOn(deleted) ||
		(typeof deletedAt === 'string' && deletedAt !== '') ||
		String(status).trim().toLowerCase() === 'deleted'
	);
}

/** Whether a switch of a record is on, which databases give as 1 as well. */
function isOn(shown: unknown): boolean {
	return shown !== null && ['true', '1'].includes(String(shown).trim().toLowerCase());
}

function topOf({ form }: Call): number {
	const top = Number(form.value('options.top') ?? usualTop);
	if (Number.isInteger(top) && top >= 0 && top <= mostTop) return top;
	throw form.refuse(`'${form.label('options.top')}' must be an integer from 0 to ${mostTop}`);
}

/** What the user wants of each metric, by its name. */
function targetsOf({ form }: Call): Map<string, number> {
	const { targets = [] } = (form.value('options.target') ?? {}) as {
		targets?: Array<{ metric?: unknown; value?: unknown }>;
	};
	const label = form.label('options.target');
	return new Map(
		targets.map(({ metric, value }) => {
			const given = String(metric ?? '').trim();
			const name = PERIOD_METRICS.find(
				(known) => known.name.toLowerCase() === given.toLowerCase(),
			)?.name;
			if (name === undefined) {
				throw form.refuse(
					`'${label}': there is no metric '${given}'`,
					`Its metrics are ${PERIOD_METRICS.map((known) => known.name).join(', ')}.`,
				);
			}
			const number = typeof value === 'string' ? numberIn(value) : value;
			if (typeof number !== 'number' || !(number > 0) || !Number.isFinite(number))
				throw form.refuse(`'${label}': the target of '${name}' must be a number above 0`);
			return [name, number] as const;
		}),
	);
}

interface Sources {
	program: ProgramIdentity;
	ledger: PeriodLedger;
	main: string;
	read: { [list: string]: Reading };
	rewardsTriggered: number | null;
	targets: Map<string, number>;
}

function numbersOf(sources: Sources): PeriodNumber[] {
	return PERIOD_METRICS.filter(({ programs }) => programs.includes(sources.program.kind)).flatMap(
		(metric) =>
			comparedOf(metric, sources).map((compared, index) => {
				const target = index === 0 ? (sources.targets.get(metric.name) ?? null) : null;
				const reached =
					target === null || compared.value === null ? null : percentOf(compared.value, target);
				return { name: metric.name, label: metric.label, ...compared, target, reached };
			}),
	);
}

function comparedOf(
	{ name }: PeriodMetric,
	{ ledger, main, read, rewardsTriggered }: Sources,
): Compared[] {
	const { current, previous } = ledger;
	const sums = (isShown: boolean, of: (tally: Tally) => Sums): Compared[] =>
		isShown
			? compareSums(
					unitsOf([of(current), of(previous)], main),
					(unit) => [of(current).value(unit), of(previous).value(unit)],
					main,
				)
			: [compare(null, null, main)];
	switch (name) {
		case 'sales':
			return [compare(current.sales, previous.sales, '')];
		case 'revenue':
			return sums(ledger.showsAmounts, ({ revenue }) => revenue);
		case 'commissions':
			return sums(ledger.showsCommissions, ({ commissions }) => commissions);
		case 'averageOrder':
			return ledger.showsAmounts
				? compareSums(
						unitsOf([current.revenue, previous.revenue], main),
						(unit) => [current.revenue.average(unit), previous.revenue.average(unit)],
						main,
					)
				: [compare(null, null, main)];
		case 'refunds':
			return [
				ledger.showsArchived
					? compare(current.archived, previous.archived, '')
					: compare(null, null, ''),
			];
		case 'refundedAmount':
			return sums(ledger.showsArchived, ({ archivedAmount }) => archivedAmount);
		case 'rewardsTriggered':
			return [compare(rewardsTriggered, null, '')];
		default: {
			const newcomer = name as Newcomer;
			const source = newcomers.find(
				({ metric }) => metric === (newcomer === 'newReferrals' ? 'newSubscribers' : newcomer),
			);
			const isShown = read[source?.list.name ?? '']?.isShown ?? false;
			return [
				isShown
					? compare(current.newcomers[newcomer] ?? 0, previous.newcomers[newcomer] ?? 0, '')
					: compare(null, null, ''),
			];
		}
	}
}

function entryOf(
	{ firstDay: from, lastDay: to }: Step,
	tally: Tally,
	{ kind }: ProgramIdentity,
	main: string,
	read: Sources['read'],
): SeriesEntry {
	const counted = newcomers
		.filter(({ programs, list }) => programs.includes(kind) && read[list.name].isShown)
		.flatMap(({ metric }) =>
			metric === 'newSubscribers' ? [metric, 'newReferrals' as const] : [metric],
		)
		.map((metric) => [metric, tally.newcomers[metric] ?? 0]);
	const sold = {
		sales: tally.sales,
		revenue: tally.revenue.byUnit(main),
		commissions: tally.commissions.byUnit(main),
	};
	return {
		from,
		to,
		...(kind !== 'newsletter' && sold),
		...(Object.fromEntries(counted) as { [metric in Newcomer]?: number }),
	};
}

/** Looks each of them up once. */
async function topEarners(
	call: Call,
	{ kind }: ProgramIdentity,
	earners: Earner[],
	main: string,
): Promise<TopEarner[]> {
	const top: TopEarner[] = [];
	for (const { id, sales, revenue, commissions, previousRevenue } of earners) {
		const value = revenue.value(main);
		const before = previousRevenue.value(main);
		const change = difference(value, before);
		top.push({
			rank: top.length + 1,
			...(await personOf(call, kind === 'affiliate' ? 'partners' : 'customers', id)),
			...{ sales, revenue: value, commission: commissions.value(main), unit: main },
			...{ previousRevenue: before, change, changePercent: percentOf(change, Math.abs(before)) },
			revenueByCurrency: revenue.byUnit(main),
			commissionByCurrency: commissions.byUnit(main),
		});
	}
	return top;
}

function notesOf(ledger: PeriodLedger, read: Sources['read'], { kind }: ProgramIdentity): string[] {
	const notes: string[] = [];
	if (kind !== 'newsletter' && !ledger.showsArchived) {
		notes.push(
			'Refunds are not shown: Partnero gave no archived sale, and deleted sales are in no list.',
		);
	}
	if (!ledger.showsAmounts) notes.push('Amounts are not shown: no sale has one that can be read.');
	else if (ledger.withoutAmount > 0)
		notes.push(
			`${someSales(ledger.withoutAmount)} no amount that can be read, so that revenue is without ${ledger.withoutAmount === 1 ? 'it' : 'them'}.`,
		);
	if (!ledger.showsCommissions)
		notes.push('Commissions are not shown: no sale in the list has them.');
	if (ledger.withoutCommissions > 0)
		notes.push(
			`${someSales(ledger.withoutCommissions)} no commissions, so that commissions are without ${ledger.withoutCommissions === 1 ? 'it' : 'them'}.`,
		);
	if (ledger.withoutCommissionAmount > 0)
		notes.push(
			`${ledger.withoutCommissionAmount} of the commissions cannot be read and are not in the sum.`,
		);
	for (const [list, { undated, isShown, newestFirst }] of Object.entries(read)) {
		if (!isShown) notes.push(`Partnero does not show the list of ${list}.`);
		if (undated > 0)
			notes.push(`${undated} of the ${list} show no date that can be read, and are in no period.`);
		if (!newestFirst && list === 'transactions')
			notes.push(
				'The list of transactions is not in the order of dates, for example after an import, so that all of it was read.',
			);
	}
	return notes;
}

function someSales(count: number): string {
	return count === 1 ? '1 sale shows' : `${count} sales show`;
}
