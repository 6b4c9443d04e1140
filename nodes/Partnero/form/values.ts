import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { dateOf, type DateTime } from './dates';

/** A field's value that cannot be sent, and why. The form adds the field's name and the item's number. */
export class InvalidValue extends Error {}

/** White space of any kind, and what shows nothing: zero-width characters, marks of direction, soft hyphens. */
const invisible = '[\\u0000-\\u001F\\u007F-\\u009F\\s\\u00AD\\u180E\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064]+';
const atTheEnds = new RegExp(`^${invisible}|${invisible}$`, 'g');

/** No column of an identifier is wider (Laravel's default). */
const longestIdentifier = 255;

/**
 * An identifier without white space and zero-width characters at its ends, since Partnero may trim what it gets
 * (`partnero-api.md` 10, A1). Nothing if nothing is left.
 * @throws InvalidValue for what cannot be an identifier, or was changed before it came here
 */
export function canonicalIdentifier(raw: unknown): string | undefined {
	if (raw === undefined || raw === null) return undefined;
	if (typeof raw === 'number' && !Number.isFinite(raw)) throw new InvalidValue('is not a number');
	if (typeof raw === 'number' && Math.abs(raw) > Number.MAX_SAFE_INTEGER) {
		throw new InvalidValue('is a number with too many digits, so that it was rounded before it came here: pass it as text');
	}
	if (typeof raw !== 'string' && typeof raw !== 'number') throw new InvalidValue('has to be text');
	const text = String(raw).replace(atTheEnds, '');
	if (/[\r\n\u2028\u2029]/.test(text)) throw new InvalidValue('holds a line break');
	if (text.length > longestIdentifier) throw new InvalidValue(`is longer than ${longestIdentifier} characters`);
	return text || undefined;
}

/** What a resource locator holds: which identifier was given, and the identifier. */
export interface Reference {
	/** The API's name of the identifier (`id`, `key`, `email`), or `list` for a picked record. */
	kind: string;
	value: string;
	/** All identifiers that the record has, where it was looked up. */
	identifiers?: string[];
	/** What was looked up beside it because a body wants it, by the name that templates call it. */
	details?: { [name: string]: string | undefined };
}

/** Whether a value counts as not filled: nothing, or only white space. */
export function isBlank(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

const parsers: Record<string, (raw: unknown, field: INodeProperties, zone: string) => unknown> = {
	boolean: (raw) => {
		if (raw === true || raw === 'true') return true;
		if (raw === false || raw === 'false') return false;
		throw new InvalidValue('has to be true or false');
	},
	dateTime: (raw, _field, zone) => asDate(raw, zone),
	fixedCollection: (raw) => raw,
	// Nothing chosen is nothing filled.
	multiOptions: (raw) => (asList(raw).length > 0 ? asList(raw) : undefined),
	number: (raw) => {
		const number = typeof raw === 'string' ? Number(raw) : raw;
		if (typeof number !== 'number' || !Number.isFinite(number)) throw new InvalidValue('has to be a number');
		return number;
	},
	options: (raw, field) => {
		const values = (field.options ?? []).map((option) => ('value' in option ? option.value : option));
		if (values.length > 0 && !values.includes(raw as string)) {
			throw new InvalidValue(`has to be one of ${values.join(', ')}`);
		}
		return raw;
	},
	resourceLocator: (raw) => asReference(raw),
	string: (raw) => {
		if (typeof raw === 'string' || Array.isArray(raw)) return raw;
		if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
		throw new InvalidValue('has to be text');
	},
};

/**
 * The value of a field in the type that its form promises, or `undefined` if it is not filled.
 * @param zone the workflow's time zone, for dates that name none
 * @throws InvalidValue if the value does not fit the field
 */
export function parseValue(raw: unknown, field: INodeProperties, zone: string): unknown {
	if (isBlank(raw)) return undefined;
	return (parsers[field.type] ?? ((value: unknown) => value))(raw, field, zone);
}

function asReference(raw: unknown): Reference | undefined {
	const { mode, value } =
		typeof raw === 'object' ? (raw as { mode?: string; value?: unknown }) : { value: raw };
	const identifier = canonicalIdentifier(value);
	return identifier === undefined ? undefined : { kind: mode ?? 'list', value: identifier };
}

function asDate(raw: unknown, zone: string): DateTime {
	const date = dateOf(raw, zone);
	if (!date) throw new InvalidValue('has to be a date, for example 2026-01-31 or 2026-01-31T12:00:00Z');
	return date;
}

function asList(raw: unknown): unknown[] {
	if (Array.isArray(raw)) return raw.map(entryText).filter((entry) => !isBlank(entry));
	return String(raw)
		.split(',')
		.map((entry) => entry.trim())
		.filter(Boolean);
}

/** Two lists as one, without what stands in both. */
export function joined(one: unknown, other: unknown): unknown[] {
	return [...new Set([one, other].flatMap((list) => (list === undefined ? [] : asList(list))))];
}

/** An entry of a list as text. The API itself gives tags as `[{ value: 'vip' }]` (`partnero-api.md` 2.12). */
function entryText(entry: unknown): string {
	return String((isObject(entry) ? entry.value : entry) ?? '');
}

/** Whether a value is an object or an array. */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null;
}

/** What a template may do with a field, by the name behind the bar: `{additionalFields.tags|list}`. */
export const conversions: Record<string, (value: unknown) => unknown> = {
	/** A date as the API's own ISO form, in UTC. Also what a date becomes without a conversion. */
	iso: (value) => (value as DateTime).toUTC().toISO(),
	/** A date as seconds since 1970: `created_at` of a transaction (`partnero-api.md` 2.4). */
	unix: (value) => Math.floor((value as DateTime).toSeconds()),
	/** A date alone, in the zone it was given in. */
	date: (value) => (value as DateTime).toISODate(),
	/** Text with commas, or an array, as an array. */
	list: asList,
	/** A list of the whole numbers that the API counts with. An empty one could be taken for no list at all. */
	numbers: (value) => {
		const entries = Array.isArray(value) ? value.map(entryText) : asList(value);
		const numbers = entries.map((entry) => (isBlank(entry) ? NaN : Number(entry)));
		if (numbers.length === 0 || !numbers.every(Number.isSafeInteger)) throw new InvalidValue('has to be a list of whole numbers');
		return numbers;
	},
	/** `true`, or nothing. */
	onlyTrue: (value) => (value === true ? true : undefined),
	/** Whether a field is filled, for the switch that the API wants beside a value. */
	filled: () => true,
	/** Names and values as an object. */
	pairs: (value) => {
		const { pairs = [] } = value as { pairs?: Array<{ name?: string; value?: unknown }> };
		const named = pairs.filter(({ name }) => !isBlank(name));
		return named.length > 0
			? Object.fromEntries(named.map((pair) => [pair.name, isObject(pair.value) ? pair.value : String(pair.value ?? '')]))
			: undefined;
	},
	/** What a resource mapper holds, without the fields that were left empty; `91[]` takes several answers. */
	mapped: (value) => {
		const fields = Object.entries((value as { value?: IDataObject | null }).value ?? {});
		const filled = fields
			.filter(([, entry]) => !isBlank(entry))
			.map(([id, entry]) => (id.endsWith('[]') ? [id.slice(0, -2), asList(entry)] : [id, entry]));
		return filled.length > 0 ? Object.fromEntries(filled) : undefined;
	},
	/** The identifier of a picked record as the number that the API counts with. */
	number: (value) => {
		const { value: text } = value as Reference;
		return /^\d+$/.test(text) ? Number(text) : text;
	},
	/** The identifier of a picked record, whatever its kind. */
	identifier: (value) => (value as Reference).value,
};

/** Whether a value is one of Luxon's dates; it cannot be imported to ask for the class. */
export function isDateTime(value: unknown): value is DateTime {
	return typeof value === 'object' && value !== null && typeof (value as IDataObject).toUTC === 'function';
}
