import type { IDataObject } from 'n8n-workflow';

/**
 * Whether all that was sent stands in a record, as far as the record shows it under the same name. Tells
 * what a request made, whose answer was lost, from what was there before.
 */
export function agrees(record: IDataObject, sent: IDataObject): boolean {
	return Object.entries(sent).every(([name, value]) => {
		const there = record[name];
		if (there === undefined || there === null || Array.isArray(value)) return true;
		if (isObject(value) || isObject(there)) return !(isObject(value) && isObject(there)) || agrees(there, value);
		return isSame(String(there).trim().toLowerCase(), String(value).trim().toLowerCase());
	});
}

function isSame(there: string, sent: string): boolean {
	if (there === sent || Number(there) === Number(sent)) return true;
	// A date may come back with a time.
	return /^\d{4}-\d\d-\d\d$/.test(sent) && there.startsWith(sent);
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null;
}
