import type { IDataObject } from 'n8n-workflow';

import type { RequestTemplate, Template } from '../operation';

const placeholder = /^\{([\w.]+)(?:\|(\w+)(?::([\w.]+))?)?\}$/;
const placeholders = /\{([\w.,]+)\}/g;

/** Where a template takes its values from: the form of an item, or that with a looked-up identifier beside it. */
export interface Fields {
	/** Whether a field is filled. */
	has(path: string): boolean;
	/** A field's value as a template wants it; `undefined` if it is not filled. */
	convert(path: string, conversion?: string, argument?: string): unknown;
	/** An identifier as it may stand in a path, not yet encoded. */
	pathSegment(path: string): string;
}

/** A field's place in a template. */
export interface Use {
	/** The API's path to it, such as `customer.partner.id`. */
	apiField: string;
	field: string;
	conversion?: string;
	argument?: string;
}

/** The fields named anywhere in a query or a body. */
export function fieldsIn(template: Template, path = ''): Use[] {
	if (typeof template === 'string') {
		const match = placeholder.exec(template);
		return match
			? [{ apiField: path, field: match[1], conversion: match[2], argument: match[3] }]
			: [];
	}
	if (typeof template !== 'object') return [];
	if (Array.isArray(template)) return template.flatMap((choice) => fieldsIn(choice, path));
	return Object.entries(template).flatMap(([key, value]) =>
		fieldsIn(value, path ? `${path}.${key}` : key),
	);
}

/** Whether any of the places gets a value. */
export function isAnyFilled(uses: Use[], fields: Fields): boolean {
	return uses.some(({ field, conversion }) => fields.convert(field, conversion) !== undefined);
}

/**
 * Fills a query or a body. A key whose field is not filled is left out, and so is an object that
 * ends up with nothing in it.
 */
function fill(template: Template, fields: Fields): unknown {
	if (typeof template === 'string') {
		const match = placeholder.exec(template);
		return match ? fields.convert(match[1], match[2], match[3]) : template;
	}
	if (typeof template !== 'object') return template;
	if (Array.isArray(template)) {
		for (const choice of template) {
			const value = fill(choice, fields);
			if (value !== undefined) return value;
		}
		return undefined;
	}
	const filled: IDataObject = {};
	for (const key of Object.keys(template)) {
		const value = fill(template[key], fields);
		if (value !== undefined) filled[key] = value as IDataObject;
	}
	return Object.keys(filled).length > 0 ? filled : undefined;
}

/** `fill`, for the objects that a query and a body are. */
export function fillObject(
	template: { [key: string]: Template } | undefined,
	fields: Fields,
): IDataObject {
	return (template && (fill(template, fields) as IDataObject)) ?? {};
}

/** The fields named in an address. */
export function fieldsInUrl(url: string): string[] {
	return [...url.matchAll(placeholders)].flatMap(([, fields]) => fields.split(','));
}

/** Fills an address: no field can become more than one path segment, and a missing one is refused. */
function fillUrl(url: string, fields: Fields): string {
	return url.replace(placeholders, (_, named: string) => {
		const names = named.split(',');
		return encodeURIComponent(
			fields.pathSegment(names.find((name) => fields.has(name)) ?? names[0]),
		);
	});
}

/** Whether no identifier in an address can lead to another record, also where a path is parted at a slash and tidied up. */
export function isSafeUrl(url: string, fields: Fields): boolean {
	return fieldsInUrl(url).every(
		(field) => !fields.has(field) || isSafeInPath(fields.pathSegment(field)),
	);
}

/** Whether an identifier with a slash keeps all its parts on whichever way a path is read. */
export function isSafeInPath(identifier: string): boolean {
	return identifier.split('/').every((part) => !['', '.', '..'].includes(part));
}

/** A route with this item's fields in it. */
export function fillRequest({ method, url, qs, body }: RequestTemplate, fields: Fields) {
	return {
		method,
		url: fillUrl(url, fields),
		qs: fillObject(qs, fields),
		...(body && { body: fillObject(body, fields) }),
	};
}
