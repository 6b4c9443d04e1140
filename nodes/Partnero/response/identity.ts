import type { IDataObject } from 'n8n-workflow';

import { isBlank, isObject } from '../form/values';
import { isRecord } from '../transport/outcome';

/** What names a record, by its kind. */
export type Identifiers = { [kind in 'id' | 'key' | 'email']?: string };

/** The identifiers under which a field of a record shows another one: that as a record, or one identifier of an unknown kind. */
export function shownIdentifiers(value: unknown): string[] {
	if (isRecord(value)) return Object.values(identifiersIn(value));
	return isBlank(value) || isObject(value) ? [] : [String(value)];
}

/** The identifiers that a record shows of itself. */
export function identifiersIn({ id, key, email }: IDataObject): Identifiers {
	const shown = Object.entries({ id, key, email }).filter(
		([, value]) => !isBlank(value) && !isObject(value),
	);
	return Object.fromEntries(shown.map(([kind, value]) => [kind, String(value)]));
}

/** All names that a record is known to have, the keys of its links included. */
export function namesOf(record: IDataObject): string[] {
	return [...new Set([...Object.values(identifiersIn(record)), ...keysOf(record)])];
}

/** The referral keys that a record shows: lists show none, single records have them in their links (`partnero-api.md` 1.6). */
export function keysOf({ key, referral_link: link, referral_links: links }: IDataObject): string[] {
	const entries = [link, ...(Array.isArray(links) ? (links as unknown[]) : [])];
	return [key, ...entries.map(keyOfLink)].filter((one) => !isBlank(one)).map(String);
}

/** The key of a link, which comes as an address or as a record. */
function keyOfLink(link: unknown): unknown {
	if (isRecord(link)) return link.key ?? keyOfLink(link.url);
	if (typeof link !== 'string') return undefined;
	const [, encoded] = /[?&][^=&#]+=([^&#]+)/.exec(link) ?? [];
	try {
		return encoded && decodeURIComponent(encoded);
	} catch {
		return undefined;
	}
}

/** Whether two names may be the same one: databases often compare without regard to case. */
export function isSameName(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}
