import { currencyCode, readMoney } from '../../../nodes/Partnero/shared/amounts';
import fc from '../../support/fastCheck';

describe('readMoney', () => {
	it.each([
		['$1,124.90', 1124.9, 'USD'],
		['$0.00', 0, 'USD'],
		['$12', 12, 'USD'],
		['1.124,90 €', 1124.9, 'EUR'],
		['€5,5', 5.5, 'EUR'],
		['£1,234,567.89', 1234567.89, 'GBP'],
		['¥1,234', 1234, 'JPY'],
		['¥1,234.50', 1234.5, 'JPY'],
		['$0.125', 0.125, 'USD'],
		['$1124.905', 1124.905, 'USD'],
		['₹1,23,456.70', 123456.7, 'INR'],
		["CHF 1'234.50", 1234.5, 'CHF'],
		['CHF 1’234.50', 1234.5, 'CHF'],
		['1 124,90 zł', 1124.9, 'PLN'],
		['1\u00a0124,90\u00a0€', 1124.9, 'EUR'],
		['1\u202f124,90\u00a0€', 1124.9, 'EUR'],
		['CA$7.25', 7.25, 'CAD'],
		['USD 99.99', 99.99, 'USD'],
		['99.99 USD', 99.99, 'USD'],
		['-$5.00', -5, 'USD'],
		['$-5.00', -5, 'USD'],
		['\u2212$5.00', -5, 'USD'],
		['($5.00)', -5, 'USD'],
		['5.00-\u00a0$', -5, 'USD'],
		['\u200f5.00 ₪', 5, 'ILS'],
	])('reads %s', (text, amount, currency) => {
		expect(readMoney(text)).toEqual({ amount, currency });
	});

	it.each([
		['1 124,90 kr', 'SEK', 1124.9],
		['1.124,90 kr.', 'DKK', 1124.9],
		['12,50 лв.', 'BGN', 12.5],
		['Rs. 1,234.50', 'INR', 1234.5],
		['1,234', 'USD', 1234],
		['1.234', 'EUR', 1234],
		['1.234', 'KWD', 1.234],
		['1,234.567', 'KWD', 1234.567],
		['1234,5', 'EUR', 1234.5],
		['5,- kr', 'NOK', 5],
		['12', 'USD', 12],
	])('reads %s under the name of %s', (text, currency, amount) => {
		expect(readMoney(text, currency)).toEqual({ amount, currency });
	});

	it.each([
		['12', 12],
		['-3', -3],
		['83.333', 83.333],
		['1,234', 1234],
		['12 345', 12345],
		['20%', 20],
		['7,4 %', 7.4],
	])('reads the plain number %s', (text, amount) => {
		expect(readMoney(text)).toEqual({ amount });
	});

	it('takes a sign for the program\u2019s currency where several currencies share it', () => {
		expect(readMoney('$10.00', undefined, 'CAD')).toEqual({ amount: 10, currency: 'CAD' });
		expect(readMoney('10,00 kr', undefined, 'SEK')).toEqual({ amount: 10, currency: 'SEK' });
		expect(readMoney('€10.00', undefined, 'CAD')).toEqual({ amount: 10, currency: 'EUR' });
		expect(readMoney('10,00 kr')).toEqual({ amount: 10 });
	});

	it.each([
		'',
		' ',
		'n/a',
		'-',
		'30%, lifetime',
		'2025-04-30',
		'30.04.25',
		'2025-04-30T15:15:12.000000Z',
		'A0',
		'HTA1XYZ9',
		'constructor 5',
		'12 34',
		'1.2.3.4',
		'12 of 30',
		'$',
		'9'.repeat(400),
		Number.NaN,
		null,
		undefined,
		true,
		{},
		[],
	])('does not take %p for a number', (value) => {
		expect(readMoney(value)).toBeUndefined();
	});

	it('reads back what any country writes', () => {
		const european = ['de-DE', 'de-CH', 'fr-FR', 'sv-SE', 'nb-NO', 'pl-PL', 'es-ES'];
		const locales = [...european, 'en-US', 'pt-BR', 'en-IN', 'ja-JP', 'he-IL'];
		const currencies = ['USD', 'EUR', 'GBP', 'CHF', 'SEK', 'PLN', 'BRL', 'INR', 'JPY', 'KWD'];
		fc.assert(
			fc.property(
				fc.constantFrom(...locales),
				fc.constantFrom(...currencies),
				fc.constantFrom('standard' as const, 'accounting' as const),
				fc.integer({ min: -1e11, max: 1e11 }),
				(locale, currency, currencySign, minor) => {
					const format = new Intl.NumberFormat(locale, {
						style: 'currency',
						currency,
						currencySign,
					});
					const amount = minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0);
					expect(readMoney(format.format(amount), currency)).toEqual({ amount, currency });
				},
			),
			{ numRuns: 2000 },
		);
	});

	it('never throws, and gives a finite number or nothing', () => {
		fc.assert(
			fc.property(
				fc.anything(),
				fc.option(fc.constantFrom('USD', 'JPY'), { nil: undefined }),
				(value, currency) => {
					const read = readMoney(value, currency, currency);
					expect(read === undefined || Number.isFinite(read.amount)).toBe(true);
				},
			),
		);
		fc.assert(fc.property(fc.string(), (text) => void readMoney(text, undefined, 'USD')));
	});
});

describe('currencyCode', () => {
	it('takes a code in any case, and nothing else', () => {
		expect(currencyCode('usd')).toBe('USD');
		expect(currencyCode('EUR')).toBe('EUR');
		for (const other of ['new', 'paid', '', 840, null]) expect(currencyCode(other)).toBeUndefined();
	});
});
