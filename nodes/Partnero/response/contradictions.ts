import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../form/values';

import type { Likeness } from './alike';
import { isNothing, labelOf, lettersOf, likenessOf, likenessOfLists } from './alike';

/** A field that shows something else than what was sent. */
export interface Contradiction {
	/** The API's path to it, such as `metadata.campaign`. */
	apiField: string;
	sent: unknown;
	shown: unknown;
}

/** How a record compares with what was sent to change it. */
export interface Comparison {
	/** What is unmistakably not as it was sent. */
	contradictions: Contradiction[];
	/** Whether something is not to the letter as it was sent: the server may have changed it, or not have heeded it. */
	isSpelledOtherwise: boolean;
	/** What was sent and is not shown, though records of this kind show it. */
	notShown: string[];
}

/** What is sent under another name than it is shown (`partnero-api.md` 2.8). */
const shownAs: { [name: string]: string } = { identifier: 'id' };

/** What no record shows as it is, or at all: a password, whom a code is limited to, where a coupon is synchronized. */
const unshown = ['password', 'sync'];

/** What an update sends to change, without what names the record beside it. */
export function changesIn({ body = {} }: { body?: unknown }): IDataObject {
	const { update = body } = body as IDataObject;
	return update as IDataObject;
}

/**
 * Compares a record with what was sent (`recording-rules.md` 13). Only what is unmistakable is a contradiction: what the API
 * may have spelled in its own way is none.
 * @param before the record as it was, where it is known: only what came back as it was, was not heeded
 */
export function compareWithSent(
	record: IDataObject,
	sent: IDataObject,
	before?: IDataObject,
): Comparison {
	const comparison: Comparison = { contradictions: [], isSpelledOtherwise: false, notShown: [] };
	for (const [name, value] of Object.entries(sent)) {
		if (unshown.includes(name)) continue;
		const shown = shownIn(record, name);
		if (shown === undefined) {
			if (isUsuallyShown(record, name)) comparison.notShown.push(name);
			continue;
		}
		const was = before && shownIn(before, name);
		for (const part of compare(name, value, shown, was)) {
			if (part.likeness === 'same') continue;
			// What is neither the old value nor the new one has been changed all the same.
			const isChanged = part.was !== undefined && !isNothing(part.shown) && !isUnchanged(part);
			if (part.likeness === 'other' && !isChanged) comparison.contradictions.push(part);
			else comparison.isSpelledOtherwise = true;
		}
	}
	return comparison;
}

function shownIn(record: IDataObject, name: string): unknown {
	return record[name] === undefined ? record[shownAs[name] ?? name] : record[name];
}

/** Records of people show their ID or their email, and not always their key (`partnero-api.md` 1.6). */
function isUsuallyShown({ id, email }: IDataObject, name: string): boolean {
	return name !== 'key' || (id === undefined && email === undefined);
}

/** One value that was sent, and how it compares. */
interface Part extends Contradiction {
	likeness: Likeness;
	/** What was shown before. */
	was?: unknown;
}

function compare(name: string, sent: unknown, shown: unknown, was: unknown): Part[] {
	if (Array.isArray(sent))
		return [
			{ apiField: name, sent, shown, was, likeness: likenessOfLists(sent, shown, name === 'tags') },
		];
	if (!isObject(sent))
		return [{ apiField: name, sent, shown, was, likeness: likenessOf(name, sent, shown) }];
	if (name === 'metadata') return compareMap(name, sent, shown, was);
	// Which of its ids somebody is shown by is undocumented (`partnero-api.md` 2.7): only if nothing fits it is another one.
	const parts = isObject(shown)
		? Object.entries(sent).filter(([part]) => !isObject(shown[part]) && !isNothing(shown[part]))
		: [];
	const isOther =
		parts.length > 0 &&
		parts.every(
			([part, value]) => likenessOf(part, value, (shown as IDataObject)[part]) === 'other',
		);
	return isOther
		? [
				{
					apiField: name,
					sent: Object.values(sent)[0],
					shown: (shown as IDataObject)[parts[0][0]],
					likeness: 'other',
				},
			]
		: [];
}

/** Key by key; new keys are added to the ones that are there. What cannot be read as names and values is not compared. */
function compareMap(name: string, sent: IDataObject, shown: unknown, was: unknown): Part[] {
	const entries = entriesOf(shown);
	if (!entries) return [];
	const before = entriesOf(was);
	return Object.entries(sent).flatMap(([key, value]): Part[] => {
		const there = entries.get(lettersOf(key));
		if (isObject(value) || isObject(there)) return [];
		return [
			{
				apiField: `${name}.${key}`,
				sent: value,
				shown: there,
				was: before?.get(lettersOf(key)),
				likeness: likenessOf(key, value, there),
			},
		];
	});
}

/** The names and values of a map, by the letters of the names: as an object, a list of pairs, or a text in JSON. */
function entriesOf(map: unknown): Map<string, unknown> | undefined {
	const value = typeof map === 'string' && map !== '' ? parsed(map) : map;
	// PHP writes an empty map as a list.
	if (isNothing(value)) return new Map();
	if (!Array.isArray(value))
		return isObject(value)
			? new Map(Object.entries(value).map(([key, entry]) => [lettersOf(key), entry]))
			: undefined;
	const pairs = (value as unknown[]).map((entry) => {
		const { key, name = key, value: content } = isObject(entry) ? entry : {};
		return isNothing(name) || isObject(name) ? undefined : ([lettersOf(name), content] as const);
	});
	return pairs.includes(undefined)
		? undefined
		: new Map(pairs as Array<readonly [string, unknown]>);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

function isUnchanged({ apiField, was, shown }: Part): boolean {
	if (Array.isArray(was)) return likenessOfLists(was.map(labelOf), shown, false) !== 'other';
	return isObject(was) || likenessOf(apiField, was, shown) !== 'other';
}
