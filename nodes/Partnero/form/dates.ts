import { tryToParseDateTime } from 'n8n-workflow';

/** A date with its zone, as n8n's own parser gives it (Luxon). */
export type DateTime = ReturnType<typeof tryToParseDateTime>;

const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';

/** ISO, and what databases print: n8n's parser reads these in the zone of the workflow. */
const standard =
	/^\d{4}-?\d\d(?:-?\d\d)?(?:[T ]\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?(?:z|[+-]\d\d(?::?\d\d)?)?)?$|^\d{4}-?W\d\d(?:-?\d)?$|^\d{4}-\d{3}$/i;

/** The year, the month and the day, wherever they stand; a month in digits only behind the year. */
const written = [
	/^(?<year>\d{4})([-/.]?)(?<month>\d\d)\2(?<day>\d\d)(?!\d)/,
	/^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)/,
	new RegExp(
		`\\b(?<name>${months})[a-z]*\\.?[ -]+(?<day>\\d{1,2})(?:st|nd|rd|th)?\\b.*?\\b(?<year>\\d{4})(?!\\d)`,
		'i',
	),
	new RegExp(
		`\\b(?<day>\\d{1,2})(?:st|nd|rd|th)?[ -]+(?<name>${months})[a-z]*\\.?,?[ -]+(?<year>\\d{4})(?!\\d)`,
		'i',
	),
];

/** A zone behind the time of day, or one that has a name. */
const zoned =
	/:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?\s*)?(?:z\b|(?:utc|gmt)?[+-]\d)|\b(?:utc|gmt|[ecmp][sd]t)\b/i;

/** The offset of a zone behind the time of day. */
const offset = /:\d\d(?:[.,]\d+)?\s*(?:[ap]\.?m\.?\s*)?(?:utc|gmt)?\s*[+-](\d\d):?(\d\d)?(?!\d)/i;

/** No place on earth is further from UTC, in hours. */
const largestOffset = 14;

/** Nobody who is alive was born before, and what comes out of a field that was empty is the year 1. */
const firstYear = 1900;

/**
 * What a person, a spreadsheet or another node calls a date. One that names no zone is in the workflow's.
 * @returns `undefined` if it is none, or if it could be two: 03/04/2027
 */
export function dateOf(raw: unknown, zone: string): DateTime | undefined {
	try {
		const date = readDate(raw, zone);
		return date && date.year >= firstYear && Math.abs(date.offset) <= largestOffset * 60
			? date
			: undefined;
	} catch {
		return undefined;
	}
}

function readDate(raw: unknown, zone: string): DateTime | undefined {
	if (typeof raw === 'number') return fromUnix(raw, zone);
	return typeof raw === 'string' ? fromText(raw.trim(), zone) : tryToParseDateTime(raw, zone);
}

/**
 * Spreadsheets and billing systems give Unix time, in seconds or in milliseconds. What is earlier than 1973, or
 * later than 2286, is something else.
 */
function fromUnix(number: number, zone: string): DateTime | undefined {
	if (!(number >= 1e8 && number < 1e13)) return undefined;
	return tryToParseDateTime(new Date(number < 1e11 ? number * 1000 : number), zone);
}

function fromText(text: string, zone: string): DateTime | undefined {
	if (/^\d+(?:\.\d+)?$/.test(text) && !/^\d{8}$/.test(text)) return fromUnix(Number(text), zone);
	const [, hours = '0', minutes = '0'] = offset.exec(text) ?? [];
	if (Number(hours) > largestOffset || Number(minutes) > 59) return undefined;
	const isStandard = standard.test(text);
	// n8n's parser ends with JavaScript's, which makes March of February 31.
	if (!isDay(text) && !(isStandard && !/^\d{4}-?\d\d-?\d\d/.test(text))) return undefined;
	// JavaScript knows a zone, but not in brackets, and neither "4th" nor "at".
	const plain = text
		.replace(/\((utc|gmt|[ecmp][sd]t)\)/i, '$1')
		.replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1')
		.replace(/ at /i, ' ');
	return tryToParseDateTime(
		isStandard || zoned.test(plain.replace(/\(.*\)/, '')) ? plain : onTheClock(plain),
		zone,
	);
}

/** Whether the text names a day that the calendar has. */
function isDay(text: string): boolean {
	for (const form of written) {
		const { year, month, name, day } = form.exec(text)?.groups ?? {};
		if (!year) continue;
		const number = month ? Number(month) : months.split('|').indexOf(name.toLowerCase()) + 1;
		return (
			number >= 1 &&
			number <= 12 &&
			Number(day) >= 1 &&
			Number(day) <= new Date(Date.UTC(Number(year), number, 0)).getUTCDate()
		);
	}
	return false;
}

/** What a text without a zone says, whatever the zone of this machine, in which JavaScript would read it. */
function onTheClock(text: string): string {
	return new Date(`${text} UTC`).toISOString().replace('Z', '');
}
