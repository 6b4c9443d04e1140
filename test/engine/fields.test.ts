import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import type { Field, Situation } from './support/forms';
import {
	complaints,
	fieldsOf,
	filled,
	isAmount,
	isOffered,
	merged,
	pathOf,
	send,
	situations,
} from './support/forms';
import { locator, useSandbox } from './support/partnero';
import type { Wire } from './support/samples';

const partnero = useSandbox();

/** What a field changes in a request; `undefined` takes something out of it. */
type Change = Partial<Wire>;

const noon = '2026-01-31T12:00:00Z';
const noonInSeconds = Date.UTC(2026, 0, 31, 12) / 1000;

/** Texts that the API checks. */
const texts: Record<string, string> = {
	email: 'eve@example.com',
	password: 'Secret123',
	currency: 'EUR',
	amountUnits: 'EUR',
	website: 'https://new.example',
	referralUrl: 'https://shop.example?aff=annlee',
	uuidCode: 'SPRING_26',
	code: 'SPRING_26',
	url: 'https://crm.example/new',
};

const programSettings = [
	'currency',
	'cookieLifetime',
	'welcomeEmailEnabled',
	'onboardingEnabled',
	'partnerEmailNotificationsEnabled',
	'referralPortalEnabled',
	'rewardsNotificationEnabled',
];
const portalSettings = [
	'programPageEnabled',
	'registrationDisabled',
	'widgetEnabled',
	'embeddableFormEnabled',
	'leadsPageEnabled',
	'googleLoginEnabled',
	'passwordlessLoginEnabled',
	'subAccountsEnabled',
	'signupPopupEnabled',
	'popupFormEnabled',
];

/** Where a field, or that of one resource, does not go by the rule: camelCase here is snake_case there, in the body or the query. */
const exceptions: Record<string, (value: unknown) => Change> = {
	createdAt: () => ({ body: { created_at: noonInSeconds } }),
	customFields: (value) => ({ body: { cfields: value as IDataObject } }),
	dateOfBirth: () => ({ body: { metadata: { date_of_birth: '2026-01-31' } } }),
	expiresAt: () => ({
		body: { redemption_specific_date_status: true, redemption_specific_date_value: '2026-01-31' },
	}),
	'promotionCode expiresAt': () => ({
		body: { expiration_date_status: true, expiration_date_value: '2026-01-31' },
	}),
	minimumOrder: (value) => ({
		body: { minimum_order_status: true, minimum_order_value: value as number },
	}),
	redemptionLimit: (value) => ({
		body: { redemption_times_status: true, redemption_times_value: value as number },
	}),
	referralUrl: (value) => ({ body: { options: { referral_url: value as string } } }),
	syncProvider: (value) => ({ body: { sync: { provider: value as string } } }),
	couponDurationValue: (value) => ({
		body: { coupon_duration_type: 'months', coupon_duration_value: value as number },
	}),
	// Whoever names a domain has to say of which kind it is.
	domain: () => ({ body: { domain_id: 'dom_2', is_additional: true } }),
	// The commission itself takes the place of what it would be computed from.
	reward: (value) => ({ body: { reward: value as number, amount: undefined } }),
	createCustomer: (value) =>
		value === true ? { body: { options: { create_customer: true } } } : {},
	// What the node does itself.
	simplify: () => ({}),
	ifKeyExists: () => ({}),
	ifCustomerUnknown: () => ({}),
	ignoreMissing: () => ({}),
	returnAll: (value) => (value === true ? { query: { limit: '100' } } : {}),
	limit: (value) => ({ query: { limit: String(value) } }),
};

/** What an upsert does not change of a record that is there, and what tells it which one that is. */
const onlyOfNew: Record<string, string[]> = {
	partner: ['id', 'referringPartner'],
	customer: ['referralUrl'],
	subscriber: ['id'],
};
const identifiers: Record<string, string[]> = {
	partner: [],
	customer: ['id', 'key'],
	subscriber: [],
};

/** Fields with tests of their own: locators, customer, promotionCode, referralLink and webhook have a file each. */
const apart = [
	'partner',
	'customer',
	'referringCustomer',
	'referredBy',
	'subscriber',
	'attributeTo',
	'limitTo',
	'owner',
	'events',
	'customEvents',
	'clearFields',
];
/** How a partner is to be paid, in payoutRequest.test.ts. */
const payment = [
	'gateway',
	'username',
	'walletAddress',
	'type',
	'recipientType',
	'userHandle',
	'email',
	'phone',
	'name',
	'address',
	'taxId',
];

/** Filters that the API has an address of its own for. */
const addresses: Record<string, string> = {
	'partner email': '/partners:search',
	'partner key': '/partners:search',
	'partner id': '/partners:search',
	'customer email': '/customers:search',
	'customer key': '/customers:search',
	'customer id': '/customers:search',
	'subscriber email': '/subscribers:search',
	'payoutRequest status': '/payout_requests:search',
	'payoutRequest amountUnits': '/payout_requests:search',
};

/** The lists that can be asked for the newest first. */
const sortable = ['partner', 'customer', 'transaction', 'lead'];

function snake(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What has to come of a field on the wire. */
function changeBy(
	{ resource, base, updates }: Situation,
	{ name, collection }: Field,
	value: unknown,
): Change {
	if (updates && onlyOfNew[resource].includes(name)) return {};
	if (collection === 'filters') {
		const address = addresses[`${resource} ${name}`];
		if (address) return { path: address, query: { [snake(name)]: value as string } };
		if (name === 'status' || name === 'createdBefore') return { query: { limit: '100' } };
		if (name === 'createdAfter')
			return { query: { limit: '100', ...(sortable.includes(resource) && { sort: 'desc' }) } };
	}
	// The one client that has this update calls it so (`partnero-api.md` 2.8).
	const isNewId = resource === 'subscriber' && name === 'id' && base.method === 'PUT';
	const plain = { [isNewId ? 'identifier' : snake(name)]: value } as IDataObject;
	const change: Change =
		(exceptions[`${resource} ${name}`] ?? exceptions[name])?.(value) ??
		(base.method === 'GET' ? { query: plain } : { body: plain });
	const within = wrapperOf(resource, base.method, { name, collection });
	if (!within || !change.body) return change;
	return {
		body: {
			[within]: change.body,
			...(collection === 'newCustomer' && { options: { create_customer: true } }),
		},
	};
}

/** The object that a field stands in. */
function wrapperOf(
	resource: string,
	method: string,
	{ name, collection }: Pick<Field, 'name' | 'collection'>,
) {
	if (collection === 'newCustomer') return 'customer';
	if (programSettings.includes(name) && resource === 'program') return 'program_settings';
	if (portalSettings.includes(name)) return 'portal_settings';
	return ['partner', 'customer', 'subscriber'].includes(resource) && method === 'PUT'
		? 'update'
		: undefined;
}

interface Example {
	/** As the editor stores it. */
	value: unknown;
	/** As the API wants it. */
	wire: unknown;
}

/** Values of a field, each with what the API wants to see. */
function examplesOf(situation: Situation, field: Field): Example[] {
	const {
		name,
		property: { type, options = [] },
	} = field;
	const same = (value: unknown): Example => ({ value, wire: value });
	if (isAmount(situation, field))
		return [same(42), { value: '42', wire: 42 }, { value: '={{ "42.00" }}', wire: 42 }];
	switch (type) {
		case 'boolean':
			return [
				same(true),
				same(false),
				{ value: '={{ "Yes" }}', wire: true },
				{ value: '={{ 0 }}', wire: false },
			];
		case 'number':
			return [same(42), { value: '={{ "42" }}', wire: 42 }];
		case 'options':
			return (options as INodePropertyOptions[]).flatMap(({ value, name: label }) => [
				same(value),
				{ value: ` ${String(value).toUpperCase()} `, wire: value },
				{ value: label.toLowerCase(), wire: value },
			]);
		case 'multiOptions':
			return [same([(options[0] as INodePropertyOptions).value])];
		case 'dateTime':
			return [{ value: noon, wire: '2026-01-31T12:00:00.000Z' }];
		case 'resourceLocator':
			return [
				name === 'domain'
					? { value: locator('id', 'dom_2'), wire: 'dom_2' }
					: { value: locator('key', 'annlee'), wire: { key: 'annlee' } },
			];
		case 'fixedCollection':
			return [
				{ value: { pairs: [{ name: 'campaign', value: 'spring' }] }, wire: { campaign: 'spring' } },
			];
		case 'resourceMapper':
			return [
				{
					value: { mappingMode: 'defineBelow', value: { 89: 'Acme', 91: ['Beans'] } },
					wire: { 89: 'Acme', 91: ['Beans'] },
				},
			];
		default:
			if (name === 'rewardIds')
				return [
					{ value: '501, 502', wire: [501, 502] },
					{ value: '[501, "502"]', wire: [501, 502] },
					{ value: '={{ [501, "502"] }}', wire: [501, 502] },
				];
			if (name === 'tags')
				return [
					{ value: 'vip, blog', wire: ['vip', 'blog'] },
					{ value: '={{ ["vip", 7] }}', wire: ['vip', '7'] },
					{ value: '["vip", 7]', wire: ['vip', '7'] },
				];
			return [same(texts[name] ?? `some ${name}`), { value: '={{ 77 }}', wire: '77' }].slice(
				0,
				name in texts ? 1 : 2,
			);
	}
}

/** The fields that may stay empty, as far as the program has them. */
function optionalFieldsOf({ resource, operation, program, updates }: Situation): Field[] {
	return fieldsOf(resource, operation).filter(
		(field) =>
			!field.property.required &&
			!apart.includes(field.name) &&
			!(resource === 'payoutRequest' && operation === 'create' && payment.includes(field.name)) &&
			!(updates && identifiers[resource].includes(field.name)) &&
			isOffered(field, program),
	);
}

/**
 * Compares the last request with what these changes make of it. An upsert that changes nothing only
 * looks, and so does an update.
 */
function expectLast(
	sent: Wire[],
	{ before, base, updates, operation }: Situation,
	changes: Change[],
): void {
	const changesNothing = changes.every((change) => Object.keys(change).length === 0);
	if (operation === 'update' && changesNothing)
		expect(sent.filter(({ method }) => method !== 'GET')).toEqual([]);
	else if (updates && changesNothing) expect(sent).toEqual(before);
	else {
		const expected = changes.reduce<unknown>(merged, base);
		// A search that finds nothing is followed by the question whether it can find at all.
		expect((expected as Wire).path.endsWith(':search') ? sent[0] : sent.at(-1)).toEqual(expected);
	}
}

const cases = situations.flatMap((situation) =>
	optionalFieldsOf(situation).map((field) => ({
		title: `${situation.title}: ${pathOf(field)}`,
		situation,
		field,
	})),
);

describe('a field that is filled', () => {
	const alone = cases.flatMap((one) =>
		examplesOf(one.situation, one.field).map((example) => ({
			...one,
			...example,
			title: `${one.title} = ${JSON.stringify(example.value)}`,
		})),
	);

	it.each(alone)('arrives alone: $title', async ({ situation, field, value, wire }) => {
		const sent = await send(partnero, situation, filled(situation, [[field, value]]));
		expectLast(sent, situation, [changeBy(situation, field, wire)]);
		expect(complaints(situation, sent.at(-1)!)).toEqual({});
	});

	/** Filters that the API takes one at a time, and how much of a list is wanted. */
	const excludes = (resource: string, { name, collection }: Field) =>
		(collection === 'filters' && `${resource} ${name}` in addresses) ||
		['limit', 'returnAll'].includes(name);
	const together = situations
		.map((situation) => ({
			...situation,
			fields: optionalFieldsOf(situation).filter((field) => !excludes(situation.resource, field)),
		}))
		.filter(({ fields }) => fields.length > 1);

	it.each(together)('arrives with all others: $title', async ({ fields, ...situation }) => {
		const all = fields.map((field) => ({ field, ...examplesOf(situation, field)[0] }));
		const sent = await send(
			partnero,
			situation,
			filled(
				situation,
				all.map(({ field, value }) => [field, value]),
			),
		);
		expectLast(
			sent,
			situation,
			all.map(({ field, wire }) => changeBy(situation, field, wire)),
		);
		expect(complaints(situation, sent.at(-1)!)).toEqual({});
	});
});

describe('a field that is blank', () => {
	const blank: unknown[] = ['', '   ', '={{ $json.missing }}'];
	const blankOf: Record<string, unknown[]> = {
		fixedCollection: [{}, { pairs: [{ name: '', value: '' }] }],
		resourceMapper: [
			{ mappingMode: 'defineBelow', value: null },
			{ mappingMode: 'defineBelow', value: { 89: '  ' } },
		],
	};
	/**
	 * Not sparable: what each list needs, what a duration is of, what names a new customer, the unit of a credit (credit.test.ts), and a sale's key whose
	 * expression gives nothing (transaction.test.ts). A filter that is blank is refused (values.test.ts).
	 */
	const needed = [
		'customer additionalFields.amountUnits',
		'limit',
		'returnAll',
		'couponDurationValue',
		'customer key',
		'transaction key',
		'transaction amount',
	];
	const sparable = cases.filter(
		({ situation: { resource }, field }) =>
			field.collection !== 'filters' &&
			!needed.includes(field.name) &&
			!needed.includes(`${resource} ${pathOf(field)}`),
	);

	it.each(sparable)('does not arrive: $title', async ({ situation, field }) => {
		const changes =
			field.collection === 'newCustomer' ? [{ body: { options: { create_customer: true } } }] : [];
		for (const value of blankOf[field.property.type] ?? blank) {
			expectLast(
				await send(partnero, situation, filled(situation, [[field, value]])),
				situation,
				changes,
			);
		}
	});
});

describe('what is a value all the same', () => {
	const zeros = cases.filter(
		({ situation, field }) =>
			(field.property.type === 'number' && field.name !== 'limit') || isAmount(situation, field),
	);

	it.each(zeros)('0 arrives: $title', async ({ situation, field }) => {
		const sent = await send(partnero, situation, filled(situation, [[field, 0]]));
		expectLast(sent, situation, [changeBy(situation, field, 0)]);
	});

	const lists = cases.filter(({ field }) => field.name === 'tags');

	it.each(lists)('an emptied list arrives: $title', async ({ situation, field }) => {
		const sent = await send(partnero, situation, filled(situation, [[field, '={{ [] }}']]));
		expectLast(sent, situation, [changeBy(situation, field, [])]);
		expect(complaints(situation, sent.at(-1)!)).toEqual({});
	});

	it('an amount of 0 is sold, and one with cents keeps them, also as text', async () => {
		const [sale] = situations.filter(
			({ resource, operation }) => resource === 'transaction' && operation === 'create',
		);
		for (const [amount, wire] of [
			[0, 0],
			['={{ "0" }}', 0],
			['={{ " 12.50 " }}', 12.5],
			[19.99, 19.99],
		]) {
			const sent = await send(partnero, sale, { ...sale.parameters, amount });
			expect(sent.at(-1)).toEqual(merged(sale.base, { body: { amount: wire } }));
		}
	});
});

describe('a date', () => {
	const situationOf = (resource: string, operation: string, program = 'affiliate') =>
		situations.find(
			(one) => one.resource === resource && one.operation === operation && one.program === program,
		)!;
	const dateFields: Array<[string, Situation, string, (date: Date, day: string) => object]> = [
		[
			'transaction create createdAt',
			situationOf('transaction', 'create'),
			'createdAt',
			(date) => ({ created_at: date.getTime() / 1000 }),
		],
		[
			'partner addReward date',
			situationOf('partner', 'addReward'),
			'date',
			(date) => ({ date: date.toISOString() }),
		],
		[
			'coupon create expiresAt',
			situationOf('coupon', 'create'),
			'expiresAt',
			(_date, day) => ({
				redemption_specific_date_status: true,
				redemption_specific_date_value: day,
			}),
		],
		[
			'promotionCode create expiresAt',
			situationOf('promotionCode', 'create'),
			'expiresAt',
			(_date, day) => ({ expiration_date_status: true, expiration_date_value: day }),
		],
		[
			'customer create dateOfBirth',
			situationOf('customer', 'create', 'referAFriend'),
			'dateOfBirth',
			(_date, day) => ({ metadata: { date_of_birth: day } }),
		],
	];
	/** In a workflow of New York, five hours behind UTC in January; the day is that of the zone that was given. */
	const given: Array<[string, string, string, string]> = [
		['without a zone', '2026-01-31T12:00:00', '2026-01-31T17:00:00Z', '2026-01-31'],
		['without a time', '2026-01-31', '2026-01-31T05:00:00Z', '2026-01-31'],
		[
			'late in the evening, without a zone',
			'2026-01-31 23:30:00',
			'2026-02-01T04:30:00Z',
			'2026-01-31',
		],
		['with a zone', '2026-01-31T23:30:00+02:00', '2026-01-31T21:30:00Z', '2026-01-31'],
		[
			'early in the morning, with a zone',
			'2026-01-31T01:00:00+09:00',
			'2026-01-30T16:00:00Z',
			'2026-01-31',
		],
		['at midnight in UTC', '2026-01-31T00:00:00.000Z', '2026-01-31T00:00:00Z', '2026-01-31'],
		[
			'as a Luxon DateTime',
			'={{ DateTime.fromISO("2026-01-31T08:00:00", { zone: "Asia/Tokyo" }) }}',
			'2026-01-30T23:00:00Z',
			'2026-01-31',
		],
		[
			'as a JavaScript date',
			'={{ new Date("2026-01-31T12:00:00Z") }}',
			'2026-01-31T12:00:00Z',
			'2026-01-31',
		],
		['from a database', '2026-01-31 9:05:00', '2026-01-31T14:05:00Z', '2026-01-31'],
		[
			'from a database, with a zone',
			'2026-01-31 20:00:00 +0000 UTC',
			'2026-01-31T20:00:00Z',
			'2026-01-31',
		],
		[
			'from an API, with the zone before the year',
			'Sat Jan 31 12:00:00 +0000 2026',
			'2026-01-31T12:00:00Z',
			'2026-01-31',
		],
		['with a zone in brackets', '2026-01-31 12:00:00 (UTC)', '2026-01-31T12:00:00Z', '2026-01-31'],
		['as a person says it', 'January 31st, 2026 at 12:00', '2026-01-31T17:00:00Z', '2026-01-31'],
		['with the name of the month', '31-Jan-2026', '2026-01-31T05:00:00Z', '2026-01-31'],
		['as a person writes it', 'January 31, 2026 11:30 pm', '2026-02-01T04:30:00Z', '2026-01-31'],
		['with slashes, the year first', '2026/1/31', '2026-01-31T05:00:00Z', '2026-01-31'],
		['without anything between', '20260131', '2026-01-31T05:00:00Z', '2026-01-31'],
		[
			'as JavaScript prints it',
			'Sat Jan 31 2026 12:00:00 GMT-0500 (Eastern Standard Time)',
			'2026-01-31T17:00:00Z',
			'2026-01-31',
		],
		['as mails have it', 'Sat, 31 Jan 2026 12:00:00 +0200', '2026-01-31T10:00:00Z', '2026-01-31'],
		['in Unix seconds', '={{ 1769860800 }}', '2026-01-31T12:00:00Z', '2026-01-31'],
		['in Unix seconds as text', '={{ "1769860800" }}', '2026-01-31T12:00:00Z', '2026-01-31'],
		['in Unix milliseconds', '={{ 1769860800000 }}', '2026-01-31T12:00:00Z', '2026-01-31'],
	];

	it.each(
		dateFields.flatMap(([title, ...field]) =>
			given.map(([kind, ...date]) => ({ title: `${title} ${kind}`, field, date })),
		),
	)('$title', async ({ field: [situation, name, wire], date: [value, instant, day] }) => {
		const parameters = { ...situation.parameters, additionalFields: { [name]: value } };
		const sent = await send(partnero, situation, parameters, { timezone: 'America/New_York' });
		expect(sent.at(-1)).toEqual(merged(situation.base, { body: wire(new Date(instant), day) }));
	});

	it.each([
		['two dates', '03/04/2027'],
		['the day of another month', '2027-02-31'],
		['the day of another month, with its name', 'Feb 31 2027'],
		['a year', '2027'],
		['the number of a day in a spreadsheet', '={{ 46112 }}'],
		['a number that is no time', '={{ 0 }}'],
		['a number that is too long', '20260131120000'],
		['some text', 'order 5'],
	])('that is %s is refused before any request: %s', async (_what, value) => {
		const { error } = await partnero.operate('transaction', 'create', {
			customer: locator('key', 'u_1'),
			amount: 5,
			additionalFields: { createdAt: value },
		});
		expect(error?.message).toBe("'Additional Fields > Created At' must be a date");
		expect(partnero.wire()).toEqual([]);
	});

	it('of this very moment: {{ $now }}', async () => {
		const situation = situationOf('transaction', 'create');
		const began = Math.floor(Date.now() / 1000);
		const sent = await send(partnero, situation, {
			...situation.parameters,
			additionalFields: { createdAt: '={{ $now }}' },
		});
		const { created_at: createdAt } = sent.at(-1)!.body as { created_at: number };
		expect(createdAt).toBeGreaterThanOrEqual(began);
		expect(createdAt).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
	});

	it.each(['partner', 'customer', 'transaction', 'coupon'])(
		'%s getAll: only what was created after it, in the zone of the workflow',
		async (resource) => {
			const { partners, customers, transactions, coupons } = partnero.sandbox.program('affiliate');
			const table = {
				partner: partners,
				customer: customers,
				transaction: transactions,
				coupon: coupons,
			}[resource]!;
			for (const hour of ['16', '17', '18'])
				table.add({
					email: `at${hour}@example.com`,
					created_at: `2026-01-31T${hour}:00:00.000000Z`,
				});
			const { json } = await partnero.operate(
				resource,
				'getAll',
				{ simplify: false, filters: { createdAfter: '2026-01-31T12:00:00' } },
				{ timezone: 'America/New_York' },
			);
			expect(json.map(({ created_at: createdAt }) => createdAt)).toEqual([
				'2026-01-31T18:00:00.000000Z',
			]);
		},
	);
});
