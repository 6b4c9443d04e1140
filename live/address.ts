/**
 * A value that a request carries, under the name by which a report calls it. Everything else in a request is
 * written down in this folder, so that the template of a request holds nothing of a program.
 */
export class Value {
	constructor(
		readonly value: string | number,
		readonly name: string,
	) {}
}

/** A value under a name: `value(sale.key, 'a key')` is `{a key}` in a report. */
export function value(of: string | number, name: string): Value {
	return new Value(of, name);
}

/** Where a request goes, and how a report shows that. */
export interface Address {
	/** Below the base URL, percent-encoded. */
	path: string;
	/** The same with names in place of values. */
	shown: string;
}

/** An address; only `Value`s can be filled in. */
export function at(texts: TemplateStringsArray, ...values: Value[]): Address {
	const filled = (of: (one: Value) => string) =>
		texts.map((text, index) => text + (values[index] ? of(values[index]) : '')).join('');
	return {
		path: filled((one) => encodeURIComponent(one.value)),
		shown: filled((one) => `{${one.name}}`),
	};
}

/** A query, in this order. */
export type Query = ReadonlyArray<readonly [name: string, value: Value | string | number]>;

/** An address with a query behind it. */
export function asking({ path, shown }: Address, query: Query): Address {
	if (query.length === 0) return { path, shown };
	const pairs = (of: (one: Value) => string, encoded: boolean) =>
		query
			.map(
				([name, one]) =>
					`${encoded ? encodeURIComponent(name) : name}=${one instanceof Value ? of(one) : one}`,
			)
			.join('&');
	return {
		path: `${path}?${pairs((one) => encodeURIComponent(one.value), true)}`,
		shown: `${shown}?${pairs((one) => `{${one.name}}`, false)}`,
	};
}

/** A body as it is written here: `Value`s stand for what is filled in. */
export interface Body {
	readonly [name: string]: BodyPart;
}
export type BodyPart = Value | string | number | boolean | null | Body | readonly BodyPart[];

/** A body as it is sent. */
export function sentBody(part: BodyPart): unknown {
	return mapped(part, ({ value: of }) => of);
}

/** A body as a report shows it. */
export function shownBody(body: Body): string {
	return JSON.stringify(mapped(body, ({ name }) => `{${name}}`));
}

function mapped(part: BodyPart, of: (one: Value) => unknown): unknown {
	if (part instanceof Value) return of(part);
	if (Array.isArray(part)) return part.map((entry: BodyPart) => mapped(entry, of));
	if (typeof part !== 'object' || part === null) return part;
	return Object.fromEntries(
		Object.entries(part).map(([name, entry]) => [name, mapped(entry as BodyPart, of)]),
	);
}
