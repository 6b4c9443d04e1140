/** A value of the report with its unit: `$1,124.90`, `83%`, `1,200`. The unit is a currency code, `%` or ''. */
export function formatValue(value: number, unit: string): string {
	if (unit === '%') return `${count(value)}%`;
	return isCurrency(unit) ? money(value, unit) : `${count(value)} ${unit}`.trim();
}

/** A difference with its sign: `+$12.00`, `-3`, `+2 points` between two percentages, or `unchanged`. */
export function formatDifference(value: number, unit: string): string {
	if (value === 0) return 'unchanged';
	if (unit === '%') return `${signed(value)} ${Math.abs(value) === 1 ? 'point' : 'points'}`;
	return isCurrency(unit) ? money(value, unit, 'exceptZero') : `${signed(value)} ${unit}`.trim();
}

/** A growth in percent with its sign: `+8.2%`, `-3%`, `0%`. */
export function formatGrowth(percent: number): string {
	return `${signed(percent)}%`;
}

/** A share of a whole: `30%`, `1.7%`. */
export function formatShare(share: number): string {
	const percent = share * 100;
	const digits = percent < 10 || (percent > 99 && percent < 100) ? 1 : 0;
	return `${new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }).format(percent)}%`;
}

/**
 * The day and time of an ISO date: `Monday, November 23, 2026, 8:00 AM`, in the time zone given (an IANA name),
 * or else as the date's own zone shows them. Anything but a date stays as it is.
 */
export function formatDate(iso: string, timeZone?: string): string {
	const wall = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?::[\d.]+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(iso);
	const instant = new Date(timeZone === undefined && wall !== null ? `${wall[1]}:00Z` : iso);
	if (wall === null || Number.isNaN(instant.getTime())) return oneLine(iso);
	const part = (options: Intl.DateTimeFormatOptions) =>
		new Intl.DateTimeFormat('en-US', { ...options, timeZone: timeZone ?? 'UTC' }).format(instant);
	const time = part({ timeStyle: 'short' }).replace(/\s/g, ' ');
	return `${part({ dateStyle: 'full' })}, ${time}${timeZone === undefined && wall[2] === 'Z' ? ' UTC' : ''}`;
}

/** Text of the API on one line, without control characters. */
export function oneLine(text: string): string {
	return text.replace(/[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

function isCurrency(unit: string): boolean {
	return /^[A-Z]{3}$/.test(unit);
}

function money(
	value: number,
	currency: string,
	signDisplay: 'auto' | 'exceptZero' = 'auto',
): string {
	const format = new Intl.NumberFormat('en-US', { style: 'currency', currency, signDisplay });
	return format.format(value).replace(/\u00a0/g, ' ');
}

function count(value: number): string {
	return new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 }).format(value);
}

function signed(value: number): string {
	return new Intl.NumberFormat('en-US', {
		maximumFractionDigits: 2,
		signDisplay: 'exceptZero',
	}).format(value);
}
