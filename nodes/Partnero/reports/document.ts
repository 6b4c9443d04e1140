import { oneLine } from './format';

/** What a reader sees, in words, before it is put into text, Markdown, HTML or Slack's blocks. Nothing in it is escaped yet. */
export interface ReportDocument {
	title: string;
	subtitle: string;
	sections: DocumentSection[];
	notes: string[];
}

export interface DocumentSection {
	heading: string;
	lines: DocumentLine[];
	/** Columns over time, below the first line. */
	chart?: DocumentChart;
}

export interface DocumentLine {
	label: string;
	value: string;
	remarks: Remark[];
	/** From 0 to 1, for a line that is drawn beside others. */
	bar?: number;
	/** The most important number, which is drawn large. */
	isHeadline?: true;
}

export interface Remark {
	text: string;
	tone: 'good' | 'bad' | 'plain';
}

export interface DocumentChart {
	/** What its columns are of: `Revenue by day`. */
	caption: string;
	columns: Array<{ label: string; value: string; /** From 0 to 1. */ size: number }>;
}

/** A remark that is neither good nor bad news. */
export function plainRemark(text: string): Remark {
	return { text, tone: 'plain' };
}

const longestName = 80;

/** A name of the API as it is shown: on one line, and not longer than a line or three. */
export function shownName(name: string): string {
	const characters = [...oneLine(name)];
	return characters.length > longestName
		? `${characters.slice(0, longestName - 1).join('')}…`
		: characters.join('');
}

/** `1 sale`, `12 sales` */
export function counted(count: string, word: string, isOne: boolean): string {
	return `${count} ${word}${isOne ? '' : 's'}`;
}

/** What a line says behind its value: `+8.2%, before $1,000.00`. */
export function remarksInWords({ remarks }: DocumentLine): string {
	return remarks.map(({ text }) => text).join(', ');
}

/** The document as plain text, one number to a line: for chats, logs and plain mail. */
export function documentAsText({ title, subtitle, sections, notes }: ReportDocument): string {
	const line = (entry: DocumentLine) =>
		`- ${entry.label}: ${entry.value}${entry.remarks.length > 0 ? ` (${remarksInWords(entry)})` : ''}`;
	const blocks = [
		[title, subtitle],
		...sections.flatMap(({ heading, lines, chart }) => [
			[...(heading ? [heading] : []), ...lines.map(line)],
			...(chart
				? [[chart.caption, ...chart.columns.map(({ label, value }) => `- ${label}: ${value}`)]]
				: []),
		]),
		notes,
	];
	return blocks
		.filter((block) => block.length > 0)
		.map((block) => block.join('\n'))
		.join('\n\n');
}
