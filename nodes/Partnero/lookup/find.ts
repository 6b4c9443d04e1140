import type { IDataObject } from 'n8n-workflow';

import type { Find, Identity } from '../operation';
import { recordOf } from '../response/unwrap';
import type { Call } from '../transport/call';
import { deliver } from '../transport/retry';
import { lookUpReferences } from './references';
import { largestPage, pages } from './pages';
import { fillObject, fillUrl } from '../form/template';

/** The identifier that a create sends, if it sends one. */
export function identifierOf({ form }: Call, { by }: Identity): string | undefined {
	const field = by.find((name) => form.has(name));
	return field === undefined ? undefined : String(form.value(field));
}

/**
 * The identifier by which a record can be told from all others once it is sent: none if it has none,
 * or if it is to be recorded a second time on purpose.
 */
export function lookedForBy(call: Call, identity: Identity): string | undefined {
	const isRepeated = identity.ifExists && call.form.value(identity.ifExists) === 'record';
	return isRepeated ? undefined : identifierOf(call, identity);
}

/**
 * The record that has exactly this identifier. What only contains it, as searches find it too, does
 * not count; two that have it are refused, unless the API does not keep them apart anyway.
 */
export async function findRecord(
	call: Call,
	{ find, by, ifExists }: Identity,
	identifier: string,
): Promise<IDataObject | undefined> {
	const { form } = call;
	form.setReference('found', { kind: 'id', value: identifier });
	if (!('match' in find)) return await findByPath(call, find, by, identifier);
	const matches: IDataObject[] = [];
	await lookUpReferences(call, { method: 'GET', url: find.url });
	for await (const page of pages(call, { url: fillUrl(find.url, form), qs: fillObject(find.qs, form) }, { size: largestPage })) {
		matches.push(...page.filter((record) => isSame(find, record, identifier)));
		if (ifExists && matches.length > 0) return matches[0];
	}
	const kind = find.id ?? find.match;
	const ids = matches.map((record) => String(record[kind]));
	if (matches.length > 1) {
		throw form.refuse(
			`'${form.label(by[0])}': ${matches.length} records have '${identifier}'`,
			`Nothing was changed. Their IDs are ${ids.join(', ')}.`,
		);
	}
	if (matches.length === 1) form.setReference('found', { kind, value: ids[0] });
	return matches[0];
}

/** A path may take other identifiers than the one that is meant: a customer's email where its key stands. */
async function findByPath(
	call: Call,
	{ url }: Find,
	by: string[],
	identifier: string,
): Promise<IDataObject | undefined> {
	const delivery = await deliver(call, { method: 'GET', url: fillUrl(url, call.form) });
	if (delivery.answer?.status === 404) return undefined;
	const record = await recordOf(call, delivery);
	const [name] = by.find((field) => call.form.has(field))!.split('.').slice(-1);
	return String(record[name] ?? identifier) === identifier ? record : undefined;
}

/** Emails are the same without regard to case, everything else only to the letter. */
function isSame(find: Extract<Find, { match: string }>, record: IDataObject, identifier: string): boolean {
	const value = String(record[find.match]);
	if (find.match !== 'email') return value === identifier;
	return value.toLowerCase() === identifier.trim().toLowerCase();
}
