import { numberAdvice } from './values';

/** What an amount was written as. */
export interface Amount {
	value: number;
	/** The currency that stands beside it: a code in capitals, or a sign; none if it names none. */
	currency?: string;
}

/** Why a text is no amount, in the words that come behind the name of its field. */
export interface NoAmount {
	problem: string;
	/** What to do about it, in a whole sentence. */
	advice?: string;
}

/** Currencies with three decimals (ISO 4217), in which `1.250` is no thousand. */
const threeDecimals = ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'];

/** Currencies whose sign is the plain `$`. */
const dollars = [
	'ARS',
	'AUD',
	'BBD',
	'BMD',
	'BND',
	'BRL',
	'BSD',
	'BZD',
	'CAD',
	'CLP',
	'COP',
	'CUP',
	'CVE',
	'DOP',
	'FJD',
	'GYD',
	'HKD',
	'JMD',
	'KYD',
	'LRD',
	'MOP',
	'MXN',
	'NAD',
	'NIO',
	'NZD',
	'SBD',
	'SGD',
	'SRD',
	'TOP',
	'TTD',
	'TWD',
	'USD',
	'UYU',
	'WST',
	'XCD',
];

/** The currencies that a sign, or a word that is no code, may stand for. */
const signs: { [sign: string]: string[] } = {
	$: dollars,
	'€': ['EUR'],
	'£': ['EGP', 'FKP', 'GBP', 'GIP', 'LBP', 'SDG', 'SHP', 'SSP', 'SYP'],
	'¥': ['CNY', 'JPY'],
	'₹': ['INR'],
	'₨': ['INR', 'LKR', 'MUR', 'NPR', 'PKR', 'SCR'],
	'₩': ['KPW', 'KRW'],
	'₺': ['TRY'],
	'₽': ['RUB'],
	'₴': ['UAH'],
	'₪': ['ILS'],
	'₫': ['VND'],
	'₱': ['CUP', 'PHP'],
	'฿': ['THB'],
	'₦': ['NGN'],
	'₡': ['CRC'],
	'₲': ['PYG'],
	'₵': ['GHS'],
	'₸': ['KZT'],
	'₾': ['GEL'],
	'₼': ['AZN'],
	'₮': ['MNT'],
	'₭': ['LAK'],
	'៛': ['KHR'],
	US$: ['USD'],
	CA$: ['CAD'],
	C$: ['CAD', 'NIO'],
	AU$: ['AUD'],
	A$: ['AUD'],
	NZ$: ['NZD'],
	HK$: ['HKD'],
	SG$: ['SGD'],
	S$: ['SGD'],
	NT$: ['TWD'],
	MX$: ['MXN'],
	R$: ['BRL'],
	KR: ['DKK', 'ISK', 'NOK', 'SEK'],
	ZŁ: ['PLN'],
	KČ: ['CZK'],
	'FR.': ['CHF'],
};

/** A minus or brackets, a currency before or behind, and in between the digits with what parts them. */
const written =
	/^(?<open>\()?(?:(?<minus>-)|\+)?\s*(?<before>[\p{L}\p{Sc}.]*?)\s*(?<inner>-)?(?<digits>[.,]?\d[\d.,'’ ]*?)(?<after_minus>-)?\s*(?<behind>[\p{L}\p{Sc}.]*)(?<close>\))?$/u;

/** Whole numbers by how their thousands are parted; in India only the last group has three digits. */
const wholes = [
	/^\d+$/,
	/^\d{1,3}(?:\.\d{3})+$/,
	/^\d{1,3}(?:,\d{3})+$/,
	/^\d{1,3}(?: \d{3})+$/,
	/^\d{1,3}(?:['’]\d{3})+$/,
	/^\d{1,2}(?:,\d{2})+,\d{3}$/,
];

/**
 * An amount of money as a person, a spreadsheet or a billing system writes it: `49.90`, `49,90`, `1.234,56`,
 * `1,234.56`, `1 234,56`, `1'234.56`, `€49.90`, `49.90 USD`, or a number. Taken is what can mean one amount only.
 * @param unit the currency that it is in, where that is known; it says whether three digits behind a point are decimals
 */
export function readAmount(raw: string | number, unit?: string): Amount | NoAmount {
	if (typeof raw === 'number') return Number.isFinite(raw) ? { value: raw } : noAmount;
	const text = raw
		.normalize('NFKC')
		.replace(/[\s\u200b-\u200f\u2060\ufeff]+/g, ' ')
		.replace(/\u2212/g, '-')
		.trim();
	const {
		open,
		minus,
		before = '',
		inner,
		digits,
		after_minus: afterMinus,
		behind = '',
		close,
	} = written.exec(text)?.groups ?? {};
	if (digits === undefined || Boolean(open) !== Boolean(close)) return noAmount;
	const currency = currencyOf(before, behind);
	if (typeof currency !== 'string') return currency;
	const number = readDigits(digits.trim(), unit ?? currency);
	if (typeof number !== 'number') return number;
	if (number > Number.MAX_SAFE_INTEGER) return { problem: 'has too many digits for a number' };
	const isNegative = [open, minus, inner, afterMinus].some(Boolean);
	return { value: isNegative && number !== 0 ? -number : number, ...(currency && { currency }) };
}

const noAmount: NoAmount = { problem: 'must be a number', advice: numberAdvice };

/** The currency named before or behind an amount, which may be both if they agree: `$49.90 USD`. Empty if there is none. */
function currencyOf(before: string, behind: string): string | NoAmount {
	const named = [before, behind].filter(Boolean).map((name) => name.toUpperCase());
	if (!named.every((name) => name in signs || /^[A-Z]{3}$/.test(name))) return noAmount;
	const [one = '', other] = named;
	if (other === undefined) return one;
	if (!isSameCurrency(one, other))
		return {
			problem: 'has two currencies',
			advice: 'Write the amount with one of them.',
		};
	return one in signs ? other : one;
}

/** Whether two names can stand for the same currency: codes in any case, or signs. */
export function isSameCurrency(one: string, other: string): boolean {
	const [ones, others] = [one, other].map(
		(name) => signs[name.toUpperCase()] ?? [name.toUpperCase()],
	);
	return ones.some((code) => others.includes(code));
}

/** The number that digits and what parts them can only mean, or why they can mean two. */
function readDigits(digits: string, unit = ''): number | NoAmount {
	const [, whole, mark, decimals] = /^(.*)([.,])(\d*)$/.exec(digits) ?? [];
	if (mark === undefined) return isWhole(digits) ? wholeOf(digits) : noAmount;
	const isGrouped = isWhole(digits);
	// A second point, or a second comma, makes thousands of all of them.
	if (whole.includes(mark)) return isGrouped ? wholeOf(digits) : noAmount;
	if (decimals === '' || !(whole === '' || isWhole(whole))) return noAmount;
	const fraction = Number(`${wholeOf(whole)}.${decimals}`);
	const isPlain = isGrouped && !whole.startsWith('0');
	if (!isPlain || threeDecimals.includes(unit.toUpperCase())) return fraction;
	return {
		problem: 'can be read as two amounts',
		advice: `Write ${wholeOf(digits)} or ${fraction}.`,
	};
}

function isWhole(digits: string): boolean {
	return wholes.some((form) => form.test(digits));
}

function wholeOf(digits: string): number {
	return Number(digits.replace(/\D/g, ''));
}
