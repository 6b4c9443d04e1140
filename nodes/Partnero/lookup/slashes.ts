import type { IDataObject } from 'n8n-workflow';

import { withIdentifier } from '../form/identifier';
import type { Fields } from '../form/template';
import { fieldsIn, fieldsInUrl, fillObject, isAnyFilled } from '../form/template';
import type { Reference } from '../form/values';
import type { RequestTemplate, Search } from '../operation';
import type { Call } from '../response/call';
import { refusal } from '../response/errors';
import type { Identifiers } from '../response/identity';
import { identifiersIn } from '../response/identity';
import type { RequestResult } from '../transport/retry';

import { largestPage, paginate } from './pages';

/*
 * A server may decode `%2F` before it routes, so that an identifier with a slash parts the path
 * (`partnero-api.md` 10, A2). What has another identifier is named by that one then.
 */

/** The searches that find whom a path names, by the method that fills the picker. */
const searches: Record<string, Search | undefined> = {
	searchCustomers: {
		url: '/customers:search',
		qs: { key: '{identifier|key}', id: '{identifier|id}', email: '{identifier|email}' },
		match: ['key', 'id', 'email'],
	},
	searchPartners: { url: '/partners:search', qs: { id: '{identifier}' }, match: ['id'] },
};

/** Another way to the record of a route. */
export interface Way {
	route: RequestTemplate;
	fields: Fields;
}

/** The field of an address whose identifier has a slash. */
export function partedField(route: RequestTemplate, fields: Fields): string | undefined {
	return fieldsInUrl(route.url).find(
		(field) => fields.has(field) && fields.pathSegment(field).includes('/'),
	);
}

/** The record that has exactly this identifier, among those that a search finds. What was picked from a list has the first kind. */
export async function searchRecord(
	call: Call,
	{ url, qs, match }: Search,
	{ kind, value }: Reference,
): Promise<IDataObject | undefined> {
	const fields = withIdentifier(call.form, { kind: kind === 'list' ? match[0] : kind, value });
	const isIt = (record: IDataObject) => match.some((name) => isSame(name, record[name], value));
	const failure = async (result: RequestResult) => await refusal(call, result);
	const isEmpty = async () => await Promise.resolve(true);
	for await (const page of paginate(
		call,
		{ url, qs: fillObject(qs, fields) },
		{ size: largestPage, failure, isEmpty },
	)) {
		const record = page.find(isIt);
		if (record) return record;
	}
	return undefined;
}

/** The record whose slashed identifier stands in a field that picks a customer or a partner; asked only where a path has led nowhere. */
export async function pickedBySearch(
	call: Call,
	field: string,
	reference: Reference,
): Promise<IDataObject | undefined> {
	const [list] = call.form.field(field)?.modes ?? [];
	const search = searches[list?.typeOptions?.searchListMethod ?? ''];
	return search && reference.value.includes('/')
		? await searchRecord(call, search, reference)
		: undefined;
}

/**
 * The same request by another name: in the body, where the operation has such a form, or by an identifier without a
 * slash in the path.
 * @returns `undefined` if there is none, or the record is not found
 */
export async function wayRound(
	call: Call,
	route: RequestTemplate,
	field: string,
	fields: Fields,
): Promise<Way | undefined> {
	const { byBody } = call.operation;
	const isInBody = byBody?.method === route.method;
	// Paths take a partner's id only, which is the one with the slash (`partnero-api.md` 1.6).
	const isPartner =
		call.form.field(field)?.modes?.[0].typeOptions?.searchListMethod === 'searchPartners';
	if (isPartner && !isInBody) return undefined;
	const reference = call.form.reference(field);
	const record =
		reference && typeof reference === 'object'
			? await pickedBySearch(call, field, reference).catch(() => undefined)
			: undefined;
	if (!record) return undefined;
	const names = identifiersIn(record);
	if (isInBody) {
		const named = withNames(fields, field, names);
		const uses = fieldsIn(byBody.body ?? {}).filter(
			({ apiField }) => !apiField.startsWith('update.'),
		);
		return isAnyFilled(uses, named) ? { route: byBody, fields: named } : undefined;
	}
	const name = [names.id, names.key, names.email].find(
		(one) => one !== undefined && !one.includes('/'),
	);
	return name === undefined
		? undefined
		: {
				route,
				fields: {
					...delegate(fields),
					pathSegment: (path) => (path === field ? name : fields.pathSegment(path)),
				},
			};
}

function delegate(fields: Fields): Fields {
	return {
		has: (path) => fields.has(path),
		convert: (path, conversion, argument) => fields.convert(path, conversion, argument),
		pathSegment: (path) => fields.pathSegment(path),
	};
}

/** The fields, with all names of the record that one of them picks. */
function withNames(fields: Fields, field: string, names: Identifiers): Fields {
	return {
		...delegate(fields),
		convert(path, conversion, argument) {
			const name = path === field ? names[conversion as keyof Identifiers] : undefined;
			return name ?? fields.convert(path, conversion, argument);
		},
	};
}

/** Emails are the same without regard to case, everything else only to the letter. */
function isSame(name: string, value: unknown, identifier: string): boolean {
	return name === 'email'
		? String(value).trim().toLowerCase() === identifier.toLowerCase()
		: String(value) === identifier;
}
