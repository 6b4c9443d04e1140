import type { IDataObject } from 'n8n-workflow';

/** `[{ value: 'x' }]`, as the API gives tags (`partnero-api.md` 2.12), as `['x']`. */
export function tagsOf(record: IDataObject): string[] {
	const tags = Array.isArray(record.tags) ? (record.tags as Array<IDataObject | string>) : [];
	return tags.map((tag) => String(typeof tag === 'string' ? tag : tag.value));
}

/** The id of another record, which the API gives as the id or as the record. */
export function idOf(value: IDataObject[string]): IDataObject[string] {
	if (value === null || typeof value !== 'object') return value ?? null;
	const { id, key } = value as IDataObject;
	return id ?? key ?? null;
}

/** The values under some keys; null for what is not there. */
export function pick(record: IDataObject, keys: string[]): IDataObject {
	return Object.fromEntries(keys.map((key) => [key, record[key] ?? null]));
}

/** Lists give less than single records do; what the API did not send is left out rather than invented. */
export function ifSent(record: IDataObject, keys: string[]): IDataObject {
	return pick(
		record,
		keys.filter((key) => record[key] !== undefined),
	);
}
