import type { IDataObject, NodeOperationError } from 'n8n-workflow';

import type { RequestTemplate } from '../resources/operation';
import { recordOf } from '../response/answer';
import type { Call } from './call';
import { deliver } from './deliver';
import type { Form } from './form';
import { pages } from './pages';
import { fieldsIn, fieldsInUrl } from './template';
import type { Reference } from './values';

/**
 * Replaces the references of a route by what the API takes there. Paths take a partner's id only
 * (`partnero-api.md` 1.6), so a referral key or an email in one is looked up. Bodies and queries take
 * the identifier that was given, if they take its kind; of a customer picked from the list it has to
 * be found out whether it is a key (affiliate) or an id (refer-a-friend).
 */
export async function lookUpReferences(call: Call, request: RequestTemplate): Promise<void> {
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
		if (locator === 'partner' && isPartnerId(reference)) {
			form.setReference(
				field,
				kinds.includes('id') ? { ...reference, kind: 'id' } : await partnerEmail(call, field, reference),
			);
		} else if (locator === 'customer' && !kinds.includes(reference.kind)) {
			form.setReference(field, await listedCustomer(call, field, reference));
		}
	}
}

function isPartnerId({ kind }: Reference): boolean {
	return kind === 'id' || kind === 'list';
}

/** Locators are named after what they pick, also inside a collection. */
function locatorOf(form: Form, path: string): 'partner' | 'customer' | undefined {
	const field = form.field(path);
	if (field?.type !== 'resourceLocator') return undefined;
	return /partner$/i.test(field.name) ? 'partner' : /customer$/i.test(field.name) ? 'customer' : undefined;
}

/** GET /partner takes a key exactly; the search for an email matches parts of it as well. */
async function partnerId(call: Call, field: string, { kind, value }: Reference): Promise<Reference> {
	return await call.run.once(`partner ${kind} ${value}`, async () => {
		const matches = kind === 'key' ? await partnerByKey(call, value) : await partnersByEmail(call, value);
		const found = kind === 'key' ? matches : matches.filter((partner) => hasEmail(partner, value));
		if (found.length !== 1) throw noSuchPartner(call, field, value, found, matches);
		return { kind: 'id', value: String(found[0].id) };
	});
}

/** The filters of lists take a partner's key or email, but no id (`partnero-api.md` 2.3, 2.4). */
async function partnerEmail(call: Call, field: string, { value }: Reference): Promise<Reference> {
	return await call.run.once(`partner email of ${value}`, async () => {
		const { email } = await recordAt(call, field, '/partners', value);
		return { kind: 'email', value: String(email) };
	});
}

async function partnerByKey(call: Call, key: string): Promise<IDataObject[]> {
	const delivery = await deliver(call, { method: 'GET', url: '/partner', qs: { key } });
	return delivery.answer?.status === 404 ? [] : [await recordOf(call, delivery)];
}

async function partnersByEmail(call: Call, email: string): Promise<IDataObject[]> {
	const matches: IDataObject[] = [];
	for await (const page of pages(call, { url: '/partners:search', qs: { email } }, 100)) {
		matches.push(...page);
	}
	return matches;
}

function hasEmail({ email }: IDataObject, wanted: string): boolean {
	return String(email).toLowerCase() === wanted.trim().toLowerCase();
}

function noSuchPartner(
	call: Call,
	field: string,
	value: string,
	found: IDataObject[],
	similar: IDataObject[],
): NodeOperationError {
	const label = call.form.label(field);
	if (found.length === 0) {
		const names = similar.slice(0, 3).map(({ email }) => String(email));
		const others = names.length > 0 ? ` Found were ${names.join(', ')}${similar.length > 3 ? ' …' : ''}.` : '';
		return call.form.refuse(
			`'${label}': no partner has exactly '${value}'`,
			`Nothing was changed.${others} Check the spelling, or pick the partner from the list.`,
		);
	}
	return call.form.refuse(
		`'${label}': ${found.length} partners have '${value}'`,
		`Nothing was changed. Their IDs are ${found.map(({ id }) => String(id)).join(', ')}; choose By ID.`,
	);
}

/** The record behind a reference; the field that holds it is named if there is none. */
async function recordAt(call: Call, field: string, url: string, value: string): Promise<IDataObject> {
	const delivery = await deliver(call, { method: 'GET', url: `${url}/${encodeURIComponent(value)}` });
	if (delivery.answer?.status !== 404) return await recordOf(call, delivery);
	throw call.form.refuse(
		`'${call.form.label(field)}': '${value}' was not found`,
		'Nothing was changed. Check the identifier, or pick the record from the list.',
	);
}

async function listedCustomer(call: Call, field: string, { value }: Reference): Promise<Reference> {
	return await call.run.once(`customer ${value}`, async () => {
		const { key, id } = await recordAt(call, field, '/customers', value);
		return key === undefined ? { kind: 'id', value: String(id) } : { kind: 'key', value: String(key) };
	});
}
