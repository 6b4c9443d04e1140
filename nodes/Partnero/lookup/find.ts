import type { IDataObject } from 'n8n-workflow';

import { keyFieldOf, withIdentifier } from '../form/identifier';
import { shortened } from '../form/shortened';
import type { Reference } from '../form/values';
import type { Idempotency, Lookup } from '../operation';
import type { Call } from '../response/call';
import { leftAmong } from '../response/standing';
import { dataOf, recordOf, recordUnder } from '../response/unwrap';
import { isSuccess } from '../transport/outcome';
import { sendWithRetry } from '../transport/retry';

import { fillRoute, paginateRoute } from './sendRoute';
import { searchRecord } from './slashes';

/** A record that was found, and the identifier by which an update names it. */
export interface Found {
	record: IDataObject;
	identifier: Reference;
}

/**
 * The record that has exactly this identifier. What only contains it, as searches find it too, does
 * not count; two that have it are refused, unless the API does not keep them apart anyway.
 */
export async function findRecord(
	call: Call,
	idempotency: Idempotency,
	identifier: string,
): Promise<Found | undefined> {
	const { lookup, onConflict } = idempotency;
	if (!('match' in lookup)) return await findByPath(call, idempotency, identifier);
	const kind = lookup.id ?? lookup.match;
	const found = (record: IDataObject) => ({
		record,
		identifier: { kind, value: String(record[kind]) },
	});
	const matches: Found[] = [];
	for await (const page of paginateRoute(call, { method: 'GET', url: lookup.url, qs: lookup.qs })) {
		for (const match of page
			.filter((record) => isSameIdentifier(lookup, record, identifier))
			.map(found)) {
			// A search may give one record twice.
			if (!matches.some((other) => other.identifier.value === match.identifier.value))
				matches.push(match);
		}
		if (onConflict && matches.length > 0) return matches[0];
	}
	const left = leftAmong(matches, ({ record }) => record);
	if (left.length > 1) {
		throw call.form.refuse(
			`${left.length} ${call.resource.entry.name.toLowerCase()}s have the ${lookup.match} '${shortened(identifier)}'`,
			`Nothing was changed. Their IDs are ${shortened(left.map((match) => match.identifier.value).join(', '))}. Use Update with the ID of the right one.`,
		);
	}
	return left[0];
}

/**
 * The record that the usual way of looking it up overlooks, by the other way that the documents have. Asked only where
 * the API itself says that the record is there, so that it costs nothing otherwise.
 */
export async function findOverlooked(
	call: Call,
	{ lookup }: Idempotency,
	identifier: string,
): Promise<Found | undefined> {
	if (!('match' in lookup) || !lookup.otherwise) return undefined;
	const fields = withIdentifier(call.form, { kind: 'id', value: identifier });
	const result = await sendWithRetry(
		call,
		await fillRoute(call, { method: 'GET', ...lookup.otherwise }, fields),
	);
	const record = isSuccess(result) ? recordUnder(result) : undefined;
	if (!record || !isSameIdentifier(lookup, record, identifier)) return undefined;
	const kind = lookup.id ?? lookup.match;
	return { record, identifier: { kind, value: String(record[kind]) } };
}

/** A path may take other identifiers than the one that is meant: a customer's email where its key stands. */
async function findByPath(
	call: Call,
	idempotency: Idempotency,
	value: string,
): Promise<Found | undefined> {
	const { form } = call;
	const { url, bySearch } = idempotency.lookup;
	const [name] = keyFieldOf(form, idempotency)!.split('.').slice(-1);
	const mayBeParted = bySearch !== undefined && value.includes('/');
	const identifier: Reference = { kind: mayBeParted ? name : 'id', value };
	const fields = withIdentifier(form, identifier);
	const result = await sendWithRetry(call, await fillRoute(call, { method: 'GET', url }, fields));
	const leadsNowhere = [404, ...(mayBeParted ? [405] : [])].includes(result.response?.status ?? 0);
	// Where a path is parted at a slash, a list may answer.
	if (!leadsNowhere && !(mayBeParted && Array.isArray(dataOf(result)))) {
		const record = await recordOf(call, result);
		if (String(record[name] ?? value) === value) return { record, identifier };
	}
	const record = mayBeParted ? await searchRecord(call, bySearch, identifier) : undefined;
	return record && { record, identifier };
}

/** Emails are the same without regard to case, everything else only to the letter. */
function isSameIdentifier(
	{ match }: Extract<Lookup, { match: string }>,
	record: IDataObject,
	identifier: string,
): boolean {
	const value = String(record[match]);
	if (match !== 'email') return value === identifier;
	return value.toLowerCase() === identifier.trim().toLowerCase();
}
