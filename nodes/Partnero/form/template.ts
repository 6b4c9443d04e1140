import type { IDataObject } from 'n8n-workflow';

import type { RequestTemplate, Template } from '../operation';
import type { Form } from './form';

const placeholder = /^\{([\w.]+)(?:\|(\w+)(?::([\w.]+))?)?\}$/;
const placeholders = /\{([\w.,]+)\}/g;

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
		return match ? [{ apiField: path, field: match[1], conversion: match[2], argument: match[3] }] : [];
	}
	if (typeof template !== 'object') return [];
	if (Array.isArray(template)) return template.flatMap((choice) => fieldsIn(choice, path));
	return Object.entries(template).flatMap(([key, value]) =>
		fieldsIn(value, path ? `${path}.${key}` : key),
	);
}

/** Whether any of the places gets a value. */
export function isAnyFilled(uses: Use[], form: Form): boolean {
	return uses.some(({ field, conversion }) => form.convert(field, conversion) !== undefined);
}

/**
 * Fills a query or a body. A key whose field is not filled is left out, and so is an object that
 * ends up with nothing in it.
 */
export function fill(template: Template, form: Form): unknown {
	if (typeof template === 'string') {
		const match = placeholder.exec(template);
		return match ? form.convert(match[1], match[2], match[3]) : template;
	}
	if (typeof template !== 'object') return template;
	if (Array.isArray(template)) {
		for (const choice of template) {
			const value = fill(choice, form);
			if (value !== undefined) return value;
		}
		return undefined;
	}
	const filled: IDataObject = {};
	for (const key of Object.keys(template)) {
		const value = fill(template[key], form);
		if (value !== undefined) filled[key] = value as IDataObject;
	}
	return Object.keys(filled).length > 0 ? filled : undefined;
}

/** `fill`, for the objects that a query and a body are. */
export function fillObject(template: { [key: string]: Template } | undefined, form: Form): IDataObject {
	return (template && (fill(template, form) as IDataObject)) ?? {};
}

/** The fields named in an address. */
export function fieldsInUrl(url: string): string[] {
	return [...url.matchAll(placeholders)].flatMap(([, fields]) => fields.split(','));
}

/** Fills an address: no field can become more than one path segment, and a missing one is refused. */
export function fillUrl(url: string, form: Form): string {
	return url.replace(placeholders, (_, named: string) => {
		const fields = named.split(',');
		return encodeURIComponent(form.pathSegment(fields.find((field) => form.has(field)) ?? fields[0]));
	});
}

/** A route with this item's fields in it. */
export function fillRequest({ method, url, qs, body }: RequestTemplate, form: Form) {
	return {
		method,
		url: fillUrl(url, form),
		qs: fillObject(qs, form),
		...(body && { body: fillObject(body, form) }),
	};
}
