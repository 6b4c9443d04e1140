/** One ratio, and the most that it may be. */
export interface Bar {
	label: string;
	/** 1 is what it is compared with. */
	value: number;
	limit?: number;
}

const row = 34;
const left = 320;
const width = 420;

/** A drawing of ratios, each with its limit as a line. It is read on a light and on a dark page alike. */
export function plot(bars: Bar[]): string {
	const longest = Math.max(1, ...bars.map(({ value, limit = 0 }) => Math.max(value, limit)));
	const scale = (value: number) => (value / longest) * width;
	const height = row * bars.length + 60;
	const rows = bars.map(({ label, value, limit }, index) => {
		const top = 40 + index * row;
		const line =
			limit === undefined
				? ''
				: `<line x1="${at(limit)}" x2="${at(limit)}" y1="${top - 3}" y2="${top + 21}" stroke="#d9480f" stroke-width="2"/>`;
		return [
			`<text x="${left - 12}" y="${top + 14}" text-anchor="end">${escape(label)}</text>`,
			`<rect x="${left}" y="${top}" width="${scale(value).toFixed(1)}" height="18" rx="3" fill="#4c6ef5"/>`,
			line,
			`<text x="${left + width + 52}" y="${top + 14}" text-anchor="end">${value < 0.1 ? value.toFixed(3) : value.toFixed(2)}</text>`,
		].join('');
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 70} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#868e96">`,
		`<text x="12" y="22">Partnero, with n8n's HTTP Request node as 1 unless said otherwise; less is better, the line is the target</text>`,
		`<line x1="${at(1)}" x2="${at(1)}" y1="32" y2="${height - 24}" stroke="#868e96" stroke-dasharray="3 3"/>`,
		...rows,
		'</svg>',
		'',
	].join('\n');

	function at(value: number): string {
		return (left + scale(value)).toFixed(1);
	}
}

function escape(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
