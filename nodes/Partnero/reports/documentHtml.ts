import type {
	DocumentChart,
	DocumentLine,
	DocumentSection,
	Remark,
	ReportDocument,
} from './document';
import { escapeHtml } from './html';

/** Each color by its class: in light, where mail programs drop style sheets, and in dark. */
const colors = {
	page: ['#f1f5f9', '#0b1120'],
	card: ['#ffffff', '#172033'],
	ink: ['#0f172a', '#f1f5f9'],
	soft: ['#5b6678', '#a3b1c6'],
	rule: ['#e2e8f0', '#334155'],
	bar: ['#4f46e5', '#818cf8'],
	good: ['#047857', '#34d399'],
	bad: ['#b91c1c', '#fca5a5'],
} as const;

const light = Object.fromEntries(
	Object.entries(colors).map(([name, [color]]) => [name, color]),
) as { [name in keyof typeof colors]: string };

/** What is drawn by its background; the others are colors of text. */
const backgrounds = ['page', 'card', 'rule', 'bar'];

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const table = 'table role="presentation" cellpadding="0" cellspacing="0" border="0"';
const chartHeight = 80;

/** Only where a mail program knows style sheets: colors in the dark, and less margin on a phone. */
const styleSheet = [
	':root{color-scheme:light dark;supported-color-schemes:light dark}',
	'@media (max-width:480px){.pn-side{padding-left:18px!important;padding-right:18px!important}.pn-big{font-size:28px!important;line-height:36px!important}}',
	`@media (prefers-color-scheme:dark){${Object.entries(colors)
		.map(
			([name, [, dark]]) =>
				`.pn-${name}{${backgrounds.includes(name) ? 'background-color' : 'color'}:${dark}!important}`,
		)
		.join('')}.pn-line{border-color:${colors.rule[1]}!important}}`,
].join('\n');

const blank = '&nbsp;';
const ruler = `\n<tr><td class="pn-line" style="border-top:1px solid ${light.rule};font-size:0;line-height:0">${blank}</td></tr>\n`;

/**
 * The document as a whole HTML document for mail: tables and inline styles, since mail programs drop scripts and SVG, and
 * many of them style sheets. No image, no script, no address. Every value is escaped.
 */
export function documentAsHtml({ title, subtitle, sections, notes }: ReportDocument): string {
	const blocks = [
		row(
			`<h1 class="pn-ink" style="margin:0;font-size:22px;line-height:28px;font-weight:700;color:${light.ink}">${escapeHtml(title)}</h1>` +
				`<p class="pn-soft" style="margin:4px 0 0;font-size:14px;line-height:20px;color:${light.soft}">${escapeHtml(subtitle)}</p>`,
			`padding-top:26px;padding-bottom:18px;border-top:4px solid ${light.bar}`,
		),
		...sections.map(section),
		...(notes.length > 0
			? [
					row(
						notes
							.map(
								(note) =>
									`<p class="pn-soft" style="margin:0 0 6px;color:${light.soft}">${escapeHtml(note)}</p>`,
							)
							.join(''),
						'padding-top:18px;padding-bottom:20px;font-size:12px;line-height:18px',
					),
				]
			: []),
	];
	return [
		'<!DOCTYPE html>',
		'<html lang="en">',
		'<head>',
		'<meta charset="utf-8">',
		'<meta name="viewport" content="width=device-width, initial-scale=1">',
		'<meta name="color-scheme" content="light dark">',
		'<meta name="supported-color-schemes" content="light dark">',
		`<title>${escapeHtml(title)}</title>`,
		`<style>\n${styleSheet}\n</style>`,
		'</head>',
		`<body class="pn-page" style="margin:0;padding:0;background-color:${light.page};${font}">`,
		`<${table} class="pn-page" width="100%" style="background-color:${light.page}">`,
		'<tr><td align="center" style="padding:20px 10px">',
		`<${table} class="pn-card" width="100%" style="width:100%;max-width:600px;background-color:${light.card};border-radius:8px;overflow:hidden;text-align:left;word-break:break-word;${font}">`,
		blocks.join(ruler),
		'</table>',
		'</td></tr>',
		'</table>',
		'</body>',
		'</html>',
	].join('\n');
}

function section({ heading, lines, chart }: DocumentSection): string {
	const head = heading
		? [
				row(
					`<h2 class="pn-ink" style="margin:0;font-size:16px;line-height:22px;font-weight:700;color:${light.ink}">${escapeHtml(heading)}</h2>`,
					'padding-top:20px;padding-bottom:4px',
				),
			]
		: [];
	const rows = lines.map((entry) => (entry.isHeadline ? headline(entry) : line(entry)));
	return [
		...head,
		...rows,
		...(chart ? [columns(chart)] : []),
		`<tr><td style="height:10px;font-size:0;line-height:0">${blank}</td></tr>`,
	].join('\n');
}

function headline(entry: DocumentLine): string {
	return row(
		`<div class="pn-soft" style="font-size:14px;line-height:20px;color:${light.soft}">${escapeHtml(entry.label)}</div>` +
			`<div class="pn-ink pn-big" style="font-size:34px;line-height:42px;font-weight:700;color:${light.ink}">${escapeHtml(entry.value)}</div>` +
			remarksOf(entry),
		'padding-top:20px;padding-bottom:8px',
	);
}

function line(entry: DocumentLine): string {
	const style = `font-size:15px;line-height:22px;color:${light.ink};vertical-align:top`;
	return row(
		`<${table} width="100%"><tr>` +
			`<td class="pn-ink" style="${style}">${escapeHtml(entry.label)}</td>` +
			`<td class="pn-ink" align="right" style="${style};padding-left:12px;font-weight:700;white-space:nowrap">${escapeHtml(entry.value)}</td>` +
			'</tr></table>' +
			remarksOf(entry) +
			barOf(entry),
		'padding-top:7px;padding-bottom:7px',
	);
}

function remarksOf({ remarks }: DocumentLine): string {
	if (remarks.length === 0) return '';
	return `<div class="pn-soft" style="font-size:13px;line-height:18px;color:${light.soft}">${remarks.map(remark).join(' &middot; ')}</div>`;
}

function remark({ text, tone }: Remark): string {
	return tone === 'plain'
		? escapeHtml(text)
		: `<span class="pn-${tone}" style="color:${light[tone]}">${escapeHtml(text)}</span>`;
}

/** Two cells of a table: the number, and what is left up to the largest. Something is never drawn as nothing. */
function barOf({ bar: length }: DocumentLine): string {
	if (length === undefined) return '';
	const percent = length <= 0 ? 0 : Math.min(100, Math.max(1, Math.round(length * 100)));
	const cell = (name: 'bar' | 'rule', width: number) =>
		width === 0
			? ''
			: `<td class="pn-${name}" width="${width}%" style="width:${width}%;height:6px;line-height:6px;font-size:0;background-color:${light[name]}">${blank}</td>`;
	return `<${table} width="100%" style="width:100%;margin-top:5px;table-layout:fixed"><tr>${cell('bar', percent)}${cell('rule', 100 - percent)}</tr></table>`;
}

/** Columns side by side, each of them a table that stands on the ground. */
function columns({ caption, columns: all }: DocumentChart): string {
	const gap = all.length > 31 ? 0 : 2;
	const cells = all.map(({ label, value, size }) => {
		const height = size <= 0 ? 1 : Math.max(2, Math.round(size * chartHeight));
		const name = size <= 0 ? 'rule' : 'bar';
		return (
			`<td title="${escapeHtml(`${label}: ${value}`)}" style="height:${chartHeight}px;padding-right:${gap}px;vertical-align:bottom">` +
			`<${table} width="100%" style="width:100%"><tr><td class="pn-${name}" style="height:${height}px;line-height:${height}px;font-size:0;background-color:${light[name]}">${blank}</td></tr></table></td>`
		);
	});
	const small = `font-size:12px;line-height:18px;color:${light.soft}`;
	const ends = [all[0], all[all.length - 1]].map(({ label }) => escapeHtml(label));
	return row(
		`<div class="pn-soft" style="${small};padding-bottom:6px">${escapeHtml(caption)}</div>` +
			`<${table} width="100%" style="width:100%;table-layout:fixed"><tr>${cells.join('')}</tr></table>` +
			`<${table} width="100%" style="width:100%"><tr><td class="pn-soft" style="${small}">${ends[0]}</td><td class="pn-soft" align="right" style="${small};text-align:right">${all.length > 1 ? ends[1] : blank}</td></tr></table>`,
		'padding-top:8px;padding-bottom:4px',
	);
}

function row(content: string, style: string): string {
	return `<tr><td class="pn-side" style="padding-left:28px;padding-right:28px;${style}">${content}</td></tr>`;
}
