import type { IDataObject } from 'n8n-workflow';

import { currencyCode, readMoney } from '../shared/amounts';

/** A decimal number without rounding: `digits` times ten to the power of minus `scale`. */
interface Decimal {
	digits: bigint;
	scale: number;
}

/** An amount in its unit: a currency code in capitals, another unit as the API calls it, or '' where none is known. */
export interface Amount {
	value: number;
	unit: string;
}

/** What stands behind so many digits is what floating point has left of somebody's sum, and no money. */
const mostDigits = 8;

/** A number of so many digits is no amount. */
const longestNumber = 30;

const plain = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/i;

/** What a number says in decimals, as it is written; `undefined` where it is too long to be an amount. */
function decimalOf(number: number): Decimal | undefined {
	const [, sign, whole, fraction = '', exponent = '0'] = plain.exec(String(number)) ?? [];
	if (whole === undefined) return undefined;
	const scale = fraction.length - Number(exponent);
	if (Math.abs(scale) > longestNumber) return undefined;
	const digits = BigInt(`${sign}${whole}${fraction}`);
	if (scale < 0) return { digits: digits * 10n ** BigInt(-scale), scale: 0 };
	return scale > mostDigits
		? { digits: divided(digits, 10n ** BigInt(scale - mostDigits)), scale: mostDigits }
		: { digits, scale };
}

/** A quotient, rounded half away from zero. The divisor is positive. */
function divided(dividend: bigint, divisor: bigint): bigint {
	return (2n * dividend + (dividend < 0n ? -divisor : divisor)) / (2n * divisor);
}

/** The digits of a decimal number at a larger scale. */
function at({ digits, scale }: Decimal, larger: number): bigint {
	return digits * 10n ** BigInt(larger - scale);
}

function plus(one: Decimal, other: Decimal): Decimal {
	const scale = Math.max(one.scale, other.scale);
	return { digits: at(one, scale) + at(other, scale), scale };
}

function numberOf({ digits, scale }: Decimal): number {
	return Number(`${digits}e-${scale}`);
}

/** How many digits behind its point an amount of a unit is rounded to: those of a currency, or two. */
function digitsOf(unit: string): number {
	if (currencyCode(unit) === undefined) return 2;
	return (
		new Intl.NumberFormat('en-US', { style: 'currency', currency: unit }).resolvedOptions()
			.maximumFractionDigits ?? 2
	);
}

/** Amounts summed by their unit, exactly: 0.1 and 0.2 are 0.3. */
export class Sums {
	private readonly totals = new Map<string, { total: Decimal; count: number }>();

	/** @returns whether the amount could be taken */
	add({ value, unit }: Amount): boolean {
		const decimal = decimalOf(value);
		if (!decimal) return false;
		const known = this.totals.get(unit);
		this.totals.set(
			unit,
			known
				? { total: plus(known.total, decimal), count: known.count + 1 }
				: { total: decimal, count: 1 },
		);
		return true;
	}

	/** The units, that one first. */
	units(first = ''): string[] {
		return [...this.totals.keys()].sort(
			(a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1),
		);
	}

	/** The unit that the most amounts are in, if any is named. */
	commonest(): string | undefined {
		const named = this.units().filter((unit) => unit !== '');
		const [first] = named.sort((a, b) => this.totals.get(b)!.count - this.totals.get(a)!.count);
		return first;
	}

	value(unit: string): number {
		const known = this.totals.get(unit);
		return known ? numberOf(known.total) : 0;
	}

	/** The mean of the amounts in a unit, rounded half away from zero to its digits; 0 where there is none. */
	average(unit: string): number {
		const known = this.totals.get(unit);
		if (!known) return 0;
		const digits = digitsOf(unit);
		const scale = Math.max(known.total.scale, digits);
		const divisor = BigInt(known.count) * 10n ** BigInt(scale - digits);
		return numberOf({ digits: divided(at(known.total, scale), divisor), scale: digits });
	}

	/** As an object by unit, that one first: `{ USD: 12.5, EUR: 3 }`. */
	byUnit(first = ''): { [unit: string]: number } {
		return Object.fromEntries(this.units(first).map((unit) => [unit, this.value(unit)]));
	}
}

/** One number less another, exactly. */
export function difference(value: number, less: number): number {
	const sums = new Sums();
	sums.add({ value, unit: '' });
	sums.add({ value: -less, unit: '' });
	return sums.value('');
}

/**
 * The amount that a sale or a commission shows: a number, or text as the API formats it (`partnero-api.md` 1.2).
 * @param usual the program's currency, for an amount that names none
 * @returns `undefined` for what is no amount, or has the sign of another currency than the one beside it: it is not 0
 */
export function amountOf(
	{ amount, amount_units: units, is_currency: isCurrency }: IDataObject,
	usual?: string,
): Amount | undefined {
	const named = typeof units === 'string' ? units.trim() : '';
	const currency = isCurrency === false ? undefined : currencyCode(named);
	if (typeof amount === 'string' && amount.includes('%')) return undefined;
	const read = readMoney(amount, undefined, currency ?? usual);
	const decimal = read && decimalOf(read.amount);
	if (!decimal || (read.currency && currency && read.currency !== currency)) return undefined;
	const value = numberOf(decimal);
	if (isCurrency === false) return { value, unit: named };
	return { value, unit: currency ?? read.currency ?? (named || usual || '') };
}
