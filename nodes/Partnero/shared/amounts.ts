import type { IDataObject } from 'n8n-workflow';

/** An amount as the API sends it, read as a number. No `currency` where none is known. */
export interface Money {
	amount: number;
	currency?: string;
}

/**
 * What a currency sign means where nothing else says so. One that several currencies share
 * ("kr") has no code here: it marks money, and the program's currency decides which.
 */
const SIGNS = new Map([
	['$', 'USD'],
	['US$', 'USD'],
	['€', 'EUR'],
	['£', 'GBP'],
	['¥', 'JPY'],
	['CN¥', 'CNY'],
	['₹', 'INR'],
	['₩', 'KRW'],
	['₽', 'RUB'],
	['₺', 'TRY'],
	['₴', 'UAH'],
	['₪', 'ILS'],
	['₫', 'VND'],
	['₱', 'PHP'],
	['₦', 'NGN'],
	['R$', 'BRL'],
	['CA$', 'CAD'],
	['C$', 'CAD'],
	['A$', 'AUD'],
	['NZ$', 'NZD'],
	['HK$', 'HKD'],
	['MX$', 'MXN'],
	['S$', 'SGD'],
	['zł', 'PLN'],
	['Kč', 'CZK'],
	['Ft', 'HUF'],
	['lei', 'RON'],
	['kr', ''],
	['kr.', ''],
	['Fr.', ''],
	['Rs.', ''],
]);

const SPACE_OR_APOSTROPHE = /[\s'’]/g;
const DIRECTION_MARK = /[\u200e\u200f\u061c\u2066-\u2069]/g;

/** From the first digit to the last, with nothing in between but what groups or splits a number. */
const NUMBER = /\d(?:[\d.,\s'’]*\d)?/;

const PLAIN = /^-?\d+(\.\d+)?$/;
const DIGITS = /^\d+$/;
const GROUPED = /^[1-9]\d{0,2}([ .,])\d{3}(?:\1\d{3})*$/;
const GROUPED_IN_INDIA = /^[1-9]\d?(?:,\d{2})*,\d{3}$/;

const currencyNames = new Intl.DisplayNames(['en'], { type: 'currency', fallback: 'none' });

/** The currency code in capitals, if the text is one; the API writes `usd` and `USD` (partnero-api.md §1.2). */
export function currencyCode(text: unknown): string | undefined {
	if (typeof text !== 'string' || !/^[A-Za-z]{3}$/.test(text)) return undefined;
	const code = text.toUpperCase();
	return currencyNames.of(code) === undefined ? undefined : code;
}

/**
 * Reads a statistic that the API sends as a number or as text: `12`, `"12"`, `"83.33"`, `"$1,124.90"`
 * (partnero-api.md §1.2, §2.1), and formatted money of other countries: `"1.124,90 €"`, `"($5.00)"`.
 *
 * `under` is the currency under whose name the value stands (`{"usd": "$1.00"}`), `usual` the program's
 * currency, which settles what a shared sign means. Anything but one number gives undefined.
 */
export function readMoney(value: unknown, under?: string, usual?: string): Money | undefined {
	if (typeof value === 'number') return money(value, under);
	if (typeof value !== 'string') return undefined;

	const text = value.replace(DIRECTION_MARK, '').trim();
	if (under === undefined && PLAIN.test(text)) return money(Number(text), undefined);

	const found = NUMBER.exec(text);
	if (found === null) return undefined;
	const before = text.slice(0, found.index);
	const after = text.slice(found.index + found[0].length);
	const mark = (before + after).replace(/[\s()+,\-−–]/g, '').replace(/^\.+$/, '');

	const currency = under !== undefined && isMark(mark) ? under : currencyOfMark(mark, usual);
	if (currency === undefined && mark !== '' && mark !== '%') return undefined;

	const known = currency || usual;
	const amount = readDigits(found[0], currency !== undefined && known ? decimalsOf(known) : 2);
	if (amount === undefined) return undefined;

	const negative =
		/[-−–]/.test(before) || /^[-−–]/.test(after) || (/^\(/.test(before) && /\)$/.test(after));
	return money(negative && amount !== 0 ? -amount : amount, currency);
}

function money(amount: number, currency: string | undefined): Money | undefined {
	if (!Number.isFinite(amount)) return undefined;
	return currency ? { amount, currency } : { amount };
}

/** What may stand beside an amount whose currency is known already: `$`, `kr.`, `S/`, `zł`, or nothing. */
function isMark(mark: string): boolean {
	return /^[\p{L}\p{M}\p{Sc}./]{0,8}$/u.test(mark);
}

/** The currency of a sign or code; '' for money whose currency it does not tell; undefined if it is neither. */
function currencyOfMark(mark: string, usual: string | undefined): string | undefined {
	if (mark === '') return undefined;
	if (usual !== undefined && signsOf(usual).includes(mark)) return usual;
	const code = mark === mark.toUpperCase() ? currencyCode(mark) : undefined;
	const isSign = mark.length <= 6 && /\p{Sc}/u.test(mark);
	return SIGNS.get(mark) ?? code ?? (isSign ? '' : undefined);
}

function signsOf(currency: string): string[] {
	return (['symbol', 'narrowSymbol'] as const).map(
		(currencyDisplay) =>
			new Intl.NumberFormat('en-US', { style: 'currency', currency, currencyDisplay })
				.formatToParts(0)
				.find((part) => part.type === 'currency')?.value ?? currency,
	);
}

/** How many digits a currency has after its decimal sign: 2 for USD, 0 for JPY, 3 for KWD. */
function decimalsOf(currency: string): number {
	const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
	return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * The last `.` or `,` before one or two final digits is the decimal sign. Before more digits it groups
 * thousands if it can: `1.234` is 1234. It cannot in `0.125`, `1124.905` or `1,234.567`, nor where a
 * currency has three decimals.
 */
function readDigits(text: string, decimals: number): number | undefined {
	const digits = text.replace(SPACE_OR_APOSTROPHE, ' ');
	const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
	const fraction = last === -1 ? '' : digits.slice(last + 1);

	// Groups have three digits (in India two as well, but not the last), so one or two are never a group.
	if (isWhole(digits) && (fraction === '' || fraction.length !== decimals)) {
		return Number(digits.replace(/\D/g, ''));
	}
	const whole = digits.slice(0, Math.max(last, 0));
	return isWhole(whole) && DIGITS.test(fraction)
		? Number(`${whole.replace(/\D/g, '')}.${fraction}`)
		: undefined;
}

function isWhole(digits: string): boolean {
	return DIGITS.test(digits) || GROUPED.test(digits) || GROUPED_IN_INDIA.test(digits);
}

/**
 * The amount of a record as a number, in units of its currency: a number, `"1,234.50"`, `"$14.97"`. Null if it cannot
 * be read, if there is none, or if its sign is that of another currency than the one beside it; never 0 instead.
 * @param units what stands beside it, such as `amount_units`: a currency code, or the unit of a reward
 */
export function shownAmount(value: unknown, units?: unknown): number | null {
	const currency = currencyCode(units);
	if (typeof value === 'string' && value.includes('%')) return null;
	const read = readMoney(value, undefined, currency);
	if (read === undefined || (read.currency && currency && read.currency !== currency)) return null;
	return read.amount;
}

/**
 * The rewards that a sale shows (`partnero-api.md` 2.4). A list that PHP has filtered comes as an object by number, and
 * one alone may come as itself.
 * @returns `undefined` where it shows none, which does not say that nothing was earned
 */
export function rewardsOf({ rewards }: IDataObject): IDataObject[] | undefined {
	if (typeof rewards !== 'object' || rewards === null) return undefined;
	const all: unknown[] = 'amount' in rewards ? [rewards] : Object.values(rewards);
	return all.filter(
		(reward): reward is IDataObject => typeof reward === 'object' && reward !== null,
	);
}
