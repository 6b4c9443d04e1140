import { idempotencyKeyOf } from '../form/identifier';
import { foldKey } from '../form/keys';
import { fieldsIn } from '../form/template';
import type { Reference } from '../form/values';
import type { Call } from '../response/call';

/** An item's place in the order. */
export interface Place {
	/** Waits until all items before have left theirs. */
	reached: Promise<unknown>;
	/** Lets the next one go. Leaving twice does no harm. */
	leave: () => void;
}

/**
 * Lets items begin in the order in which they came, however long each takes to get ready: n8n reads the credential of
 * each from its database, and an item can overtake another one there.
 */
export class Order {
	private last: Promise<unknown> = Promise.resolve();

	/** The next place. Whoever takes one has to leave it. */
	next(): Place {
		const reached = this.last;
		let leave!: () => void;
		const left = new Promise<void>((resolve) => (leave = resolve));
		this.last = reached.then(async () => await left);
		return { reached, leave };
	}
}

/**
 * What an item is about, as its form names it: items about the same record take turns, so that the last one has the
 * last word, and none finds the work of another where it looks for its own.
 * @returns nothing for what changes nothing, and for what may be recorded a second time
 */
export function subjectOf({ form, operation, resource }: Call): string | undefined {
	const { request, idempotency } = operation;
	if (request.method === 'GET' || operation.bulk) return undefined;
	const kind = resource.entry.value;
	// A field that is called like its resource names the record; whatever else the item says is about it.
	const name = idempotency ? idempotencyKeyOf(form, idempotency) : nameIn(form.value(kind));
	if (name !== undefined) return `${kind} ${foldKey(String(name))}`;
	if (idempotency) return undefined;
	const fields = fieldsIn(request.body ?? {}).map(({ field }) => field);
	const values = [...new Set(fields)]
		.filter((field) => !field.includes('.'))
		.map((field) => nameIn(form.value(field)));
	return `${request.url} ${JSON.stringify(values).toLowerCase()}`;
}

function nameIn(value: unknown): unknown {
	return value !== null && typeof value === 'object' && 'kind' in value
		? (value as Reference).value
		: value;
}
