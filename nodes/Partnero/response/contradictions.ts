import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../form/values';

/** A field that shows something else than what was sent. */
export interface Contradiction {
	/** The API's path to it, such as `metadata.campaign`. */
	apiField: string;
	sent: unknown;
	shown: unknown;
}

/** What is sent under another name than it is shown (`partnero-api.md` 2.8). */
const shownAs: { [name: string]: string } = { identifier: 'id' };

/** What no record may show as it is. */
const secrets = ['password'];

/** Names whose spelling the API is known to change: `Active` for `active` (`partnero-api.md` 2.8). */
const withoutCase = ['email', 'status'];

const day = 86_400_000;

/** What an update sends to change, without what names the record beside it. */
export function changesIn({ body = {} }: { body?: unknown }): IDataObject {
	const { update = body } = body as IDataObject;
	return update as IDataObject;
}

/**
 * Where a record shows something else than what was sent (`recording.md` 13). What it does not show, and what the
 * API may well spell in its own way, is no contradiction.
 */
export function contradictionsIn(record: IDataObject, sent: IDataObject): Contradiction[] {
	return Object.entries(sent).flatMap(([name, value]) => {
		const shown = record[name] === undefined ? record[shownAs[name] ?? name] : record[name];
		return secrets.includes(name) || shown === undefined ? [] : compare(name, value, shown);
	});
}

function compare(name: string, sent: unknown, shown: unknown): Contradiction[] {
	if (Array.isArray(sent)) return isSameList(sent, shown) ? [] : [{ apiField: name, sent, shown }];
	if (!isObject(sent)) return isSameValue(name, sent, shown) ? [] : [{ apiField: name, sent, shown }];
	if (name === 'metadata') return compareMap(name, sent, shown);
	// Which of its ids somebody is shown by is undocumented (`partnero-api.md` 2.7): only if nothing fits it is another one.
	const parts = isObject(shown) ? Object.entries(sent).filter(([part]) => !isObject(shown[part]) && !isNothing(shown[part])) : [];
	const isOther = parts.length > 0 && parts.every(([part, value]) => !isSameValue(part, value, (shown as IDataObject)[part]));
	return isOther ? [{ apiField: name, sent: Object.values(sent)[0], shown: (shown as IDataObject)[parts[0][0]] }] : [];
}

/** Key by key; PHP writes an empty map as a list, and new keys are added to the ones that are there. */
function compareMap(name: string, sent: IDataObject, shown: unknown): Contradiction[] {
	if (!isNothing(shown) && !isObject(shown)) return [];
	const entries = new Map(Object.entries((shown ?? {}) as IDataObject).map(([key, value]) => [key.trim().toLowerCase(), value]));
	return Object.entries(sent).flatMap(([key, value]) => {
		const there = entries.get(key.trim().toLowerCase());
		if (isObject(value) || isObject(there) || isSameValue(key, value, there)) return [];
		return [{ apiField: `${name}.${key}`, sent: value, shown: there }];
	});
}

/** Lists have no order here; of a tag that comes as an object only the value counts (`partnero-api.md` 2.12). */
function isSameList(sent: unknown[], shown: unknown): boolean {
	const list = isNothing(shown) ? [] : shown;
	if (!Array.isArray(list)) return true;
	const there = list.map((entry: unknown) => (isObject(entry) ? entry.value : entry));
	if (there.some((entry) => isNothing(entry) || isObject(entry))) return true;
	const [one, other] = [sent, there].map((entries) => new Set(entries.map((entry) => folded(entry).toLowerCase())));
	return one.size === other.size && [...one].every((entry) => other.has(entry));
}

function isSameValue(name: string, sent: unknown, shown: unknown): boolean {
	// PHP writes an empty map as an empty list.
	if (sent === null && isObject(shown) && Object.keys(shown).length === 0) return true;
	if (isNothing(sent) || isNothing(shown)) return isNothing(sent) === isNothing(shown);
	if (isObject(shown)) return true;
	if (typeof sent === 'boolean') return isSameSwitch(sent, shown);
	if (typeof sent === 'number' || typeof shown === 'number') return Number(sent) === Number(shown);
	const [a, b] = [folded(sent), folded(shown)];
	if (a === b) return true;
	if (withoutCase.includes(name) || a.includes('@')) return a.toLowerCase() === b.toLowerCase();
	if (/^https?:\/\//i.test(a)) return addressOf(a) === addressOf(b);
	return /^\d{4}-\d\d-\d\d(?:[T ]|$)/.test(a) && isSameDate(a, b);
}

/** What cannot be told from nothing: the API takes an empty text for none (`partnero-api.md` 9, N15). */
function isNothing(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

/** What is none of the two words says nothing. */
function isSameSwitch(sent: boolean, shown: unknown): boolean {
	const word = String(shown).trim().toLowerCase();
	if (!['true', '1', 'false', '0'].includes(word)) return true;
	return sent === ['true', '1'].includes(word);
}

/** The same in every zone, since a day may come back as its midnight; what is no date to us may be the same. */
function isSameDate(sent: string, shown: string): boolean {
	const [one, other] = [Date.parse(sent), Date.parse(shown)];
	if (Number.isNaN(one) || Number.isNaN(other)) return true;
	return sent.length > 10 && shown.length > 10 ? one === other : Math.abs(one - other) < day;
}

function addressOf(text: string): string {
	try {
		return new URL(text).href.replace(/\/$/, '');
	} catch {
		return text;
	}
}

function folded(value: unknown): string {
	return String(value).normalize('NFC').replace(/^[\s\u200b\ufeff]+|[\s\u200b\ufeff]+$/g, '').replace(/\s+/g, ' ');
}
