import type { INodeProperties, ResourceMapperValue } from 'n8n-workflow';

import type { Form } from '../form/form';
import { keyFieldOf } from '../form/identifier';
import { shortened } from '../form/shortened';
import type { Use } from '../form/template';
import { fieldsIn, fieldsInUrl } from '../form/template';
import type { Reference } from '../form/values';
import type { ProgramType } from '../operation';
import { programsOf } from '../operation';
import type { RequestResult } from '../transport/retry';

import type { Call } from './call';
import { knownType, mayBeOtherType } from './programType';

/**
 * What the user calls a field of the API. An update wraps its fields (`update.email`), and a message
 * about a part of an object (`partner.key`) is about the field that fills the object.
 */
export function labelOf(apiField: string, { operation, form }: Call): string {
	const { body, qs } = operation.request;
	const bare = (name: string) => name.replace(/^update\./, '');
	const wanted = bare(apiField);
	const known = fieldsIn({ ...qs, ...body });
	const isSame = (use: Use) => bare(use.apiField) === wanted;
	const match =
		// What the record is named by beside `update` was right, or it would not have been found.
		known.find((use) => isSame(use) && use.apiField !== wanted && form.has(use.field)) ??
		known.find(isSame) ??
		known.find(
			(use) =>
				bare(use.apiField).startsWith(`${wanted}.`) || wanted.startsWith(`${bare(use.apiField)}.`),
		);
	if (!match) return `'${shortened(apiField)}'`;
	return `'${titleOf(wanted, form) ?? form.label(match.field)}'`;
}

/** The title of a question of the lead form, which the editor stores beside the answers (`listSearch/leadFields.ts`). */
function titleOf(apiField: string, form: Form): string | undefined {
	const id = /^cfields\.(\d+)/.exec(apiField)?.[1];
	if (id === undefined || !form.field('customFields')) return undefined;
	const { schema } = (form.value('customFields') ?? {}) as Partial<ResourceMapperValue>;
	return Array.isArray(schema)
		? schema.find((question) => question.id.replace('[]', '') === id)?.displayName
		: undefined;
}

/** A text of the API with the titles of the questions that it calls by their numbers: `cfields.89`; without the wrapper of an update. */
export function withTitles(text: string, { form }: Call): string {
	return text.replace(/\bupdate\.(?=\w)/g, '').replace(/\bcfields\.\d+/g, (question) => {
		const title = titleOf(question, form);
		return title === undefined ? question : `'${title}'`;
	});
}

/** The field that holds the record in the address of a call. */
export function pickedInPath({ operation, form }: Call): string | undefined {
	return fieldsInUrl(operation.request.url).find(
		(field) => form.field(field)?.type === 'resourceLocator' && form.has(field),
	);
}

/** The identifier that a call is about, as the user gave it: ` 'inv_1'`, or nothing. */
export function subjectOf(call: Call): string {
	const { resource, operation, form } = call;
	const keyField = operation.idempotency && keyFieldOf(form, operation.idempotency);
	// What has no identifier of its own is told by whom it is for.
	const owner =
		operation.listDiff && operation.fields.find(({ type }) => type === 'resourceLocator')?.name;
	for (const field of [
		pickedInPath(call),
		resource.entry.value,
		keyField,
		owner,
		'key',
		'additionalFields.id',
		'email',
		'name',
	]) {
		const value = field && form.value(field);
		if (!value) continue;
		const text = typeof value === 'object' ? (value as Reference).value : String(value);
		return ` '${shortened(text)}'`;
	}
	return '';
}

/** What to do about an identifier with a slash, at which a server may part an address (`partnero-api.md` 10, A2). */
export function slashAdvice({ operation, form }: Call): string {
	const isParted = fieldsInUrl(operation.request.url).some(
		(field) => form.has(field) && form.pathSegment(field).includes('/'),
	);
	return isParted
		? 'The identifier has a slash, which Partnero may take for a part of the address. Use another identifier of the record, if it has one, or do this in Partnero.'
		: '';
}

/** Which types of programs have the operation of a call, as it is filled in; `undefined` if all have it. */
export function programsOfCall({ resource, operation, form }: Call): ProgramType[] | undefined {
	const { field, values = {} } = resource.programsBy ?? {};
	const narrowed = field === undefined ? undefined : values[String(form.value(field))];
	return narrowed ?? programsOf(resource, operation);
}

/**
 * Which types of programs have the operation, if not all: what the others answer is undocumented. Nothing where the
 * program is known to be of such a type.
 * @param result the answer, if there is one: one that speaks of the record is none about the program
 */
export function programAdvice(call: Call, result?: RequestResult): string {
	const programs = programsOfCall(call);
	const known = call.run.memory[knownType] as ProgramType | undefined;
	if (!programs || (known && programs.includes(known)) || (result && !mayBeOtherType(result)))
		return '';
	return `${worksIn(call)} only in ${programs.join(' and ')} programs: check which program the API key belongs to.`;
}

/** The beginning of the sentence that says which programs have the operation. */
export function worksIn(call: Call): string {
	const { field, values = {} } = call.resource.programsBy ?? {};
	const chosen = field === undefined ? undefined : values[String(call.form.value(field))];
	const owner = chosen ? ` with this '${call.form.label(field!)}'` : '';
	return `${call.operation.entry.action}${owner} works`;
}

/** The partner that the API does not know, and what to do about it. */
export interface UnknownPartner {
	/** `no partner has the email 'ann@example.com'`. */
	reason: string;
	advice: string;
}

/**
 * What an answer means that is about a partner who was given. A referral key where an id is needed is the most
 * frequent slip, so it says which of the two was given.
 */
export function unknownPartner(call: Call, text: string): UnknownPartner | undefined {
	if (!/partner/i.test(text)) return undefined;
	const {
		form,
		operation: { request },
	} = call;
	const fields = [
		...fieldsInUrl(request.url),
		...fieldsIn({ ...request.qs, ...request.body }).map(({ field }) => field),
	];
	const field = fields.find((name) => isPartner(form.field(name)) && form.has(name));
	const reference = field && form.reference(field);
	if (!reference) return undefined;
	if (reference.kind === 'key') {
		return {
			reason: `no partner has the referral key '${shortened(reference.value)}'`,
			advice: `The referral key is what follows "aff=" in the partner's link. If this is the partner's ID, choose By ID in '${form.label(field)}'.`,
		};
	}
	if (reference.kind === 'email') {
		return {
			reason: `no partner has the email '${shortened(reference.value)}'`,
			advice: `Check the spelling in '${form.label(field)}', or choose the partner from the list.`,
		};
	}
	return {
		reason: `no partner has the ID '${shortened(reference.value)}'`,
		advice: `If '${shortened(reference.value)}' is a referral key, choose By Key in '${form.label(field)}'.`,
	};
}

/** Whether a field picks a partner, under whatever name. */
function isPartner(field: INodeProperties | undefined): boolean {
	return field?.modes?.[0].typeOptions?.searchListMethod === 'searchPartners';
}

/** What stands in the way of a record that cannot be moved to another status, and what to do about it. */
export function statusAdvice(
	{ operation: { entry, transition }, resource }: Call,
	status: string | undefined,
): string {
	if (!transition?.from || !status || transition.from.includes(status)) return '';
	const from = transition.from.map((allowed) => `'${allowed}'`).join(' or ');
	const already = transition.to.includes(status) ? ' already' : '';
	const rule = `${entry.name} works only on a ${resource.entry.name.toLowerCase()} with the status ${from}. This one is '${shortened(status)}'${already}.`;
	return [rule, transition.advice?.[status]].filter(Boolean).join(' ');
}
