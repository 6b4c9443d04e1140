import type { Line, View } from './view';

/** The report as Markdown (tables as on GitHub); text of the API cannot break out of it or bring in HTML. */
export function renderMarkdown({ title, subtitle, sections, notes }: View): string {
	const lines = sections.flatMap((section) => section.lines);
	const hasGrowth = lines.some((line) => line.growth !== undefined);
	const hasSince = lines.some((line) => line.since !== undefined);
	const head = [
		'Metric',
		'Value',
		...(hasGrowth ? ['Growth'] : []),
		...(hasSince ? ['Since last report'] : []),
	];

	const row = ({ label, value, share, growth = '', since = '' }: Line) => [
		escapeMarkdown(label) + (share ? ` (${share})` : ''),
		escapeMarkdown(value),
		...(hasGrowth ? [growth] : []),
		...(hasSince ? [since] : []),
	];
	const tables = sections.map(({ heading, lines: inSection }) =>
		[
			...(heading ? [`## ${escapeMarkdown(heading)}`, ''] : []),
			markdownRow(head),
			markdownRow(head.map((_, column) => (column === 0 ? ':--' : '--:'))),
			...inSection.map((line) => markdownRow(row(line))),
		].join('\n'),
	);
	return [
		`# ${escapeMarkdown(title)}`,
		escapeMarkdown(subtitle),
		...tables,
		...notes.map((note) => `*${escapeMarkdown(note)}*`),
	].join('\n\n');
}

/** A row of a table as on GitHub. */
export function markdownRow(cells: string[]): string {
	return `| ${cells.join(' | ')} |`;
}

/** HTML becomes entities, since not every Markdown reader takes a backslash before it. */
export function escapeMarkdown(text: string): string {
	return text
		.replace(/[\\`*_[\]#|~]/g, '\\$&')
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;');
}
