import type { IDataObject, INodeParameters } from 'n8n-workflow';

import fc from '../support/fastCheck';

import type { Field, Situation } from './support/forms';
import { fieldsOf, filled, isOffered, pathOf, situations } from './support/forms';
import { locator, useSandbox } from './support/partnero';
import { arrange } from './support/samples';

const partnero = useSandbox();

const meaningful = [
	'/',
	'?',
	'#',
	'%',
	'..',
	'.',
	'\\',
	'&',
	'=',
	':',
	';',
	'%2F',
	'%00',
	'+',
	' ',
	'\0',
	'\r\n',
	'\u2028',
	'"',
	"'",
	'<',
	'{key}',
	'{{ $json.id }}',
	'details',
	'convert',
	'search',
	'__proto__',
];
const special = fc
	.array(fc.constantFrom(...meaningful), { minLength: 1, maxLength: 5 })
	.map((parts) => parts.join(''));
const unicode = fc.string({ unit: 'binary', maxLength: 30 });
const broken = fc.string({
	unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)),
	maxLength: 10,
});
const long = fc
	.tuple(fc.constantFrom('a', 'ä/', '\u{1F600}', '%'), fc.integer({ min: 200, max: 3_000 }))
	.map(([part, times]) => part.repeat(times));

/** Whatever may stand in a text field. */
const anyText = fc.oneof(
	{ weight: 3, arbitrary: special },
	{ weight: 3, arbitrary: unicode },
	broken,
	long,
);

/** What has to hold in every run, beside what chance brings. */
const worst = [
	'..',
	'.',
	'details',
	'convert',
	'a/../b?c#d',
	'%2e%2e',
	'\ud800',
	'ä'.repeat(3_000),
];

/** Runs an operation for each of the texts at once; the fields read them from the items. */
async function runAll(
	{ resource, operation, program, item }: Situation,
	parameters: INodeParameters,
	texts: string[],
) {
	const { outputs, error } = await partnero.operate(resource, operation, parameters, {
		items: texts.map((text) => ({ ...item, text })),
		node: { onError: 'continueRegularOutput' },
		credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] },
	});
	expect(error?.message).toBeUndefined();
	return outputs[0];
}

function endpoints(): Set<string | undefined> {
	return new Set(partnero.sandbox.requests.map(({ operationId }) => operationId));
}

/** Every text field and every way to pick a record, of every operation; an upsert of a new record stands for both. */
const fields = situations
	.filter(({ resource, operation, updates }, index, all) => {
		const isSame = (other: Situation) =>
			other.resource === resource && other.operation === operation && !other.updates;
		return !updates && all.findIndex(isSame) === index;
	})
	.flatMap((situation) =>
		fieldsOf(situation.resource, situation.operation)
			.filter((field) => isOffered(field, situation.program))
			.flatMap((field) =>
				valuesOf(field).map(([kind, value]) => ({
					title: `${situation.title}: ${pathOf(field)}${kind}`,
					situation,
					field,
					value,
				})),
			),
	);

function valuesOf({ property: { type, modes = [] } }: Field): Array<[string, unknown]> {
	const text = '={{ $json.text }}';
	if (type === 'string') return [['', text]];
	if (type === 'resourceLocator')
		return modes.map(({ name }) => [` by ${name}`, locator(name, text)]);
	return type === 'fixedCollection' ? [['', { pairs: [{ name: text, value: text }] }]] : [];
}

/** What an operation calls beside that for an identifier with a slash, or with other special characters. */
const forSlashes: Record<string, string[]> = {
	'transaction create': ['listCustomerTransactions', 'getTransaction'],
	'transaction get': ['listTransactions'],
	'transaction refund': ['deleteTransactionByBody'],
	'customer get': ['searchCustomers'],
	'customer update': ['updateCustomerByBody'],
	'customer delete': ['deleteCustomerByBody'],
	'partner update': ['updatePartnerByBody'],
	'partner upsert': ['updatePartnerByBody'],
	'partner delete': ['deletePartnerByBody'],
	'customer upsert': ['searchCustomers', 'updateCustomerByBody'],
	'partner get': ['searchPartners'],
	'coupon get': ['listCoupons'],
	'promotionCode get': ['listPromotionCodes'],
};

/** What an operation calls for texts that mean nothing: one that is unknown, the same again, and none. */
async function usualEndpoints(situation: Situation, parameters: INodeParameters) {
	arrange(partnero.sandbox);
	await runAll(situation, parameters, ['plain', 'plain', '']);
	const { resource, operation } = situation;
	// A customer or a partner is searched for where the path does not lead to it.
	const searches = ['searchCustomers', 'searchPartners'].filter((_, index) =>
		JSON.stringify(parameters).includes(['"customer"', '"partner"'][index]),
	);
	return [
		...endpoints(),
		...searches,
		...(forSlashes[`${resource} ${operation}`] ?? []),
		...(operation === 'upsert'
			? ['createPartner', 'updatePartner', 'createCustomer', 'updateCustomer']
			: []),
	];
}

describe('whatever a field holds', () => {
	it.each(fields)(
		'the same endpoint is called, or the item refused: $title',
		async ({ situation, field, value }) => {
			const parameters = filled(situation, [[field, value]]);
			const usual = await usualEndpoints(situation, parameters);
			await fc.assert(
				fc.asyncProperty(fc.array(anyText, { minLength: 4, maxLength: 4 }), async (texts) => {
					partnero.sandbox.requests.length = 0;
					const items = await runAll(situation, parameters, texts);
					for (const endpoint of endpoints()) expect(usual).toContain(endpoint);
					for (const { json, pairedItem } of items) {
						if (json.error === undefined) continue;
						// The node's own words, not those of whatever broke.
						expect(json.error).toMatch(
							new RegExp(`\\[item ${(pairedItem as { item: number }).item + 1} of \\d+\\]$`),
						);
						expect(json.error).not.toMatch(/connection|undefined|URI|\[object/);
					}
				}),
				{ numRuns: 2, examples: [[worst]] },
			);
		},
	);
});

describe('what a create was given', () => {
	/** What a path can hold: not blank, no dots alone, no half of a surrogate pair; and not too long for a URL. */
	/** What no identifier has at its ends, and what none has inside. */
	const trimmed = (text: string) => text.replace(/^[\p{C}\p{Z}]+|[\p{C}\p{Z}]+$/gu, '');
	const identifier = anyText
		.map((text) => trimmed(text).slice(0, 255))
		.filter(
			(text) =>
				text !== '' &&
				text === trimmed(text) &&
				!['.', '..'].includes(text) &&
				!/[\ud800-\udfff\r\n\u2028\u2029]/u.test(text),
		);
	const filledText = anyText.filter((text) => text.trim() !== '');

	interface Trip {
		resource: string;
		/** What chance fills in; no two items share a `key`. */
		given: Record<string, fc.Arbitrary<string>>;
		create: INodeParameters;
		get: INodeParameters;
		/** What of a record has to be what was given. */
		shown: (record: IDataObject) => IDataObject;
		expected: (item: IDataObject) => IDataObject;
	}

	/** Of a name that is blank, nothing is sent. */
	const orNull = (text: IDataObject[string]) => (String(text).trim() === '' ? null : text);
	const names = ({ name, surname }: IDataObject) => ({
		name: orNull(name),
		surname: orNull(surname),
	});
	const trips: Trip[] = [
		{
			resource: 'customer',
			given: { key: identifier, name: anyText, surname: anyText },
			create: {
				key: '={{ $json.key }}',
				partner: locator('id', 'p_1'),
				additionalFields: { name: '={{ $json.name }}', surname: '={{ $json.surname }}' },
			},
			get: { customer: locator('key', '={{ $json.key }}') },
			shown: ({ key, name, surname }) => ({ key, name, surname }),
			expected: (item) => ({ key: item.key, ...names(item) }),
		},
		{
			resource: 'partner',
			given: { key: identifier, name: anyText, surname: anyText },
			create: {
				email: '=new{{ $itemIndex }}@example.com',
				additionalFields: {
					id: '={{ $json.key }}',
					key: '={{ $json.key }}',
					name: '={{ $json.name }}',
					surname: '={{ $json.surname }}',
				},
			},
			get: { partner: locator('key', '={{ $json.key }}') },
			shown: ({ id, name, surname }) => ({ id, name, surname }),
			expected: (item) => ({ id: item.key, ...names(item) }),
		},
		{
			resource: 'transaction',
			given: { key: identifier },
			create: { customer: locator('key', 'u_1'), amount: 1, key: '={{ $json.key }}' },
			get: { transaction: locator('key', '={{ $json.key }}') },
			shown: ({ key }) => ({ key }),
			expected: ({ key }) => ({ key }),
		},
		{
			resource: 'lead',
			given: { key: filledText },
			create: { partner: locator('id', 'p_1'), name: '={{ $json.key }}', email: 'cy@example.com' },
			get: { lead: locator('id', '={{ $json.id }}') },
			shown: ({ lead_info: info }) => ({ name: (info as IDataObject).name }),
			expected: ({ key }) => ({ name: key }),
		},
		{
			resource: 'referralLink',
			given: { key: identifier },
			create: { partner: locator('id', 'p_1'), key: '={{ $json.key }}' },
			get: { referralLink: locator('id', '={{ $json.id }}') },
			shown: ({ key }) => ({ key }),
			expected: ({ key }) => ({ key }),
		},
		{
			resource: 'coupon',
			given: { key: filledText },
			create: {
				couponDiscountType: 'percent',
				couponDiscountAmount: 10,
				couponDurationType: 'once',
				additionalFields: { name: '={{ $json.key }}' },
			},
			get: { coupon: locator('uuidCode', '={{ $json.uuid_code }}') },
			shown: ({ name }) => ({ name }),
			expected: ({ key }) => ({ name: key }),
		},
	];

	it.each(trips)(
		'comes back from a get unchanged: $resource',
		async ({ resource, given, create, get, shown, expected }) => {
			const batch = fc.uniqueArray(fc.record(given), {
				selector: ({ key }) => key,
				minLength: 5,
				maxLength: 10,
			});
			await fc.assert(
				fc.asyncProperty(batch, async (items: IDataObject[]) => {
					partnero.sandbox.reset('empty');
					arrange(partnero.sandbox);
					const created = await partnero.operate(resource, 'create', create, { items });
					expect(created.error?.message).toBeUndefined();
					// What was made up for the record goes on to the get as well.
					const again = items.map((item, index) => ({ ...created.json[index], ...item }));
					const { json, error } = await partnero.operate(resource, 'get', get, { items: again });
					expect(error?.message).toBeUndefined();
					expect(json.map(shown)).toEqual(items.map(expected));
				}),
				{ numRuns: 5 },
			);
		},
	);
});
