import { oneLine } from './format';
import type { Period } from './period';
import { dateAt } from './period';

/** Numbers and dates as a language and region write them; the words of a report stay English. */
export class Formats {
	/** Each is made once: they cost more than all else that a report is made of. */
	private readonly numbers = new Map<string, Intl.NumberFormat>();

	private readonly dates = new Map<string, Intl.DateTimeFormat>();

	/**
	 * @param locale a BCP 47 tag: `en-US`
	 * @throws RangeError if it is none
	 */
	constructor(
		readonly locale: string,
		private readonly timeZone: string,
	) {
		this.number({ maximumFractionDigits: 2 });
	}

	/** An amount, or a count where the unit is '': `$1,124.90`, `12`, `5 points`. */
	amount(value: number, unit: string): string {
		if (!/^[A-Z]{3}$/.test(unit))
			return `${plainSpaces(this.number({ maximumFractionDigits: 2 }).format(value))} ${oneLine(unit)}`.trim();
		return plainSpaces(this.number({ style: 'currency', currency: unit }).format(value));
	}

	/** A difference with its sign, `unchanged` if there is none. */
	change(value: number, unit: string): string {
		if (value === 0) return 'unchanged';
		if (/^[A-Z]{3}$/.test(unit))
			return plainSpaces(
				this.number({ style: 'currency', currency: unit, signDisplay: 'exceptZero' }).format(value),
			);
		return `${value > 0 ? '+' : ''}${this.amount(value, unit)}`;
	}

	percent(value: number, isChange = false): string {
		const sign = isChange ? 'exceptZero' : 'auto';
		return plainSpaces(
			this.number({ style: 'percent', maximumFractionDigits: 1, signDisplay: sign }).format(
				value / 100,
			),
		);
	}

	/** `Nov 16, 2026`, from `2026-11-16`. */
	day(day: string): string {
		return this.date(Date.parse(`${day}T12:00:00Z`), { dateStyle: 'medium' }, 'UTC');
	}

	/** `Nov 16`, from `2026-11-16`. */
	shortDay(day: string): string {
		return this.date(Date.parse(`${day}T12:00:00Z`), { month: 'short', day: 'numeric' }, 'UTC');
	}

	/** The day of an instant in the time zone of the report. */
	dayAt(instant: number): string {
		return this.date(instant, { dateStyle: 'medium' }, this.timeZone);
	}

	/** `Nov 16 – 22, 2026`, with the times of day where it does not begin and end with a day. */
	span({ from, to, firstDay, lastDay, isOfWholeDays }: Period): string {
		const style: Intl.DateTimeFormatOptions = isOfWholeDays
			? { dateStyle: 'medium' }
			: { dateStyle: 'medium', timeStyle: 'short' };
		const zone = isOfWholeDays ? 'UTC' : this.timeZone;
		const first = isOfWholeDays ? Date.parse(`${firstDay}T12:00:00Z`) : from;
		const last = isOfWholeDays ? Date.parse(`${lastDay}T12:00:00Z`) : to;
		return plainSpaces(
			this.dateFormat({ ...style, timeZone: zone }).formatRange(
				new Date(first),
				new Date(Math.max(first, last)),
			),
		);
	}

	private date(instant: number, options: Intl.DateTimeFormatOptions, timeZone: string): string {
		return plainSpaces(this.dateFormat({ ...options, timeZone }).format(new Date(instant)));
	}

	private number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
		return once(this.numbers, options, () => new Intl.NumberFormat(this.locale, options));
	}

	private dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
		return once(this.dates, options, () => new Intl.DateTimeFormat(this.locale, options));
	}
}

function once<T>(known: Map<string, T>, options: object, make: () => T): T {
	const name = JSON.stringify(options);
	const made = known.get(name) ?? make();
	known.set(name, made);
	return made;
}

/** The spaces that Intl puts into numbers and dates, as mail programs of any age show them. */
function plainSpaces(text: string): string {
	return text.replace(/[\u00a0\u2009\u202f]/g, ' ');
}

/** Whether a text is a language tag that numbers and dates can be written in. */
export function isLocale(text: string): boolean {
	try {
		return Intl.NumberFormat.supportedLocalesOf(text).length > 0;
	} catch {
		return false;
	}
}

/** An instant in the time zone of a report, as ISO 8601 with its offset. */
export function isoAt(instant: number, timeZone: string): string {
	return dateAt(instant, timeZone).toISO() ?? '';
}
