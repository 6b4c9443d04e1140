import type { IDataObject } from 'n8n-workflow';

/**
 * Whether all that was sent stands in a record, as far as the record shows it under the same name. Tells
 * what a request made, whose answer was lost, from what was there before.
 */
export function agrees(record: IDataObject, sent: IDataObject): boolean {
	return Object.entries(sent).every(([name, value]) => {
		const there = record[name];
		if (there === undefined || there === null || Array.isArray(value)) return true;
		if (!isObject(value)) return isObject(there) || isSame(there, value);
		if (isObject(there)) return agrees(there, value);
		// A record shows whose it is by the ID alone (`partnero-api.md` 2.3).
		return value.id === undefined || isSame(there, value.id);
	});
}

function isSame(there: unknown, sent: unknown): boolean {
	if (typeof sent === 'boolean') return [sent, Number(sent), String(sent), String(Number(sent))].includes(there as string);
	const [a, b] = [there, sent].map((one) => String(one).trim().toLowerCase());
	if (a === b || Number(a) === Number(b)) return true;
	// A date may come back with a time.
	return /^\d{4}-\d\d-\d\d$/.test(b) && a.startsWith(b);
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null;
}
