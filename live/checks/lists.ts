import type { Address } from '../address';
import { asking, at, value } from '../address';
import type { Checks, Found, Live } from '../check';
import type { Records } from '../lists';
import { found, recordsOf } from '../lists';
import { record } from '../program';
import type { Exchange } from '../sender';
import { accepted, Undecided } from '../sender';

/** The lists whose `limit` the documents agree about, where there is one. */
const MAIN = {
	affiliate: ['/transactions', '/customers', '/partners'],
	'refer-a-friend': ['/transactions', '/customers'],
	newsletter: ['/subscribers'],
};

/** Something that no record has. */
const NOTHING = 'check-live-nothing-has-this';

/** What became of a `limit`: refused, heeded, or another number of records a page. */
type Heeded = 'refused' | number;

async function heeded({ sender }: Live, path: string, limit: number): Promise<Heeded> {
	const exchange = await sender.get(asking({ path, shown: path }, [['limit', limit]]));
	if (!accepted(exchange)) return 'refused';
	const records = recordsOf(exchange);
	const perPage = Number(record(record(exchange.body)?.meta)?.per_page);
	if (Number.isInteger(perPage) && perPage > 0) return perPage;
	// Without a number in the answer only a page that is full says something.
	const { next } = record(record(exchange.body)?.links) ?? {};
	if (records.length === limit || typeof next === 'string') return records.length;
	throw new Undecided('the list is too short to tell, and says no page size');
}

const ASKED = [1, 10, 100, 101, 250] as const;

async function limits(live: Live): Promise<Found> {
	const [path = ''] = MAIN[live.program.contract];
	const got = new Map<number, Heeded>();
	for (const limit of ASKED) got.set(limit, await heeded(live, path, limit));
	const facts = Object.fromEntries([...got].map(([limit, what]) => [`limit${limit}`, what]));
	const taken = (...limits: number[]) => limits.every((limit) => got.get(limit) === limit);
	const refused = (...limits: number[]) => limits.every((limit) => got.get(limit) === 'refused');
	const largest = Math.max(...[...got.values()].map((what) => (what === 'refused' ? 0 : what)));
	const isCapped = (...limits: number[]) =>
		limits.every((limit) => got.get(limit) === Math.min(limit, largest));
	if (taken(10, 100) && refused(1, 101, 250)) return { outcome: '10-100', facts };
	if (taken(1, 10, 100, 101, 250)) return { outcome: '1-250', facts };
	if (taken(10, 100, 101, 250) && refused(1)) return { outcome: '10-250', facts };
	if (taken(1) && isCapped(10, 100, 101, 250))
		return { outcome: 'clamped', facts: { ...facts, largest } };
	if (refused(1, 101, 250) && isCapped(10, 100))
		return { outcome: 'capped', facts: { ...facts, largest } };
	return { outcome: 'otherwise', facts };
}

/** The first list that has a second page of so many records, and its first page. */
async function firstOfSeveral(live: Live): Promise<Exchange> {
	const { path } = await live.lists.withRecords(MAIN[live.program.contract], 11);
	const exchange = await live.sender.get(asking({ path, shown: path }, [['limit', 10]]));
	if (recordsOf(exchange).length > 10) throw new Undecided('the list ignores a limit of 10');
	return exchange;
}

const datesOf = (records: Records) =>
	records.map(({ created_at: date }) => Date.parse(String(date)));
const isSorted = (dates: number[], sign: 1 | -1) =>
	dates.every((date, index) => index === 0 || sign * (date - dates[index - 1]) >= 0);

async function sorting(live: Live): Promise<Found> {
	const { path } = await live.lists.withRecords(MAIN[live.program.contract], 2);
	const inOrder = async (...query: Array<[string, string]>) => {
		const exchange = await live.sender.get(
			asking({ path, shown: path }, [['limit', 100], ...query]),
		);
		return accepted(exchange) ? datesOf(recordsOf(exchange)) : undefined;
	};
	const unsorted = datesOf(await live.lists.records(path));
	if (new Set(unsorted).size < 2) throw new Undecided('all records have the same date');
	const rising = await inOrder(['sort', 'asc']);
	const falling = await inOrder(['sort', 'desc']);
	if (!rising || !falling) return { outcome: 'refused' };
	if (String(rising) === String(falling)) return { outcome: 'ignored' };
	const facts = { ascending: isSorted(rising, 1), descending: isSorted(falling, -1) };
	return { outcome: String(unsorted) === String(rising) ? 'oldest-first' : 'heeded', facts };
}

/** Look-ups that nothing can match, by type of program, and the name that the quirk gives to each parameter. */
const LOOKUPS: Record<Live['program']['contract'], Array<[address: Address, name: string]>> = {
	affiliate: [
		[
			asking(at`/transactions`, [['key', value(NOTHING, 'a key that no sale has')]]),
			'/transactions?key',
		],
		[
			asking(at`/partners:search`, [
				['email', value(`${NOTHING}@example.com`, 'an email that nobody has')],
			]),
			'/partners:search?email',
		],
	],
	'refer-a-friend': [
		[
			asking(at`/transactions`, [['key', value(NOTHING, 'a key that no sale has')]]),
			'/transactions?key',
		],
		[
			asking(at`/customers:search`, [
				['email', value(`${NOTHING}@example.com`, 'an email that nobody has')],
			]),
			'/customers:search?email',
		],
	],
	newsletter: [
		[
			asking(at`/subscribers:search`, [
				['email', value(`${NOTHING}@example.com`, 'an email that nobody has')],
			]),
			'/subscribers:search?email',
		],
	],
};

async function nothingFound(live: Live): Promise<Found> {
	const ignored: string[] = [];
	let missing = 0;
	for (const [address, name] of LOOKUPS[live.program.contract]) {
		const exchange = await live.sender.get(address);
		if (exchange.status === 404) missing++;
		else if (recordsOf(exchange).length > 0) ignored.push(name);
	}
	if (ignored.length > 0) return { outcome: 'ignored', facts: { ignored } };
	return { outcome: missing > 0 ? 'not-found' : 'empty-list', facts: { notFound: missing } };
}

/** What `?key=` finds for a form of a key: the sale itself, another one, or nothing. */
async function keyFilter({ sender, lists }: Live): Promise<Found> {
	const sales = await lists.records('/transactions');
	// A key that a change of its letters changes, and in which nothing else could be changed.
	const keys = sales.flatMap(({ key }) =>
		typeof key === 'string' && /^[\x21-\x7e]{4,}$/.test(key) && /[a-z]/i.test(key) ? [key] : [],
	);
	const [key] = keys;
	if (key === undefined) throw new Undecided('no sale has a key with letters');
	const finds = async (form: string, name: string) => {
		const records = await found(sender, asking(at`/transactions`, [['key', value(form, name)]]));
		const others = records.some((one) => String(one.key).toLowerCase() !== key.toLowerCase());
		return others
			? 'others'
			: records.some((one) => String(one.key).toLowerCase() === key.toLowerCase());
	};
	const whole = await finds(key, 'a key');
	const half = await finds(key.slice(0, Math.ceil(key.length / 2)), 'half of that key');
	const turned = key === key.toUpperCase() ? key.toLowerCase() : key.toUpperCase();
	const folded = await finds(turned, 'that key in the other case');
	const blank = await finds(`${key} `, 'that key with a blank behind');
	const facts = {
		whole: whole === true,
		half: half === true,
		otherCase: folded === true,
		blank: blank === true,
	};
	if (whole === 'others' && half === 'others' && folded === 'others')
		return { outcome: 'ignored', facts };
	if (whole === false) return { outcome: 'blind', facts };
	if (half !== false || whole === 'others') return { outcome: 'finds-parts', facts };
	if (folded && blank) return { outcome: 'trims-and-folds-case', facts };
	if (folded) return { outcome: 'folds-case', facts };
	return { outcome: blank ? 'trims' : 'exact', facts };
}

/** How lists are read, and what they heed. */
export const listChecks: Checks = {
	limits,
	'next-link': async (live) => {
		const { next } = record(record((await firstOfSeveral(live)).body)?.links) ?? {};
		if (typeof next !== 'string') return { outcome: 'missing' };
		return { outcome: /[?&]limit=10(&|$)/.test(next) ? 'keeps-limit' : 'page-alone' };
	},
	sort: sorting,
	'unknown-query': async ({ sender, program }) => {
		const [path = ''] = MAIN[program.contract];
		const exchange = await sender.get(asking({ path, shown: path }, [['check_live', 'yes']]));
		return {
			outcome: accepted(exchange) ? 'ignored' : 'refused',
			facts: { status: exchange.status },
		};
	},
	'nothing-found': nothingFound,
	'key-filter': keyFilter,
};
