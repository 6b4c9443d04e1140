import type { DocumentChart, DocumentLine, ReportDocument } from './document';
import { remarksInWords } from './document';
import { escapeMarkdown, markdownRow } from './markdown';

/** The document as Markdown (tables as on GitHub); text of the API cannot break out of it or bring in HTML. */
export function documentAsMarkdown({ title, subtitle, sections, notes }: ReportDocument): string {
	return [
		`# ${escapeMarkdown(title)}`,
		escapeMarkdown(subtitle),
		...sections.flatMap(({ heading, lines, chart }) => [
			...(heading ? [`## ${escapeMarkdown(heading)}`] : []),
			...(lines.length > 0 ? [tableOf(lines)] : []),
			...(chart ? [`### ${escapeMarkdown(chart.caption)}`, chartTable(chart)] : []),
		]),
		...notes.map((note) => `*${escapeMarkdown(note)}*`),
	].join('\n\n');
}

function tableOf(lines: DocumentLine[]): string {
	const hasRemarks = lines.some(({ remarks }) => remarks.length > 0);
	const cells = (line: DocumentLine) =>
		[line.label, line.value, ...(hasRemarks ? [remarksInWords(line)] : [])].map(escapeMarkdown);
	const head = hasRemarks ? ['What', 'Value', 'Details'] : ['What', 'Value'];
	return [head, [':--', '--:', ':--'].slice(0, head.length), ...lines.map(cells)]
		.map(markdownRow)
		.join('\n');
}

function chartTable({ columns }: DocumentChart): string {
	return [
		['Day', 'Value'],
		[':--', '--:'],
		...columns.map(({ label, value }) => [label, value].map(escapeMarkdown)),
	]
		.map(markdownRow)
		.join('\n');
}
