import { abortableSleep, clock } from '../../nodes/Partnero/transport/clock';
import type { Body, Value } from '../address';
import { asking, at, value } from '../address';
import type { Check, Checks, Found, Writing } from '../check';
import type { Records } from '../lists';
import { found, recordsOf } from '../lists';
import { dataIn, record, recordsIn } from '../program';
import type { Exchange } from '../sender';
import { accepted, Undecided } from '../sender';

/** Milliseconds after which a new sale is looked for. */
const LOOKS = [0, 1_000, 2_000, 4_000, 8_000, 12_000, 20_000, 30_000, 60_000];
const DAY = 24 * 60 * 60 * 1000;

/** The sales that the list shows under a key, once a new one has had the time to show. */
async function salesOf({ sender, fixtures }: Writing, key: Value): Promise<Records> {
	await abortableSleep(fixtures.lag);
	const records = await found(sender, asking(at`/transactions`, [['key', key]]));
	// The filter may not be heeded, and the key may have been changed.
	return records.filter((one) => plain(key.value).startsWith(plain(one.key)));
}

function plain(key: unknown): string {
	return String(key)
		.trim()
		.normalize('NFC')
		.toLowerCase()
		.replace(/^0+(?=\d)/, '');
}

/** Whether a sale can be read by its path. */
async function reads({ sender }: Writing, key: Value): Promise<boolean> {
	return accepted(await sender.get(at`/transactions/${key}`));
}

/** Deletes a sale by its path, and where that does not work, by the body. */
async function refund(
	{ sender, fixtures }: Writing,
	key: Value,
): Promise<'path' | 'body' | 'neither'> {
	const byPath = await sender.change('DELETE', at`/transactions/${key}`);
	const byBody = accepted(byPath)
		? undefined
		: await sender.change('DELETE', at`/transactions`, { key });
	if (byBody && !accepted(byBody)) return 'neither';
	fixtures.noteGone('sale', key);
	return byBody ? 'body' : 'path';
}

/** The key under which a sale was kept: by the answer, or where that has no record, by the list. */
async function keptKey(live: Writing, key: Value, exchange: Exchange): Promise<unknown> {
	const kept = dataIn(exchange)?.key;
	if (kept !== undefined) return kept;
	const [sale] = await salesOf(live, key);
	if (!sale) throw new Undecided('the sale was accepted, and is not found by its key');
	return sale.key;
}

/** Records a sale under a key, reads it back and deletes it. */
async function keyComesBack(
	live: Writing,
	key: Value,
	outcomeOf: (kept: unknown) => string,
): Promise<Found> {
	const exchange = await live.fixtures.sell(key);
	if (!accepted(exchange)) return { outcome: 'refused', facts: { status: exchange.status } };
	const kept = await keptKey(live, key, exchange);
	const facts = {
		foundByKey: (await salesOf(live, key)).length > 0,
		readByPath: await reads(live, key),
		deletedBy: await refund(live, key),
	};
	return { outcome: kept === key.value ? 'kept' : outcomeOf(kept), facts };
}

async function keyLength(live: Writing): Promise<Found> {
	for (const length of [65, 256]) {
		const key = value(
			live.fixtures.name('long-').padEnd(length, 'x'),
			`a key of ${length} characters`,
		);
		const exchange = await live.fixtures.sell(key);
		if (!accepted(exchange))
			return { outcome: `refused-at-${length}`, facts: { status: exchange.status } };
		const kept = String(await keptKey(live, key, exchange));
		const facts = {
			foundByKey: (await salesOf(live, key)).length > 0,
			readByPath: await reads(live, key),
			deletedBy: await refund(live, key),
		};
		if (kept !== key.value) return { outcome: 'cut', facts: { ...facts, kept: kept.length } };
	}
	return { outcome: 'kept' };
}

async function keySlash(live: Writing): Promise<Found> {
	const key = value(live.fixtures.name('a/b'), 'a key with a slash');
	const exchange = await live.fixtures.sell(key);
	if (!accepted(exchange)) return { outcome: 'refused' };
	const facts = {
		foundByKey: (await salesOf(live, key)).length > 0,
		readByPath: await reads(live, key),
	};
	const by = await refund(live, key);
	if (by === 'neither') return { outcome: 'not-at-all', facts };
	return {
		outcome: by === 'path' && facts.readByPath ? 'by-path' : 'by-body-alone',
		facts: { ...facts, deletedBy: by },
	};
}

async function refunds(live: Writing): Promise<Found> {
	const key = value(live.fixtures.name('refund'), 'the key of a sale');
	const exchange = await live.fixtures.sell(key);
	if (!accepted(exchange))
		throw new Undecided(`no sale could be recorded (status ${exchange.status})`);
	const by = await refund(live, key);
	// The other form, by itself.
	const other = value(live.fixtures.name('refund-by-body'), 'the key of another sale');
	const byBody =
		accepted(await live.fixtures.sell(other)) &&
		accepted(await live.sender.change('DELETE', at`/transactions`, { key: other }));
	if (byBody) live.fixtures.noteGone('sale', other);
	const facts = { byPath: by === 'path', byBody };
	const isLeft =
		by !== 'neither' && ((await reads(live, key)) || (await salesOf(live, key)).length > 0);
	if (by === 'neither' || isLeft) return { outcome: 'not-at-all', facts };
	return { outcome: by === 'path' ? 'by-path' : 'by-body-alone', facts };
}

/** How long until a new sale shows in the list, by its key, and by its path; the following checks wait as long. */
async function visibility(live: Writing): Promise<Found> {
	const { sender, fixtures } = live;
	const key = value(fixtures.name('new'), 'the key of a new sale');
	// Before it is sent, so that what follows waits long enough however long an answer takes.
	const recordedAt = clock.now();
	const exchange = await fixtures.sell(key);
	if (!accepted(exchange))
		throw new Undecided(`no sale could be recorded (status ${exchange.status})`);
	const shown: { list?: number; key?: number; path?: number } = {};
	const isFound = (records: Records) => records.some((one) => String(one.key) === key.value);
	const looks = {
		list: async () => isFound(await found(sender, asking(at`/transactions`, [['limit', 100]]))),
		key: async () => isFound(await found(sender, asking(at`/transactions`, [['key', key]]))),
		path: async () => await reads(live, key),
	};
	const where = Object.keys(looks) as Array<keyof typeof looks>;
	for (const [index, after] of LOOKS.entries()) {
		await abortableSleep(Math.max(0, recordedAt + after - clock.now()));
		for (const place of where) {
			if (shown[place] === undefined && (await looks[place]()))
				shown[place] = index === 0 ? 0 : Math.round(clock.now() - recordedAt);
		}
		if (where.every((place) => shown[place] !== undefined)) break;
	}
	const longest = LOOKS.at(-1)!;
	const [list, byKey, path] = where.map((place) => shown[place] ?? longest);
	fixtures.lag = Math.max(list, byKey, path);
	const facts = {
		listMs: Math.max(list, byKey),
		readMs: path,
		stillHidden: Object.keys(shown).length < where.length,
	};
	return { outcome: fixtures.lag === 0 ? 'at-once' : 'late', facts };
}

async function sameKeyTwice(live: Writing): Promise<Found> {
	const key = value(live.fixtures.name('twice'), 'the key of a sale');
	const first = await live.fixtures.sell(key);
	if (!accepted(first)) throw new Undecided(`no sale could be recorded (status ${first.status})`);
	const second = await live.fixtures.sell(key);
	if (!accepted(second)) return { outcome: 'refused', facts: { status: second.status } };
	const sales = (await salesOf(live, key)).filter(
		(one) => String(one.key).toLowerCase() === String(key.value).toLowerCase(),
	);
	if (sales.length === 0) throw new Undecided('the sales do not show');
	return { outcome: sales.length > 1 ? 'recorded' : 'not-recorded' };
}

async function archive(live: Writing): Promise<Found> {
	const [key] = live.fixtures.sales;
	const shows = async () => {
		const listed = await salesOf(live, key);
		const isDated = listed.some(
			({ deleted_at: deleted }) => deleted !== undefined && deleted !== null,
		);
		return { list: listed.length > 0, isDated, path: await reads(live, key) };
	};
	const before = await shows();
	if (!before.list && !before.path)
		throw new Undecided('the sale does not show before it is archived');
	const exchange = await live.sender.change('POST', at`/transactions/${key}/archive`);
	if (!accepted(exchange)) return { outcome: 'refused', facts: { status: exchange.status } };
	const after = await shows();
	const restored = await live.sender.change('POST', at`/transactions/${key}/revoke-archive`);
	const facts = {
		listed: after.list,
		read: after.path,
		dated: after.isDated,
		restored: accepted(restored),
	};
	if (after.list && after.path) return { outcome: after.isDated ? 'dated' : 'shown', facts };
	return { outcome: after.list || after.path ? 'hidden-in-part' : 'hidden', facts };
}

type Heeded = 'works' | 'ignored' | 'refused';

async function updates(live: Writing): Promise<Found> {
	const { sender, fixtures } = live;
	const path = at`/customers/${fixtures.buyerInPath}`;
	const heeded = async (
		body: Parameters<typeof sender.change>[2],
		name: string,
	): Promise<Heeded> => {
		if (!accepted(await sender.change('PUT', path, body))) return 'refused';
		return dataIn(await sender.get(path))?.name === name ? 'works' : 'ignored';
	};
	const wrapped = await heeded({ update: { name: 'Check inside' } }, 'Check inside');
	const bare = await heeded({ name: 'Check outside' }, 'Check outside');
	const nonsense = accepted(
		await sender.change('PUT', path, { update: { check_live: 'nonsense' } }),
	);
	return {
		outcome: updateOutcome(wrapped, bare),
		facts: { inside: wrapped, outside: bare, nonsenseAccepted: nonsense },
	};
}

function updateOutcome(wrapped: Heeded, bare: Heeded): string {
	if (wrapped === 'works')
		return { works: 'either', ignored: 'toplevel-ignored', refused: 'wrapper' }[bare];
	if (bare !== 'works') return 'nothing-works';
	return wrapped === 'ignored' ? 'wrapper-ignored' : 'toplevel';
}

/** Whether `null` empties a field, in the form of update that is heeded. */
async function clear({ sender, fixtures }: Writing): Promise<Found> {
	const path = at`/customers/${fixtures.buyerInPath}`;
	const surname = async () => dataIn(await sender.get(path))?.surname;
	for (const inForm of [
		(fields: Body): Body => ({ update: fields }),
		(fields: Body): Body => fields,
	]) {
		const filled = await sender.change('PUT', path, inForm({ surname: 'Check' }));
		if (!accepted(filled) || (await surname()) !== 'Check') continue;
		if (!accepted(await sender.change('PUT', path, inForm({ surname: null }))))
			return { outcome: 'refused' };
		return { outcome: (await surname()) ? 'stays' : 'cleared' };
	}
	throw new Undecided('no update changes anything');
}

/** How a sale's date was taken. */
async function dated(
	{ fixtures }: Writing,
	what: string,
	at: Value,
): Promise<{ state: 'taken' | 'ignored' | 'refused'; key: Value }> {
	const key = value(fixtures.name(what), 'the key of a sale');
	const exchange = await fixtures.sell(key, { created_at: at });
	if (!accepted(exchange)) return { state: 'refused', key };
	const date = Date.parse(String(dataIn(exchange)?.created_at));
	if (Number.isNaN(date)) throw new Undecided('the sale that was recorded shows no date');
	return { state: Math.abs(date - past.getTime()) < DAY ? 'taken' : 'ignored', key };
}

const past = new Date(Math.floor(Date.now() / 1000) * 1000 - 30 * DAY);

async function createdAt(live: Writing): Promise<Found> {
	const unix = await dated(
		live,
		'unix',
		value(past.getTime() / 1000, 'a month ago, in Unix seconds'),
	);
	const iso = await dated(
		live,
		'iso',
		value(past.toISOString(), 'a month ago, in ISO 8601 with a zone'),
	);
	const local = await dated(
		live,
		'local',
		value(past.toISOString().replace('Z', ''), 'a month ago, in ISO 8601 without a zone'),
	);
	live.fixtures.backdated = [unix, iso].find(({ state }) => state === 'taken')?.key;
	const facts = { unix: unix.state, iso: iso.state, isoWithoutZone: local.state };
	if (unix.state === 'taken') return { outcome: iso.state === 'taken' ? 'either' : 'unix', facts };
	if (iso.state === 'taken') return { outcome: 'iso', facts };
	return {
		outcome: unix.state === 'ignored' || iso.state === 'ignored' ? 'ignored' : 'otherwise',
		facts,
	};
}

async function order({ fixtures, sender }: Writing): Promise<Found> {
	const { backdated, sales } = fixtures;
	if (!backdated) throw new Undecided('no sale with a date in the past could be recorded');
	await abortableSleep(fixtures.lag);
	const keys = recordsOf(await sender.get(at`/transactions?limit=100`)).map(({ key }) =>
		String(key),
	);
	const [first, second, past] = [...sales, backdated].map(({ value: key }) =>
		keys.indexOf(String(key)),
	);
	if ([first, second, past].includes(-1)) throw new Undecided('the list does not show the sales');
	const isNewestFirst = second < first;
	return { outcome: isNewestFirst === first < past ? 'created-at' : 'recorded' };
}

/** Sends several sales in one request; of the last one the amount may be missing. */
async function sendBatch(
	live: Writing,
	what: string,
	isWrong: boolean,
): Promise<{ exchange: Exchange; recorded: number }> {
	const { fixtures, sender } = live;
	const keys = [1, 2, 3].map((number) =>
		value(fixtures.name(`${what}-${number}`), `key ${number}`),
	);
	const transactions = keys.map((key, index): Body =>
		isWrong && index === 2 ? { key, action: 'sale' } : { key, amount: 1, action: 'sale' },
	);
	const made = keys.map(({ value: key }): [string, string] => ['sale', String(key)]);
	const exchange = await sender.create(
		at`/transactions`,
		{ customer: fixtures.buyerBody(), transactions },
		...made,
	);
	let recorded = 0;
	for (const key of keys)
		recorded += (await salesOf(live, key)).some((one) => one.key === key.value) ? 1 : 0;
	return { exchange, recorded };
}

async function batch(live: Writing): Promise<Found> {
	const { exchange, recorded } = await sendBatch(live, 'batch', false);
	const facts = { recorded };
	if (!accepted(exchange)) return { outcome: recorded > 0 ? 'cut-short' : 'refused', facts };
	if (recorded < 3) return { outcome: 'otherwise', facts };
	return { outcome: recordsIn(exchange) ? 'transactions' : 'status', facts };
}

async function wrongBatch(live: Writing): Promise<Found> {
	const { exchange, recorded } = await sendBatch(live, 'wrong', true);
	const facts = { recorded };
	if (accepted(exchange)) return { outcome: 'accepted-in-part', facts };
	return { outcome: recorded > 0 ? 'part' : 'nothing', facts };
}

async function duplicates({ fixtures, sender, program }: Writing): Promise<Found> {
	const other = fixtures.person('customer-3');
	const { id, key, email } = fixtures.buyer;
	const isAffiliate = program.contract === 'affiliate';
	const owner: Body = isAffiliate ? { partner: { id: fixtures.earner.id } } : {};
	const identifier = isAffiliate ? 'key' : 'id';
	const again = { id, key };
	const exchanges = [
		await sender.create(
			at`/customers`,
			{ [identifier]: again[identifier], email: other.email, ...owner },
			['customer', String(again[identifier].value)],
		),
		await sender.create(at`/customers`, { [identifier]: other[identifier], email, ...owner }, [
			'customer',
			String(other[identifier].value),
		]),
	];
	const facts = { sameKey: exchanges[0].status, sameEmail: exchanges[1].status };
	if (exchanges.some(accepted)) return { outcome: 'accepted', facts };
	const statuses = new Set(exchanges.map(({ status }) => status));
	if (statuses.size === 1 && (statuses.has(422) || statuses.has(200)))
		return { outcome: statuses.has(422) ? '422' : 'in-a-200', facts };
	return { outcome: 'other-status', facts };
}

async function unknownCustomer(live: Writing): Promise<Found> {
	const { fixtures } = live;
	const key = value(fixtures.name('nobody-sale'), 'the key of a sale');
	const exchange = await fixtures.sell(key, {
		customer: fixtures.buyerBody(fixtures.person('nobody')),
	});
	return {
		outcome: accepted(exchange) ? 'recorded' : 'refused',
		facts: { status: exchange.status },
	};
}

async function unknownPartner({ fixtures, sender }: Writing): Promise<Found> {
	const key = value(fixtures.name('no-partner-sale'), 'the key of a sale');
	const customer = fixtures.person('customer-4');
	const body = {
		key,
		amount: 1,
		action: 'sale',
		customer: {
			key: customer.key,
			email: customer.email,
			partner: { key: fixtures.person('no-partner').key },
		},
		options: { create_customer: true },
	};
	const exchange = await sender.create(
		at`/transactions`,
		body,
		['sale', String(key.value)],
		['customer', String(customer.key.value)],
	);
	if (!accepted(exchange)) return { outcome: 'refused', facts: { status: exchange.status } };
	const { customer: buyer } = dataIn(exchange) ?? {};
	return { outcome: typeof buyer === 'string' ? 'without-partner' : 'for-nobody' };
}

/** A lead of its own; its number. */
async function lead({ fixtures, sender }: Writing, what: string): Promise<Value> {
	const { email } = fixtures.person(what);
	const exchange = await sender.create(
		at`/leads`,
		{ name: 'Check', email, partner: { id: fixtures.earner.id } },
		['lead', String(email.value)],
	);
	const id = Number(dataIn(exchange)?.id);
	if (!accepted(exchange) || !Number.isInteger(id))
		throw new Undecided(`no lead could be made (status ${exchange.status})`);
	return value(id, 'the id of a lead');
}

async function leadReject(live: Writing): Promise<Found> {
	const { sender } = live;
	const byGet = async (id: Value) =>
		await sender.change('GET', asking(at`/leads/reject`, [['id', id]]));
	const first = await lead(live, 'lead-1');
	const post = await sender.change('POST', at`/leads/reject`, { id: first });
	const get = await byGet(accepted(post) ? await lead(live, 'lead-2') : first);
	const facts = { post: post.status, get: get.status };
	if (accepted(post)) return { outcome: accepted(get) ? 'either' : 'post', facts };
	return { outcome: accepted(get) ? 'get' : 'neither', facts };
}

async function webhook({ fixtures, sender, program }: Writing): Promise<Found> {
	const key = value(fixtures.name('hook'), 'the key of a webhook');
	const url = value(`https://${fixtures.name('hook')}.invalid/`, 'an address that no server has');
	const event = program.contract === 'newsletter' ? 'subscriber.created' : 'customer.created';
	const exchange = await sender.create(
		at`/webhooks`,
		{ key, name: 'check-live', url, events: [event], is_active: false },
		['webhook', String(key.value)],
	);
	if (!accepted(exchange)) return { outcome: 'refused', facts: { status: exchange.status } };
	const created = dataIn(exchange) ?? {};
	fixtures.noteOther('webhook', key, created.key);
	const kept = typeof created.key === 'string' ? value(created.key, key.name) : key;
	const read = dataIn(await sender.get(at`/webhooks/${kept}`)) ?? {};
	if (accepted(await sender.change('DELETE', at`/webhooks/${kept}`)))
		fixtures.noteGone('webhook', kept);
	const shows = ({ signature }: Record<string, unknown>) =>
		typeof signature === 'string' && signature !== '';
	return { outcome: shows(read) ? 'always' : shows(created) ? 'on-create' : 'never' };
}

/** The balance of a customer in a currency. */
async function balance({ sender, fixtures }: Writing, units: string): Promise<number> {
	const exchange = await sender.get(at`/customers/${fixtures.earner.id}/balance`);
	if (!accepted(exchange))
		throw new Undecided(`the balance could not be read (status ${exchange.status})`);
	const { currency = [] } = record(dataIn(exchange)?.balance) ?? {};
	const amounts = (Array.isArray(currency) ? currency : []).filter(
		(one) => String(record(one)?.amount_units).toUpperCase() === units,
	);
	return amounts.reduce((sum: number, one) => sum + Number(record(one)?.amount), 0);
}

async function credit(live: Writing): Promise<Found> {
	const { sender, fixtures, lists } = live;
	const [sale] = await lists.records('/transactions');
	const units = String(sale?.amount_units ?? '').toUpperCase();
	if (units === '') throw new Undecided('no sale shows a currency');
	const before = await balance(live, units);
	const path = at`/customers/${fixtures.earner.id}/balance/credit`;
	const exchange = await sender.create(
		path,
		{ amount: 0.01, is_currency: true, amount_units: value(units, 'the currency of the program') },
		['credit', String(fixtures.earner.id.value)],
	);
	if (!accepted(exchange)) return { outcome: 'refused', facts: { status: exchange.status } };
	return {
		outcome:
			Math.abs((await balance(live, units)) - before - 0.01) < 0.001 ? 'exactly' : 'otherwise',
	};
}

/** What writes. `visibility` comes first, since what follows waits as long as it found. */
export const writingChecks: Checks<Writing> = {
	'create-status': async ({ fixtures, sender }) => {
		sender.exchanges.push(...fixtures.created);
		const statuses = new Set(fixtures.created.map(({ status }) => status));
		const [status] = statuses;
		return {
			outcome: statuses.size === 1 && (status === 200 || status === 201) ? String(status) : 'mixed',
		};
	},
	visibility,
	'same-key-twice': sameKeyTwice,
	'key-blank': async (live) =>
		await keyComesBack(
			live,
			value(`${live.fixtures.name('blank')} `, 'a key with a blank behind'),
			(kept) => (kept === live.fixtures.name('blank') ? 'trimmed' : 'otherwise'),
		),
	'key-capitals': async (live) =>
		await keyComesBack(
			live,
			value(live.fixtures.name('Capital'), 'a key with a capital'),
			(kept) => (kept === live.fixtures.name('capital') ? 'folded' : 'otherwise'),
		),
	'key-unicode': async (live) =>
		await keyComesBack(
			live,
			value(live.fixtures.name('e\u0301'), 'a key with a combining accent'),
			(kept) => (kept === live.fixtures.name('\u00e9') ? 'composed' : 'otherwise'),
		),
	'key-digits': async (live) => {
		const digits = live.fixtures.digits();
		return await keyComesBack(
			live,
			value(digits, 'a key of digits that begins with zeros'),
			(kept) => (Number(kept) === Number(digits) ? 'number' : 'otherwise'),
		);
	},
	'key-length': keyLength,
	'key-slash': keySlash,
	refund: refunds,
	updates,
	clear,
	'customer-duplicates': duplicates,
	'unknown-customer': unknownCustomer,
	'unknown-partner': unknownPartner,
	'created-at': createdAt,
	order,
	batch,
	'batch-wrong': wrongBatch,
	archive,
	'lead-reject': leadReject,
	webhook,
	'subscriber-id': async ({ fixtures }) => {
		const { id, email } = dataIn(fixtures.created[0]) ?? {};
		return {
			outcome: id === null || id === undefined ? 'later' : id === email ? 'at-once' : 'another',
		};
	},
};

/** What cannot be taken back, and so is asked for first. */
export const irreversibleChecks: Record<'bonus' | 'credit', Check<Writing>> = {
	bonus: async ({ sender, fixtures }) => {
		const { id } = fixtures.earner;
		const exchange = await sender.create(at`/partners/${id}/reward`, { amount: 0.01 }, [
			'bonus',
			String(id.value),
		]);
		return {
			outcome: accepted(exchange) ? 'taken' : 'refused',
			facts: { status: exchange.status },
		};
	},
	credit,
};
