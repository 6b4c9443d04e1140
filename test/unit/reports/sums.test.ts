import type { IDataObject } from 'n8n-workflow';

import { amountOf, difference, Sums } from '../../../nodes/Partnero/reports/decimal';
import { compare, percentOf } from '../../../nodes/Partnero/reports/periodLedger';
import { isEarned, saleOf } from '../../../nodes/Partnero/reports/saleRecord';
import fc from '../../support/fastCheck';

describe('Sums', () => {
	it('are exact, whatever is summed', () => {
		fc.assert(
			fc.property(
				fc.array(
					fc.record({
						cents: fc.integer({ min: -1e9, max: 1e9 }),
						digits: fc.integer({ min: 0, max: 4 }),
					}),
					{ maxLength: 200 },
				),
				(amounts) => {
					const sums = new Sums();
					let expected = 0n;
					for (const { cents, digits } of amounts) {
						sums.add({ value: cents / 10 ** digits, unit: 'USD' });
						expected += BigInt(cents) * 10n ** BigInt(4 - digits);
					}
					expect(sums.value('USD')).toBe(Number(`${expected}e-4`));
				},
			),
			{ numRuns: 200, seed: 22 },
		);
		const tenths = new Sums();
		for (let index = 0; index < 10; index += 1) tenths.add({ value: 0.1, unit: '' });
		expect(tenths.value('')).toBe(1);
	});

	it('have averages in the digits of their currency', () => {
		const sums = new Sums();
		for (const value of [10, 10, 10.01]) {
			sums.add({ value, unit: 'USD' });
			sums.add({ value, unit: 'JPY' });
			sums.add({ value, unit: 'KWD' });
			sums.add({ value: -value, unit: 'EUR' });
		}
		expect(['USD', 'JPY', 'KWD', 'EUR', 'GBP'].map((unit) => sums.average(unit))).toEqual([
			10, 10, 10.003, -10, 0,
		]);
	});

	it('forget what floating point has left of a sum', () => {
		expect(difference(0.3, 0.1)).toBe(0.2);
		expect(amountOf({ amount: 378.50000000000006 })).toEqual({ value: 378.5, unit: '' });
	});
});

describe('amountOf', () => {
	it.each<[IDataObject, object | undefined]>([
		[
			{ amount: 12.5, amount_units: 'usd' },
			{ value: 12.5, unit: 'USD' },
		],
		[
			{ amount: '1,124.90', amount_units: 'USD' },
			{ value: 1124.9, unit: 'USD' },
		],
		[{ amount: '$5.00' }, { value: 5, unit: 'USD' }],
		[{ amount: 5 }, { value: 5, unit: 'EUR' }],
		[
			{ amount: 0, amount_units: 'USD' },
			{ value: 0, unit: 'USD' },
		],
		[
			{ amount: 3, amount_units: 'points', is_currency: false },
			{ value: 3, unit: 'points' },
		],
		[{ amount: null, amount_units: 'USD' }, undefined],
		[{ amount: '', amount_units: 'USD' }, undefined],
		[{ amount: 'a lot', amount_units: 'USD' }, undefined],
		[{ amount_units: 'USD' }, undefined],
		[{ amount: true as never, amount_units: 'USD' }, undefined],
		[{ amount: NaN, amount_units: 'USD' }, undefined],
	])('reads %j as %j', (record, amount) => {
		expect(amountOf(record, 'EUR')).toEqual(amount);
	});
});

describe('compare', () => {
	it('has no percent where there was nothing before', () => {
		expect(compare(5, 0, '')).toEqual({
			value: 5,
			unit: '',
			previous: 0,
			change: 5,
			changePercent: null,
		});
		expect(compare(0.3, 0.1, 'USD')).toMatchObject({ change: 0.2, changePercent: 200 });
		expect(compare(0, 4, '')).toMatchObject({ change: -4, changePercent: -100 });
		expect(compare(null, 4, '')).toMatchObject({ change: null, changePercent: null });
	});

	it('rounds to one decimal, up and down alike', () => {
		expect([
			percentOf(1, 3),
			percentOf(-1, 3),
			percentOf(1, 8),
			percentOf(0, 5),
			percentOf(1, 0),
		]).toEqual([33.3, -33.3, 12.5, 0, null]);
	});
});

describe('saleOf', () => {
	const reward = (partner: string | undefined, amount: unknown, status = 'ok') =>
		({ partner, amount, amount_units: 'USD', status }) as IDataObject;

	it('knows whose each commission is, as in programs with several tiers', () => {
		const sale = saleOf(
			{
				key: 't_1',
				amount: 100,
				partner: 'p_1',
				customer: 'c_1',
				rewards: [reward('p_1', 30), reward('p_2', 5), reward(undefined, 1)],
			},
			{ isReferral: false },
		);
		expect(sale.commissions?.map(({ earner, amount }) => [earner, amount?.value])).toEqual([
			['p_1', 30],
			['p_2', 5],
			['p_1', 1],
		]);
	});

	it('reads a partner that is a record, and the people of a refer-a-friend program', () => {
		expect(
			saleOf({ partner: { id: 'p_1', email: 'ann@example.com' } }, { isReferral: false }).earner,
		).toBe('p_1');
		expect(
			saleOf({ customer: 'u_1', referred_customer: 'u_2' }, { isReferral: true }),
		).toMatchObject({ earner: 'u_1', customer: 'u_2' });
	});

	it('counts no commission that was rejected, or archived with its sale or alone', () => {
		const earnedIn = (record: IDataObject) =>
			saleOf(record, { isReferral: false }).commissions?.map(isEarned);
		expect(
			earnedIn({
				rewards: [
					reward('p', 1),
					reward('p', 1, 'review_period'),
					reward('p', 1, 'Rejected'),
					{ ...reward('p', 1), deleted_at: '2026-11-01T00:00:00Z' },
				],
			}),
		).toEqual([true, true, false, false]);
		expect(earnedIn({ deleted_at: '2026-11-01T00:00:00Z', rewards: [reward('p', 1)] })).toEqual([
			false,
		]);
	});

	it('does not take what is not shown for nothing', () => {
		expect(saleOf({ key: 't_1' }, { isReferral: false })).toMatchObject({
			amount: undefined,
			commissions: undefined,
			earner: undefined,
			customer: null,
		});
	});
});
