import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';

import { Partnero } from '../../../nodes/Partnero/Partnero.node';
import { findOperation } from '../../../nodes/Partnero/resources';
import { validateRequest } from '../../../sandbox/contract';
import type { ProgramName } from '../../../sandbox/programs';
import { PROGRAMS } from '../../../sandbox/programs';

import type { RunOptions } from './engine';
import type { Bench } from './partnero';
import type { Sample, Wire } from './samples';
import { arrange, asWire, samples } from './samples';

const { properties } = new Partnero().description;

/** A field of an operation's form, on the form itself or in one of its collections. */
export interface Field {
	name: string;
	collection?: string;
	property: INodeProperties;
}

/** Every field of an operation that a person fills; what only a tool of an agent has, `tool.test.ts` tries. */
export function fieldsOf(resource: string, operation: string): Field[] {
	const own = properties.filter(
		({ name, displayOptions: { show } = {} }) =>
			name !== 'operation' &&
			show?.resource?.includes(resource) &&
			show.operation?.includes(operation) &&
			!show['@tool'],
	);
	return own.flatMap((property): Field[] => {
		if (property.type === 'notice') return [];
		if (property.type !== 'collection') return [{ name: property.name, property }];
		const inner = property.options as INodeProperties[];
		return inner.map((option) => ({
			name: option.name,
			collection: property.name,
			property: option,
		}));
	});
}

export function pathOf({ name, collection }: Field): string {
	return collection ? `${collection}.${name}` : name;
}

/** What errors call a field: of one in a collection they say where it is. */
export function labelOf({ collection, property }: Field): string {
	const place = properties.find(({ name }) => name === collection)?.displayName;
	return place === undefined ? property.displayName : `${place} > ${property.displayName}`;
}

/** Whether a field of an operation holds an amount of money. */
export function isAmount(
	{ resource, operation }: Pick<Situation, 'resource' | 'operation'>,
	field: Field,
): boolean {
	return pathOf(field) in (findOperation(resource, operation).operation.amounts ?? {});
}

/** Whether a field is there in a type of program, by what its description says. */
export function isOffered({ property }: Field, program: ProgramName): boolean {
	const only = /\(([a-z- ]+) programs( only)?\)/.exec(property.description ?? '')?.[1];
	return only === undefined || only.split(' and ').includes(PROGRAMS[program].contract);
}

/** A form with no more filled than has to be, and the last request that comes of it. */
export interface Situation {
	title: string;
	resource: string;
	operation: string;
	program: ProgramName;
	arrange?: Sample['arrange'];
	parameters: INodeParameters;
	item: IDataObject;
	base: Wire;
	/** Whether an upsert finds its record. */
	updates: boolean;
	/** What an upsert sends to find it. */
	before: Wire[];
}

const collections = ['additionalFields', 'updateFields', 'filters', 'options', 'newCustomer'];

function situationsOf({
	resource,
	operation,
	parameters,
	items,
	arrange,
	calls,
	programs,
}: Sample): Situation[] {
	// The unit of a credit is not always known without the field.
	const needed = operation === 'creditBalance' ? ['additionalFields'] : [];
	const required = Object.fromEntries(
		Object.entries(parameters).filter(
			([name]) => !collections.includes(name) || needed.includes(name),
		),
	);
	const isUpsert = operation === 'upsert';
	// A sample has to change something; here nothing is filled yet.
	const namesOnly = isUpsert || 'updateFields' in parameters;
	return programs.flatMap((program) =>
		items.slice(0, isUpsert ? 2 : 1).map((item): Situation => {
			const before = calls(item).map(asWire);
			const base = before.pop()!;
			const updates = isUpsert && base.method === 'PUT';
			const kind = updates ? ' of one that is there' : ' of a new one';
			return {
				title: `${program}: ${resource} ${operation}${isUpsert ? kind : ''}`,
				resource,
				operation,
				program,
				arrange,
				parameters: required,
				item,
				base: namesOnly ? omit(base, ['name', 'update', 'metadata']) : base,
				updates,
				before: isUpsert ? before : [],
			};
		}),
	);
}

/** A request without some parts of its body, and without a body if nothing is left of it. */
export function omit({ body = {}, ...rest }: Wire, names: string[]): Wire {
	const kept = Object.entries(body).filter(([name]) => !names.includes(name));
	return kept.length > 0 ? { ...rest, body: Object.fromEntries(kept) } : rest;
}

/** What reports are made of says what they read, and never goes on the wire (periodReport.test.ts, statements.test.ts). */
const reports = ['getReport', 'getStatements'];

/** The first sample of each operation in each program. */
export const situations = samples
	.filter(({ operation }) => !reports.includes(operation))
	.flatMap(situationsOf)
	.filter(({ title }, index, all) => all.findIndex((other) => other.title === title) === index);

/** A request with a change in it; `undefined` takes something out. */
export function merged(base: unknown, change: unknown): unknown {
	if (
		typeof base !== 'object' ||
		typeof change !== 'object' ||
		base === null ||
		Array.isArray(change)
	)
		return change;
	const result: Record<string, unknown> = { ...base };
	for (const [name, value] of Object.entries(change as object)) {
		result[name] = name in result ? merged(result[name], value) : value;
		if (result[name] === undefined) delete result[name];
	}
	return result;
}

/** The form with some fields filled, and with what has to be chosen for them to be seen. */
export function filled(
	{ parameters }: Situation,
	values: Array<[Pick<Field, 'name' | 'collection'>, unknown]>,
): INodeParameters {
	const form: IDataObject = { ...(parameters as IDataObject) };
	for (const [{ name, collection }, value] of values) {
		if (name === 'couponDurationValue') form.couponDurationType = 'months';
		if (collection === 'newCustomer') form.createCustomer = true;
		if (collection)
			form[collection] = { ...(form[collection] as IDataObject), [name]: value as IDataObject };
		else form[name] = value as IDataObject;
	}
	return form as INodeParameters;
}

/** Runs the operation on fresh records. */
export async function send(
	{ sandbox, operate, credentials, wire }: Bench,
	{ resource, operation, program, item, arrange: arrangeMore }: Situation,
	parameters: INodeParameters,
	more: Partial<RunOptions> = {},
): Promise<Wire[]> {
	sandbox.reset('empty');
	arrange(sandbox);
	arrangeMore?.(sandbox.program(program));
	const key = { ...credentials, apiKey: sandbox.keys[program] };
	await operate(resource, operation, parameters, { items: [item], credentials: key, ...more });
	const sent = wire() as Wire[];
	// What is asked after a write, to compare what was recorded, is tried where that matters (histories, recorder).
	const lastWrite = sent.map(({ method }) => method !== 'GET').lastIndexOf(true);
	return lastWrite < 0 ? sent : sent.slice(0, lastWrite + 1);
}

/** What the contract has against a request. */
export function complaints({ program }: Situation, { method, path, query, body }: Wire) {
	return validateRequest(
		{ method, path, body, query: query as Record<string, string> },
		{ program },
	).errors;
}
