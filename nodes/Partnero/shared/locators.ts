import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

/** One record: picked from a searchable list, or typed in by one of its identifiers. */
function locator(
	field: Pick<INodeProperties, 'builderHint' | 'description' | 'displayName' | 'name'>,
	searchListMethod: string,
	identifiers: INodePropertyMode[],
	{ canBeNew = false } = {},
): INodeProperties {
	const name = field.displayName.toLowerCase();
	const list = {
		placeholder: `Select a ${name}…`,
		typeOptions: {
			searchListMethod,
			searchable: true,
			slowLoadNotice: {
				message: `Choose ${identifiers[0].displayName} if this takes long`,
				timeout: 10_000,
			},
			...(canBeNew && {
				allowNewResource: {
					label: `Create a ${name} in Partnero`,
					url: 'https://app.partnero.com',
				},
			}),
		},
	};
	return {
		...field,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [{ displayName: 'From List', name: 'list', type: 'list', ...list }, ...identifiers],
	};
}

/** A way to name a record; `name` is what the API calls the identifier. */
function by(label: string, name: string, example: string): INodePropertyMode {
	const text = { type: 'string' as const, placeholder: `e.g. ${example}` };
	return { displayName: `By ${label}`, name, ...text };
}

export const partner = locator(
	{
		displayName: 'Partner',
		name: 'partner',
		description:
			'The partner: picked from the list, or by ID, by referral key (what follows "aff=" in the partner\'s link) or by email',
	},
	'searchPartners',
	[by('ID', 'id', 'p_1a2b3c'), by('Key', 'key', 'annlee'), by('Email', 'email', 'ann@example.com')],
	{ canBeNew: true },
);

export const customer = locator(
	{
		displayName: 'Customer',
		name: 'customer',
		description:
			'The customer: picked from the list, or by key (the identifier that you gave it), by ID or by email',
		builderHint: {
			propertyHint: 'In a flow use mode key or email, with the value that the event has.',
		},
	},
	'searchCustomers',
	[by('Key', 'key', 'user_77'), by('ID', 'id', 'user_77'), by('Email', 'email', 'bob@example.com')],
	{ canBeNew: true },
);

/** The customer of a refer-a-friend program who brought another one in. */
export const referringCustomer: INodeProperties = {
	...customer,
	displayName: 'Referring Customer',
	name: 'referringCustomer',
	description:
		'The customer who brought the new one in (refer-a-friend programs): picked from the list, by ID, by key (what follows "ref=" in the customer\'s link) or by email',
};

export const transaction = locator(
	{
		displayName: 'Transaction',
		name: 'transaction',
		description: 'The transaction: picked from the list, or by the key that it was recorded with',
	},
	'searchTransactions',
	[by('Key', 'key', 'inv_1001')],
);

/** An ID that the API counts up. Other addresses may stand beside it, such as /leads/details. */
function byNumber(what: string, example: string): INodePropertyMode {
	const isNumber = { regex: '^\\d{1,15}$', errorMessage: `The ID of a ${what} is a number` };
	return { ...by('ID', 'id', example), validation: [{ type: 'regex', properties: isNumber }] };
}

export const lead = locator(
	{
		displayName: 'Lead',
		name: 'lead',
		description: 'The lead: picked from the list, or by its ID',
	},
	'searchLeads',
	[byNumber('lead', '44')],
);

export const coupon = locator(
	{
		displayName: 'Coupon',
		name: 'coupon',
		description: 'The coupon: picked from the list, or by its UUID code',
	},
	'searchCoupons',
	[by('Code', 'uuidCode', 'winter25')],
	{ canBeNew: true },
);

export const promotionCode = locator(
	{
		displayName: 'Promotion Code',
		name: 'promotionCode',
		description: 'The promotion code: picked from the list, or typed in',
	},
	'searchPromotionCodes',
	[by('Code', 'code', 'ANN25')],
	{ canBeNew: true },
);

export const subscriber = locator(
	{
		displayName: 'Subscriber',
		name: 'subscriber',
		description: 'The subscriber: picked from the list, or by ID or email',
	},
	'searchSubscribers',
	[by('ID', 'id', 'sub_77'), by('Email', 'email', 'rea@example.com')],
);

/** A link of the partner or customer that `linkOwner` names. */
export const referralLink: INodeProperties = {
	...locator(
		{
			displayName: 'Referral Link',
			name: 'referralLink',
			description:
				'The referral link: picked from the list of its owner, or by its ID, which is its key (what follows "aff=" or "ref=")',
		},
		'searchReferralLinks',
		[by('ID', 'id', 'annlee-blog')],
	),
	typeOptions: { loadOptionsDependsOn: ['owner', 'partner.value', 'customer.value'] },
};

export const domain = locator(
	{
		displayName: 'Domain',
		name: 'domain',
		description:
			"The domain that the link is on: picked from the list, or by ID; the program's own if not given (affiliate programs)",
	},
	'searchDomains',
	[by('ID', 'id', 'dom_2')],
);

export const webhook = locator(
	{
		displayName: 'Webhook',
		name: 'webhook',
		description: 'The webhook: picked from the list, or by its key',
	},
	'searchWebhooks',
	[by('Key', 'key', 'uLbBq7')],
);

export const payoutRequest = locator(
	{
		displayName: 'Payout Request',
		name: 'payoutRequest',
		description: 'The payout request: picked from the list, or by its ID',
	},
	'searchPayoutRequests',
	[byNumber('payout request', '61')],
);

export const reward = locator(
	{
		displayName: 'Reward',
		name: 'reward',
		description: 'The reward: picked from the list, or by its ID',
	},
	'searchRewards',
	[byNumber('reward', '255')],
);

/** A locator that may stay empty, as in a collection. */
export function optional(field: INodeProperties): INodeProperties {
	const optionalField = { ...field };
	delete optionalField.required;
	return optionalField;
}

/** What a body names a picked record by: only the identifier that was given is sent. */
export function reference(field: string) {
	return { id: `{${field}|id}`, key: `{${field}|key}`, email: `{${field}|email}` };
}

/** The same for a subscriber, who has no key. */
export function subscriberReference(field: string) {
	return { id: `{${field}|id}`, email: `{${field}|email}` };
}

/** The same for a referring customer, whom the API knows by id or key only (`partnero-api.md` 2.3.2). */
export function referrer(field: string) {
	return { id: `{${field}|id}`, key: `{${field}|key}` };
}
