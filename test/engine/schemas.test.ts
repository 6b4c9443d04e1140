import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { loadOutputSchema } from 'n8n-core';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { resources } from '../../nodes/Partnero/resources';
import type { ProgramName } from '../../sandbox/programs';
import type { SeedName } from '../../sandbox/seed';
import type { Sandbox } from '../../sandbox/server';
import { defaultSwitches } from '../../sandbox/switches';

import type { RunOptions } from './support/engine';
import { locator, useSandbox } from './support/partnero';
import { arrange, samples } from './support/samples';

const nodeFolder = join(__dirname, '../../nodes/Partnero');
const pairs = resources.flatMap(({ entry, operations }) =>
	operations.map((operation) => ({
		resource: entry.value,
		operation,
		pair: `${entry.value}/${operation.entry.value}`,
	})),
);

/** A schema, or what it says of one field. */
interface Field {
	type: string | string[];
	properties?: { [name: string]: Field };
	items?: Field;
}

/** What n8n's server sends to the editor: found by n8n's own code, for the version of the node. */
function schemaOf(resource: string, operation: string): Field | undefined {
	const [version] = [new Partnero().description.version].flat();
	return loadOutputSchema({ nodeDir: nodeFolder, version, resource, operation }) as
		Field | undefined;
}

/**
 * As much of JSON Schema as n8n's own schemas have and its editor reads: the first `type`, `properties` of what
 * is an "object" and nothing else, `items` of an "array", and names that need no quotes in an expression. It
 * skips over `nullable`, which lets an object that may be null show its fields, over `format` and `required`.
 */
const readable = {
	type: 'object',
	additionalProperties: false,
	required: ['type', 'properties', 'version'],
	properties: {
		type: { const: 'object' },
		properties: { $ref: '#/definitions/fields' },
		required: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string' } },
		version: { const: 1 },
	},
	definitions: {
		fields: {
			type: 'object',
			propertyNames: { pattern: '^[a-zA-Z]\\w*$' },
			additionalProperties: {
				anyOf: [
					{ $ref: '#/definitions/scalar' },
					{ $ref: '#/definitions/object' },
					{ $ref: '#/definitions/array' },
				],
			},
		},
		scalar: {
			type: 'object',
			additionalProperties: false,
			required: ['type'],
			properties: {
				type: {
					anyOf: [
						{ $ref: '#/definitions/name' },
						{ type: 'array', minItems: 2, items: { $ref: '#/definitions/name' } },
					],
				},
				format: { enum: ['date', 'date-time', 'uri'] },
			},
		},
		name: { enum: ['string', 'number', 'integer', 'boolean', 'null'] },
		object: {
			type: 'object',
			additionalProperties: false,
			required: ['type'],
			properties: {
				// PHP writes an empty object as an empty array.
				type: { enum: ['object', ['object', 'array']] },
				nullable: { const: true },
				properties: { $ref: '#/definitions/fields' },
			},
		},
		array: {
			type: 'object',
			additionalProperties: false,
			required: ['type', 'items'],
			properties: {
				type: { const: 'array' },
				items: {
					anyOf: [{ $ref: '#/definitions/scalar' }, { $ref: '#/definitions/object' }],
				},
			},
		},
	},
};

const ajv = addFormats(
	new Ajv({ strict: true, strictRequired: true, allErrors: true, allowUnionTypes: true }),
);
// Most of n8n's own schemas carry it; nothing reads it.
ajv.addKeyword('version');
const isReadable = ajv.compile(readable);

/** The schema for a world in which the API adds no field: whatever is not declared is refused. */
function closed(field: Field): Field {
	const { properties = {}, items } = field;
	const inner = Object.entries(properties).map(([name, value]) => [name, closed(value)]);
	return {
		...field,
		...(inner.length > 0 && {
			properties: Object.fromEntries(inner) as Field['properties'],
			additionalProperties: false,
		}),
		...(items && { items: closed(items) }),
	};
}

/** Every field that a schema declares, as a path: `rewards[].amount`. */
function declaredIn({ properties = {}, items }: Field, path = ''): string[] {
	const fields = Object.entries(properties).flatMap(([name, field]) => {
		const inner = path ? `${path}.${name}` : name;
		return [inner, ...declaredIn(field, inner)];
	});
	// Objects of no particular kind promise nothing.
	if (!items || (items.type === 'object' && !items.properties)) return fields;
	return [...fields, `${path}[]`, ...declaredIn(items, `${path}[]`)];
}

/** The same of a value. */
function presentIn(value: unknown, path = ''): string[] {
	if (Array.isArray(value))
		return value.flatMap((entry) => [`${path}[]`, ...presentIn(entry, `${path}[]`)]);
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => {
		const here = path ? `${path}.${name}` : name;
		return [here, ...presentIn(inner, here)];
	});
}

/** What is wrong between a schema and all that came out: too much, too little, or of another type. */
function differences(schema: Field, items: IDataObject[]): string[] {
	const fits = ajv.compile(closed(schema));
	const wrong = items.flatMap((item) => {
		if (fits(item)) return [];
		return (fits.errors ?? []).map(({ instancePath, message, params }) =>
			[instancePath, message, (params as { additionalProperty?: string }).additionalProperty]
				.filter(Boolean)
				.join(' '),
		);
	});
	const present = new Set(items.flatMap((item) => presentIn(item)));
	const invented = declaredIn(schema).filter((path) => !present.has(path));
	return [...new Set([...wrong, ...invented.map((path) => `${path} never came out`)])];
}

/** A run on the records of the demo that brings out what the shortest form of an operation does not. */
interface Further {
	program?: ProgramName;
	parameters?: RunOptions['parameters'];
	arrange?: (sandbox: Sandbox) => unknown;
}

const winter = { coupon: locator('uuidCode', 'WINTER25') };
const maya = { customer: locator('key', 'cust_1001') };
const alma = { customer: locator('id', 'user_1') };
const deniz = { customer: locator('id', 'user_4') };
const ann25 = { promotionCode: locator('code', 'ANN25') };
const referAFriend: ProgramName = 'referAFriend';
const everyProgram: ProgramName[] = ['affiliate', referAFriend, 'newsletter'];

const newCode = { coupon: locator('uuidCode', 'CODES') };
const newFriend = {
	key: 'noor',
	attributeTo: 'referringCustomer',
	referringCustomer: locator('id', 'user_1'),
	additionalFields: { id: 'user_99', dateOfBirth: '1990-01-31' },
};
const newCustomer = {
	key: 'cust_9',
	partner: locator('key', 'annlee'),
	additionalFields: { tags: 'vip' },
};
const newPartner = { email: 'noor@example.com', additionalFields: { tags: 'vip' } };
const newSale = {
	amount: 50,
	key: 'order_1',
	additionalFields: { productId: 'house-blend', productType: 'one-time' },
};

function tagMaya(sandbox: Sandbox): void {
	const { customers } = sandbox.program('affiliate');
	customers.update(customers.find('key', 'cust_1001')!, { tags: ['vip'] });
}

function rememberBirthdays(sandbox: Sandbox): void {
	const { customers } = sandbox.program('referAFriend');
	for (const customer of [...customers]) customers.update(customer, { dateOfBirth: '1990-01-31' });
}

function convertLead(sandbox: Sandbox): void {
	const { leads, customers } = sandbox.program('affiliate');
	leads.update(leads.find('id', '41')!, {
		status: 'converted',
		customer: customers.find('key', 'cust_1001')!.id,
	});
}

/** A coupon with a promotion code of one person, which was redeemed. */
function addPromotionCode(program: ProgramName) {
	const limits = {
		affiliate: { partner: { id: 'p_annlee', fullName: 'Ann Lee' } },
		referAFriend: { customer: { id: 'user_1', fullName: 'Alma Adams' } },
		newsletter: { subscriber: { id: 's_1', fullName: 'Rea Lo' } },
	};
	return (sandbox: Sandbox) => {
		const state = sandbox.program(program);
		const redemptions = [{ redeemed_at: state.now(), transaction_key: 'order_1' }];
		state.coupons.add({ uuid_code: 'CODES', redemptions });
		state.promotionCodes.add({
			code: 'ANN25',
			coupon: 'CODES',
			...limits[program],
			metadata: { campaign: 'spring' },
			redemptions,
		});
	};
}

/** Runs of an operation in every type of program, on a code of one person. */
function onCodes(parameters: RunOptions['parameters']): Further[] {
	return everyProgram.map((program) => ({
		program,
		parameters,
		arrange: addPromotionCode(program),
	}));
}

/** One sale more in each program, in a second currency. */
function addEuros(sandbox: Sandbox): void {
	for (const [program, customer] of [
		['affiliate', 'cust_1001'],
		['referAFriend', 'user_4'],
	] as const) {
		sandbox
			.program(program)
			.transactions.add({ key: 'order_eur', amount: 20, amount_units: 'EUR', customer });
	}
}

const further: Record<string, Further[]> = {
	'coupon/get': [{ parameters: winter }, ...onCodes({ coupon: locator('uuidCode', 'CODES') })],
	'coupon/getAll': onCodes({}),
	'coupon/redeem': [{ parameters: winter }],
	'coupon/update': [{ parameters: { ...winter, updateFields: { name: 'Winter' } } }],
	'customer/create': [
		{ parameters: newCustomer },
		{ program: referAFriend, parameters: newFriend },
	],
	'customer/get': [
		{ parameters: maya, arrange: tagMaya },
		{ program: referAFriend, parameters: alma },
	],
	'customer/getAll': [{}, { program: referAFriend }],
	'customer/getBalance': [{ program: referAFriend, parameters: alma, arrange: rememberBirthdays }],
	'customer/getReferrals': [
		{ program: referAFriend, parameters: alma, arrange: rememberBirthdays },
	],
	'customer/getTransactions': [{ parameters: maya }, { program: referAFriend, parameters: alma }],
	'customer/update': [
		{ parameters: { ...maya, updateFields: { tags: 'vip' } } },
		{
			program: referAFriend,
			parameters: { ...deniz, updateFields: { name: 'Denise' } },
			arrange: rememberBirthdays,
		},
	],
	'customer/upsert': [
		{ parameters: newCustomer },
		{ program: referAFriend, parameters: newFriend },
	],
	'lead/get': [{ parameters: { lead: locator('id', '41') }, arrange: convertLead }],
	'lead/getAll': [{ arrange: convertLead }],
	'lead/getForm': [{}],
	'partner/create': [{ parameters: newPartner }],
	'partner/get': [{ parameters: { partner: locator('id', 'p_annlee') } }],
	'partner/getAll': [{}],
	'partner/update': [
		{ parameters: { partner: locator('id', 'p_annlee'), updateFields: { tags: 'vip' } } },
	],
	// With nothing to change, the partner comes from the search.
	'partner/upsert': [{ parameters: newPartner }, { parameters: { email: 'ann.lee@example.com' } }],
	'program/get': [...(['blocks', 'flat'] as const)].flatMap((shape) =>
		(['affiliate', referAFriend, 'newsletter'] as const).map((program) => ({
			program,
			arrange: (sandbox: Sandbox) => {
				sandbox.switches.programShape = shape;
				addEuros(sandbox);
			},
		})),
	),
	'promotionCode/create': [
		{
			parameters: { ...newCode, limitTo: 'partner', partner: locator('key', 'annlee') },
			arrange: addPromotionCode('affiliate'),
		},
		{
			program: referAFriend,
			parameters: { ...newCode, limitTo: 'customer', ...alma },
			arrange: addPromotionCode(referAFriend),
		},
		{
			program: 'newsletter',
			parameters: { ...newCode, limitTo: 'subscriber', subscriber: locator('id', 's_1') },
			arrange: (sandbox) => {
				addPromotionCode('newsletter')(sandbox);
				sandbox.program('newsletter').subscribers.add({ id: 's_1', email: 'rea@example.com' });
			},
		},
	],
	'promotionCode/get': onCodes(ann25),
	'promotionCode/getAll': onCodes({}),
	'promotionCode/redeem': onCodes(ann25),
	'promotionCode/update': onCodes({
		...ann25,
		updateFields: { metadata: { pairs: [{ name: 'a', value: 'b' }] } },
	}),
	'reward/getAll': [{ program: 'newsletter' }],
	'subscriber/getAll': [{ program: 'newsletter' }],
	'subscriber/get': [
		{
			program: 'newsletter',
			parameters: { subscriber: locator('email', 'ada@readers.example'), simplify: true },
		},
	],
	'subscriber/update': [
		{
			program: 'newsletter',
			parameters: {
				subscriber: locator('email', 'ada@readers.example'),
				updateFields: { name: 'Ada' },
			},
		},
	],
	'transaction/create': [
		{ parameters: { ...newSale, ...maya } },
		{ parameters: { ...newSale, customer: locator('key', 'nobody'), ifCustomerUnknown: 'record' } },
		{ program: referAFriend, parameters: { ...newSale, ...deniz } },
	],
	'transaction/createMany': [
		{ parameters: { ...newSale, ...maya } },
		{ program: referAFriend, parameters: { ...newSale, ...deniz } },
	],
	'transaction/getAll': [{}, { program: referAFriend }],
	'transaction/refund': [
		{ parameters: { transaction: locator('key', 'order_0'), options: { ignoreMissing: true } } },
	],
};

const partnero = useSandbox();

/** Whatever comes out of an operation: of its samples, which cover every type of program, and of the further runs. */
async function runAll(resource: string, operation: string): Promise<IDataObject[]> {
	const items: IDataObject[] = [];
	const one = async (
		program: ProgramName,
		parameters?: RunOptions['parameters'],
		input?: IDataObject[],
	) => {
		const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] };
		const { json, error } = await partnero.operate(resource, operation, parameters, {
			credentials,
			...(input && { items: input }),
		});
		expect(error?.message).toBeUndefined();
		items.push(...json);
	};
	const start = (seed: SeedName) => {
		partnero.sandbox.reset(seed);
		Object.assign(partnero.sandbox.switches, defaultSwitches());
	};
	for (const sample of samples.filter(
		(each) => each.resource === resource && each.operation === operation,
	)) {
		for (const program of sample.programs) {
			start('empty');
			arrange(partnero.sandbox);
			sample.arrange?.(partnero.sandbox.program(program));
			await one(program, sample.parameters, sample.items);
			const changes = sample.parameters.updateFields as INodeParameters | undefined;
			// An update that has nothing to change gives the record as it is.
			const blank = '={{ undefined }}';
			const blankOf = (value: unknown) =>
				typeof value === 'object' ? { pairs: [{ name: blank, value: blank }] } : blank;
			const nothing =
				changes &&
				Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, blankOf(value)]));
			if (nothing)
				await one(program, { ...sample.parameters, updateFields: nothing }, sample.items);
		}
	}
	for (const { program = 'affiliate', parameters, arrange: prepare } of further[
		`${resource}/${operation}`
	] ?? []) {
		start('demo');
		await prepare?.(partnero.sandbox);
		await one(program, parameters);
	}
	return items;
}

describe('the output schemas', () => {
	it('are there for every operation, and for nothing else', () => {
		const files = readdirSync(join(nodeFolder, '__schema__'), {
			recursive: true,
			encoding: 'utf8',
		});
		const expected = pairs.map(({ pair }) => join('v1.0.0', `${pair}.json`));
		expect(files.filter((file) => file.endsWith('.json')).sort()).toEqual(expected.sort());
	});

	it.each(pairs)(
		'say of $pair what comes out, and nothing else',
		async ({ resource, operation }) => {
			const schema = schemaOf(resource, operation.entry.value)!;
			expect(isReadable(schema) ? [] : isReadable.errors).toEqual([]);

			const items = await runAll(resource, operation.entry.value);
			expect(items).not.toEqual([]);
			expect(differences(schema, items)).toEqual([]);
		},
	);

	it('promise no field of an answer that no document describes, and some field of any other', () => {
		const empty = pairs.filter(({ resource, operation }) => {
			return declaredIn(schemaOf(resource, operation.entry.value)!).length === 0;
		});
		const undescribed = pairs.filter(({ operation }) => operation.output.kind === 'answer');
		expect(empty).toEqual(undescribed);
	});
});

describe('the comparison with what came out', () => {
	const schema: Field = {
		type: 'object',
		properties: {
			id: { type: 'integer' },
			tags: { type: 'array', items: { type: 'object', properties: { value: { type: 'string' } } } },
		},
	};

	it.each<[string, IDataObject[], string[]]>([
		['nothing wrong', [{ id: 1, tags: [{ value: 'a' }] }], []],
		[
			'a field that is not declared',
			[{ id: 1, tags: [{ value: 'a', more: 1 }] }],
			['/tags/0 must NOT have additional properties more'],
		],
		['another type', [{ id: '1', tags: [{ value: 'a' }] }], ['/id must be integer']],
		[
			'a field that never comes',
			[{ id: 1 }, { id: 2, tags: [] }],
			['tags[] never came out', 'tags[].value never came out'],
		],
	])('finds %s', (_what, items, found) => {
		expect(differences(schema, items)).toEqual(found);
	});

	it.each([
		[
			'a type that the editor cannot open',
			{
				type: 'object',
				version: 1,
				properties: { a: { type: ['object', 'null'], properties: {} } },
			},
		],
		[
			'a list of nothing in particular',
			{ type: 'object', version: 1, properties: { a: { type: 'array' } } },
		],
		[
			'a name that would need quotes',
			{ type: 'object', version: 1, properties: { 'a-b': { type: 'string' } } },
		],
		['a reference', { type: 'object', version: 1, properties: { a: { $ref: '#/definitions/a' } } }],
	])('accepts no schema with %s', (_what, wrong) => {
		expect(isReadable(wrong)).toBe(false);
	});
});
