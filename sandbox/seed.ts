import type { PayoutMethod, PayoutStatus } from './records';
import { timestamp } from './responses';
import type { ProgramState } from './state';
import { round } from './state';

const SEEDS = ['demo', 'empty'] as const;
export type SeedName = (typeof SEEDS)[number];

export function isSeedName(name: string): name is SeedName {
	return SEEDS.some((known) => known === name);
}

/** Fills an empty program; dates are relative to now. */
export function seed(program: ProgramState, name: SeedName): void {
	if (name === 'empty') return;
	if (program.name === 'affiliate') seedAffiliate(program);
	if (program.name === 'referAFriend') seedReferAFriend(program);
	if (program.name === 'newsletter') seedNewsletter(program);
}

function daysAgo(program: ProgramState, days: number, hour = 9): string {
	const date = new Date(program.clock().getTime() - days * 24 * 60 * 60 * 1000);
	date.setUTCHours(hour, (days * 7) % 60, (days * 13) % 60, 0);
	return timestamp(date.getTime() > program.clock().getTime() ? program.clock() : date);
}

/** Referral key, name, surname, days since sign-up, visitors, tags. */
const PARTNERS: Array<[string, string, string, number, number, string[]]> = [
	['annlee', 'Ann', 'Lee', 210, 412, ['vip', 'blog']],
	['benbrews', 'Ben', 'Okafor', 190, 298, ['youtube']],
	['carlacups', 'Carla', 'Mendes', 171, 187, ['instagram']],
	['dripdan', 'Dan', 'Novak', 160, 143, ['podcast']],
	['espresso-eva', 'Eva', 'Lindqvist', 133, 221, ['vip', 'youtube']],
	['finnroasts', 'Finn', 'Walsh', 118, 96, []],
	['grindgreta', 'Greta', 'Fischer', 97, 78, ['blog']],
	['hugo-h', 'Hugo', 'Haddad', 74, 64, []],
	['irisbeans', 'Iris', 'Tanaka', 52, 105, ['instagram']],
	['jonasj', 'Jonas', 'Jensen', 38, 41, []],
	['kavakim', 'Kim', 'Nguyen', 21, 33, ['new']],
	['leolatte', 'Leo', 'Rossi', 6, 12, ['new']],
];

const FIRST_NAMES = [
	'Maya',
	'Noah',
	'Olga',
	'Paul',
	'Quinn',
	'Rosa',
	'Sam',
	'Tess',
	'Uma',
	'Viktor',
];
const SURNAMES = ['Adams', 'Brandt', 'Costa', 'Dubois'];
const PRICES = [18.9, 24.5, 32, 12.75, 49.9, 27.4, 64.25, 15.5];
const PRODUCTS = ['house-blend', 'single-origin', 'espresso-kit', 'filter-set'];

function seedAffiliate(program: ProgramState): void {
	Object.assign(program.settings, {
		name: 'Northwind Coffee Affiliates',
		website: 'https://northwind-coffee.example',
		created_at: daysAgo(program, 220).slice(0, 10),
	});
	for (const [key, name, surname, days, clicks, tags] of PARTNERS) {
		const email = `${name}.${surname}@example.com`.toLowerCase();
		const status = key === 'leolatte' ? 'pending' : 'active';
		const created_at = daysAgo(program, days);
		const payoutMethod = payoutMethodOf(key, email);
		program.partners.add({
			id: `p_${key}`,
			key,
			email,
			name,
			surname,
			tags,
			clicks,
			status,
			tos: true,
			payoutMethod,
			created_at,
		});
	}
	seedLinks(program);
	seedCustomers(program);
	seedSales(program);
	seedLeads(program);
	seedCoupons(program);
	seedPayouts(program);
}

/** Links beside the default ones: two of one partner, one of them on another domain. */
function seedLinks(program: ProgramState): void {
	program.linkDomains.push({
		id: 'dom_2',
		domain: 'blog.northwind-coffee.example',
		is_additional: true,
	});
	for (const [id, moreKeys] of [
		['p_annlee', ['annlee-blog', 'annlee-mail']],
		['p_benbrews', ['ben-on-video']],
	] as const) {
		const partner = program.partnerBy({ id });
		if (partner) program.partners.update(partner, { moreKeys: [...moreKeys] });
	}
	program.linkPlaces.set('annlee-blog', { domain: 'dom_2', is_additional: true });
}

/** 40 customers; the earlier a partner signed up, the more it has. */
function seedCustomers(program: ProgramState): void {
	for (let index = 0; index < 40; index++) {
		const [partner = ''] = PARTNERS[Math.floor((index * index) / 160)] ?? [];
		const name = FIRST_NAMES[index % FIRST_NAMES.length];
		const surname = SURNAMES[Math.floor(index / FIRST_NAMES.length)];
		program.customers.add({
			key: `cust_${1001 + index}`,
			email: `${name}.${surname}@customers.example`.toLowerCase(),
			name,
			surname,
			partner,
			created_at: daysAgo(program, 160 - index * 4, 10),
		});
	}
}

/** 60 sales of 30 customers; some bought twice or more. */
function seedSales(program: ProgramState): void {
	for (let index = 0; index < 60; index++) {
		program.transactions.add({
			key: `order_${5001 + index}`,
			amount: PRICES[index % PRICES.length],
			customer: `cust_${1001 + ((index * 7) % 30)}`,
			productId: PRODUCTS[index % PRODUCTS.length],
			productType: index % 3 === 0 ? 'subscription' : 'one-time',
			created_at: daysAgo(program, Math.max(1, 60 - index), 14),
		});
	}
}

function seedLeads(program: ProgramState): void {
	const field = { text: null, description: null, options: [] };
	program.leadForm.push(
		{
			...field,
			id: 88,
			type: 'text',
			title: 'About the company',
			text: 'Tell us who you are.',
			required: false,
		},
		{ ...field, id: 89, type: 'input', title: 'Company', required: true },
		{ ...field, id: 90, type: 'textarea', title: 'What do they need?', required: false },
		{
			...field,
			id: 91,
			type: 'checkbox',
			title: 'Interested in',
			required: true,
			options: ['Beans', 'Machines', 'Training'],
		},
		{
			...field,
			id: 92,
			type: 'radio',
			title: 'Size',
			required: false,
			options: ['1-10', '11-50', 'More than 50'],
		},
		{
			...field,
			id: 93,
			type: 'select',
			title: 'When',
			required: false,
			options: ['This month', 'This quarter', 'Later'],
		},
		{ ...field, id: 94, type: 'countries', title: 'Country', required: true },
	);
	const companies = [
		'Harbor Hotel',
		'Blue Door Bakery',
		'Studio Nine',
		'Elm Street Books',
		'Tidewater Labs',
		'Orchard School',
	];
	companies.forEach((company, index) => {
		const name = `${FIRST_NAMES[9 - index]} ${SURNAMES[index % SURNAMES.length]}`;
		program.leads.add({
			id: String(41 + index),
			name,
			email: `${name.replace(' ', '.').toLowerCase()}@leads.example`,
			partner: index % 2 === 0 ? 'annlee' : 'espresso-eva',
			status: index === 1 ? 'rejected' : 'submitted',
			answers: [
				{ question: 'Company', answer: company },
				{ question: 'Interested in', answer: 'Beans' },
				{ question: 'Country', answer: 'US' },
			],
			created_at: daysAgo(program, 30 - index * 5, 11),
		});
	});
}

function seedCoupons(program: ProgramState): void {
	program.connectedProviders.add('stripe');
	program.coupons.add({
		uuid_code: 'WELCOME10',
		name: 'Welcome',
		created_at: daysAgo(program, 180),
	});
	program.coupons.add({
		uuid_code: 'WINTER25',
		name: 'Winter sale',
		coupon_discount_amount: 25,
		coupon_duration_type: 'months',
		coupon_duration_value: 3,
		redemption_times_status: true,
		redemption_times_value: 100,
		redemptions: [{ redeemed_at: daysAgo(program, 12), transaction_key: 'order_5049' }],
		timesRedeemed: 1,
		created_at: daysAgo(program, 40),
	});
	program.coupons.add({
		uuid_code: 'FIVEOFF',
		name: 'Five dollars off',
		coupon_discount_type: 'static',
		coupon_discount_amount: 5,
		created_at: daysAgo(program, 8),
	});
	program.promotionCodes.add({
		code: 'ANNLEE10',
		coupon: 'WELCOME10',
		partner: { id: 'p_annlee', fullName: 'Ann Lee' },
		created_at: daysAgo(program, 150),
	});
	program.promotionCodes.add({
		code: 'EVERYONE25',
		coupon: 'WINTER25',
		created_at: daysAgo(program, 39),
	});
}

/** Most are paid by PayPal; the two newest have not said how. */
function payoutMethodOf(key: string, email: string): PayoutMethod | null {
	if (key === 'espresso-eva')
		return {
			gateway: 'venmo',
			settings: { recipient_type: 'USER_HANDLE', user_handle: '@espresso-eva' },
		};
	if (key === 'hugo-h')
		return {
			gateway: 'crypto',
			settings: { wallet_address: '0x52908400098527886E0F7030069857D2E4169EE7', type: 'USDC' },
		};
	return key === 'kavakim' || key === 'leolatte'
		? null
		: { gateway: 'paypal', settings: { username: email } };
}

/** Partner, status, share of what it has earned, days ago. */
const PAYOUTS: Array<[string, PayoutStatus, number, number]> = [
	['annlee', 'finished', 0.4, 35],
	['espresso-eva', 'finished', 0.3, 34],
	['carlacups', 'rejected', 0.5, 20],
	['benbrews', 'approved', 0.8, 9],
	['annlee', 'approved', 0.2, 8],
	['dripdan', 'resubmit_requested', 0.6, 7],
	['espresso-eva', 'requested', 0.4, 3],
	['finnroasts', 'resubmitted', 0.5, 2],
	['annlee', 'requested', 0.3, 1],
	['carlacups', 'requested', 1, 1],
];

/** Payout requests of the last weeks: some are paid, some wait for a decision. */
function seedPayouts(program: ProgramState): void {
	PAYOUTS.forEach(([partner, status, share, days], index) => {
		const { id, payoutMethod } = program.anyPartner(partner)!;
		const amount = round(Math.round((program.earnedBy(id).get('USD') ?? 0) * share * 100) / 100);
		const created_at = daysAgo(program, days, 12);
		program.payoutRequests.add({
			id: String(61 + index),
			partner,
			status,
			amount,
			amount_units: 'USD',
			...payoutMethod,
			created_at,
		});
	});
}

/** Key, name, key of the customer that referred it. */
const FRIENDS: Array<[string, string, string?]> = [
	['alma', 'Alma'],
	['boris', 'Boris'],
	['chloe', 'Chloe'],
	['deniz', 'Deniz', 'alma'],
	['emil', 'Emil', 'alma'],
	['farah', 'Farah', 'alma'],
	['gus', 'Gus', 'boris'],
	['hana', 'Hana', 'boris'],
	['ivan', 'Ivan', 'deniz'],
	['june', 'June'],
	['kofi', 'Kofi', 'chloe'],
	['lina', 'Lina', 'kofi'],
];

function seedReferAFriend(program: ProgramState): void {
	Object.assign(program.settings, {
		name: 'Northwind Coffee Friends',
		website: 'https://northwind-coffee.example',
		created_at: daysAgo(program, 120).slice(0, 10),
	});
	FRIENDS.forEach(([key, name, referringCustomer], index) => {
		const email = `${key}@friends.example`;
		const created_at = daysAgo(program, 110 - index * 8);
		program.customers.add({
			id: `user_${index + 1}`,
			key,
			email,
			name,
			surname: SURNAMES[index % 4],
			referringCustomer,
			created_at,
		});
	});
	const alma = program.customerBy({ key: 'alma' });
	if (alma) program.customers.update(alma, { moreKeys: ['alma-at-work'] });
	const buyers = FRIENDS.filter(([, , referrer]) => referrer !== undefined);
	for (let index = 0; index < 16; index++) {
		program.transactions.add({
			key: `friend_order_${101 + index}`,
			amount: PRICES[index % PRICES.length],
			customer: buyers[index % buyers.length]?.[0],
			created_at: daysAgo(program, 40 - index * 2, 15),
		});
	}
	program.credits.push({
		customer: 'user_1',
		amount: 10,
		amount_units: 'USD',
		is_currency: true,
		created_at: daysAgo(program, 20),
	});
}

/** Name, and the one who referred it: the earliest referred most. */
const READERS: Array<[string, string?]> = [
	['Ada'],
	['Bruno'],
	['Cem'],
	['Dora', 'Ada'],
	['Elif', 'Ada'],
	['Frida', 'Ada'],
	['Goran'],
	['Hilde', 'Bruno'],
	['Ines', 'Ada'],
	['Jamal', 'Ada'],
	['Klara', 'Dora'],
	['Luca', 'Bruno'],
	['Mirko'],
	['Nadia', 'Bruno'],
	['Otto', 'Klara'],
	['Pia'],
	['Rhea', 'Ada'],
	['Selma', 'Hilde'],
];

function seedNewsletter(program: ProgramState): void {
	Object.assign(program.settings, {
		name: 'Northwind Coffee Letter',
		website: 'https://northwind-coffee.example/letter',
		created_at: daysAgo(program, 100).slice(0, 10),
	});
	const { rewards, subscribers } = program;
	rewards.add({
		id: 251,
		name: '10% off',
		description: 'For the first friend',
		fulfillment_value: 'FRIEND10',
		subscribers_count: 1,
		created_at: daysAgo(program, 99),
	});
	rewards.add({
		id: 252,
		name: 'Brewing guide',
		fulfillment_type: 'url_link',
		fulfillment_value: 'https://northwind-coffee.example/guide',
		subscribers_count: 3,
		created_at: daysAgo(program, 99),
	});
	rewards.add({
		id: 253,
		name: '25 dollar gift card',
		description: 'For our greatest fans',
		fulfillment_type: 'amazon_gift_card',
		fulfillment_value: '25',
		subscribers_count: 5,
		created_at: daysAgo(program, 60),
	});
	const address = (name: string) => `${name.toLowerCase()}@readers.example`;
	READERS.forEach(([name, referrer], index) => {
		subscribers.add({
			email: address(name),
			name: `${name} ${SURNAMES[index % SURNAMES.length]}`,
			marketing_consent: index % 5 !== 4,
			status: name === 'Mirko' ? 'suspended' : 'active',
			approved: name !== 'Pia',
			referrer: referrer && address(referrer),
			created_at: daysAgo(program, 95 - index * 5, 8),
		});
	});
}
