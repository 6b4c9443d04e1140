import type { IDataObject, INodeParameters, INodePropertyOptions } from 'n8n-workflow';

import { findOperation, resources } from '../../nodes/Partnero/resources';
import fc from '../support/fastCheck';

import { closeAll, serve } from './support/bareServer';
import type { Field, Situation } from './support/forms';
import {
	fieldsOf,
	filled,
	isAmount,
	isOffered,
	labelOf,
	pathOf,
	send,
	situations,
} from './support/forms';
import { locator, useSandbox } from './support/partnero';
import { arrange } from './support/samples';

/*
 * What people and other systems really hand over: the situations of public reports, which `test/reports.md` lists by
 * the names of these tests.
 */
const partnero = useSandbox();

const program = () => partnero.sandbox.program('affiliate');
const ledger = () => partnero.sandbox.ledger().transactions;
const onlyWrites = () => partnero.wire().filter(({ method }) => method !== 'GET');
const bodies = () => onlyWrites().map(({ body }) => body as IDataObject);

const sale = { customer: locator('key', 'u_1'), amount: 50 };
const expression = (value: unknown) => `={{ ${JSON.stringify(value)} }}`;

beforeEach(() => {
	const { partners, customers } = program();
	partners.add({
		id: 'p_1',
		email: 'ann@example.com',
		key: 'annlee',
		name: 'Ann',
		surname: 'Lee',
		tags: ['vip'],
	});
	customers.add({ id: 'i_1', key: 'u_1', email: 'una@example.com', name: 'Una', partner: 'p_1' });
});

/** Every field of every operation, once for each operation. */
const everyField = situations
	.filter(
		({ resource, operation }, index, all) =>
			all.findIndex((other) => other.resource === resource && other.operation === operation) ===
			index,
	)
	.flatMap((situation) =>
		fieldsOf(situation.resource, situation.operation).map((field) => ({
			title: `${situation.resource} ${situation.operation}: ${pathOf(field)}`,
			situation,
			field,
		})),
	);

/** What is wrong with an operation whose form has this in this field, and what it sends all the same. */
async function refusalOf(
	{ resource, operation, parameters, program: name, item }: Situation,
	values: Array<[Field, unknown]>,
) {
	partnero.sandbox.reset('empty');
	arrange(partnero.sandbox);
	const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys[name] };
	const { error } = await partnero.operate(
		resource,
		operation,
		filled({ parameters } as Situation, values),
		{ items: [item], credentials },
	);
	return { message: error?.message, advice: error?.description ?? '', sent: partnero.wire() };
}

/** Any case, and blanks at the ends. */
const spelled = (word: string) =>
	fc
		.tuple(
			fc.array(fc.boolean(), { minLength: word.length, maxLength: word.length }),
			fc.constantFrom('', ' ', '\u00a0'),
			fc.constantFrom('', ' ', '\n'),
		)
		.map(
			([capitals, before, behind]) =>
				before +
				[...word]
					.map((letter, index) => (capitals[index] ? letter.toUpperCase() : letter.toLowerCase()))
					.join('') +
				behind,
		);

describe('a boolean', () => {
	const parameters = { ...sale, additionalFields: { rewardable: '={{ $json.value }}' } };

	it('is taken in any spelling', async () => {
		const any = fc.oneof(
			fc
				.constantFrom(...['true', '1', 'yes', 'on'])
				.chain(spelled)
				.map((value) => ({ value, wire: true })),
			fc
				.constantFrom(...['false', '0', 'no', 'off'])
				.chain(spelled)
				.map((value) => ({ value, wire: false })),
			fc.constantFrom(
				{ value: true, wire: true },
				{ value: 1, wire: true },
				{ value: false, wire: false },
				{ value: 0, wire: false },
			),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 8 }), async (items) => {
				partnero.sandbox.requests.length = 0;
				const { error } = await partnero.operate('transaction', 'create', parameters, { items });
				expect(error?.message).toBeUndefined();
				const sent = bodies().map(({ rewardable }) => rewardable);
				expect(sent.sort()).toEqual(items.map(({ wire }) => wire).sort());
			}),
			{ seed: 19, numRuns: 15 },
		);
	});

	it.each(['maybe', 'tru', '2', 'y', -1, 10, {}])(
		'of another kind is refused with the list: %j',
		async (value) => {
			const { error } = await partnero.operate('transaction', 'create', parameters, {
				items: [{ value }] as IDataObject[],
			});
			expect(error?.message).toBe("'Additional Fields > Rewardable' must be true or false");
			expect(partnero.wire()).toEqual([]);
		},
	);
});

describe('a list', () => {
	it('is the same as text with commas, as JSON text and as an array', async () => {
		const plain = fc
			.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
			.map((text) => text.replace(/[,[\]{}=]/g, '').trim())
			.filter(Boolean);
		const gap = fc.constantFrom('', ' ', '\n');
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(plain, { minLength: 1, maxLength: 4 }),
				gap,
				async (tags, blank) => {
					partnero.sandbox.requests.length = 0;
					const items = [
						{ tags },
						{ tags: blank + JSON.stringify(tags) + blank },
						{ tags: tags.join(`${blank},${blank}`) },
						{ tags: tags.map((value) => ({ value })) },
					];
					const update = {
						partner: locator('id', 'p_1'),
						updateFields: { tags: '={{ $json.tags }}' },
					};
					const { error } = await partnero.operate('partner', 'update', update, {
						items,
						node: { onError: 'continueRegularOutput' },
					});
					expect(error?.message).toBeUndefined();
					for (const { update: sent } of bodies()) expect(sent).toEqual({ tags });
				},
			),
			{ seed: 19, numRuns: 15 },
		);
	});

	it.each([[[{ name: 'vip' }]], ['[["vip"]]'], [[{ id: 1 }, 'gold']]])(
		'of records that are no tags is refused, and removes none: %j',
		async (tags) => {
			const { error } = await partnero.operate('partner', 'update', {
				partner: locator('id', 'p_1'),
				updateFields: { tags: expression(tags) },
			});
			expect(error?.message).toBe("'Update Fields > Tags' must be a list of texts");
			expect(partnero.wire()).toEqual([]);
		},
	);

	it('of records that are no products is refused', async () => {
		const { error } = await partnero.operate('transaction', 'create', {
			...sale,
			additionalFields: { productId: expression([{ id: 'a' }, { id: 'b' }]) },
		});
		expect(error?.message).toBe("'Additional Fields > Product ID' must be a list of texts");
		expect(partnero.wire()).toEqual([]);
	});

	it("'[]' and an empty array remove all tags in an update", async () => {
		for (const tags of ['[]', ' [ ] ', expression([])]) {
			program().partners.update(program().partners.find('id', 'p_1')!, { tags: ['vip'] });
			await partnero.operate('partner', 'update', {
				partner: locator('id', 'p_1'),
				updateFields: { tags },
			});
			expect(program().partners.find('id', 'p_1')?.tags).toEqual([]);
		}
	});

	it('as JSON text is a list of events, and of answers', async () => {
		await partnero.operate('webhook', 'create', {
			name: 'CRM',
			url: 'https://crm.example',
			events: expression('["Partner.Created"]'),
			customEvents: '["sale.created"]',
		});
		const mapper = { mappingMode: 'defineBelow', value: { '91[]': '["Beans","Machines"]' } };
		program().leadForm.push({
			id: 91,
			type: 'checkbox',
			title: 'Interests',
			text: null,
			description: null,
			required: false,
			options: ['Beans', 'Machines'],
		});
		await partnero.operate('lead', 'create', {
			partner: locator('id', 'p_1'),
			name: 'Cy',
			email: 'cy@example.com',
			customFields: mapper,
		});
		expect(bodies()).toEqual([
			expect.objectContaining({ events: ['partner.created', 'sale.created'] }),
			expect.objectContaining({ cfields: { 91: ['Beans', 'Machines'] } }),
		]);
	});

	it('that was meant as JSON and is none is refused', async () => {
		const { error } = await partnero.operate('partner', 'update', {
			partner: locator('id', 'p_1'),
			updateFields: { tags: "['vip', 'gold']" },
		});
		expect(error?.message).toBe("'Update Fields > Tags' must be a list");
		expect(partnero.wire()).toEqual([]);
	});

	it.each([
		['text', 'pro', 'pro'],
		['text with a comma', 'pro, basic', ['pro', 'basic']],
		['JSON text', '["pro","basic"]', ['pro', 'basic']],
		['an array', expression(['pro', 7]), ['pro', '7']],
		['an array of one', expression(['pro']), 'pro'],
		['an empty array', expression([]), undefined],
		["'[]'", '[]', undefined],
	])('of products in one order: %s', async (_what, products, wire) => {
		await partnero.operate('transaction', 'create', {
			...sale,
			additionalFields: { productId: products, productType: products },
		});
		expect(bodies()).toEqual([
			{
				action: 'sale',
				amount: 50,
				customer: { key: 'u_1' },
				...(wire && { product_id: wire, product_type: wire }),
			},
		]);
		expect(ledger()).toMatchObject({ total: 1, amount: 50 });
	});
});

describe('an option', () => {
	const choices = everyField.filter(({ field }) => field.property.type === 'options');

	it.each(choices)(
		'is taken in any spelling of its value or its name: $title',
		async ({ situation, field }) => {
			const options = field.property.options as INodePropertyOptions[];
			const any = fc.constantFrom(...options).chain(({ name, value }) =>
				fc
					.tuple(fc.constantFrom(String(value), name), fc.constantFrom(' ', '_', '-'))
					.chain(([text, gap]) => spelled(text.replace(/[ _-]/g, gap)))
					.map((text) => ({ text: expression(text), value: expression(value) })),
			);
			await fc.assert(
				fc.asyncProperty(any, async ({ text, value }) => {
					const exactly = await send(partnero, situation, filled(situation, [[field, value]]));
					expect(await send(partnero, situation, filled(situation, [[field, text]]))).toEqual(
						exactly,
					);
				}),
				{ seed: 19, numRuns: 2 },
			);
		},
	);

	it.each(choices)(
		'that the API does not know is refused with the list: $title',
		async ({ situation, field }) => {
			// Shown for one way to be paid only.
			const gateway = { name: 'gateway', property: field.property };
			const { message, sent } = await refusalOf(situation, [
				...(field.name === 'recipientType' ? [[gateway, 'venmo'] as [Field, unknown]] : []),
				[field, expression('perhaps')],
			]);
			const values = (field.property.options as INodePropertyOptions[])
				.map(({ value }) => value)
				.join(', ');
			expect(message).toBe(`'${labelOf(field)}' must be one of ${values}`);
			expect(sent).toEqual([]);
		},
	);

	it('is taken from the node itself: the status of a subscriber', async () => {
		const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys.newsletter };
		partnero.sandbox.program('newsletter').subscribers.add({ id: 's_1', email: 'rea@example.com' });
		const { json } = await partnero.operate(
			'subscriber',
			'get',
			{ subscriber: locator('id', 's_1') },
			{ credentials },
		);
		expect(json[0].status).toBe('Active');
		const update = {
			subscriber: locator('id', 's_1'),
			updateFields: { status: '={{ $json.status }}' },
		};
		await partnero.operate('subscriber', 'update', update, { items: json, credentials });
		expect(bodies()).toEqual([{ id: 's_1', update: { status: 'active' } }]);
	});
});

describe('a number', () => {
	const numbers = everyField.filter(({ field }) => field.property.type === 'number');

	it.each(numbers)('in another notation is refused: $title', async ({ situation, field }) => {
		for (const text of ['0x10', '0b11', '0o7', '1_000', 'Infinity', '1,5']) {
			const { message, sent } = await refusalOf(situation, [[field, expression(text)]]);
			expect(message).toBe(`'${labelOf(field)}' must be a number`);
			expect(sent).toEqual([]);
		}
	});

	it.each(['0x10', '0b11'])('in another notation is no ID of a reward: %s', async (id) => {
		const request = {
			partner: locator('id', 'p_1'),
			amountUnits: 'usd',
			additionalFields: { rewardIds: `501, ${id}` },
		};
		const { error } = await partnero.operate('payoutRequest', 'create', request);
		expect(error?.message).toBe("'Additional Fields > Reward IDs' must be a list of integers");
	});
});

describe('an amount', () => {
	const amounts = everyField.filter(({ situation, field }) => isAmount(situation, field));

	it('is text in every form, and empty until it is filled', () => {
		const forms = resources.flatMap(({ entry: { value: resource }, operations }) =>
			operations.flatMap(({ entry: { value: operation } }) =>
				fieldsOf(resource, operation).map((field) => ({
					resource,
					operation,
					field,
					path: pathOf(field),
				})),
			),
		);
		const money = forms.filter(({ field, ...of }) => isAmount(of, field));
		expect(money.map(({ field: { property } }) => [property.type, property.default])).toEqual(
			money.map(() => ['string', '']),
		);
		expect(new Set(money.map(({ path }) => path))).toEqual(
			new Set([
				...[
					'amount',
					'commissionTransactionAmount',
					'couponDiscountAmount',
					'additionalFields.discountAmount',
					'additionalFields.grossAmount',
				],
				...['additionalFields.minimumOrder', 'additionalFields.reward', 'options.minimumAmount'],
			]),
		);
		expect(
			new Set(
				forms.filter(({ field }) => field.property.type === 'number').map(({ path }) => path),
			),
		).toEqual(
			new Set([
				...[
					'additionalFields.expiresIn',
					'additionalFields.redemptionLimit',
					'couponDurationValue',
					'limit',
					'options.salesPerRequest',
				],
				...['options.top', 'subscribersCount', 'updateFields.cookieLifetime'],
			]),
		);
	});

	it.each(amounts)('with a decimal comma keeps its cents: $title', async ({ situation, field }) => {
		const [plain, comma] = [expression(49.9), '49,90'];
		const exactly = await send(partnero, situation, filled(situation, [[field, plain]]));
		expect(JSON.stringify(exactly.at(-1))).toContain('49.9');
		expect(await send(partnero, situation, filled(situation, [[field, comma]]))).toEqual(exactly);
	});

	it.each(amounts)(
		'that can mean two is refused, and so is none and a negative one: $title',
		async ({ situation, field }) => {
			const label = `'${labelOf(field)}'`;
			for (const text of ['1.250', '1,250']) {
				expect(await refusalOf(situation, [[field, text]])).toMatchObject({
					message: `${label} can be read as two amounts`,
					sent: [],
				});
			}
			for (const text of ['-5', '(5.00)', '5-', '€-5', expression(-5)]) {
				const { message, advice, sent } = await refusalOf(situation, [[field, text]]);
				expect({ message, sent }).toEqual({
					message: `${label} must not be negative`,
					sent: [],
				});
				if (situation.resource === 'transaction')
					expect(advice).toContain('To take a sale back, use Transaction: Refund.');
			}
			for (const text of [
				'much',
				'0x10',
				'1e3',
				'12 34',
				'1.2.3',
				'49 points',
				expression({ amount: 5 }),
				expression(true),
			]) {
				expect(await refusalOf(situation, [[field, text]])).toMatchObject({
					message: `${label} must be a number`,
					sent: [],
				});
			}
		},
	);

	/** An amount as it is written somewhere, with what parts thousands and cents. */
	const styles: Array<[thousands: string, decimals: string]> = [
		['', '.'],
		['', ','],
		[',', '.'],
		['.', ','],
		[' ', ','],
		[' ', '.'],
		['\u00a0', ','],
		['\u202f', ','],
		["'", '.'],
		['’', '.'],
	];
	const currencies = [
		['', ''],
		['€', ''],
		['€ ', ''],
		['', ' €'],
		['', ' EUR'],
		['EUR ', ''],
		['', ' eur'],
		['€', ' EUR'],
		['', '\u00a0€'],
	];
	const written = fc
		.tuple(
			fc.integer({ min: 0, max: 99_999_999 }),
			fc.constantFrom(...styles),
			fc.constantFrom(...currencies),
			fc.constantFrom('', ' '),
		)
		.map(([cents, [thousands, decimals], [before, behind], blank]) => {
			const [whole, rest] = (cents / 100).toFixed(2).split('.');
			const text = whole.replace(/\B(?=(?:\d{3})+$)/g, thousands) + decimals + rest;
			return { text: blank + before + text + behind, amount: cents / 100 };
		});

	it('is read in any spelling that can mean one thing', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(written, { minLength: 8, maxLength: 8 }), async (items) => {
				partnero.sandbox.requests.length = 0;
				const before = ledger().total;
				const parameters = {
					...sale,
					amount: '={{ $json.text }}',
					additionalFields: { amountUnits: 'eur' },
				};
				const { error } = await partnero.operate('transaction', 'create', parameters, { items });
				expect(error?.message).toBeUndefined();
				expect(
					bodies()
						.map(({ amount }) => Number(amount))
						.sort(),
				).toEqual(items.map(({ amount }) => amount).sort());
				expect(ledger().total).toBe(before + items.length);
			}),
			{ seed: 19, numRuns: 25 },
		);
	});

	it.each([
		['49.90', 49.9],
		['49,90', 49.9],
		['1.234,56', 1234.56],
		['1,234.56', 1234.56],
		['1.234.567', 1234567],
		['1,23,456.78', 123456.78],
		["1'234.56", 1234.56],
		['€49.90', 49.9],
		['49.90 EUR', 49.9],
		['0.125', 0.125],
		['0,125', 0.125],
		['1234.567', 1234.567],
		['1250', 1250],
		['０１２.５０', 12.5],
		['0', 0],
	])('that is written %s is %d', async (amount, wire) => {
		await partnero.operate('transaction', 'create', {
			...sale,
			amount,
			additionalFields: { amountUnits: 'EUR' },
		});
		expect(bodies()).toEqual([expect.objectContaining({ amount: wire, amount_units: 'EUR' })]);
		expect(ledger()).toMatchObject({ total: 1, amount: wire });
	});

	it.each(['KWD', 'bhd', 'JOD', 'OMR', 'TND', 'IQD', 'LYD'])(
		'in %s has three decimals',
		async (amountUnits) => {
			for (const amount of ['1.250', '1,250'])
				await partnero.operate('transaction', 'create', {
					...sale,
					amount,
					additionalFields: { amountUnits },
				});
			expect(bodies().map(({ amount }) => amount)).toEqual([1.25, 1.25]);
		},
	);

	it.each([
		['$49.90', 'CAD'],
		['$49.90', 'mxn'],
		['US$ 49.90', 'USD'],
		['$49.90 AUD', 'AUD'],
		['£49.90', 'GBP'],
		['49,90 kr', 'SEK'],
		['49,90 zł', 'PLN'],
	])('agrees with its currency: %s in %s', async (amount, amountUnits) => {
		await partnero.operate('transaction', 'create', {
			...sale,
			amount,
			additionalFields: { amountUnits },
		});
		expect(bodies()).toEqual([expect.objectContaining({ amount: 49.9 })]);
	});

	it.each([
		['€49.90', 'USD', "'Amount' is in another currency than 'Additional Fields > Amount Units'"],
		['49.90 USD', 'EUR', "'Amount' is in another currency than 'Additional Fields > Amount Units'"],
		['$49.90', 'EUR', "'Amount' is in another currency than 'Additional Fields > Amount Units'"],
		['€49.90 USD', 'EUR', "'Amount' has two currencies"],
	])('that does not is refused: %s in %s', async (amount, amountUnits, message) => {
		const { error } = await partnero.operate('transaction', 'create', {
			...sale,
			amount,
			additionalFields: { amountUnits },
		});
		expect(error?.message).toBe(message);
		expect(partnero.wire()).toEqual([]);
	});

	it('without Amount Units has to be in the currency of the program', async () => {
		await partnero.operate('transaction', 'create', { ...sale, amount: '$49.90' });
		expect(ledger()).toMatchObject({ total: 1, amount: 49.9 });
		const { error } = await partnero.operate('transaction', 'create', {
			...sale,
			amount: '€49.90',
		});
		expect(error?.message).toBe("'Amount' is in €, and the program is in USD");
		expect(error?.description).toContain("Give the currency in 'Additional Fields > Amount Units'");
		const reward = await partnero.operate('partner', 'addReward', {
			partner: locator('id', 'p_1'),
			amount: '25 EUR',
		});
		expect(reward.error?.message).toBe("'Reward Amount' is in EUR, and the program is in USD");
		expect(ledger().total).toBe(1);
	});

	it('of 0 is a value, and none is refused, item by item, before any request', async () => {
		const items = [{ amount: 0 }, { amount: null }, { amount: '0,00' }, {}, { amount: '' }];
		const { outputs } = await partnero.operate(
			'transaction',
			'create',
			{ ...sale, amount: '={{ $json.amount }}' },
			{ items, node: { onError: 'continueRegularOutput' } },
		);
		const missing = {
			error: expect.stringMatching(
				/^'Amount' or 'Additional Fields > Reward' must be filled \[item \d of 5\]$/,
			),
			message: expect.stringContaining('Write the amount in currency units, such as 49.90'),
		};
		expect(outputs[0].map(({ json }) => json)).toEqual([
			expect.objectContaining({ amount: 0 }),
			missing,
			expect.objectContaining({ amount: 0 }),
			missing,
			missing,
		]);
		expect(ledger()).toMatchObject({ total: 2, amount: 0 });
	});

	it('that was left alone is no sale of 0', async () => {
		const { error } = await partnero.operate('transaction', 'create', {
			customer: locator('key', 'u_1'),
		});
		expect(error?.message).toBe("'Amount' or 'Additional Fields > Reward' must be filled");
		expect(partnero.wire()).toEqual([]);
	});

	it.each(['create', 'createMany'])(
		'of a workflow that 0.1.0 stored goes on working: %s',
		async (operation) => {
			const stored: INodeParameters[] = [
				{ additionalFields: { reward: 7.5 } },
				{ amount: 49.9, additionalFields: { discountAmount: 5, grossAmount: 60.25 } },
				{ amount: 0 },
			];
			for (const [index, parameters] of stored.entries()) {
				const { error } = await partnero.operate('transaction', operation, {
					customer: locator('key', 'u_1'),
					key: `inv_${index}`,
					...parameters,
				});
				expect(error?.message).toBeUndefined();
			}
			const sent = bodies().map((body) =>
				Array.isArray(body.transactions) ? (body.transactions[0] as IDataObject) : body,
			);
			const amountsIn = ({ amount, reward, discount_amount, gross_amount }: IDataObject) => ({
				amount,
				reward,
				discount_amount,
				gross_amount,
			});
			expect(sent.map(amountsIn)).toEqual([
				{ reward: 7.5 },
				{ amount: 49.9, discount_amount: 5, gross_amount: 60.25 },
				{ amount: 0 },
			]);
		},
	);

	it('of a coupon may be a percentage, but no money then', async () => {
		const create = { couponDurationType: 'once', couponDiscountAmount: '12,5 %' };
		await partnero.operate('coupon', 'create', create);
		expect(bodies()).toEqual([
			expect.objectContaining({ coupon_discount_type: 'percent', coupon_discount_amount: 12.5 }),
		]);
		const { error } = await partnero.operate('coupon', 'create', {
			...create,
			couponDiscountAmount: '€12.50',
		});
		expect(error?.message).toBe("'Coupon Discount Amount' must be a percentage");
	});
});

describe('a filter that was added', () => {
	const filters = everyField.filter(({ field }) => field.collection === 'filters');

	it('is there for every list', () => {
		const all = resources.flatMap(({ entry, operations }) =>
			// Statements are no list; statements.test.ts tries their filter.
			operations
				.filter(({ output }) => output.kind !== 'statements')
				.flatMap(({ entry: { value }, fields }) => {
					const { options = [] } = fields.find(({ name }) => name === 'filters') ?? {};
					return options.map(({ name }) => `${entry.value} ${value}: filters.${name}`);
				}),
		);
		expect(filters.map(({ title }) => title).sort()).toEqual(all.sort());
	});

	it.each(filters)('and gives nothing is refused: $title', async ({ situation, field }) => {
		const nothing = ['={{ $json.missing }}', '={{ null }}', expression('  '), '', '   '];
		const picked = [
			...nothing.map((value) => locator(field.property.modes?.at(-1)?.name ?? '', value)),
			locator('list', ''),
		];
		for (const value of field.property.type === 'resourceLocator' ? picked : nothing) {
			const { message, advice, sent } = await refusalOf(situation, [[field, value]]);
			expect({ message, sent }).toEqual({
				message: `'${labelOf(field)}' is empty`,
				sent: [],
			});
			expect(advice).toContain('all records would be returned');
		}
	});

	it('is refused for its item alone, and no filter is one that was never added', async () => {
		const items = [{ email: 'ann@example.com' }, {}];
		const parameters = { filters: { email: '={{ $json.email }}' } };
		const { outputs } = await partnero.operate('partner', 'getAll', parameters, {
			items,
			node: { onError: 'continueRegularOutput' },
		});
		expect(outputs[0].map(({ json }) => json.email ?? json.error)).toEqual([
			'ann@example.com',
			"'Filters > Email' is empty [item 2 of 2]",
		]);
		const { json } = await partnero.operate('partner', 'getAll', { filters: {} });
		expect(json).toHaveLength(1);
	});
});

describe('a referral link in place of its key', () => {
	it.each([
		'https://shop.example/?aff=annlee',
		'https://shop.example?aff=annlee&utm_source=mail&gclid=1',
		'http://shop.example/de/#/start?x=1&aff=annlee#top',
		'shop.example/?aff=annlee',
		'?aff=annlee',
		' https://shop.example/?AFF=annlee ',
		'https://shop.example/?via=annlee',
		'https://shop.example/?r=annlee&utm_medium=post&fbclid=x',
	])('picks its partner: %s', async (link) => {
		const { json } = await partnero.operate('partner', 'get', { partner: locator('key', link) });
		expect(json).toEqual([expect.objectContaining({ id: 'p_1' })]);
		await partnero.operate('customer', 'create', {
			key: 'u_2',
			partner: locator('key', expression(link)),
		});
		expect(bodies()).toEqual([{ key: 'u_2', partner: { key: 'annlee' } }]);
	});

	it.each([
		'https://shop.example/annlee',
		'https://shop.example/?a=1&b=2',
		'https://shop.example/?aff=',
		'https://shop.example/?aff=annlee&ref=bob',
	])('is refused where nothing is the key for sure: %s', async (link) => {
		const { error } = await partnero.operate('partner', 'get', { partner: locator('key', link) });
		expect(error?.message).toBe(
			"'Partner' must be a key, and this link does not show which part of it is the key",
		);
		expect(error?.description).toContain('what follows "aff=" or "ref="');
		expect(partnero.wire()).toEqual([]);
	});

	it('picks a referring customer and a link itself, but is a customer who is called so', async () => {
		const raf = partnero.sandbox.program('referAFriend');
		raf.customers.add({ id: 'r_1', key: 'bob78', email: 'bob@example.com' });
		const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys.referAFriend };
		const create = {
			key: 'k_2',
			attributeTo: 'referringCustomer',
			referringCustomer: locator('key', 'https://shop.example?ref=bob78'),
		};
		await partnero.operate('customer', 'create', create, { credentials });
		await partnero.operate('referralLink', 'get', {
			owner: 'partner',
			referralLink: locator('id', 'https://shop.example?aff=annlee'),
		});
		await partnero.operate('customer', 'get', {
			customer: locator('key', 'https://crm.example/?id=7'),
		});
		expect(partnero.wire().map(({ path, body }) => body ?? path)).toEqual([
			expect.objectContaining({ referring_customer: { key: 'bob78' } }),
			'/partner_referral_links/annlee',
			expect.stringContaining('https%3A%2F%2Fcrm.example%2F%3Fid%3D7'),
			expect.stringContaining('/customers:search'),
		]);
	});
});

describe('an answer to the lead form', () => {
	const question = { text: null, description: null, required: false };
	const schema = [
		{
			id: '89',
			displayName: 'Company size',
			required: false,
			defaultMatch: false,
			display: true,
			type: 'string',
		},
		{
			id: '92',
			displayName: 'When',
			required: false,
			defaultMatch: false,
			display: true,
			type: 'options',
			options: [
				{ name: 'Now', value: 'Now' },
				{ name: 'Later', value: 'Later' },
			],
		},
	];
	const lead = (value: IDataObject) => ({
		partner: locator('id', 'p_1'),
		name: 'Cy',
		email: 'cy@example.com',
		customFields: { mappingMode: 'defineBelow', value, schema } as unknown as IDataObject,
	});

	beforeEach(() => {
		program().leadForm.push(
			{ ...question, id: 89, type: 'input', title: 'Company size', options: [] },
			{ ...question, id: 92, type: 'select', title: 'When', options: ['Now', 'Later'] },
		);
	});

	it('is text, though it was a number', async () => {
		await partnero.operate(
			'lead',
			'create',
			lead({ 89: '={{ $json.size }}', 92: '={{ $json.when }}' }) as INodeParameters,
			{
				items: [
					{ size: 250, when: 'now' },
					{ size: true, when: 'Later' },
				],
			},
		);
		expect(bodies().map(({ cfields }) => cfields)).toEqual([
			{ 89: '250', 92: 'Now' },
			{ 89: 'true', 92: 'Later' },
		]);
		expect(partnero.sandbox.ledger().leads).toHaveLength(2);
	});

	it('that is refused is called by its title', async () => {
		program().leadForm[0].required = true;
		const { error } = await partnero.operate(
			'lead',
			'create',
			lead({ 92: 'Now' }) as INodeParameters,
		);
		expect(error?.description).toContain("Check 'Company size'.");
	});

	it('that is refused is called by its title in the texts of the API as well', async () => {
		const text = 'The cfields.89 field must be a string.';
		const server = await serve((_arrival, response) => {
			response
				.writeHead(422, { 'content-type': 'application/json' })
				.end(JSON.stringify({ message: text, errors: { 'cfields.89': [text] }, status: 0 }));
		});
		const { error } = await partnero.operate(
			'lead',
			'create',
			lead({ 89: 'x' }) as INodeParameters,
			{ credentials: { apiKey: 'titles', baseUrl: server.url } },
		);
		expect(error?.message).toContain("The 'Company size' field must be a string");
		expect(error?.description).toContain("Check 'Company size'.");
		await closeAll();
	});
});

it("'null' is a name where no model fills the form in", async () => {
	await partnero.operate('partner', 'create', {
		email: 'new@example.com',
		additionalFields: { name: expression('null') },
	});
	expect(bodies()).toEqual([{ email: 'new@example.com', name: 'null' }]);
});

describe('a date that no calendar has', () => {
	const dates = everyField.filter(
		({ situation, field }) =>
			field.property.type === 'dateTime' && isOffered(field, situation.program),
	);

	it.each(dates)('is refused: $title', async ({ situation, field }) => {
		const texts = [
			'2026-01-31T12:00:00+99:00',
			'2026-01-31T12:00:00+14:60',
			'2026-01-31 12:00:00 -15:00',
			'2026-01-31T12+99:00',
			'0001-01-01',
			'0001-01-01T00:00:00Z',
			'1899-12-30',
			'Sat Jan 31 12:00:00 +9900 2026',
		];
		for (const text of [...texts.map(expression), '={{ DateTime.fromISO("0001-01-01") }}']) {
			const { message, sent } = await refusalOf(situation, [[field, text]]);
			expect(message).toBe(`'${labelOf(field)}' must be a date`);
			expect(sent).toEqual([]);
		}
	});

	it('is none at the ends of the earth', async () => {
		for (const createdAt of ['2026-01-31T12:00:00+14:00', '2026-01-31T12:00:00-12:00']) {
			await partnero.operate('transaction', 'create', { ...sale, additionalFields: { createdAt } });
		}
		expect(bodies().map(({ created_at: created }) => created)).toEqual([
			Date.UTC(2026, 0, 30, 22) / 1000,
			Date.UTC(2026, 1, 1, 0) / 1000,
		]);
	});
});

describe('a name of metadata', () => {
	const objects = everyField.filter(({ field }) => field.property.type === 'fixedCollection');

	it.each(objects)('arrives, or is refused: $title', async ({ situation, field }) => {
		for (const name of ['toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'length']) {
			const sent = await send(
				partnero,
				situation,
				filled(situation, [[field, { pairs: [{ name, value: 'x' }] }]]),
			);
			expect(sent.at(-1)?.body?.[field.name]).toEqual({ [name]: 'x' });
		}
		for (const name of ['__proto__', 'constructor', 'prototype']) {
			for (const pair of [
				{ name, value: 'x' },
				{ name: 'outer', value: `={{ JSON.parse('{"inner":{"${name}":1} }') }}` },
			]) {
				const { message, sent } = await refusalOf(situation, [[field, { pairs: [pair] }]]);
				expect(message).toBe(`'${labelOf(field)}' must not use the name '${name}'`);
				expect(sent).toEqual([]);
			}
		}
	});

	it.each(
		everyField.filter(
			({ field }) =>
				field.property.type === 'fixedCollection' && field.property.name === 'metadata',
		),
	)(
		'under one name twice is refused, since one would be lost: $title',
		async ({ situation, field }) => {
			const pairs = [
				{ name: 'plan', value: 'pro' },
				{ name: 'seats', value: '5' },
				{ name: 'plan', value: 'team' },
			];
			const { message, sent } = await refusalOf(situation, [[field, { pairs }]]);
			expect(message).toBe(`'${labelOf(field)}' has the name 'plan' twice`);
			expect(sent).toEqual([]);
		},
	);
});

const updates = everyField.filter(
	({ situation: { operation }, field }) =>
		operation === 'update' && field.collection === 'updateFields',
);
const updating = updates
	.map(({ situation }) => situation)
	.filter((situation, index, all) => all.indexOf(situation) === index);

describe('an update with nothing to change', () => {
	it.each(updating)(
		'gives the record as it is, and the others go on: $title',
		async (situation) => {
			const { resource, operation, parameters, program: name, arrange: more } = situation;
			arrange(partnero.sandbox);
			more?.(partnero.sandbox.program(name));
			const text = fieldsOf(resource, operation).find(
				({ collection, property }) =>
					collection === 'updateFields' &&
					['string', 'fixedCollection'].includes(property.type) &&
					!['tags', 'email', 'customEvents'].includes(property.name),
			)!;
			const value =
				text.property.type === 'string'
					? '={{ $json.change }}'
					: { pairs: [{ name: '={{ $json.change }}', value: 'x' }] };
			const items = ['one', undefined, 'two'].map((change) => ({
				...situation.item,
				change: text.name === 'website' && change ? `https://${change}.example` : change,
			}));
			const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys[name] };
			const { json, error } = await partnero.operate(
				resource,
				operation,
				filled({ parameters } as Situation, [[text, value]]),
				{ items, credentials },
			);
			expect(error?.message).toBeUndefined();
			expect(json.map(({ updated }) => updated === false)).toEqual([false, true, false]);
			expect(onlyWrites()).toHaveLength(2);
			const isRecord = findOperation(resource, operation).operation.output.kind === 'record';
			if (isRecord)
				expect(Object.keys(json[1]).sort()).toEqual(
					expect.arrayContaining(
						Object.keys(json[0])
							.filter(
								(key) =>
									![
										'message',
										'synchronization_enabled',
										'synchronization_message',
										'synchronization_successful',
									].includes(key),
							)
							.sort(),
					),
				);
			else expect(json[1]).toEqual({ updated: false });
		},
	);

	it('is an error where the record is not there', async () => {
		const { error } = await partnero.operate('partner', 'update', {
			partner: locator('id', 'p_9'),
			updateFields: { name: '={{ $json.missing }}' },
		});
		expect(error?.message).toBe("Partner 'p_9' was not found");
	});

	it.each([
		[{}],
		[{ updateFields: {} }],
		[{ updateFields: { name: '' } }],
		[{ updateFields: { name: '  ' }, clearFields: [] }],
	])('that nobody asked for is refused: %j', async (parameters) => {
		const { error } = await partnero.operate('partner', 'update', {
			partner: locator('id', 'p_1'),
			...parameters,
		} as INodeParameters);
		expect(error?.message).toBe("'Update Fields' is empty");
		expect(partnero.wire()).toEqual([]);
	});
});

describe('a field that is to be emptied', () => {
	const clearable = everyField
		.filter(({ field }) => field.name === 'clearFields')
		.flatMap(({ situation, field }) =>
			(field.property.options as INodePropertyOptions[]).map(({ name, value }) => ({
				title: `${situation.title}: ${String(value)}`,
				situation,
				label: name,
				name: String(value),
			})),
		);
	const isEmpty = (value: unknown) =>
		value === null || value === undefined || Object.keys(value).length === 0;

	async function clear({ situation, name }: (typeof clearable)[number], bench = partnero) {
		const { resource, operation, parameters, item, program: programName } = situation;
		const credentials = { ...bench.credentials, apiKey: bench.sandbox.keys[programName] };
		arrange(bench.sandbox);
		const { partners, customers, coupons, promotionCodes, subscribers } =
			bench.sandbox.program(programName);
		for (const partner of [...partners]) partners.update(partner, { tags: ['vip'] });
		for (const customer of [...customers])
			customers.update(customer, { name: 'Una', surname: 'Ude', tags: ['vip'] });
		for (const record of [...coupons]) coupons.update(record, { metadata: { campaign: 'spring' } });
		for (const record of [...promotionCodes])
			promotionCodes.update(record, { metadata: { campaign: 'spring' } });
		for (const record of [...subscribers]) subscribers.update(record, { name: 'Rea' });
		return await bench.operate(
			resource,
			operation,
			{ ...parameters, clearFields: [name] },
			{ items: [item], credentials },
		);
	}

	it.each(clearable)('is sent as nothing, and gone: $title', async (one) => {
		partnero.sandbox.reset('empty');
		const { json, error } = await clear(one);
		expect(error?.message).toBeUndefined();
		expect(isEmpty(json[0][one.name])).toBe(true);
		const [{ update: wrapped, ...bare }] = bodies();
		expect({ ...bare, ...(wrapped as object) }).toMatchObject({
			[one.name]: one.name === 'tags' ? [] : null,
		});
	});

	describe('on a server that takes null for nothing given', () => {
		const laravel = useSandbox({ manners: 'laravel' });

		it.each(clearable.filter(({ name }) => name !== 'tags'))(
			'is an error that shows what is still there: $title',
			async (one) => {
				const { error } = await clear(one, laravel);
				expect(error?.message).toMatch(
					new RegExp(
						`was accepted by Partnero, but 'Update Fields > ${one.label}' shows|was refused`,
					),
				);
			},
		);
	});

	it('goes with changes of others, and not with one of its own', async () => {
		const both = {
			partner: locator('id', 'p_1'),
			updateFields: { name: 'Anna' },
			clearFields: ['surname'],
		};
		await partnero.operate('partner', 'update', both);
		expect(bodies()).toEqual([{ update: { name: 'Anna', surname: null } }]);
		expect(program().partners.find('id', 'p_1')).toMatchObject({ name: 'Anna', surname: null });
		const { error } = await partnero.operate('partner', 'update', {
			...both,
			clearFields: expression('["First Name"]'),
		});
		expect(error?.message).toBe(
			"'Update Fields > First Name' is filled, and chosen in 'Clear Fields' as well",
		);
	});

	it('is chosen by item, and refused where it cannot be emptied', async () => {
		const items = [{ what: ['name'] }, { what: [] }, { what: ['email'] }];
		const { outputs } = await partnero.operate(
			'partner',
			'update',
			{ partner: locator('id', 'p_1'), clearFields: '={{ $json.what }}' },
			{ items, node: { onError: 'continueRegularOutput' } },
		);
		expect(outputs[0].map(({ json }) => json.error ?? json.updated ?? json.name)).toEqual([
			null,
			false,
			"'Clear Fields' must contain only name, surname, tags [item 3 of 3]",
		]);
	});
});

describe('a referral link in a field for a key', () => {
	const owner = { partner: locator('id', 'p_1'), owner: 'partner' };

	it.each<[string, string, (link: string) => INodeParameters]>([
		['partner', 'create', (key) => ({ email: 'new@example.com', additionalFields: { key } })],
		['partner', 'upsert', (key) => ({ email: 'ann@example.com', additionalFields: { key } })],
		['partner', 'update', (key) => ({ partner: locator('id', 'p_1'), updateFields: { key } })],
		['partner', 'getAll', (key) => ({ filters: { key } })],
		['referralLink', 'create', (key) => ({ ...owner, key })],
		['referralLink', 'update', (key) => ({ ...owner, referralLink: locator('id', 'annlee'), key })],
	])(
		'is refused, since it would become the key or match nobody: %s %s',
		async (resource, operation, form) => {
			for (const link of [
				'https://shop.example?aff=annlee',
				'shop.example/?x=1&ref=annlee#top',
				'?aff=annlee',
			]) {
				const { error } = await partnero.operate(resource, operation, form(link));
				expect(error?.message).toContain(
					'must be the key alone, not the link: what follows "aff=" or "ref=" in the link',
				);
			}
			expect(partnero.wire()).toEqual([]);
			const { error } = await partnero.operate(resource, operation, form('ann-2'));
			expect(error?.message ?? '').not.toContain('key alone');
		},
	);
});
