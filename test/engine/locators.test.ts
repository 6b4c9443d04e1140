import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { ProgramName } from '../../sandbox/programs';

import type { Field, Situation } from './support/forms';
import {
	complaints,
	fieldsOf,
	filled,
	isOffered,
	merged,
	omit,
	pathOf,
	send,
	situations,
} from './support/forms';
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
	promotionCode: { list: 'ANN25', code: 'ANN25' },
	subscriber: { list: 's_1', id: 's_1', email: 'rea@example.com' },
	domain: { list: 'dom_2', id: 'dom_2' },
	webhook: { list: 'w_1', key: 'w_1' },
	'affiliate referralLink': { list: 'ann-yt', id: 'ann-yt' },
	'referAFriend referralLink': { list: 'una-yt', id: 'una-yt' },
	reward: { list: '1', id: '1' },
	payoutRequest: { list: '61', id: '61' },
};

/** Some kinds of records are called otherwise in the other type of program. */
function nameOf(kind: string, program: ProgramName, mode: string): string {
	return (names[`${program} ${kind}`] ?? names[kind])[mode];
}

type Place = 'path' | 'query' | 'body' | 'signIn';

/** How a record gets named. */
interface Way {
	/** What is asked first. */
	lookUps?: Wire[];
	/** What is asked behind a list, whose records show the partner otherwise than it was given. */
	comparison?: Wire[];
	/** In the path, by something else than the samples have there. */
	segment?: string;
	query?: IDataObject;
	/** An address of its own. */
	path?: string;
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
		const lookUp =
			mode === 'key' ? get('/partner', { key: name }) : get('/partners:search', byEmail);
		return { lookUps: isId ? [] : [lookUp] };
	}
	const lookUps = isId ? [get(`/partners/${id}`)] : [];
	const [kind, value] = mode === 'key' ? ['key', name] : ['email', email];
	const comparison = isId
		? []
		: [
				mode === 'key'
					? get('/partner', { key: name })
					: get('/partners:search', { email, limit: '100', page: '1' }),
			];
	return place === 'query'
		? { lookUps, comparison, query: { [`partner_${kind}`]: value } }
		: { lookUps, reference: { [kind]: value } };
}

/** Payout requests know their partner by all three, and are looked at before one is made. */
function wayToPayee(place: Place, mode: string): Way {
	const [kind, value] = [mode === 'list' ? 'id' : mode, names.partner[mode]];
	const query = { [`partner_${kind}`]: value };
	const comparison = kind === 'key' ? [get('/partner', { key: value })] : [];
	if (place === 'query') return { path: '/payout_requests:search', query, comparison };
	const before = get('/payout_requests:search', {
		...query,
		amount_units: 'usd',
		limit: '100',
		page: '1',
	});
	return { lookUps: [before], reference: { [kind]: value } };
}

/** Paths take whatever was given; bodies its kind as well, which has to be asked for after a pick from the list. */
function wayToCustomer(
	place: Place,
	mode: string,
	program: ProgramName,
	isReferring: boolean,
): Way {
	const name = nameOf('customer', program, mode);
	const segment = encodeURIComponent(name);
	if (place === 'path') return { segment };
	// A referring customer is known by id and key only.
	const isKnown = mode !== 'list' && !(isReferring && mode === 'email');
	if (isKnown) return { reference: { [mode]: name } };
	return {
		lookUps: [get(`/customers/${segment}`)],
		reference: { [program === 'affiliate' ? 'key' : 'id']: 'u_1' },
	};
}

/** A credit has to know what the balance is before it. */
function wayToCredited(mode: string): Way {
	const segment = encodeURIComponent(nameOf('customer', 'referAFriend', mode));
	return { lookUps: [get(`/customers/${segment}/balance`)], segment };
}

/** Whom a code is limited to is read, for the id and the name that the API wants. */
function wayToLimit({ program }: Situation, kind: string, mode: string): Way {
	const name = names[kind === 'customer' ? `${program} customer` : kind][mode];
	const bySearch = get(`/${kind}s:search`, { email: name, limit: '100', page: '1' });
	const byPath = get(`/${kind}s/${encodeURIComponent(name)}`);
	const byKey = get('/partner', { key: name });
	const lookUp = kind === 'customer' ? byPath : ({ email: bySearch, key: byKey }[mode] ?? byPath);
	const limit: Record<string, IDataObject> = {
		partner: { id: 'p_1', full_name: 'Ann Lee' },
		customer: { id: 'u_1', customer_full_name: 'una@example.com' },
		subscriber: { id: 's_1', subscriber_full_name: 'Rea Lo' },
	};
	return {
		lookUps: [lookUp],
		reference: { [`limit_to_specific_${kind}`]: true, [`coupon_specific_${kind}s`]: limit[kind] },
	};
}

function wayTo(situation: Situation, field: Field, mode: string): Way {
	const place = placeOf(situation, field);
	const kind = kindOf(field);
	if (situation.resource === 'promotionCode' && place === 'body') {
		if (kind === 'coupon') return { reference: { coupon_uuid: 'WINTER' } };
		if (kind !== 'promotionCode') return wayToLimit(situation, kind, mode);
		return {
			lookUps: situation.operation === 'delete' ? [get('/promotion-codes/ANN25')] : [],
			reference: { code: 'ANN25' },
		};
	}
	if (kind === 'partner' && situation.resource === 'payoutRequest') return wayToPayee(place, mode);
	if (kind === 'partner') return wayToPartner(place, mode);
	if (situation.operation === 'creditBalance') return wayToCredited(mode);
	if (kind === 'customer')
		return wayToCustomer(place, mode, situation.program, field.name === 'referringCustomer');
	const name = nameOf(kind, situation.program, mode);
	// Only the list shows a second sale under the key.
	const lookUps =
		situation.operation === 'refund'
			? [get('/transactions', { key: name, limit: '100', page: '1' })]
			: [];
	if (place === 'path') return { segment: encodeURIComponent(name), lookUps };
	if (kind === 'domain') return { reference: { domain_id: name, is_additional: true } };
	if (kind === 'subscriber') return { reference: { [mode === 'list' ? 'id' : mode]: name } };
	return { reference: kind === 'lead' ? { id: Number(name) } : { uuid_code: name } };
}

/** What a locator picks, by its name. */
function kindOf({ name }: Field): string {
	if (name === 'referredBy') return 'subscriber';
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
function named(
	{ base, item, resource, operation }: Situation,
	{ name, collection }: Field,
	{ segment, query, path, reference }: Way,
): unknown {
	if (segment && collection) return { ...base, path: `/customers/${segment}/transactions` };
	if (segment) return { ...base, path: base.path.replace(String(item.of), segment) };
	if (!reference) return merged(base, { ...(path && { path }), ...(query && { query }) });
	if (resource === 'promotionCode' || name === 'domain') return merged(base, { body: reference });
	if (operation === 'getSignInUrl' || name === 'lead' || name === 'coupon') {
		return merged(omit(base, ['key']), { body: reference });
	}
	if (name === 'subscriber') return merged(omit(base, ['id']), { body: reference });
	if (name === 'referredBy') return merged(base, { body: { referral: reference } });
	const inBody = {
		[name === 'referringCustomer'
			? 'referring_customer'
			: name === 'referringPartner'
				? 'referring_partner'
				: name]: reference,
	};
	if (collection === 'newCustomer')
		return merged(base, { body: { customer: inBody, options: { create_customer: true } } });
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
				!(situation.program === 'referAFriend' && field.name === 'partner') &&
				// Not sent at all (referralLink.test.ts).
				!/^Only to fill the list/.test(field.property.description ?? ''),
		);
		return fields.flatMap((field) =>
			field.property.modes!.map(({ name: mode }) => ({
				title: `${situation.title}: ${pathOf(field)} by ${mode}`,
				situation,
				field,
				mode,
			})),
		);
	});

/** Chooses the kind of the one whom a code is limited to. */
function limit(parameters: INodeParameters, { name, collection }: Field): void {
	if (collection)
		parameters[collection] = { limitTo: name, ...(parameters[collection] as INodeParameters) };
	else parameters.limitTo = name;
}

it.each(picks)('$title', async ({ situation, field, mode }) => {
	const { resource, operation, program, before } = situation;
	const kind = kindOf(field);
	const name = nameOf(kind, program, mode);
	const parameters = filled(situation, [[field, locator(mode, name)]]);
	// An update has to change something.
	const isUpdate = operation === 'update' && field.collection !== 'updateFields';
	const isCode = resource === 'promotionCode';
	if (isUpdate)
		parameters.updateFields = isCode
			? { metadata: { pairs: [{ name: 'a', value: 'b' }] } }
			: { name: 'Nic' };
	if (isCode && !['coupon', 'promotionCode'].includes(field.name)) limit(parameters, field);
	if (resource === 'customer' && ['partner', 'referringCustomer'].includes(field.name))
		parameters.attributeTo = field.name;

	const sent = await send(partnero, situation, parameters);
	const way = wayTo(situation, field, mode);
	const rename = { name: 'Nic' };
	const bodies: Record<string, IDataObject> = {
		coupon: rename,
		webhook: rename,
		promotionCode: { metadata: { a: 'b' } },
	};
	const body = bodies[resource] ?? { update: rename };
	// A link is changed by a field on the form itself.
	const change = isUpdate && resource !== 'referralLink' ? { body } : {};
	const { lookUps = [], comparison = [] } = way;
	expect(sent).toEqual([
		...before,
		...lookUps,
		merged(named(situation, field, way), change),
		...comparison,
	]);
	for (const request of sent) expect(complaints(situation, request)).toEqual({});
});
