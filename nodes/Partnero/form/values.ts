import type { IDataObject, INodeProperties, ResourceMapperField } from 'n8n-workflow';
import { jsonParse } from 'n8n-workflow';

import type { DateTime } from './dates';
import { dateOf } from './dates';

/** A field's value that cannot be sent, and why. The form adds the field's name and the item's number. */
export class InvalidValue extends Error {
	/** @param advice what to do about it, in a whole sentence */
	constructor(
		message: string,
		readonly advice?: string,
	) {
		super(message);
	}
}

/** White space of any kind, and what shows nothing: zero-width characters, marks of direction, soft hyphens. */
const invisible =
	'[\\u0000-\\u001F\\u007F-\\u009F\\s\\u00AD\\u180E\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064]+';
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
	if (typeof raw === 'number' && !Number.isFinite(raw))
		throw new InvalidValue('must be text or a number');
	if (typeof raw === 'number' && Math.abs(raw) > Number.MAX_SAFE_INTEGER) {
		throw new InvalidValue(
			'has too many digits for a number',
			'It was rounded before it came to this node. Pass it as text, in quotes, from where it comes.',
		);
	}
	if (typeof raw !== 'string' && typeof raw !== 'number') throw notText();
	const text = String(raw).replace(atTheEnds, '');
	if (/[\r\n\u2028\u2029]/.test(text)) throw new InvalidValue('must not contain a line break');
	if (text.length > longestIdentifier)
		throw new InvalidValue(`must not be longer than ${longestIdentifier} characters`);
	return text || undefined;
}

/** How to make a number, where a value is none. */
export const numberAdvice =
	'Write digits, with a point before decimals, such as 49.90, or convert the value in the expression: `{{ Number($json.total) }}`.';

const listAdvice = 'Separate the entries with commas, or give an array: `{{ ["vip", "gold"] }}`.';

function notText(): InvalidValue {
	return new InvalidValue(
		'must be text',
		'Choose a single value in the expression, such as `{{ $json.customer.id }}`.',
	);
}

/**
 * A number to count with.
 * @throws InvalidValue for anything but 1, 2, 3 …
 */
export function positiveInteger(value: unknown): number {
	if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
	throw new InvalidValue('must be a positive integer');
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
	boolean: asSwitch,
	dateTime: (raw, _field, zone) => asDate(raw, zone),
	fixedCollection: (raw) => raw,
	// Nothing chosen is nothing filled.
	multiOptions: (raw, field) => {
		const chosen = asList(raw).map((entry) => optionOf(choicesOf(field), entry) ?? entry);
		return chosen.length > 0 ? chosen : undefined;
	},
	number: (raw) => {
		const number = typeof raw === 'string' ? numberIn(raw) : raw;
		if (typeof number !== 'number' || !Number.isFinite(number))
			throw new InvalidValue('must be a number', numberAdvice);
		return number;
	},
	options: (raw, field) => {
		const choices = choicesOf(field);
		if (choices.length === 0) return raw;
		const value = optionOf(choices, raw);
		if (value === undefined)
			throw new InvalidValue(`must be one of ${choices.map((choice) => choice.value).join(', ')}`);
		return value;
	},
	resourceLocator: (raw, field) => asReference(raw, field),
	string: (raw) => {
		if (typeof raw === 'string' || Array.isArray(raw)) return raw;
		if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
		throw notText();
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

const on = ['true', '1', 'yes', 'on'];
const off = ['false', '0', 'no', 'off'];

/** What sheets, forms and other systems call true and false. */
function asSwitch(raw: unknown): boolean {
	const word = ['boolean', 'number', 'string'].includes(typeof raw)
		? String(raw).trim().toLowerCase()
		: '';
	if (on.includes(word)) return true;
	if (off.includes(word)) return false;
	throw new InvalidValue(
		'must be true or false',
		`Also taken are ${[...on, ...off].filter((word) => !['true', 'false'].includes(word)).join(', ')}.`,
	);
}

/** A decimal number; JavaScript alone takes `0x10` for 16 as well. NaN for anything else. */
export function numberIn(text: string): number {
	return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
}

/** A choice of a menu. */
interface Choice {
	name: string;
	value: unknown;
}

function choicesOf({ options = [] }: INodeProperties): Choice[] {
	return options.flatMap((option) =>
		'value' in option ? [{ name: option.name, value: option.value }] : [],
	);
}

/**
 * The value of the choice that a text names, to the letter or by its value or name in another spelling: the API itself
 * gives `Active` for `active` (`partnero-api.md` 2.8). Nothing if there is none, or more than one.
 */
function optionOf(choices: Choice[], raw: unknown): unknown {
	if (choices.some(({ value }) => value === raw)) return raw;
	if (typeof raw !== 'string') return undefined;
	const word = folded(raw);
	const named = [
		choices.filter(({ value }) => folded(value) === word),
		choices.filter(({ name }) => folded(name) === word),
	];
	const [first, ...others] = named.find((found) => found.length > 0) ?? [];
	return others.length === 0 ? first?.value : undefined;
}

/** A word without its case, and with one kind of gap between its parts. */
function folded(word: unknown): string {
	return String(word)
		.replace(atTheEnds, '')
		.toLowerCase()
		.replace(/[\s_-]+/g, '_');
}

function asReference(raw: unknown, field: INodeProperties): Reference | undefined {
	const { mode, value } =
		typeof raw === 'object' ? (raw as { mode?: string; value?: unknown }) : { value: raw };
	const identifier = canonicalIdentifier(
		typeof value === 'string' && isLinkKey(field, mode) ? keyInLink(value) : value,
	);
	return identifier === undefined ? undefined : { kind: mode ?? 'list', value: identifier };
}

/** Which ways to pick a record take what stands in a link behind `aff=` or `ref=`, by the list of the picker. */
const linkKeys: { [list: string]: string } = { searchPartners: 'key', searchReferralLinks: 'id' };

/** The key of a customer is one's own identifier, and may be an address: only of who refers it comes from a link. */
function isLinkKey({ name, modes }: INodeProperties, mode: string | undefined): boolean {
	const list = modes?.[0].typeOptions?.searchListMethod ?? '';
	return (
		mode !== undefined &&
		(linkKeys[list] === mode || (name === 'referringCustomer' && mode === 'key'))
	);
}

/** What an address or a part of one looks like that was pasted in place of the key in it. */
const link =
	/^(?:https?:\/\/[^\s?]*|(?:[\w-]+(?:\.[\w-]+)+[^\s?]*)?(?=\?(?:[^#\s]*&)?(?:aff|ref)=))(?:\?([^#\s]*))?/i;

/**
 * The referral key in a pasted link. Affiliate programs call its parameter `aff`, refer-a-friend programs `ref`
 * (`partnero-api.md` 1.6). Another name counts if it is the only one beside those of campaigns and ads.
 * @throws InvalidValue for a link in which nothing is the key for sure
 */
function keyInLink(text: string): string {
	const found = link.exec(text.trim());
	if (!found) return text;
	const parameters = [...new URLSearchParams(found[1] ?? '')].filter(
		([, value]) => value.trim() !== '',
	);
	const usual = parameters.filter(([name]) => ['aff', 'ref'].includes(name.toLowerCase()));
	const others = parameters.filter(([name]) => !/^(?:utm_\w+|[a-z]*clid)$/i.test(name));
	const keys = new Set((usual.length > 0 ? usual : others).map(([, value]) => value));
	if (keys.size === 1) return [...keys][0];
	throw new InvalidValue(
		'must be a key, and this link does not show which part of it is the key',
		'Give the key alone: what follows "aff=" or "ref=" in a referral link.',
	);
}

function asDate(raw: unknown, zone: string): DateTime {
	const date = dateOf(raw, zone);
	if (!date)
		throw new InvalidValue(
			'must be a date',
			"Write it like 2026-01-31 or 2026-01-31T12:00:00Z, or convert it in an expression: `{{ DateTime.fromFormat($json.date, 'dd.MM.yyyy') }}`.",
		);
	return date;
}

/** A list as it comes from an expression, as JSON text, or as text with commas. */
function asList(raw: unknown): string[] {
	const entries =
		typeof raw === 'string'
			? (jsonList(raw) ?? raw.split(',').map((entry) => entry.trim()))
			: [raw].flat();
	return entries.map(entryText).filter((entry) => !isBlank(entry));
}

/**
 * The list in a text such as `["vip","gold"]`; nothing if it is no JSON, and may be an entry in brackets.
 * @throws InvalidValue for what was meant as one, such as `['vip']`
 */
function jsonList(text: string): unknown[] | undefined {
	if (!/^\s*\[[^]*\]\s*$/.test(text)) return undefined;
	const list = jsonParse<unknown[] | null>(text, { fallbackValue: null });
	if (list) return list;
	if (!/^\s*\[\s*['"]/.test(text)) return undefined;
	throw new InvalidValue('must be a list', listAdvice);
}

/** Two lists as one, without what stands in both. */
export function joined(one: unknown, other: unknown): string[] {
	return [...new Set([one, other].flatMap((list) => (list === undefined ? [] : asList(list))))];
}

/**
 * An entry of a list as text. The API itself gives tags as `[{ value: 'vip' }]` (`partnero-api.md` 2.12).
 * @throws InvalidValue for any other object: without it the list would be shorter, or empty, which removes all
 */
function entryText(entry: unknown): string {
	const text = isObject(entry) && 'value' in entry ? entry.value : entry;
	if (isObject(text))
		throw new InvalidValue(
			'must be a list of texts',
			`An entry is ${JSON.stringify(text)}. ${listAdvice}`,
		);
	return String(text ?? '');
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
		// An empty entry is no number, where in other lists it is none.
		const entries = Array.isArray(value)
			? value.map((entry: unknown) => (isObject(entry) ? '' : String(entry ?? '')))
			: asList(value);
		const numbers = entries.map(numberIn);
		if (numbers.length === 0 || !numbers.every(Number.isSafeInteger))
			throw new InvalidValue('must be a list of integers', 'Write them with commas: 12, 13.');
		return numbers;
	},
	/** One entry as text, several as a list: an order with several products (`partnero-api.md` 9, N5). */
	oneOrMany: (value) => {
		const entries = asList(value);
		return entries.length > 1 ? entries : entries[0];
	},
	/** `true`, or nothing. */
	onlyTrue: (value) => (value === true ? true : undefined),
	/** Whether a field is filled, for the switch that the API wants beside a value. */
	filled: () => true,
	/** Names and values as an object. */
	pairs: (value) => {
		const { pairs = [] } = value as { pairs?: Array<{ name?: string; value?: unknown }> };
		const named = pairs.filter(({ name }) => !isBlank(name));
		const twice = named.find(
			({ name }, index) => named.findIndex((other) => String(other.name) === String(name)) < index,
		);
		if (twice)
			throw new InvalidValue(`has the name '${twice.name}' twice`, 'Remove one of the two.');
		return objectOf(
			named.map((pair) => [
				String(pair.name),
				isObject(pair.value) ? pair.value : String(pair.value ?? ''),
			]),
		);
	},
	/** What a resource mapper holds, without the fields that were left empty; `91[]` takes several answers. */
	mapped: (value) => {
		const { value: fields, schema = [] } = value as {
			value?: IDataObject | null;
			schema?: ResourceMapperField[];
		};
		const filled = Object.entries(fields ?? {}).filter(([, entry]) => !isBlank(entry));
		return objectOf(
			filled.map(([id, entry]) => {
				if (id.endsWith('[]')) return [id.slice(0, -2), asList(entry)];
				if (isObject(entry)) return [id, entry];
				const choices = (schema.find((question) => question.id === id)?.options ?? []) as Choice[];
				return [id, optionOf(choices, entry) ?? String(entry)];
			}),
		);
	},
	/** The identifier of a picked record as the number that the API counts with. */
	number: (value) => {
		const { value: text } = value as Reference;
		return /^\d+$/.test(text) ? Number(text) : text;
	},
	/** The identifier of a picked record, whatever its kind. */
	identifier: (value) => (value as Reference).value,
};

/** Names that n8n's HTTP helper leaves out of a body without a word. */
const lostNames = ['__proto__', 'constructor', 'prototype'];

/**
 * An object with these fields; nothing without any.
 * @throws InvalidValue for a name, at any depth, that would be lost on its way
 */
function objectOf(fields: Array<[name: string, value: unknown]>): object | undefined {
	for (const [name, value] of fields) {
		if (lostNames.includes(name))
			throw new InvalidValue(
				`must not use the name '${name}'`,
				'n8n does not send a field of this name. Give it another name.',
			);
		if (isObject(value)) objectOf(Object.entries(value));
	}
	return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

/** Whether a value is one of Luxon's dates; it cannot be imported to ask for the class. */
export function isDateTime(value: unknown): value is DateTime {
	return (
		typeof value === 'object' &&
		value !== null &&
		typeof (value as IDataObject).toUTC === 'function'
	);
}
