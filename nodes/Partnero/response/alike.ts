import { isObject } from '../form/values';

/**
 * How a value that a record shows compares with one that was sent.
 * - `same`: as sent, but for what no server tells apart; also what cannot be compared.
 * - `alike`: what a server may have made of it: another case, a slug, HTML entities, a normal form.
 * - `other`: unmistakably another one.
 */
export type Likeness = 'same' | 'alike' | 'other';

const day = 86_400_000;

/** What names a record: what a server leaves out of it makes another identifier. */
const identifiers = ['key', 'id', 'identifier', 'code', 'uuid_code'];

/** The words that the API has for statuses (`partnero-api.md` 2.2, 2.3, 2.8); any other may stand for one of them. */
const statuses = ['active', 'approved', 'archived', 'deleted', 'pending', 'rejected', 'suspended'];

const switches: { [word: string]: boolean | undefined } = {
	...{ true: true, '1': true, yes: true, y: true, on: true },
	...{ false: false, '0': false, no: false, n: false, off: false },
};

/** Compares a value that was sent under a name with the one that is shown. */
export function likenessOf(name: string, sent: unknown, shown: unknown): Likeness {
	// PHP writes an empty map as an empty list.
	if (
		sent === null &&
		typeof shown === 'object' &&
		shown !== null &&
		Object.keys(shown).length === 0
	)
		return 'same';
	if (isNothing(sent) || isNothing(shown)) {
		if (isNothing(sent) === isNothing(shown)) return 'same';
		// What is off, or none, may be shown as nothing.
		return [false, 0, 'false', '0'].includes(sent as string) ? 'alike' : 'other';
	}
	if (isObject(shown)) return 'same';
	if (typeof sent === 'boolean' || typeof shown === 'boolean')
		return likenessOfSwitches(sent, shown);
	if (name === 'status') return likenessOfStatuses(sent, shown);
	const [one, other] = [String(sent), String(shown)].map(trimmed);
	if (one === other) return 'same';
	const [yes, answer] = [one, other].map((text) => switches[text.toLowerCase()]);
	if (/^(?:true|false)$/i.test(one) && answer !== undefined)
		return yes === answer ? 'alike' : 'other';
	if (isNumber(one) && isNumber(other)) {
		if (Number(one) !== Number(other)) return 'other';
		return typeof sent === 'number' || typeof shown === 'number' ? 'same' : 'alike';
	}
	// A sum with its currency, or in the way of another country, says nothing.
	if (typeof sent === 'number') return 'same';
	if (isAlikeDate(one, other)) return 'same';
	if (one.includes('@')) return likenessOfEmails(one, other);
	return isAlikeText(name, one, other) ? 'alike' : 'other';
}

/**
 * Compares lists, which have no order here. A tag may come as an object, or in a text with commas.
 * @param mayBeMore whether the API may have added to what was there before
 */
export function likenessOfLists(sent: unknown[], shown: unknown, mayBeMore: boolean): Likeness {
	const list = entriesOf(shown);
	const there = list?.map(labelOf);
	// What each entry is called is not known.
	if (!there || there.some((entry) => isNothing(entry) || isObject(entry))) return 'same';
	const holdsAll = (one: unknown[], other: unknown[], fold: (entry: unknown) => string) => {
		const folded = new Set(other.map(fold));
		return one.every((entry) => folded.has(fold(entry)));
	};
	const exactly = (entry: unknown) => trimmed(String(entry)).toLowerCase();
	if (holdsAll(sent, there, exactly) && holdsAll(there, sent, exactly)) return 'same';
	if (!holdsAll(sent, there, lettersOf)) return 'other';
	return holdsAll(there, sent, lettersOf) || (mayBeMore && sent.length > 0) ? 'alike' : 'other';
}

/** What cannot be told from nothing: the API takes an empty text for none (`partnero-api.md` 9, N15). */
export function isNothing(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

/** The letters and digits of a text, without marks: what is left of it in a slug. */
export function lettersOf(value: unknown): string {
	const text = foldText(String(value));
	const letters = text.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '');
	return letters || text;
}

function entriesOf(shown: unknown): unknown[] | undefined {
	if (isNothing(shown)) return [];
	if (Array.isArray(shown)) return shown;
	return typeof shown === 'string' ? shown.split(',').map((entry) => entry.trim()) : undefined;
}

/** What an entry of a list is called: the API itself gives tags as `[{ value: 'vip' }]` (`partnero-api.md` 2.12). */
export function labelOf(entry: unknown): unknown {
	return isObject(entry) ? (entry.value ?? entry.name ?? entry.label) : entry;
}

/** What is none of the words says nothing. */
function likenessOfSwitches(sent: unknown, shown: unknown): Likeness {
	const [one, other] = [sent, shown].map((value) => switches[String(value).trim().toLowerCase()]);
	if (other === undefined) return 'same';
	if (one === undefined) return 'other';
	return one === other ? 'same' : 'other';
}

function likenessOfStatuses(sent: unknown, shown: unknown): Likeness {
	const [one, other] = [sent, shown].map((value) => String(value).trim().toLowerCase());
	if (one === other) return 'same';
	return statuses.includes(other) ? 'other' : 'alike';
}

/** One mailbox, however it is written: dots mean nothing to Gmail. */
function likenessOfEmails(sent: string, shown: string): Likeness {
	const [one, other] = [sent, shown].map((email) => email.toLowerCase());
	if (one === other) return 'same';
	const [a, b] = [one, other].map((email) => {
		const [, local = email, domain = ''] = /^(.*)@(.*)$/.exec(foldText(email)) ?? [];
		return /^(?:gmail|googlemail)\.com$/.test(domain)
			? `${local.replace(/\./g, '')}@gmail.com`
			: `${local}@${domain}`;
	});
	return a === b ? 'alike' : 'other';
}

function isAlikeText(name: string, sent: string, shown: string): boolean {
	const one = foldText(sent);
	const other = foldText(shown);
	if (one === other) return true;
	if (identifiers.includes(name)) return slugsOf(one).includes(other);
	return (
		foldText(sent.replace(/<[^>]*>/g, ' ')) === foldText(shown.replace(/<[^>]*>/g, ' ')) ||
		withoutPictures(one) === withoutPictures(other) ||
		isEscaped(one, other) ||
		isSameAddress(one, other) ||
		isSamePhone(one, other)
	);
}

/** What a server makes of an identifier that has more than letters, digits and the usual marks. */
function slugsOf(text: string): string[] {
	const plain = text.normalize('NFKD').replace(/\p{M}/gu, '');
	return ['-', '_', ''].map((filler) => plain.replace(/[^\p{L}\p{N}._-]+/gu, filler));
}

/** A database column of three bytes a character has no pictures: it drops them, or has question marks instead. */
function withoutPictures(text: string): string {
	if (!/[\u{10000}-\u{10FFFF}\uFFFD?]/u.test(text)) return text;
	return text
		.replace(/[\u{10000}-\u{10FFFF}?]|\uFE0F|\uFFFD/gu, '')
		.replace(/\s+/g, ' ')
		.trim();
}

/** Whether a text has entities that have a name where the other one has a character. */
function isEscaped(sent: string, shown: string): boolean {
	if (!/&[a-z]+\d*;/.test(shown)) return false;
	const pattern = shown
		.split(/&[a-z]+\d*;/)
		.map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
	return new RegExp(`^${pattern.join('.')}$`, 'su').test(sent);
}

/** The same page, whatever stands before the host and at the end of the path. */
function isSameAddress(one: string, other: string): boolean {
	if (!/^https?:\/\//.test(one) && !/^https?:\/\//.test(other)) return false;
	return addressOf(one) === addressOf(other);
}

function addressOf(text: string): string {
	try {
		const { host, pathname, search, hash } = new URL(text.replace(/^(?:https?:\/\/)?/, 'http://'));
		return decodeURI(`${host}${pathname.replace(/\/$/, '')}${search}${hash}`);
	} catch {
		return text;
	}
}

/** The same number, with or without the code of the country. */
function isSamePhone(one: string, other: string): boolean {
	if (
		![one, other].every((text) => /^\+?[\d\s().\-/]+$/.test(text)) ||
		![one, other].some((text) => /[+\s()]|^0/.test(text))
	)
		return false;
	const [a, b] = [one, other]
		.map((text) => text.replace(/\D/g, '').replace(/^0+/, ''))
		.sort((x, y) => x.length - y.length);
	return a.length >= 6 && b.length - a.length <= 3 && b.endsWith(a);
}

/**
 * Dates with a zone are the same to the second. Of a day, or a time without a zone, nobody knows the zone, so that
 * less than 24 hours are no difference: the zone of this process would say nothing about it. What is not written as a
 * date, or in another country's way, is not compared.
 */
function isAlikeDate(sent: string, shown: string): boolean {
	const isDate = /^\d{4}-\d\d-\d\d(?:$|[t ]\d\d:\d\d)/i;
	if (!isDate.test(sent)) return false;
	const [one, other] = [instantOf(sent), instantOf(shown)];
	if (other === undefined) return /^\D*\d{1,4}[-./ ]\w{1,9}[-./ ,]+\d{1,4}\b/.test(shown);
	if (one === undefined) return true;
	return Math.abs(one - other) < (hasZone(sent) && hasZone(shown) ? 1_000 : day);
}

/** Milliseconds since 1970; a text without a zone in UTC. */
function instantOf(text: string): number | undefined {
	if (/^\d{9,13}$/.test(text)) return Number(text) * (text.length > 11 ? 1 : 1_000);
	if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
	const date = Date.parse(
		hasZone(text) || text.length === 10 ? text : `${text.replace(' ', 'T')}Z`,
	);
	return Number.isNaN(date) ? undefined : date;
}

function hasZone(text: string): boolean {
	return /\d\d:\d\d.*(?:z|[+-]\d\d:?\d\d)$/i.test(text) || /^\d{9,13}$/.test(text);
}

function isNumber(text: string): boolean {
	return /^-?\d+(?:\.\d+)?$/.test(text);
}

const named: { [entity: string]: string } = {
	amp: '&',
	apos: "'",
	gt: '>',
	lt: '<',
	nbsp: ' ',
	quot: '"',
};

/** A text without entities, in lower case and one normal form, its white space collapsed. */
function foldText(text: string): string {
	let decoded = text;
	// A server may have escaped it more than once.
	for (let times = 0; times < 3 && decoded.includes('&'); times += 1) {
		decoded = decoded.replace(
			/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi,
			(entity, decimal?: string, hex?: string, name = '') => {
				const code = decimal ? Number(decimal) : hex ? parseInt(hex, 16) : undefined;
				if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
				return named[(name as string).toLowerCase()] ?? entity;
			},
		);
	}
	return trimmed(decoded.replace(/\\(['"\\])/g, '$1').normalize('NFKC'))
		.replace(/\s+/g, ' ')
		.toLowerCase();
}

function trimmed(text: string): string {
	return text
		.normalize('NFC')
		.replace(/[\u200b\ufeff]/g, '')
		.trim();
}
