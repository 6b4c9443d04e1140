import type { IDataObject } from 'n8n-workflow';

import fc from '../support/fastCheck';

import { json as answer, closeAll, serve } from './support/bareServer';
import { locator, useSandbox } from './support/partnero';

/*
 * Amounts as they come out, from a server that sends them in one of the many ways in which amounts are sent.
 */
const partnero = useSandbox();
let record: IDataObject = {};
let balance: unknown = [];
let credentials: { apiKey: string; baseUrl: string };

beforeAll(async () => {
	const server = await serve(({ path }, response) => {
		const customer = { id: 'user_1', email: 'alma@example.com' };
		const data = path.startsWith('/transactions?')
			? [record]
			: path.startsWith('/transactions')
				? record
				: path.endsWith('/balance')
					? { customer, balance }
					: customer;
		answer(response, 200, { data, status: 1 });
	});
	credentials = { apiKey: 'key-of-a-bare-server', baseUrl: server.url };
});
afterAll(closeAll);

const sale = {
	key: 't_1',
	action: 'sale',
	amount: 100,
	amount_units: 'USD',
	customer: 'c_1',
	partner: 'p_1',
	created_at: '2026-01-01T10:00:00.000000Z',
};
const reward = (amount: unknown, units: unknown, more: object = {}) => ({
	key: 't_1',
	status: 'ok',
	amount,
	amount_units: units,
	...more,
});

/** The sale as it comes out with Simplify on. */
async function simplified(rewards: object[], more: object = {}): Promise<IDataObject> {
	record = { ...sale, rewards, ...more } as IDataObject;
	const { json, error } = await partnero.operate(
		'transaction',
		'get',
		{ transaction: locator('key', 't_1') },
		{ credentials },
	);
	expect(error).toBeUndefined();
	return json[0];
}

describe('the commission of a sale', () => {
	it('of 10 USD, 8 EUR and 500 points is 10 USD, with each unit beside it', async () => {
		expect(
			await simplified([
				reward(10, 'USD'),
				reward(8, 'EUR'),
				reward(500, 'points', { is_currency: false }),
			]),
		).toMatchObject({
			commission: 10,
			commission_units: 'USD',
			commissions: { USD: 10, EUR: 8, points: 500 },
		});
	});

	it.each<[string, object[], object, IDataObject]>([
		['no rewards', [], {}, { commission: 0, commission_units: null, commissions: {} }],
		[
			'rewards that were rejected',
			[reward(10, 'USD', { status: 'rejected' })],
			{},
			{ commission: 0, commissions: {} },
		],
		[
			'one unit in two spellings',
			[reward(1.1, 'usd'), reward(2.2, 'USD')],
			{},
			{ commission: 3.3, commission_units: 'USD', commissions: { USD: 3.3 } },
		],
		[
			'one other unit',
			[reward(8, 'EUR')],
			{},
			{ commission: 8, commission_units: 'EUR', commissions: { EUR: 8 } },
		],
		[
			'two other units',
			[reward(8, 'EUR'), reward(5, 'points')],
			{},
			{ commission: null, commission_units: null, commissions: { EUR: 8, points: 5 } },
		],
		[
			'no unit',
			[reward(8, undefined)],
			{},
			{ commission: 8, commission_units: null, commissions: { unknown: 8 } },
		],
		[
			'a currency in the text only',
			[reward('€8.00', null)],
			{ amount_units: 'EUR' },
			{ commission: 8, commission_units: 'EUR' },
		],
		[
			'an amount that cannot be read',
			[reward(10, 'USD'), reward('ten', 'USD'), reward(8, 'EUR')],
			{},
			{ commission: null, commission_units: 'USD', commissions: { USD: null, EUR: 8 } },
		],
		[
			'an amount that is missing',
			[reward(null, 'USD')],
			{},
			{ commission: null, commissions: { USD: null } },
		],
		[
			'one reward alone',
			reward(10, 'USD') as never,
			{},
			{ commission: 10, commission_units: 'USD', commissions: { USD: 10 } },
		],
		[
			'rewards by number',
			{ 2: reward(10, 'USD'), 5: reward(8, 'USD') } as never,
			{},
			{ commission: 18, commissions: { USD: 18 } },
		],
		[
			'rewards that it does not show',
			undefined as never,
			{},
			{ commission: null, commission_units: null, commissions: {} },
		],
		[
			'another sign than the unit',
			[reward('€10', 'USD')],
			{},
			{ commission: null, commissions: { USD: null } },
		],
	])('with %s', async (_what, rewards, more, expected) => {
		expect(await simplified(rewards, more)).toMatchObject(expected);
	});
});

describe('an amount in any form', () => {
	const cents = fc.integer({ min: 0, max: 99_999_999 });
	const currency = fc.constantFrom('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'INR', 'BRL', 'SEK');
	/** How the same amount is written: as a number, by a database, and as formatted by PHP or by a browser. */
	const written: Array<[string, (amount: number, unit: string) => unknown]> = [
		['a number', (amount) => amount],
		['plain text', (amount) => amount.toFixed(2)],
		['text of a database with four decimals', (amount) => amount.toFixed(4)],
		['text with groups', (amount) => amount.toLocaleString('en-US', { minimumFractionDigits: 2 })],
		[
			'text with a sign',
			(amount, unit) =>
				amount.toLocaleString('en-US', {
					style: 'currency',
					currency: unit,
					currencyDisplay: 'narrowSymbol',
					minimumFractionDigits: 2,
				}),
		],
		[
			'text with a code',
			(amount, unit) => `${amount.toLocaleString('en-US', { minimumFractionDigits: 2 })} ${unit}`,
		],
	];

	it.each(written)(
		'is the number that it stands for: %s',
		async (_name, write) => {
			await fc.assert(
				fc.asyncProperty(cents, currency, async (value, unit) => {
					const amount = value / 100;
					const shown = write(amount, unit);
					expect(
						await simplified([reward(shown, unit)], { amount: shown, amount_units: unit }),
					).toMatchObject({
						...{ amount, amount_units: unit, commission: amount, commission_units: unit },
					});
					balance = { currency: [{ amount: shown, amount_units: unit, is_currency: true }] };
					const { json } = await partnero.operate(
						'customer',
						'getBalance',
						{ customer: locator('id', 'user_1') },
						{ credentials },
					);
					expect(json[0].balance).toEqual([{ amount, amountUnits: unit, isCurrency: true }]);
				}),
				{ seed: 19, numRuns: 25 },
			);
		},
		60_000,
	);

	it.each(written)(
		'tells a sale that is there from another one under its key: %s',
		async (_name, write) => {
			for (const [amount, expected] of [
				[1234.5, false],
				[99, "Transaction 't_1' exists already, and is another sale"],
			] as const) {
				record = { ...sale, amount: write(1234.5, 'USD') } as IDataObject;
				const form = {
					customer: locator('key', 'c_1'),
					key: 't_1',
					amount,
					additionalFields: { amountUnits: 'USD' },
				};
				const { json, error } = await partnero.operate('transaction', 'create', form, {
					credentials,
				});
				expect(error?.message ?? json[0].created).toBe(expected);
			}
		},
	);

	it('is null where it is none, and never 0', async () => {
		const none = fc.constantFrom<unknown>(
			null,
			undefined,
			'',
			' ',
			'n/a',
			'free',
			'12 or 13',
			'50%',
			'1.2.3,4',
			'--',
			true,
			false,
			[],
			{},
			['5'],
			{ usd: 5 },
			'NaN',
			'Infinity',
			'1e3',
		);
		await fc.assert(
			fc.asyncProperty(none, async (shown) => {
				const { amount, commission } = await simplified([reward(shown, 'USD')], { amount: shown });
				expect([amount, commission]).toEqual([null, null]);
				balance = { currency: [{ amount: shown, amount_units: 'USD', is_currency: true }] };
				const { json } = await partnero.operate(
					'customer',
					'getBalance',
					{ customer: locator('id', 'user_1') },
					{ credentials },
				);
				expect(json[0].balance).toEqual([{ amount: null, amountUnits: 'USD', isCurrency: true }]);
			}),
			{ seed: 19, numRuns: 60 },
		);
	}, 60_000);
});
