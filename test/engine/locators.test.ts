import type { IDataObject } from 'n8n-workflow';

import type { ProgramName } from '../../sandbox/programs';
import type { Field, Situation } from './support/forms';
import { complaints, fieldsOf, filled, isOffered, merged, omit, pathOf, send, situations } from './support/forms';
import { locator, useSandbox } from './support/partnero';
import type { Wire } from './support/samples';

const partnero = useSandbox();

/** What the first record of the samples is called, by mode. */
const names: Record<string, Record<string, string>> = {
	partner: { list: 'p_1', id: 'p_1', key: 'annlee', email: 'ann@example.com' },
	'affiliate customer': { list: 'u_1', key: 'u_1', id: 'i_1', email: 'una@example.com' },
	'referAFriend customer': { list: 'u_1', key: 'k_1', id: 'u_1', email: 'una@example.com' },
	transaction: { list: 't_1', key: 't_1' },
	lead: { list: '41', id: '41' },
	coupon: { list: 'WINTER', uuidCode: 'WINTER' },
};

type Place = 'path' | 'query' | 'body' | 'signIn';

/** How a record gets named. */
interface Way {
	/** What is asked first. */
	lookUps?: Wire[];
	/** In the path, by something else than the samples have there. */
	segment?: string;
	query?: IDataObject;
	/** In the body. */
	reference?: IDataObject;
}

/** Paths take the id of a partner only, lists its key or email, a sign-in URL too, bodies all three. */
function wayToPartner(place: Place, mode: string): Way {
	const { [mode]: name, id, email } = names.partner;
	const isId = mode === 'id' || mode === 'list';
	if (place === 'body') return { reference: { [isId ? 'id' : mode]: name } };
	if (place === 'path') {
		const byEmail = { email, limit: '100', page: '1' };
		const lookUp = mode === 'key' ? get('/partner', { key: name }) : get('/partners:search', byEmail);
		return { lookUps: isId ? [] : [lookUp] };
	}
	const lookUps = isId ? [get(`/partners/${id}`)] : [];
	const [kind, value] = mode === 'key' ? ['key', name] : ['email', email];
	return place === 'query' ? { lookUps, query: { [`partner_${kind}`]: value } } : { lookUps, reference: { [kind]: value } };
}

/** Paths take whatever was given; bodies its kind as well, which has to be asked for after a pick from the list. */
function wayToCustomer(place: Place, mode: string, program: ProgramName, isReferring: boolean): Way {
	const name = names[`${program} customer`][mode];
	const segment = encodeURIComponent(name);
	if (place === 'path') return { segment };
	// A referring customer is known by id and key only.
	const isKnown = mode !== 'list' && !(isReferring && mode === 'email');
	if (isKnown) return { reference: { [mode]: name } };
	return { lookUps: [get(`/customers/${segment}`)], reference: { [program === 'affiliate' ? 'key' : 'id']: 'u_1' } };
}

function wayTo(situation: Situation, field: Field, mode: string): Way {
	const place = placeOf(situation, field);
	const kind = kindOf(field);
	if (kind === 'partner') return wayToPartner(place, mode);
	if (kind === 'customer') return wayToCustomer(place, mode, situation.program, field.name === 'referringCustomer');
	const name = names[kind][mode];
	if (place === 'path') return { segment: name };
	return { reference: kind === 'lead' ? { id: Number(name) } : { uuid_code: name } };
}

/** What a locator picks, by its name. */
function kindOf({ name }: Field): string {
	return /(partner|customer)$/i.exec(name)?.[0].toLowerCase() ?? name;
}

/** Where an operation names the record. */
function placeOf({ operation, base, item }: Situation, { name, collection }: Field): Place {
	if (operation === 'getSignInUrl') return 'signIn';
	if (collection === 'filters') return name === 'customer' ? 'path' : 'query';
	const inPath = name === 'partner' ? '/p_1' : String(item.of);
	return !collection && base.path.includes(inPath) ? 'path' : 'body';
}

/** The last request, with the record named in it. */
function named({ base, item, operation }: Situation, { name, collection }: Field, { segment, query, reference }: Way): unknown {
	if (segment && collection) return { ...base, path: `/customers/${segment}/transactions` };
	if (segment) return { ...base, path: base.path.replace(String(item.of), segment) };
	if (!reference) return merged(base, { query });
	if (operation === 'getSignInUrl' || name === 'lead' || name === 'coupon') {
		return merged(omit(base, ['key']), { body: reference });
	}
	const inBody = { [name === 'referringCustomer' ? 'referring_customer' : name === 'referringPartner' ? 'referring_partner' : name]: reference };
	if (collection === 'newCustomer') return merged(base, { body: { customer: inBody, options: { create_customer: true } } });
	return merged(omit(base, ['partner', 'customer', 'referring_customer']), { body: inBody });
}

function get(path: string, query?: IDataObject): Wire {
	return { method: 'GET', path, ...(query && { query }) };
}

const picks = situations
	.filter(({ updates }) => !updates)
	.flatMap((situation) => {
		const fields = fieldsOf(situation.resource, situation.operation).filter(
			(field) =>
				field.property.type === 'resourceLocator' &&
				isOffered(field, situation.program) &&
				// Who brought a customer in; another field says which of the two kinds it is.
				!(situation.program === 'referAFriend' && field.name === 'partner'),
		);
		return fields.flatMap((field) =>
			field.property.modes!.map(({ name: mode }) => ({ title: `${situation.title}: ${pathOf(field)} by ${mode}`, situation, field, mode })),
		);
	});

it.each(picks)('$title', async ({ situation, field, mode }) => {
	const { resource, operation, program, before } = situation;
	const kind = kindOf(field);
	const name = names[kind === 'customer' ? `${program} customer` : kind][mode];
	const parameters = filled(situation, [[field, locator(mode, name)]]);
	// An update has to change something.
	const isUpdate = operation === 'update';
	if (isUpdate) parameters.updateFields = { name: 'Nic' };
	if (resource === 'customer' && ['partner', 'referringCustomer'].includes(field.name)) parameters.attributeTo = field.name;

	const sent = await send(partnero, situation, parameters);
	const way = wayTo(situation, field, mode);
	const body = resource === 'coupon' ? { name: 'Nic' } : { update: { name: 'Nic' } };
	expect(sent).toEqual([...before, ...(way.lookUps ?? []), merged(named(situation, field, way), isUpdate ? { body } : {})]);
	expect(complaints(situation, sent.at(-1)!)).toEqual({});
});
