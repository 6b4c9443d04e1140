import type { Value } from '../address';
import { asking, at, value } from '../address';
import type { Checks, Found, Live } from '../check';
import type { Records } from '../lists';
import { found, recordsOf } from '../lists';
import { dataIn, record } from '../program';
import type { Exchange } from '../sender';
import { accepted, Undecided } from '../sender';

/** By what a partner is known. */
interface Partner {
	id: Value;
	key?: Value;
	email: Value;
}

/** The key of a referral link: the last parameter of its address. */
function keyOfLink(link: unknown): string | undefined {
	if (typeof link !== 'string' || !URL.canParse(link)) return undefined;
	return [...new URL(link).searchParams.values()].at(-1) || undefined;
}

async function partnerById({ sender }: Live, id: string): Promise<Partner> {
	const named = value(id, 'the id of a partner');
	const exchange = await sender.get(at`/partners/${named}`);
	const { email, referral_link: link } = dataIn(exchange) ?? {};
	if (!accepted(exchange) || typeof email !== 'string')
		throw new Undecided('a partner could not be read by its id');
	const key = keyOfLink(link);
	return {
		id: named,
		email: value(email, 'the email of that partner'),
		...(key && { key: value(key, 'the key of that partner') }),
	};
}

/** A partner who has some of the records, and not all of them. */
async function partnerOfSome(live: Live, records: Records): Promise<Partner> {
	const owners = records.flatMap(({ partner }) => (typeof partner === 'string' ? [partner] : []));
	const [id] = owners.filter((owner) => owners.some((other) => other !== owner));
	if (id === undefined)
		throw new Undecided('no partner has some of the records, and not all of them');
	return await partnerById(live, id);
}

/** The spellings of the filters by partner, and by what each names it. */
const SPELLINGS: Array<[name: string, by: 'key' | 'email']> = [
	['partner_key', 'key'],
	['partner_email', 'email'],
	['partner.key', 'key'],
	['partner.email', 'email'],
	['partner[key]', 'key'],
	['partner[email]', 'email'],
];
/** Those that the node sends. */
const SENT = ['partner_key', 'partner_email'];

/** How a list takes the filters by partner, in each spelling. */
async function partnerFilters(live: Live, path: '/customers' | '/transactions'): Promise<Found> {
	const partner = await partnerOfSome(live, await live.lists.records(path));
	const states = new Map<string, string>();
	for (const [name, by] of SPELLINGS) {
		const wanted = partner[by];
		if (!wanted) continue;
		const exchange = await live.sender.get(
			asking({ path, shown: path }, [
				[name, wanted],
				['limit', 100],
			]),
		);
		states.set(name, stateOf(exchange, String(partner.id.value)));
	}
	const named = (state: string) =>
		[...states].filter(([, one]) => one === state).map(([name]) => name);
	const facts = {
		heeded: named('heeded'),
		ignored: named('ignored').map((name) => `${path}?${name}`),
		refused: named('refused'),
		blind: named('blind'),
	};
	const sent = SENT.filter((name) => states.has(name));
	if (sent.every((name) => states.get(name) === 'heeded')) return { outcome: 'heeded', facts };
	const isNotHeeded = sent.some((name) => states.get(name) === 'ignored');
	if (isNotHeeded)
		return {
			outcome: 'not-heeded',
			facts: {
				...facts,
				ignored: SENT.filter((name) => states.get(name) === 'ignored').map(
					(name) => `${path}?${name}`,
				),
			},
		};
	return { outcome: 'refused', facts };
}

function stateOf(exchange: Exchange, id: string): string {
	if (exchange.status === 404) return 'blind';
	if (!accepted(exchange)) return 'refused';
	const owners = recordsOf(exchange).map(({ partner }) => partner);
	if (owners.length === 0) return 'blind';
	return owners.every((owner) => owner === id) ? 'heeded' : 'ignored';
}

/** Any partner, by everything that it is known by. */
async function anyPartner(live: Live): Promise<Partner> {
	const partners = await live.lists.records('/partners');
	const [id] = partners.flatMap(({ id: of }) => (typeof of === 'string' ? [of] : []));
	if (id === undefined) throw new Undecided('the program has no partner');
	return await partnerById(live, id);
}

const BY = ['key', 'email', 'id'] as const;

async function partnerLookup(live: Live): Promise<Found> {
	const partner = await anyPartner(live);
	const missed: string[] = [];
	let noRoute = 0;
	for (const by of BY) {
		const wanted = partner[by];
		if (!wanted) continue;
		const exchange = await live.sender.get(asking(at`/partner`, [[by, wanted]]));
		if (accepted(exchange) && dataIn(exchange)?.id === partner.id.value) continue;
		missed.push(by);
		if (exchange.status === 405 || saysNoRoute(exchange)) noRoute++;
	}
	if (missed.length === 0) return { outcome: 'finds-all' };
	return { outcome: noRoute === missed.length ? 'no-address' : 'misses', facts: { missed } };
}

/** Whether a 404 speaks of the route, in Laravel's words, and not of a record. */
function saysNoRoute({ status, body }: Exchange): boolean {
	return status === 404 && /\broute\b/i.test(String(record(body)?.message ?? ''));
}

async function partnerSearch(live: Live): Promise<Found> {
	const partner = await anyPartner(live);
	const blind: string[] = [];
	const ignored: string[] = [];
	for (const by of BY) {
		const wanted = partner[by];
		if (!wanted) continue;
		const records = await found(live.sender, asking(at`/partners:search`, [[by, wanted]]));
		if (!records.some(({ id }) => id === partner.id.value)) blind.push(by);
		else if (records.length > 1 && !(await heeds(live, by, String(wanted.value), records)))
			ignored.push(`/partners:search?${by}`);
	}
	return {
		outcome: blind.length + ignored.length === 0 ? 'finds-all' : 'misses',
		facts: { blind, ignored },
	};
}

/** Whether a search that finds several was heeded: by what they show, or where they do not show it, by a search for nothing. */
async function heeds(
	{ sender }: Live,
	by: (typeof BY)[number],
	wanted: string,
	records: Records,
): Promise<boolean> {
	if (by !== 'key')
		return records.every((one) => String(one[by]).toLowerCase().includes(wanted.toLowerCase()));
	const nothing = value('check-live-nothing-has-this', 'a key that no partner has');
	return (await found(sender, asking(at`/partners:search`, [['key', nothing]]))).length === 0;
}

async function customerPath(live: Live): Promise<Found> {
	const customers = await live.lists.records('/customers');
	const main = live.program.contract === 'affiliate' ? 'key' : 'id';
	const known = customers.find(
		(one) =>
			typeof one[main] === 'string' && typeof one.email === 'string' && one.email !== one[main],
	);
	if (!known) throw new Undecided('no customer shows an email');
	const reads = async (what: unknown, name: string) => {
		const exchange = await live.sender.get(at`/customers/${value(String(what), name)}`);
		return accepted(exchange) && dataIn(exchange)?.[main] === known[main];
	};
	const facts = {
		[main]: await reads(known[main], `the ${main} of a customer`),
		email: await reads(known.email, 'the email of that customer'),
	};
	if (!facts[main]) return { outcome: 'none', facts };
	return { outcome: facts.email ? 'any' : 'main-alone', facts };
}

/** Whether a slash that is encoded parts a path: by whose 404 it resembles. */
async function slashInPath({ sender }: Live): Promise<Found> {
	const noRecord = await sender.get(
		at`/transactions/${value('check-live-a', 'a key that no sale has')}`,
	);
	const noRoute = await sender.get(at`/transactions/check-live-a/check-live-b`);
	const slash = await sender.get(
		at`/transactions/${value('check-live-a/check-live-b', 'a key with a slash that no sale has')}`,
	);
	const [one, other, asked] = [noRecord, noRoute, slash].map(likeness);
	if (one === other) throw new Undecided('a missing record and a missing route are answered alike');
	if (asked === one) return { outcome: 'no-record' };
	if (asked === other) return { outcome: 'no-route' };
	throw new Undecided('the answer is neither that of a missing record nor that of a missing route');
}

/** An answer without what was asked for. */
function likeness({ status, body }: Exchange): string {
	return `${status} ${JSON.stringify(body ?? '').replace(/check-live-a((\/|\\\/|%2F)check-live-b)?/gi, '…')}`;
}

/** A list that this type of program lacks. */
const LACKING = {
	affiliate: '/subscribers',
	'refer-a-friend': '/partners',
	newsletter: '/customers',
};

async function otherProgram({ sender, program }: Live): Promise<Found> {
	const path = LACKING[program.contract];
	const exchange = await sender.get({ path, shown: path });
	const status = String(exchange.status);
	if (exchange.status === 200 && !accepted(exchange)) return { outcome: 'in-a-200' };
	return ['400', '403', '404', '405', '422'].includes(status)
		? { outcome: status }
		: { outcome: 'otherwise', facts: { status: exchange.status } };
}

/** How records are found. */
export const lookupChecks: Checks = {
	'customer-filters': async (live) => await partnerFilters(live, '/customers'),
	'transaction-filters': async (live) => await partnerFilters(live, '/transactions'),
	'partner-lookup': partnerLookup,
	'partner-search': partnerSearch,
	'customer-path': customerPath,
	'slash-in-path': slashInPath,
	'other-program': otherProgram,
	referrals: async (live) => {
		const id = await someReferrer(live);
		const exchange = await live.sender.get(at`/customers/${id}/referrals`);
		recordsOf(exchange);
		return { outcome: record(exchange.body)?.links === undefined ? 'all' : 'paged' };
	},
	'referral-transactions': async ({ sender, lists }) => {
		const buyers = (await lists.records('/transactions')).flatMap(({ referred_customer: id }) =>
			typeof id === 'string' ? [id] : [],
		);
		const [buyer] = buyers;
		if (buyer === undefined) throw new Undecided('no sale shows who bought');
		const records = await found(
			sender,
			at`/customers/${value(buyer, 'the id of a customer who bought')}/transactions`,
		);
		return {
			outcome: records.some(({ referred_customer: id }) => id === buyer) ? 'both' : 'referred',
		};
	},
};

async function someReferrer({ lists }: Live): Promise<Value> {
	const [id] = (await lists.records('/transactions')).flatMap(({ customer }) =>
		typeof customer === 'string' ? [customer] : [],
	);
	const [other] = (await lists.records('/customers')).flatMap(({ id: of }) =>
		typeof of === 'string' ? [of] : [],
	);
	const either = id ?? other;
	if (either === undefined) throw new Undecided('the program has no customer');
	return value(either, 'the id of a customer');
}
