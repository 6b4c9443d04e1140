import type { Line, Tone, View } from './view';

const INK = '#0f172a';
const SOFT = '#64748b';
const RULE = '#e2e8f0';
const ACCENT = '#4f46e5';
const PAGE = '#f1f5f9';
const TONES: Record<Tone, string> = { good: '#047857', bad: '#b91c1c', plain: SOFT };

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const TABLE = 'table role="presentation" cellpadding="0" cellspacing="0" border="0"';
const SIDES = 'padding-left:28px;padding-right:28px';

const LINE = `font-size:15px;line-height:22px;color:${INK}`;
const CARD =
	'width:100%;max-width:600px;background-color:#ffffff;border-radius:8px;overflow:hidden;text-align:left;word-break:break-word';

const RULER = `\n<tr><td style="border-top:1px solid ${RULE};font-size:0;line-height:0">&nbsp;</td></tr>\n`;

/**
 * The report as a whole HTML document for mail: tables and inline styles only, since mail clients drop style sheets,
 * scripts and SVG. Every value is escaped.
 */
export function renderHtml({ title, subtitle, sections, notes }: View): string {
	const blocks = [
		tableRow(
			`<h1 style="margin:0;font-size:22px;line-height:28px;font-weight:700;color:${INK}">${escapeHtml(title)}</h1>` +
				`<p style="margin:4px 0 0;font-size:14px;line-height:20px;color:${SOFT}">${escapeHtml(subtitle)}</p>`,
			`padding-top:28px;padding-bottom:20px;border-top:4px solid ${ACCENT}`,
		),
		...sections.map(({ heading, lines: [first, ...others] }, index) =>
			index === 0
				? section([headline(first), ...others.map(line)])
				: section([sectionHead(heading), line(first), ...others.map(line)]),
		),
		...(notes.length > 0
			? [
					tableRow(
						notes.map((note) => `<p style="margin:0 0 6px">${escapeHtml(note)}</p>`).join(''),
						`padding-top:20px;padding-bottom:22px;font-size:12px;line-height:18px;color:${SOFT}`,
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
		`<title>${escapeHtml(title)}</title>`,
		'</head>',
		`<body style="margin:0;padding:0;background-color:${PAGE};${FONT}">`,
		`<${TABLE} width="100%" bgcolor="${PAGE}">`,
		'<tr><td align="center" style="padding:20px 10px">',
		`<${TABLE} width="600" bgcolor="#ffffff" style="${CARD};${FONT}">`,
		blocks.join(RULER),
		'</table>',
		'</td></tr>',
		'</table>',
		'</body>',
		'</html>',
	].join('\n');
}

function section(rows: string[]): string {
	return [...rows, '<tr><td style="height:10px;font-size:0;line-height:0">&nbsp;</td></tr>'].join(
		'\n',
	);
}

/** The first number of the report, large; the measure of those below it, which needs no bar of its own. */
function headline(entry: Line): string {
	return tableRow(
		`<div style="font-size:14px;line-height:20px;color:${SOFT}">${escapeHtml(entry.label)}</div>` +
			`<div style="font-size:34px;line-height:42px;font-weight:700;color:${INK}">${escapeHtml(entry.value)}</div>` +
			remarks(entry) +
			(entry.bar === 1 ? '' : bar(entry)),
		'padding-top:22px;padding-bottom:14px',
	);
}

function sectionHead(heading: string): string {
	return tableRow(
		`<h2 style="margin:0;font-size:16px;line-height:22px;font-weight:700;color:${INK}">${escapeHtml(heading)}</h2>`,
		'padding-top:22px;padding-bottom:4px',
	);
}

function line(entry: Line): string {
	return tableRow(
		`<${TABLE} width="100%"><tr>` +
			`<td style="${LINE}">${escapeHtml(entry.label)}</td>` +
			`<td align="right" style="${LINE};padding-left:12px;font-weight:700;white-space:nowrap">${escapeHtml(entry.value)}</td>` +
			'</tr></table>' +
			remarks(entry) +
			bar(entry),
		'padding-top:8px;padding-bottom:8px',
	);
}

function remarks({ share, growth, growthTone, since, sinceTone }: Line): string {
	const said = [
		...(share ? [escapeHtml(share)] : []),
		...(growth ? [`growth ${toned(growth, growthTone)}`] : []),
		...(since ? [`${toned(since, sinceTone)} since last report`] : []),
	];
	if (said.length === 0) return '';
	return `<div style="font-size:12px;line-height:18px;color:${SOFT}">${said.join(' &middot; ')}</div>`;
}

function toned(change: string, tone: Tone): string {
	return `<span style="white-space:nowrap;color:${TONES[tone]}">${escapeHtml(change)}</span>`;
}

/** Two cells of a table: the number, and what is left up to the largest. Something is never drawn as nothing. */
function bar({ bar: length }: Line): string {
	if (length === undefined) return '';
	const percent = length === 0 ? 0 : Math.max(1, Math.round(length * 100));
	return (
		`<${TABLE} width="100%" style="margin-top:6px;margin-bottom:2px;table-layout:fixed"><tr>` +
		`${barCell(percent, ACCENT)}${barCell(100 - percent, RULE)}</tr></table>`
	);
}

function barCell(percent: number, color: string): string {
	if (percent === 0) return '';
	const style = `width:${percent}%;height:8px;line-height:8px;font-size:0;background-color:${color}`;
	return `<td width="${percent}%" height="8" bgcolor="${color}" style="${style}">&nbsp;</td>`;
}

function tableRow(content: string, style: string): string {
	return `<tr><td style="${SIDES};${style}">${content}</td></tr>`;
}

/** Text as it may stand in HTML, in an attribute as well. */
export function escapeHtml(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&#39;');
}
