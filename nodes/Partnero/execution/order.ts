import { idempotencyKeyOf } from '../form/identifier';
import { fieldsIn, fieldsInUrl } from '../form/template';
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
 * @returns nothing for what changes nothing, and for sales, which the recorder lets take turns
 */
export function subjectOf({ form, operation }: Call): string | undefined {
	const { request, idempotency } = operation;
	if (request.method === 'GET' || operation.bulk || idempotency?.onConflict) return undefined;
	const names = idempotency
		? [idempotencyKeyOf(form, idempotency)]
		: [
				...new Set([
					...fieldsInUrl(request.url),
					...fieldsIn(request.body ?? {}).map(({ field }) => field),
				]),
			]
				.filter((field) => !field.includes('.'))
				.map((field) => nameIn(form.value(field)));
	if (idempotency && names[0] === undefined) return undefined;
	return `${request.url} ${JSON.stringify(names).toLowerCase()}`;
}

function nameIn(value: unknown): unknown {
	return value !== null && typeof value === 'object' && 'kind' in value
		? (value as Reference).value
		: value;
}
