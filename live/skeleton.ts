import { CONTRACT } from '../sandbox/contract';

/** Most names of an object that are shown. */
const MOST_NAMES = 80;
/** What hangs below these names is a program's own, its names included. */
const FREE = new Set([
	'metadata',
	'custom_fields',
	'custom_field_values',
	'additional_info',
	'personalization',
	'cfields',
	'settings',
]);

/** Every name of a field in the contract, and the values that it lists for one. */
const { names: NAMES, enums: ENUMS } = vocabularyOf(CONTRACT);

/** All words of the contract that a skeleton may show: names of fields, and listed values. */
export const CONTRACT_WORDS: readonly string[] = [
	...NAMES,
	...[...ENUMS.values()].flatMap((values) => [...values]),
];

function vocabularyOf(contract: unknown): { names: Set<string>; enums: Map<string, Set<string>> } {
	const names = new Set<string>();
	const enums = new Map<string, Set<string>>();
	const walk = (node: unknown) => {
		if (Array.isArray(node)) node.forEach(walk);
		if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
		const { properties } = node as { properties?: unknown };
		if (typeof properties === 'object' && properties !== null) {
			for (const [name, schema] of Object.entries(properties)) {
				names.add(name);
				for (const text of listedIn(schema))
					enums.set(name, (enums.get(name) ?? new Set()).add(text));
			}
		}
		Object.values(node).forEach(walk);
	};
	walk(contract);
	return { names, enums };
}

/** The values that a schema lists, itself or behind one reference. */
function listedIn(schema: unknown): string[] {
	const { enum: listed, $ref } = (schema ?? {}) as { enum?: unknown; $ref?: unknown };
	if (Array.isArray(listed)) return listed.filter((one) => typeof one === 'string');
	const name =
		typeof $ref === 'string' ? /^#\/components\/schemas\/(\w+)$/.exec($ref)?.[1] : undefined;
	const { schemas } = CONTRACT.components as { schemas: Record<string, unknown> };
	return name === undefined ? [] : listedIn(schemas[name]);
}

/** An answer as names and types; of values only those that the contract lists, and how many there are. */
export function skeletonOf(body: unknown): string {
	if (typeof body === 'string') return body === '' ? 'nothing' : 'text that is not JSON';
	return shape(body, '');
}

function shape(value: unknown, name: string): string {
	if (value === null) return 'null';
	if (Array.isArray(value))
		return value.length === 0 ? '[]' : `[${value.length} × ${elements(value, name)}]`;
	if (typeof value === 'object') return object(value as Record<string, unknown>, name);
	if (typeof value === 'string') return text(value, name);
	if (name === 'status' && (value === 0 || value === 1)) return String(value);
	return Number.isInteger(value) ? 'integer' : typeof value;
}

function elements(values: unknown[], name: string): string {
	if (values.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one)))
		return merged(values as Array<Record<string, unknown>>, name);
	return union(values.map((one) => shape(one, name)));
}

/** The fields of several records as of one: what each of them can be. */
function merged(records: Array<Record<string, unknown>>, name: string): string {
	const fields = new Map<string, string[]>();
	for (const record of records) {
		for (const [field, value] of Object.entries(record))
			fields.set(field, [...(fields.get(field) ?? []), shape(value, field)]);
	}
	return fieldsText(
		[...fields].map(([field, shapes]) => [
			shapes.length < records.length ? `${field}?` : field,
			union(shapes),
		]),
		name,
	);
}

function object(value: Record<string, unknown>, name: string): string {
	return fieldsText(
		Object.entries(value).map(([field, inner]) => [field, shape(inner, field)]),
		name,
	);
}

/** Names that are a program's own, such as those of metadata, are counted. */
function fieldsText(fields: Array<[name: string, shape: string]>, parent: string): string {
	const isShown = (name: string) => isName(name.replace(/\?$/, '')) && !FREE.has(parent);
	const shown = fields.filter(([name]) => isShown(name)).slice(0, MOST_NAMES);
	const hidden = fields.length - shown.length;
	const parts = [
		...shown.map(([name, inner]) => `${name}: ${inner}`),
		...(hidden > 0 ? [`${hidden} more`] : []),
	];
	return `{${parts.join(', ')}}`;
}

/** A name that the contract has, or that is written as the API writes names, which no currency is. */
function isName(name: string): boolean {
	return NAMES.has(name) || (/^[a-z]+(_[a-z]+)+$/.test(name) && name.length <= 40);
}

function union(shapes: string[]): string {
	const different = [...new Set(shapes)].sort();
	return different.length > 4 ? `${different.length} shapes` : different.join(' | ');
}

function text(value: string, name: string): string {
	if (ENUMS.get(name)?.has(value)) return `"${value}"`;
	if (value === '') return 'empty text';
	if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value)) return 'instant';
	if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
	if (/^https?:\/\//.test(value)) return 'address';
	if (/^[^\s@]+@[^\s@]+$/.test(value)) return 'email';
	return /^\d+$/.test(value) ? 'digits' : 'text';
}
