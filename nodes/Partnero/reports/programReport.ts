import type { IDataObject } from 'n8n-workflow';

import { shortened } from '../form/shortened';
import type { Metric } from '../resources/program/metrics';
import { metricNamed, METRICS } from '../resources/program/metrics';
import { programCurrency, simplifyProgram } from '../resources/program/output';

import { renderHtml } from './html';
import { renderMarkdown } from './markdown';
import { renderText } from './text';
import { viewOf } from './view';

export { knownMetrics } from '../resources/program/metrics';

/**
 * One number of the report. A statistic in several currencies has one entry per currency, all of one `name`:
 * the program's currency first.
 */
export interface ReportMetric {
	name: string;
	label: string;
	value: number;
	/** A currency code, `%`, or '' for a count. */
	unit: string;
	/**
	 * The API's `<name>_growth`, in percent compared with the previous period; the API does not document how long
	 * a period is. It sends one figure per statistic, which stands at the first of several currencies.
	 */
	growth: number | null;
	/** The value minus that of the previous report; null without one, or without this metric in it. */
	sinceLastReport: number | null;
}

/** What Program: Get Report puts out. */
export interface Report {
	programName: string;
	programType: string;
	generatedAt: string;
	metrics: ReportMetric[];
	text: string;
	markdown: string;
	html: string;
}

/** What to remember of a report, per program, to compare the next one with. */
export interface Snapshot {
	generatedAt: string;
	/** By metric name; an amount's name is followed by its currency: `total_revenue USD`. */
	values: { [metric: string]: number };
}

export interface ReportOptions {
	comparePrevious: boolean;
	/** Names of metrics, in the order wanted; all usual ones if there are none. */
	metrics?: string[];
	previous?: Snapshot;
	/** ISO 8601. */
	generatedAt: string;
	/** The IANA name of the time zone in which dates are shown; the zone of `generatedAt` if there is none. */
	timeZone?: string;
}

/**
 * The report of a program, from the `data` of GET /program (partnero-api.md §2.1).
 *
 * Chosen metrics that this program's type lacks are left out. An Error with a message for the user is thrown for a
 * metric that nobody knows, and when none of the chosen ones is there.
 */
export function programReport(data: IDataObject, options: ReportOptions): Report {
	const program = simplifyProgram(data);
	const chosen = options.metrics ?? [];
	const previous = options.comparePrevious ? readable(options.previous) : undefined;

	const metrics = selectMetrics(program, chosen).flatMap((metric) =>
		entriesOf(metric, program, programCurrency(data), previous),
	);
	const numbers = {
		programName: String(program.name ?? ''),
		programType: String(program.type ?? ''),
		generatedAt: options.generatedAt,
		metrics,
	};
	const view = viewOf(numbers, {
		inSections: chosen.length === 0,
		lastReport: previous?.generatedAt,
		isFirstReport: options.comparePrevious && previous === undefined,
		timeZone: options.timeZone,
	});
	return {
		...numbers,
		text: renderText(view),
		markdown: renderMarkdown(view),
		html: renderHtml(view),
	};
}

/** What to keep of this report for the next one's `previous`. */
export function snapshotOf(report: Report): Snapshot {
	return {
		generatedAt: report.generatedAt,
		values: Object.fromEntries(report.metrics.map((metric) => [snapshotKey(metric), metric.value])),
	};
}

function snapshotKey({ name, unit }: Pick<ReportMetric, 'name' | 'unit'>): string {
	return unit === '' || unit === '%' ? name : `${name} ${unit}`;
}

/** Static data may hold what an older version or a hand has left there: only a snapshot is compared with. */
function readable(previous: Snapshot | undefined): Snapshot | undefined {
	const isSnapshot =
		typeof previous?.generatedAt === 'string' &&
		typeof previous.values === 'object' &&
		previous.values !== null;
	return isSnapshot ? previous : undefined;
}

function selectMetrics(program: IDataObject, chosen: string[]): Metric[] {
	const there = Object.keys(program).filter(
		(name) => typeof program[name] === 'number' && name !== 'id' && !/_(growth|before)$/.test(name),
	);
	const known = [...new Set([...METRICS.map((metric) => metric.name), ...there])];
	if (chosen.length === 0) {
		const usual = METRICS.filter((metric) => metric.usual && there.includes(metric.name));
		return usual.length > 0 ? usual : there.map(metricOrGuess);
	}

	const unknown = chosen.filter((name) => !known.includes(name));
	if (unknown.length > 0) {
		const names = unknown.map((name) => `"${shortened(name)}"`).join(', ');
		throw new Error(`There is no metric ${names}. Its metrics: ${[...known].sort().join(', ')}`);
	}
	const selected = [...new Set(chosen)].filter((name) => there.includes(name));
	if (selected.length === 0) {
		throw new Error(
			`None of the chosen metrics is in this program (${chosen.join(', ')}). Its metrics: ${there.sort().join(', ')}`,
		);
	}
	return selected.map(metricOrGuess);
}

/** A statistic that the API does not document still gets a label. */
function metricOrGuess(name: string): Metric {
	const words = name.split('_').filter((word) => word !== '');
	const label = words.map((word) => word[0].toUpperCase() + word.slice(1)).join(' ');
	return metricNamed(name) ?? { name, label, description: '', kind: 'count', section: 'More' };
}

function entriesOf(
	{ name, label, kind }: Metric,
	program: IDataObject,
	currency: string | undefined,
	previous: Snapshot | undefined,
): ReportMetric[] {
	const growth = program[`${name}_growth`];
	return amountsOf(name, kind, program, currency).map(([unit, value], index) => ({
		name,
		label,
		value,
		unit,
		growth: index === 0 && typeof growth === 'number' ? growth : null,
		sinceLastReport: difference(value, name, unit, previous),
	}));
}

function amountsOf(
	name: string,
	kind: Metric['kind'],
	program: IDataObject,
	currency: string | undefined,
): Array<[unit: string, value: number]> {
	const value = Number(program[name]);
	const main = program[`${name}_currency`] ?? (kind === 'money' ? currency : undefined);
	const unit = kind === 'percent' ? '%' : String(main ?? '');
	const byCurrency = Object.entries(
		(program[`${name}_by_currency`] ?? {}) as { [currency: string]: number | null },
	);
	const others = byCurrency.filter(
		(entry): entry is [string, number] => entry[0] !== unit && entry[1] !== null,
	);
	return [[unit, value], ...others];
}

function difference(
	value: number,
	name: string,
	unit: string,
	previous: Snapshot | undefined,
): number | null {
	if (previous === undefined) return null;
	const { values } = previous;
	// Nothing earned yet has no currency; the first amount is compared with that nothing.
	const before = values[snapshotKey({ name, unit })] ?? (values[name] === 0 ? 0 : undefined);
	return typeof before === 'number' ? Math.round((value - before) * 1e6) / 1e6 : null;
}
