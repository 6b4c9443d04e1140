import type { IDataObject, NodeOperationError } from 'n8n-workflow';

import type { Form } from '../form/form';
import { shortened } from '../form/shortened';
import { fieldsIn, fieldsInUrl } from '../form/template';
import type { Reference } from '../form/values';
import { isBlank } from '../form/values';
import type { RequestTemplate } from '../operation';
import type { Call } from '../response/call';
import { refusal } from '../response/errors';
import { identifiersIn, isSameName, namesOf } from '../response/identity';
import { together } from '../response/messages';
import { otherTypeOfProgram, programTypeOf } from '../response/programType';
import { leftAmong } from '../response/standing';
import { programAdvice, programsOfCall, worksIn } from '../response/subject';
import { recordOf, recordUnder } from '../response/unwrap';
import { isSuccess } from '../transport/outcome';
import type { HttpRequest, RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';

import { largestPage, paginate } from './pages';
import { partnerByKey, partnerErrorsOf } from './partnerByKey';
import { pickedBySearch } from './slashes';

/** Where the records are read that something has to be looked up of. */
const paths = {
	customer: '/customers',
	partner: '/partners',
	promotionCode: '/promotion-codes',
	subscriber: '/subscribers',
};

type Locator = keyof typeof paths;

/** What a body may want of a record beside its identifier, as templates call it: `{partner|fullName}`. */
const details: Record<string, (record: IDataObject) => unknown> = {
	coupon: ({ coupon }) => (coupon as IDataObject | undefined)?.uuid_code,
	fullName: ({ name, surname, email, id, key }) =>
		[name, surname].filter(Boolean).join(' ') || email || (id ?? key),
};

/**
 * Replaces the references of a route by what the API takes there. Paths take a partner's id only
 * (`partnero-api.md` 1.6), so a referral key or an email in one is looked up. Bodies and queries take
 * the identifier that was given, if they take its kind; of a customer picked from the list it has to
 * be found out whether it is a key (affiliate) or an id (refer-a-friend), of a subscriber whether it
 * has an id yet. Whatever a body wants beside the identifier is read from the record.
 */
export async function resolveReferences(call: Call, request: RequestTemplate): Promise<void> {
	const { form } = call;
	for (const field of fieldsInUrl(request.url)) {
		const reference = locatorOf(form, field) === 'partner' ? form.reference(field) : undefined;
		if (reference && !isPartnerId(reference)) {
			form.setReference(field, await partnerId(call, field, reference));
		}
	}
	const uses = fieldsIn({ ...request.qs, ...request.body });
	for (const field of new Set(uses.map((use) => use.field))) {
		const locator = locatorOf(form, field);
		const reference = locator && form.reference(field);
		if (!reference) continue;
		const kinds = uses.filter((use) => use.field === field).map(({ conversion }) => conversion);
		if (kinds.some((kind) => kind !== undefined && kind in details)) {
			form.setReference(field, await inDetail(call, field, locator, reference));
		} else if (locator === 'partner' && isPartnerId(reference)) {
			form.setReference(
				field,
				kinds.includes('id')
					? { ...reference, kind: 'id' }
					: await partnerEmail(call, field, reference),
			);
		} else if (locator === 'customer' && !kinds.includes(reference.kind)) {
			form.setReference(field, await listedCustomer(call, field, reference));
		} else if (locator === 'subscriber' && !kinds.includes(reference.kind)) {
			form.setReference(field, await listedSubscriber(call, field, reference));
		}
	}
}

function isPartnerId({ kind }: Reference): boolean {
	return kind === 'id' || kind === 'list';
}

/** What a locator picks, by the list that fills it. */
const locators: Record<string, Locator | undefined> = {
	searchCustomers: 'customer',
	searchPartners: 'partner',
	searchPromotionCodes: 'promotionCode',
	searchSubscribers: 'subscriber',
};

function locatorOf(form: Form, path: string): Locator | undefined {
	const [list] = form.field(path)?.modes ?? [];
	return locators[list?.typeOptions?.searchListMethod ?? ''];
}

/**
 * The record by the identifier that later requests take, with all that a body may want of it.
 * @throws where that is the ID of a subscriber who has none yet (`partnero-api.md` 1.6)
 */
function referenceTo(
	{ form }: Call,
	field: string,
	locator: Locator,
	record: IDataObject,
	given: string,
): Reference {
	if (locator === 'subscriber' && isBlank(record.id)) {
		throw form.refuse(
			`${form.label(field)} '${shortened(given)}' has no ID yet`,
			'Nothing was changed. The mail service that is connected to the program gives it an ID: try again later.',
		);
	}
	const read = Object.entries(details).map(([name, of]) => [name, of(record)] as const);
	return {
		kind: 'id',
		value: String(record.id ?? record.key ?? given),
		identifiers: [...namesOf(record), given],
		details: Object.fromEntries(
			read
				.filter(([, value]) => value !== undefined && value !== null)
				.map(([name, value]) => [name, String(value)]),
		),
	};
}

async function inDetail(
	call: Call,
	field: string,
	locator: Locator,
	reference: Reference,
): Promise<Reference> {
	const { kind, value } = reference;
	if (locator === 'partner' && !isPartnerId(reference))
		return await partnerId(call, field, reference);
	if (locator === 'subscriber' && kind === 'email')
		return await personByEmail(call, field, locator, value);
	return await lookUpOnce(call, locator, `${value} in detail`, async () =>
		referenceTo(
			call,
			field,
			locator,
			await recordAt(call, field, paths[locator], reference),
			value,
		),
	);
}

/**
 * Asks once for all items. Where the operation updates or deletes such records the next item may find another
 * one, so each asks for itself, but only in n8n's first try: after it the record may be gone.
 */
async function lookUpOnce<T extends object>(
	{ run, operation, resource, form }: Call,
	locator: Locator,
	question: string,
	ask: () => Promise<T>,
): Promise<T> {
	const changes =
		['PUT', 'DELETE'].includes(operation.request.method) && resource.entry.value === locator;
	if (!changes) return await run.lookups.run(`${locator} ${question}`, ask);
	return run.isShared
		? await ask()
		: await run.lookups.run(`${locator} ${question} for item ${form.itemIndex}`, ask);
}

async function partnerId(
	call: Call,
	field: string,
	{ kind, value }: Reference,
): Promise<Reference> {
	if (kind === 'email') return await personByEmail(call, field, 'partner', value);
	return await lookUpOnce(call, 'partner', `${kind} ${value}`, async () => {
		const record = await partnerByKey(call, value, partnerErrorsOf(call));
		if (!record) throw noMatch(call, field, 'partner', `referral key '${shortened(value)}'`);
		return referenceTo(call, field, 'partner', record, value);
	});
}

/** All identifiers of the record that a locator picks, asked once per run unless they are known. */
export async function identifiersOf(call: Call, field: string): Promise<string[]> {
	const reference = call.form.reference(field)!;
	if (reference.identifiers) return reference.identifiers;
	const { identifiers = [] } = await inDetail(call, field, locatorOf(call.form, field)!, reference);
	return [...identifiers, reference.value];
}

/** The search for an email matches parts of it as well. */
async function personByEmail(
	call: Call,
	field: string,
	locator: Locator,
	email: string,
): Promise<Reference> {
	return await lookUpOnce(call, locator, `email ${email}`, async () => {
		const matches: IDataObject[] = [];
		const failure = async (result: RequestResult) => await refusal(call, result);
		for await (const page of paginate(
			call,
			{ url: `${paths[locator]}:search`, qs: { email } },
			{ size: largestPage, failure },
		)) {
			matches.push(...page);
		}
		const found = leftAmong(
			matches.filter((person) => hasEmail(person, email)),
			(person) => person,
		);
		// A search that finds parts of the email finds emails; one that finds nothing may not (`partnero-api.md` 10, A12).
		if (
			!matches.some((person) => String(person.email).toLowerCase().includes(email.toLowerCase()))
		) {
			found.push(...(await overlookedPerson(call, locator, email)));
		}
		const identifier = `email '${shortened(email)}'`;
		if (found.length === 0) {
			const similar = similarEmails(matches);
			// A list that finds nobody at all may as well be what another type of program answers.
			if (!similar && programsOfCall(call)) await programTypeOf(call);
			const advice = similar ? '' : programAdvice(call);
			throw noMatch(call, field, locator, identifier, { similar, advice });
		}
		if (found.length > 1) throw severalMatch(call, field, locator, identifier, found);
		return referenceTo(call, field, locator, found[0], email);
	});
}

/** Where one record is read by its email, beside the search. */
const byEmail: Partial<Record<Locator, (email: string) => Pick<HttpRequest, 'url' | 'qs'>>> = {
	partner: (email) => ({ url: '/partner', qs: { email } }),
	subscriber: (email) => ({ url: `/subscribers/${encodeURIComponent(email)}` }),
};

/** The record that the search for its email overlooks, if there is one. */
async function overlookedPerson(
	call: Call,
	locator: Locator,
	email: string,
): Promise<IDataObject[]> {
	const request = byEmail[locator]?.(email);
	if (!request) return [];
	const result = await sendWithRetry(call, { method: 'GET', ...request });
	if (!isSuccess(result) && result.response?.status !== 404) throw await refusal(call, result);
	const record = isSuccess(result) ? recordUnder(result) : undefined;
	return record && hasEmail(record, email) ? [record] : [];
}

/** The filters of lists take a partner's key or email, but no id (`partnero-api.md` 2.3, 2.4). */
async function partnerEmail(call: Call, field: string, reference: Reference): Promise<Reference> {
	const { value } = reference;
	return await lookUpOnce(call, 'partner', `email of ${value}`, async () => {
		const record = await recordAt(call, field, '/partners', reference);
		return { kind: 'email', value: String(record.email), identifiers: [...namesOf(record), value] };
	});
}

function hasEmail({ email }: IDataObject, wanted: string): boolean {
	return String(email).toLowerCase() === wanted.trim().toLowerCase();
}

function noMatch(
	call: Call,
	field: string,
	locator: Locator,
	identifier: string,
	{ similar = '', advice = '' } = {},
): NodeOperationError {
	const name = labelOfLocator(locator);
	return call.form.refuse(
		`No ${name} has the ${identifier}`,
		together(
			`Nothing was changed.${similar} Check the spelling in '${call.form.label(field)}', or choose the ${name} from the list.`,
			advice,
		),
	);
}

/** Who has an email that looks like the wanted one. */
function similarEmails(matches: IDataObject[]): string {
	const names = matches.slice(0, 3).map(({ email }) => shortened(email));
	return names.length > 0
		? ` Similar are ${names.join(', ')}${matches.length > 3 ? ' …' : ''}.`
		: '';
}

function severalMatch(
	call: Call,
	field: string,
	locator: Locator,
	identifier: string,
	found: IDataObject[],
): NodeOperationError {
	return call.form.refuse(
		`${found.length} ${labelOfLocator(locator)}s have the ${identifier}`,
		`Nothing was changed. Their IDs are ${shortened(found.map(({ id }) => String(id)).join(', '))}; choose By ID in '${call.form.label(field)}'.`,
	);
}

function labelOfLocator(locator: Locator): string {
	return locator === 'promotionCode' ? 'promotion code' : locator;
}

/** The record behind a reference; the field that holds it is named if there is none. */
async function recordAt(
	call: Call,
	field: string,
	url: string,
	{ kind, value }: Reference,
): Promise<IDataObject> {
	const result = await sendWithRetry(call, {
		method: 'GET',
		url: `${url}/${encodeURIComponent(value)}`,
	});
	const isParted = value.includes('/');
	if (!isParted && result.response?.status !== 404) return await recordOf(call, result);
	const record = isSuccess(result) ? recordUnder(result) : undefined;
	// At a slash a path may have been parted, and have led to another record.
	if (record && Object.values(identifiersIn(record)).some((name) => isSameName(name, value)))
		return record;
	const found = isParted ? await pickedBySearch(call, field, { kind, value }) : undefined;
	if (found) return found;
	if (!isSuccess(result) && ![404, 405].includes(result.response?.status ?? 0))
		throw await refusal(call, result);
	const other = await otherTypeOfProgram(call, result, worksIn(call), programsOfCall(call));
	if (other) throw call.form.refuse(other.message, other.advice);
	throw call.form.refuse(
		`${call.form.label(field)} '${shortened(value)}' was not found`,
		together(
			'Nothing was changed. Check the identifier, or choose the record from the list.',
			programAdvice(call, result),
		),
	);
}

async function listedCustomer(call: Call, field: string, reference: Reference): Promise<Reference> {
	const { value } = reference;
	return await lookUpOnce(call, 'customer', value, async () => {
		const { key, id } = await recordAt(call, field, '/customers', reference);
		return key === undefined
			? { kind: 'id', value: String(id) }
			: { kind: 'key', value: String(key) };
	});
}

/** A picked subscriber is named by its id, or by its email while it has none: what holds an @ can be either. */
async function listedSubscriber(
	call: Call,
	field: string,
	reference: Reference,
): Promise<Reference> {
	const { value } = reference;
	if (!value.includes('@')) return { kind: 'id', value };
	return await lookUpOnce(call, 'subscriber', value, async () => {
		const { id, email } = await recordAt(call, field, '/subscribers', reference);
		return isBlank(id)
			? { kind: 'email', value: String(email) }
			: { kind: 'id', value: String(id) };
	});
}
