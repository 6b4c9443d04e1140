import { Agent } from 'node:https';

import axios from 'axios';

import { clock } from '../../sandbox/clock';
import type { QuirkName, Quirks } from '../../sandbox/quirks';
import { QUIRK_NAMES, readQuirks } from '../../sandbox/quirks';
import type { AddedProgram, Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import type { RawReply } from './client';
import { rawClient } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	// Lags of seconds take milliseconds.
	clock.speed = 100;
	sandbox = await startSandbox({ seed: 'empty' });
});
afterAll(async () => {
	await sandbox.close();
	clock.speed = 1;
});

/** Lets the sandbox's clock stand at so many milliseconds until the end of the test. */
function standAt(milliseconds: number): void {
	jest.spyOn(clock, 'now').mockReturnValue(milliseconds);
}

afterEach(() => jest.restoreAllMocks());

interface Setting extends AddedProgram {
	send(method: string, path: string, body?: unknown): Promise<RawReply>;
	/** Records a sale of a known customer. */
	sell(key: string, more?: object): Promise<RawReply>;
	keys(path?: string): Promise<unknown[]>;
}

/** A program with a partner, two customers and these quirks. */
function withQuirks(quirks: Partial<Quirks>, server = sandbox): Setting {
	const program = server.addProgram('affiliate', { quirks });
	const { partners, customers } = program.state;
	partners.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com' });
	partners.add({ id: 'p_2', key: 'ben', email: 'ben@example.com' });
	customers.add({ key: 'user_1', partner: 'p_1' });
	customers.add({ key: 'user_2', partner: 'p_2' });
	const send = rawClient(server.url, program.key);
	return {
		...program,
		send,
		sell: async (key, more = {}) =>
			await send('POST', '/transactions', {
				key,
				amount: 10,
				customer: { key: 'user_1' },
				...more,
			}),
		keys: async (path = '/transactions') =>
			((await send('GET', path)).body.data as unknown as Array<{ key: unknown }>).map(
				({ key }) => key,
			),
	};
}

const update = { update: { name: 'New' } };

/** What each quirk does, as a client and the ledger see it. */
const shows: Record<QuirkName, () => Promise<void>> = {
	pageCap: async () => {
		const { state, send } = withQuirks({ pageCap: 3 });
		for (let index = 0; index < 5; index++) state.transactions.add({ key: `k_${index}` });
		const { body } = await send('GET', '/transactions?limit=100');
		expect(body.data).toHaveLength(3);
		expect(body.links.next).toMatch(/page=2$/);
		expect((await send('GET', '/transactions?limit=100&page=2')).body).toMatchObject({
			data: { length: 2 },
			links: { next: null },
		});
	},
	salesHiddenFromListsMs: async () => {
		const { sell, send, keys, ledger } = withQuirks({ salesHiddenFromListsMs: 20_000 });
		standAt(0);
		await sell('new');
		standAt(19_999);
		expect(ledger().transactions.total).toBe(1);
		expect(await keys()).toEqual([]);
		expect(await keys('/transactions?key=new')).toEqual([]);
		expect(await keys('/customers/user_1/transactions')).toEqual([]);
		expect((await send('GET', '/transactions/new')).status).toBe(200);
		standAt(20_000);
		expect(await keys()).toEqual(['new']);
	},
	salesHiddenFromReadsMs: async () => {
		const { sell, send, keys } = withQuirks({ salesHiddenFromReadsMs: 20_000 });
		standAt(0);
		await sell('new');
		standAt(19_999);
		expect((await send('GET', '/transactions/new')).status).toBe(404);
		expect(await keys()).toEqual(['new']);
		standAt(20_000);
		expect((await send('GET', '/transactions/new')).status).toBe(200);
	},
	carriedOutLate: async () => {
		const cut = withQuirks({ carriedOutLate: { ms: 100_000, answer: 'cut' } });
		await expect(cut.sell('lost')).rejects.toThrow(/hang up|ECONNRESET/);
		expect(cut.ledger().transactions.total).toBe(0);
		const gateway = withQuirks({ carriedOutLate: { ms: 100_000, answer: '502' } });
		expect((await gateway.sell('lost')).status).toBe(502);
		await sandbox.settled();
		for (const { ledger } of [cut, gateway]) {
			expect(ledger().transactions.byKey).toHaveProperty('lost.count', 1);
			expect(ledger().requests).toEqual({ createTransactions: 1 });
		}
		// Once, unless said otherwise.
		expect((await cut.sell('next')).status).toBe(200);
	},
	archivedSalesHidden: async () => {
		const { sell, send, keys, ledger } = withQuirks({ archivedSalesHidden: true });
		await sell('gone');
		await send('POST', '/transactions/gone/archive');
		expect(await keys()).toEqual([]);
		expect((await send('GET', '/transactions/gone')).status).toBe(404);
		expect(ledger().transactions.total).toBe(1);
		expect((await send('POST', '/transactions/gone/revoke-archive')).status).toBe(200);
		expect(await keys()).toEqual(['gone']);
	},
	archivedSalesDated: async () => {
		const { sell, send } = withQuirks({ archivedSalesDated: true });
		await sell('gone');
		await sell('there');
		await send('POST', '/transactions/gone/archive');
		const { data } = (await send('GET', '/transactions')).body as unknown as {
			data: Array<{ key: string; deleted_at: string | null }>;
		};
		expect(Object.fromEntries(data.map(({ key, deleted_at }) => [key, deleted_at]))).toEqual({
			gone: expect.any(String),
			there: null,
		});
	},
	emptyListIs404: async () => {
		const { send } = withQuirks({ emptyListIs404: true });
		expect((await send('GET', '/transactions?key=none')).body).toMatchObject({
			message: 'Not Found',
			status: 0,
		});
		expect((await send('GET', '/partners:search?email=nobody')).status).toBe(404);
		expect((await send('GET', '/transactions')).status).toBe(200);
		expect((await send('GET', '/transactions?limit=10&page=1&sort=asc')).status).toBe(200);
		const always = withQuirks({ emptyListIs404: 'always' });
		expect(await always.send('GET', '/transactions')).toMatchObject({
			status: 404,
			body: { message: 'No transactions found.' },
		});
	},
	keysTrimmed: async () => await keeps({ keysTrimmed: true }, '\u200b inv_1\u00a0', 'inv_1'),
	keysCaseFolded: async () => await keeps({ keysCaseFolded: true }, 'Inv_1', 'inv_1'),
	keysNormalized: async () => await keeps({ keysNormalized: true }, 'cafe\u0301', 'caf\u00e9'),
	keysCutAt: async () => await keeps({ keysCutAt: 8 }, '0123456789', '01234567'),
	keysAsNumbers: async () => {
		await keeps({ keysAsNumbers: true }, '007', '7');
		const { sell, keys } = withQuirks({ keysAsNumbers: true });
		expect((await sell('42')).body.data.key).toBe(42);
		expect(await keys()).toEqual([42]);
	},
	updatesIgnored: async () => {
		const nameAfter = async (quirk: Quirks['updatesIgnored'], body: object) => {
			const { send, state } = withQuirks({ updatesIgnored: quirk });
			expect((await send('PUT', '/customers/user_1', body)).status).toBe(200);
			return state.customers.find('key', 'user_1')?.name;
		};
		expect(await nameAfter('wrapped', update)).toBeNull();
		expect(await nameAfter('wrapped', update.update)).toBe('New');
		expect(await nameAfter('unwrapped', update)).toBe('New');
		expect(await nameAfter('unwrapped', update.update)).toBeNull();
		expect(await nameAfter('all', update)).toBeNull();
		expect(await nameAfter('all', update.update)).toBeNull();
	},
	filtersIgnored: async () => {
		const { sell, keys, send } = withQuirks({ filtersIgnored: ['partner_key', 'email'] });
		await sell('of Ann');
		await sell('of Ben', { customer: { key: 'user_2' } });
		expect(await keys('/transactions?partner_key=ben')).toEqual(['of Ben', 'of Ann']);
		expect(await keys('/transactions?partner_email=ben@example.com')).toEqual(['of Ben']);
		expect((await send('GET', '/partners:search?email=nobody')).body.data).toHaveLength(2);
		const oneList = withQuirks({
			filtersIgnored: ['/transactions?partner_key', '/partners:search?email'],
		});
		await oneList.sell('of Ann');
		expect(await oneList.keys('/transactions?partner_key=ben')).toEqual(['of Ann']);
		expect((await oneList.send('GET', '/customers?partner_key=ben')).body.data).toHaveLength(1);
		expect((await oneList.send('GET', '/partners:search?email=nobody')).body.data).toHaveLength(2);
		expect((await oneList.send('GET', '/partners:search?key=nobody')).body.data).toEqual([]);
	},
	searchesBlindTo: async () => {
		const { send } = withQuirks({ searchesBlindTo: ['email'] });
		expect((await send('GET', '/partners:search?email=ann@example.com')).body.data).toEqual([]);
		expect((await send('GET', '/partners:search?key=annlee')).body.data).toHaveLength(1);
		expect((await send('GET', '/partner?email=ann@example.com')).status).toBe(200);
	},
	addressesMissing: async () => {
		const { send } = withQuirks({ addressesMissing: ['/partner'] });
		const { status, body } = await send('GET', '/partner?key=annlee');
		expect([status, body]).toEqual([
			404,
			{ message: 'The route v1/partner could not be found.', status: 0 },
		]);
		expect((await send('GET', '/partners/p_1')).status).toBe(200);
	},
	unknownCustomer: async () => {
		const nobody = { customer: { key: 'nobody' } };
		const recording = withQuirks({ unknownCustomer: 'record' });
		expect((await recording.sell('a', nobody)).body.data).toMatchObject({
			customer: null,
			rewards: [],
		});
		expect(recording.ledger().transactions.forNobody).toEqual(['a']);
		const refusing = withQuirks({ unknownCustomer: 'refuse' });
		expect((await refusing.sell('a', nobody)).status).toBe(422);
		expect(refusing.ledger().transactions.total).toBe(0);
	},
	unknownPartnerIgnored: async () => {
		const sale = {
			customer: { key: 'new', partner: { key: 'stranger' } },
			options: { create_customer: true },
		};
		const { sell, ledger } = withQuirks({ unknownPartnerIgnored: true });
		expect((await sell('a', sale)).status).toBe(200);
		expect(ledger()).toMatchObject({
			transactions: { forNobody: ['a'] },
			customers: { length: 2 },
		});
		expect((await withQuirks({}).sell('a', sale)).status).toBe(400);
	},
	createdAtIgnored: async () => {
		const { sell } = withQuirks({ createdAtIgnored: true });
		const { body } = await sell('old', { created_at: 1_600_000_000 });
		expect(Date.parse(String(body.data.created_at))).toBeGreaterThan(Date.now() - 60_000);
	},
	batchCutShort: async () => {
		const { send, ledger } = withQuirks({ batchCutShort: { recorded: 2 } });
		const batch = {
			customer: { key: 'user_1' },
			transactions: ['a', 'b', 'c'].map((key) => ({ key, amount: 1 })),
		};
		expect((await send('POST', '/transactions', batch)).status).toBe(422);
		expect(Object.keys(ledger().transactions.byKey)).toEqual(['a', 'b']);
		await send('POST', '/transactions', batch);
		expect(ledger().transactions).toMatchObject({ total: 5, twice: ['a', 'b'] });
	},
	successStatus: async () => {
		for (const status of ['1', true, 'success'] as const) {
			const { sell, send } = withQuirks({ successStatus: status });
			expect((await sell('a')).body).toMatchObject({ status, data: { key: 'a' } });
			expect((await send('DELETE', '/transactions/a')).body).toEqual({ status });
		}
	},
	failureStatus: async () => {
		for (const status of ['0', false, 'error'] as const) {
			const { send, ledger } = withQuirks({ failureStatus: status });
			const reply = await send('POST', '/transactions', { key: 'a' });
			expect(reply).toMatchObject({ status: 200, body: { status, errors: expect.anything() } });
			expect((await send('GET', '/transactions/a')).status).toBe(404);
			expect(ledger().transactions.total).toBe(0);
		}
	},
	rateLimit: async () => {
		const { send, sell, quirks, ledger } = withQuirks({ rateLimit: { perMinute: 2 } });
		standAt(0);
		const first = await sell('a');
		expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1' });
		expect((await send('GET', '/transactions')).headers['x-ratelimit-remaining']).toBe('0');
		standAt(20_000);
		expect(await sell('b')).toMatchObject({ status: 429, headers: { 'retry-after': '40' } });
		expect(ledger().transactions.total).toBe(1);
		const wishes = {
			none: undefined,
			zero: '0',
			past: expect.stringMatching(/GMT$/),
			nonsense: 'soon',
		};
		for (const [retryAfter, wish] of Object.entries(wishes) as Array<
			[keyof typeof wishes, string | undefined]
		>) {
			quirks.rateLimit = { perMinute: 1, retryAfter };
			expect((await sell('b')).headers['retry-after']).toEqual(wish);
		}
		standAt(60_000);
		expect((await sell('b')).status).toBe(200);
	},
	tlsBreaks: async () => {
		const secure = await startSandbox({ seed: 'empty', tls: true, quirks: { tlsBreaks: {} } });
		const post = async (email: string) =>
			await axios.post(
				`${secure.url}/partners`,
				{ email },
				{
					headers: { authorization: `Bearer ${secure.keys.affiliate}` },
					httpsAgent: new Agent({ ca: secure.ca }),
				},
			);
		try {
			await expect(post('a@example.com')).rejects.toMatchObject({
				code: expect.stringMatching(/SSL|EPROTO/),
			});
			expect(secure.ledger()).toMatchObject({
				partners: [{ email: 'a@example.com' }],
				requests: { createPartner: 1 },
			});
			expect((await post('b@example.com')).status).toBe(200);
		} finally {
			await secure.close();
		}
	},
	drips: async () => {
		const dripping = await startSandbox({ seed: 'empty', quirks: { drips: { everyMs: 100 } } });
		const drips = await fetch(`${dripping.url}/partners`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${dripping.keys.affiliate}`,
				'content-type': 'application/json',
			},
			body: JSON.stringify({ email: 'a@example.com' }),
		});
		const reader = drips.body!.getReader();
		expect(drips.status).toBe(200);
		for (let count = 0; count < 3; count++) expect((await reader.read()).done).toBe(false);
		expect(dripping.ledger().partners).toHaveLength(1);
		// Ends what would never end.
		await dripping.close();
		await expect(readToEnd(reader)).rejects.toThrow();
	},
};

async function readToEnd(reader: { read(): Promise<{ done: boolean }> }): Promise<void> {
	while (!(await reader.read()).done);
}

/** A key is kept in another form than it was sent, and found by either. */
async function keeps(quirks: Partial<Quirks>, sent: string, kept: string): Promise<void> {
	const { sell, send, ledger } = withQuirks(quirks);
	await sell(sent);
	expect(Object.keys(ledger().transactions.byKey)).toEqual([kept]);
	for (const key of [sent, kept]) {
		expect((await send('GET', `/transactions/${encodeURIComponent(key)}`)).status).toBe(200);
		expect(
			(await send('GET', `/transactions?key=${encodeURIComponent(key)}`)).body.data,
		).toHaveLength(1);
	}
	await sell(kept);
	expect(ledger().transactions.twice).toEqual([kept]);
}

test.each(QUIRK_NAMES)('%s', async (name) => await shows[name]());

test('quirks go together', async () => {
	const { sell, send, keys, ledger } = withQuirks({
		keysTrimmed: true,
		keysCaseFolded: true,
		keysCutAt: 4,
		pageCap: 1,
		successStatus: '1',
	});
	expect((await sell(' ABCDEF ')).body).toMatchObject({ status: '1', data: { key: 'abcd' } });
	await sell('abcd-2');
	expect(ledger().transactions.twice).toEqual(['abcd']);
	expect(await keys('/transactions?limit=10')).toHaveLength(1);
	expect((await send('GET', '/transactions?limit=10')).body.links.next).not.toBeNull();
});

describe('over HTTP', () => {
	const post = async (path: string, body: unknown) =>
		await axios.post<Body>(new URL(path, sandbox.url).href, body, { validateStatus: () => true });
	type Body = Record<string, unknown>;

	test('quirks are set, turned off and forgotten by a reset', async () => {
		expect((await post('/_sandbox/quirks', { pageCap: 5, keysTrimmed: true })).data).toMatchObject({
			pageCap: 5,
			keysTrimmed: true,
		});
		expect((await post('/_sandbox/quirks', { pageCap: null })).data).toMatchObject({
			pageCap: null,
			keysTrimmed: true,
		});
		sandbox.reset('empty');
		expect(Object.values(sandbox.quirks).filter((value) => value !== null)).toEqual([]);
	});

	test.each([
		{ pageCap: 0 },
		{ sunshine: true },
		{ carriedOutLate: { ms: 5 } },
		{ keysTrimmed: false },
		[],
	])('%j is refused', async (quirks) => {
		if (Array.isArray(quirks)) expect(readQuirks(quirks)).toEqual({});
		else expect((await post('/_sandbox/quirks', quirks)).status).toBe(400);
	});

	test('manners are set', async () => {
		expect((await post('/_sandbox/manners', { manners: 'laravel' })).status).toBe(200);
		expect(sandbox.manners).toBe('laravel');
		expect((await post('/_sandbox/manners', { manners: 'rude' })).status).toBe(400);
		sandbox.manners = 'strict';
	});
});

describe('a program of its own', () => {
	test('has its own key, records, quirks, requests and ledger', async () => {
		const one = withQuirks({ pageCap: 1 });
		const other = withQuirks({});
		expect(one.key).not.toBe(other.key);
		await one.sell('a');
		expect(one.ledger()).toMatchObject({
			transactions: { total: 1 },
			requests: { createTransactions: 1 },
		});
		expect(other.ledger()).toMatchObject({ transactions: { total: 0 }, requests: {} });
		expect(sandbox.ledger(one.key).transactions.total).toBe(1);
		expect(sandbox.ledger().transactions.total).toBe(0);
		expect(one.requests).toHaveLength(1);
		expect(other.quirks.pageCap).toBeNull();
	});

	test('is gone after a reset', async () => {
		const { send } = withQuirks({});
		sandbox.reset('empty');
		expect((await send('GET', '/test')).status).toBe(401);
	});

	test('may have manners of its own', async () => {
		const { key } = sandbox.addProgram('newsletter', { manners: 'laravel' });
		const send = rawClient(sandbox.url, key);
		expect(
			(await send('POST', '/subscribers', { email: ' a@example.com ', color: 'red' })).body.data
				.email,
		).toBe('a@example.com');
	});
});
