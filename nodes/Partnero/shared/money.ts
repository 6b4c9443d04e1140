import type { INodeProperties } from 'n8n-workflow';

/**
 * An amount of money is text in the form: n8n's number input makes 4990 of `49,90`, and 0 of what was left alone. It is
 * read as a number by `form/money.ts`; the operation names it in its `amounts`.
 */
export function money(
	field: Pick<
		INodeProperties,
		'builderHint' | 'description' | 'displayName' | 'name' | 'placeholder' | 'required'
	>,
): INodeProperties {
	return { ...field, type: 'string', default: '' };
}
