import { metricNamed } from '../resources/program/metrics';

import {
	formatDate,
	formatDifference,
	formatGrowth,
	formatShare,
	formatValue,
	oneLine,
} from './format';
import type { Report, ReportMetric } from './programReport';

/** What a reader sees, in words, before it is put into text, Markdown or HTML. Nothing in it is escaped yet. */
export interface View {
	title: string;
	subtitle: string;
	sections: Array<{ heading: string; lines: Line[] }>;
	notes: string[];
}

export interface Line {
	label: string;
	value: string;
	/** `30% of revenue` */
	share?: string;
	/** `+8.2%` */
	growth?: string;
	growthTone: Tone;
	/** `+$120.00`, or `unchanged` */
	since?: string;
	sinceTone: Tone;
	/** From 0 to 1, for a line that is drawn beside others of its scale. */
	bar?: number;
}

export type Tone = 'good' | 'bad' | 'plain';

interface Circumstances {
	inSections: boolean;
	lastReport?: string;
	isFirstReport: boolean;
	timeZone?: string;
}
type Numbers = Pick<Report, 'programName' | 'programType' | 'generatedAt' | 'metrics'>;

/** The words of a report, from its numbers. */
export function viewOf(numbers: Numbers, circumstances: Circumstances): View {
	const { metrics } = numbers;
	const sections: View['sections'] = [];
	for (const metric of metrics) {
		const heading = circumstances.inSections ? (metricNamed(metric.name)?.section ?? 'More') : '';
		const open = sections.find((section) => section.heading === heading);
		if (open) open.lines.push(lineOf(metric, metrics));
		else sections.push({ heading, lines: [lineOf(metric, metrics)] });
	}
	return {
		title: oneLine(numbers.programName) || 'Partnero program',
		subtitle: `${typeInWords(numbers.programType)} report, ${formatDate(numbers.generatedAt, circumstances.timeZone)}`,
		sections,
		notes: notesOf(metrics, circumstances),
	};
}

/** The program types of the API (partnero-api.md §1.7) as its dashboard names them. */
function typeInWords(type: string): string {
	const known: { [type: string]: string } = {
		affiliate: 'Affiliate program',
		referral: 'Refer-a-friend program',
		newsletter: 'Newsletter program',
	};
	const name = oneLine(type);
	return known[name.toLowerCase()] ?? `${name} program`.trim().replace(/^p/, 'P');
}

function notesOf(
	metrics: ReportMetric[],
	{ lastReport, isFirstReport, timeZone }: Circumstances,
): string[] {
	const notes: string[] = [];
	if (metrics.length === 0) return ['Partnero sent no statistics for this program.'];
	if (lastReport !== undefined) notes.push(`Last report: ${formatDate(lastReport, timeZone)}.`);
	if (isFirstReport)
		notes.push(
			'This is the first report: there is nothing to compare it with yet. The next one will also show what changed since this one.',
		);
	if (metrics.some((metric) => metric.growth !== null)) {
		notes.push(
			'Growth is Partnero\u2019s own figure, compared with the previous period. Partnero does not document how long that is.',
		);
	}
	return notes;
}

function lineOf(metric: ReportMetric, all: ReportMetric[]): Line {
	const { name, value, unit, growth, sinceLastReport } = metric;
	const isOneOfSeveral = all.filter((other) => other.name === name).length > 1;
	return {
		label: isOneOfSeveral && unit !== '' ? `${metric.label} (${unit})` : metric.label,
		value: formatValue(value, unit),
		share: shareOf(metric, all),
		growth: growth === null ? undefined : formatGrowth(growth),
		growthTone: toneOf(name, growth),
		since: sinceLastReport === null ? undefined : formatDifference(sinceLastReport, unit),
		sinceTone: toneOf(name, sinceLastReport),
		bar: barOf(metric, all),
	};
}

function toneOf(name: string, change: number | null): Tone {
	if (change === null || change === 0 || !metricNamed(name)?.moreIsBetter) return 'plain';
	return change > 0 ? 'good' : 'bad';
}

function shareOf({ name, value, unit }: ReportMetric, all: ReportMetric[]): string | undefined {
	const partOf = metricNamed(name)?.partOf;
	const whole = all.find((other) => other.name === partOf && other.unit === unit);
	if (whole === undefined || whole.value <= 0 || value < 0) return undefined;
	return `${formatShare(value / whole.value)} of ${whole.label.toLowerCase()}`;
}

/** How long the bar is, compared with the largest number of the same scale and unit. */
function barOf({ name, value, unit }: ReportMetric, all: ReportMetric[]): number | undefined {
	const scale = metricNamed(name)?.scale;
	const beside = all.filter(
		(other) => metricNamed(other.name)?.scale === scale && other.unit === unit,
	);
	const largest = Math.max(...beside.map((other) => other.value));
	if (scale === undefined || beside.length < 2 || largest <= 0) return undefined;
	return Math.max(0, value) / largest;
}
