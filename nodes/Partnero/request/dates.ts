import { tryToParseDateTime } from 'n8n-workflow';

/** A date with its zone, as n8n's own parser gives it (Luxon). */
export type DateTime = ReturnType<typeof tryToParseDateTime>;

const withZone = /(?:\b(?:utc|gmt|z|[ecmp][sd]t)|[+-]\d\d:?\d\d)\s*(?:\(.*\))?$/i;
const withMonthName = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const yearFirst = /^\d{4}[/.-]\d{1,2}[/.-]\d{1,2}\b/;
const machineMade = /^(\d{4})-?(\d\d)-?(\d\d)(?!\d)/;

/**
 * What a person, a spreadsheet or another node calls a date. One that names no zone is in the workflow's.
 * @returns `undefined` if it is none, or if it could be two: 03/04/2027
 */
export function dateOf(raw: unknown, zone: string): DateTime | undefined {
	try {
		if (typeof raw === 'number') return fromUnix(raw, zone);
		return typeof raw === 'string' ? fromText(raw.trim(), zone) : tryToParseDateTime(raw, zone);
	} catch {
		return undefined;
	}
}

/** Spreadsheets and billing systems give Unix time, in seconds or in milliseconds. What is earlier than 1973 is something else. */
function fromUnix(number: number, zone: string): DateTime | undefined {
	if (!(number >= 1e8)) return undefined;
	return tryToParseDateTime(new Date(number < 1e11 ? number * 1000 : number), zone);
}

function fromText(text: string, zone: string): DateTime | undefined {
	const [, ...day] = machineMade.exec(text) ?? [];
	if (day.length > 0) {
		const date = tryToParseDateTime(text, zone);
		// The last thing that n8n's parser tries makes March of February 31.
		return date.toISODate() === day.join('-') ? date : undefined;
	}
	if (/^[\d.]+$/.test(text)) return fromUnix(Number(text), zone);
	if (/^\d{4}-(?:\d\d|W\d\d(?:-\d)?|\d{3})$/.test(text)) return tryToParseDateTime(text, zone);
	if (!withMonthName.test(text) && !yearFirst.test(text)) return undefined;
	return tryToParseDateTime(withZone.test(text) ? text : onTheClock(new Date(text)), zone);
}

/** What a text without a zone says, which JavaScript takes for the time of this machine. */
function onTheClock(local: Date): string {
	const two = (number: number) => String(number).padStart(2, '0');
	const day = [local.getFullYear(), two(local.getMonth() + 1), two(local.getDate())].join('-');
	return `${day}T${[local.getHours(), local.getMinutes(), local.getSeconds()].map(two).join(':')}`;
}
