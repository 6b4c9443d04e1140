import type { Idempotency } from '../operation';

import type { Form } from './form';
import type { Fields } from './template';
import type { Reference } from './values';

/** The field that identifies what an item creates: the strongest that is filled. */
export function keyFieldOf(form: Form, { keyFields }: Idempotency): string | undefined {
	return keyFields.find((name) => form.has(name));
}

/** The identifier that a create sends, if it sends one. */
function identifierOf(form: Form, idempotency: Idempotency): string | undefined {
	const field = keyFieldOf(form, idempotency);
	return field === undefined ? undefined : String(form.value(field));
}

/**
 * The identifier by which a record can be told from all others once it is sent: none if it has none,
 * or if it is to be recorded a second time on purpose.
 */
export function idempotencyKeyOf(form: Form, idempotency: Idempotency): string | undefined {
	const isRepeated = idempotency.onConflict && form.value(idempotency.onConflict) === 'record';
	return isRepeated ? undefined : identifierOf(form, idempotency);
}

/** The fields of a form, and `{identifier}` beside them for the record that an upsert is about. */
export function withIdentifier(form: Form, identifier: Reference): Fields {
	const isIdentifier = (path: string) => path === 'identifier';
	return {
		has: (path) => isIdentifier(path) || form.has(path),
		convert(path, conversion, argument) {
			if (!isIdentifier(path)) return form.convert(path, conversion, argument);
			return conversion === undefined || conversion === identifier.kind
				? identifier.value
				: undefined;
		},
		pathSegment: (path) => (isIdentifier(path) ? identifier.value : form.pathSegment(path)),
	};
}
