import type { Quirks } from './quirks';
import type { ProgramState } from './state';
import type { Switches } from './switches';

/** What a handler sees of a request that the contract has already accepted. */
export interface Call {
	program: ProgramState;
	/** Path parameters, decoded. */
	params: Record<string, string>;
	/** Query parameters, coerced, with the contract's defaults. */
	query: Query;
	/** The body; a handler casts it to what its contract allows. */
	body: unknown;
	switches: Switches;
	quirks: Quirks;
	/** The list's own URL without a query, for `links` and `meta`. */
	listUrl: string;
	/** Set by a `partialWrite` fault: how many records of a batch are written before it fails. */
	failAfter?: number;
}

export interface Query {
	limit: number;
	page: number;
	sort?: 'asc' | 'desc';
	[name: string]: string | number | undefined;
}

export interface Answer {
	status: number;
	body: unknown;
}

export type Handler = (call: Call) => Answer;
export type Handlers = Record<string, Handler>;

/** Fields in error, by path: `partner.key`, `update`. */
export type FieldErrors = Record<string, string[]>;

/**
 * A refusal in the API's shapes (partnero-api.md 1.4): `{message, status: 0}`,
 * with `errors` by field for a 422.
 */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly errors?: FieldErrors,
	) {
		super(message);
	}

	get answer(): Answer {
		const { message, errors } = this;
		return {
			status: this.status,
			body: errors ? { status: 0, message, errors } : { message, status: 0 },
		};
	}
}

export function refuse(status: number, message: string): never {
	throw new ApiError(status, message);
}

/** A 422 about one or more fields; the message is the first one's, as Laravel does it. */
export function invalid(errors: FieldErrors): ApiError {
	const texts = Object.values(errors).flat();
	const more =
		texts.length > 1 ? ` (and ${texts.length - 1} more error${texts.length > 2 ? 's' : ''})` : '';
	return new ApiError(422, `${texts[0] ?? 'The given data was invalid.'}${more}`, errors);
}

/** Narrows a look-up to a record, or answers 404. */
export function found<T>(record: T | undefined, what: string): T {
	if (record === undefined) throw new ApiError(404, `${what} not found.`);
	return record;
}

/** `{data, status: 1}` (partnero-api.md 1.2). */
export function data(value: unknown, status = 200): Answer {
	return { status, body: { data: value, status: 1 } };
}

/** A created record, with the HTTP status that the switch wants. */
export function created(call: Call, value: unknown): Answer {
	return data(value, Number(call.switches.createStatus));
}

/** `{status: 1}` of actions and deletes. */
export const done: Answer = { status: 200, body: { status: 1 } };

/** PHP sends an empty map as an empty list (partnero-api.md 5.1, row 20). */
export function phpObject<T extends object>(value: T): T | [] {
	return Object.keys(value).length ? value : [];
}

/** ISO 8601 UTC with microseconds (partnero-api.md 1.2). */
export function timestamp(date: Date): string {
	return date.toISOString().replace('Z', '000Z');
}

/** Tags are written as strings and read as objects (partnero-api.md 2.12). */
export function tagValues(tags: readonly string[]): Array<{ value: string }> {
	return tags.map((value) => ({ value }));
}
