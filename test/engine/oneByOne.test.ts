import type { IDataObject } from 'n8n-workflow';

import type { BareServer } from './support/bareServer';
import { closeAll, json, serve } from './support/bareServer';
import type { RunOptions } from './support/engine';
import { run } from './support/engine';
import { locator } from './support/partnero';

/**
 * What is made of one answer after the other, on a server that follows a script: what a look-up shows depends on how
 * many sales have arrived, and not on the time.
 */

/** What the server answers to one sale that is sent; a cut connection if there is nothing. */
type Reply = { status: number; body: unknown } | undefined;

interface Script {
	/** In order; the last one again and again. */
	replies: Reply[];
	/** The same for what is to be deleted. */
	deletions?: Reply[];
	/** The sales that lists show after so many were sent; nothing if they cannot be read. */
	shown: (sent: number) => IDataObject[] | undefined;
	/** Customers by each of their identifiers. */
	customers?: Record<string, IDataObject>;
}

afterEach(closeAll);

let made = 0;

async function play({ replies, deletions = [], shown, customers = {} }: Script) {
	const server = await serve(({ method, path }, response) => {
		const sent = () => sentTo(server).length;
		const { pathname, searchParams } = new URL(path, 'http://server');
		if (pathname.startsWith('/program') || pathname === '/test') {
			const program = { id: 1, type: 'affiliate', program_settings: { currency: 'usd' } };
			return json(response, 200, { data: program, status: 1 });
		}
		if (method === 'POST' || method === 'DELETE') {
			const script = method === 'POST' ? replies : deletions;
			const reply = script[Math.min(sentTo(server, method).length, script.length) - 1];
			return reply ? json(response, reply.status, reply.body) : void response.destroy();
		}
		const [, resource, name] = pathname.split('/').map(decodeURIComponent);
		if (resource === 'customers' && !pathname.endsWith('/transactions')) {
			const customer = customers[name];
			return customer
				? json(response, 200, { data: customer, status: 1 })
				: json(response, 404, { message: 'Customer not found.' });
		}
		const sales = shown(sent());
		if (!sales) return json(response, 403, { message: 'Forbidden.' });
		const key = searchParams.get('key');
		// As a database compares a number with a text.
		const found = sales.filter(
			(sale) => key === null || String(sale.key) === key || Number(sale.key ?? NaN) === Number(key),
		);
		return json(response, 200, { data: found, status: 1 });
	});
	const credentials = { apiKey: `one_by_one_${(made += 1)}`, baseUrl: server.url };
	const record = async (
		parameters: IDataObject = {},
		items: IDataObject[] = [{}],
		node: RunOptions['node'] = {},
	) =>
		await run({
			credentials,
			parameters: {
				...{ resource: 'transaction', operation: 'create', amount: 20, key: 'inv_1' },
				customer: locator('key', 'ann'),
				...parameters,
			} as RunOptions['parameters'],
			items,
			node,
		});
	return { server, record };
}

/** What was sent, with what was in it. */
function sentTo({ arrivals }: BareServer, wanted = 'POST'): IDataObject[] {
	return arrivals
		.filter(({ method }) => method === wanted)
		.map(({ body }) => JSON.parse(body || '{}') as IDataObject);
}

const sale = (key: string, more: IDataObject = {}) => ({
	...{ key, amount: 20, amount_units: 'usd', action: 'sale' },
	customer: { key: 'ann', id: 7 },
	created_at: new Date().toISOString(),
	...more,
});
const taken = {
	status: 409,
	body: { message: 'The key has already been taken.', errors: { key: ['Taken.'] } },
};

describe('a sale that was sent again, since it was surely not there, and is refused now', () => {
	it('was recorded by the first try, if it shows then', async () => {
		const { server, record } = await play({
			replies: [undefined, taken],
			shown: (sent) => (sent > 1 ? [sale('inv_1')] : []),
		});
		const { json: items, error } = await record();
		expect(error).toBeUndefined();
		expect(items).toMatchObject([{ key: 'inv_1', created: true }]);
		expect(sentTo(server)).toHaveLength(2);
	});

	it('may have been recorded, if it does not show', async () => {
		const { server, record } = await play({ replies: [undefined, taken], shown: () => [] });
		const { error } = await record({}, [{}], { retryOnFail: true, maxTries: 3 });
		expect(error?.message).toContain('was refused');
		expect(error?.description).toContain("'inv_1' may have been recorded anyway");
		expect(sentTo(server)).toHaveLength(2);
	});
});

describe('a sale that an earlier execution has left in doubt', () => {
	it('is not sent again once a key shows that Partnero may have made of it', async () => {
		let isLate = true;
		const { server, record } = await play({
			replies: [undefined],
			shown: (sent) => (sent > 0 && !isLate ? [sale('12')] : []),
		});
		const first = await record({ key: '0012' });
		expect(first.error?.description).toContain('may have been recorded');
		const sent = sentTo(server).length;
		isLate = false;
		const { error } = await record({ key: '0012' });
		expect(error?.message).toContain("too similar to '12', which is recorded already");
		expect(sentTo(server)).toHaveLength(sent);
	});
});

describe('a batch that is refused, of which nobody says that nothing was recorded', () => {
	const refused = { status: 422, body: { message: 'Some failed.', errors: {} } };
	const items = [{ key: 'inv_1' }, { key: 'inv_2' }];
	const parameters = { operation: 'createMany', key: '={{ $json.key }}' };
	const goOn = { onError: 'continueRegularOutput' } as const;

	it('a sale that shows when it is sent alone was there already, as far as anybody knows', async () => {
		const { server, record } = await play({
			replies: [refused, taken],
			shown: (sent) => (sent > 1 ? [sale('inv_1'), sale('inv_2')] : []),
		});
		const { json: output } = await record(parameters, items, goOn);
		expect(output.map(({ key, error }) => [key, error])).toEqual([
			['inv_1', undefined],
			['inv_2', undefined],
		]);
		expect(sentTo(server).length).toBeLessThanOrEqual(3);
	});

	it('a sale that is refused alone, and does not show, was not recorded, and the error leaves no doubt', async () => {
		const { record } = await play({
			replies: [
				refused,
				{ status: 422, body: { message: 'No.', errors: { amount: ['Too little.'] } } },
			],
			shown: () => [],
		});
		const { json: output } = await record(parameters, items, goOn);
		expect(output).toHaveLength(2);
		for (const { error, message, description } of output)
			expect([error, message, description].join(' ')).not.toContain('may have been recorded');
	});
});

describe('what was accepted', () => {
	it('without a record, where nobody can look, is done as far as anybody knows', async () => {
		const { server, record } = await play({
			replies: [{ status: 200, body: { status: 1, note: 'queued' } }],
			shown: (sent) => (sent > 0 ? undefined : []),
		});
		const { json: items, error } = await record();
		expect(error).toBeUndefined();
		expect(items).toEqual([{ status: 1, note: 'queued', created: true }]);
		expect(sentTo(server)).toHaveLength(1);
	});

	it('for somebody else is recorded, but not as it was asked for', async () => {
		const other = sale('inv_1', { customer: { key: 'bob', id: 8 } });
		const { server, record } = await play({
			replies: [{ status: 201, body: { data: other, status: 1 } }],
			shown: (sent) => (sent > 0 ? [other] : []),
			customers: { ann: { key: 'ann', id: 7 } },
		});
		const { error } = await record({}, [{}], { retryOnFail: true, maxTries: 3 });
		expect(error?.message).toContain('was recorded, but for another customer');
		expect(sentTo(server)).toHaveLength(1);
	});

	it('with a record that does not say whose it is, and does not show yet, is recorded', async () => {
		const { customer: _, ...anonymous } = sale('inv_1');
		const { server, record } = await play({
			replies: [{ status: 201, body: { data: anonymous, status: 1 } }],
			shown: () => [],
		});
		const { json: items, error } = await record();
		expect(error).toBeUndefined();
		expect(items).toMatchObject([{ key: 'inv_1', created: true }]);
		expect(sentTo(server)).toHaveLength(1);
	});

	it('without a record, where sales are recorded whether or not they are there, comes out as what was sent', async () => {
		const { server, record } = await play({
			replies: [{ status: 200, body: { status: 1 } }],
			shown: () => [],
		});
		const { json: items, error } = await record(
			{
				...{ operation: 'createMany', ifKeyExists: 'record' },
				...{ key: '={{ $json.key }}', amount: '={{ $json.amount }}' },
			},
			[
				{ key: 'inv_1', amount: 20 },
				{ key: 'inv_2', amount: 30 },
			],
		);
		expect(error).toBeUndefined();
		expect(items).toEqual([
			expect.objectContaining({ created: true, key: 'inv_1', amount: 20 }),
			expect.objectContaining({ created: true, key: 'inv_2', amount: 30 }),
		]);
		expect(sentTo(server)).toHaveLength(1);
	});

	it('without a key and without a record comes out as what Partnero said', async () => {
		const { record } = await play({
			replies: [{ status: 200, body: { status: 1, note: 'queued' } }],
			shown: () => [],
		});
		const { json: items } = await record({ key: '' });
		expect(items).toEqual([{ created: true, status: 1, note: 'queued' }]);
	});
});

describe('a sale that is there, and names its customer in another way than the item does', () => {
	const ann = { key: 'ann', id: 7, email: 'Ann@Example.com' };

	it.each<[string, IDataObject, IDataObject]>([
		['by key, where an email was given', { email: 'ann@example.com' }, { key: 'ann' }],
		['by email in other letters', { email: 'ANN@example.com' }, { email: 'ann@EXAMPLE.com' }],
		['by id, where a key was given', { key: 'ann' }, { id: 7 }],
	])('is the same sale: %s', async (_, given, customer) => {
		const [[mode, value]] = Object.entries(given);
		const { server, record } = await play({
			replies: [],
			shown: () => [sale('inv_1', { customer })],
			customers: { ann, 'ann@example.com': ann },
		});
		const { json: items, error } = await record({ customer: locator(mode, String(value)) });
		expect(error).toBeUndefined();
		expect(items).toMatchObject([{ key: 'inv_1', created: false }]);
		expect(sentTo(server)).toHaveLength(0);
	});

	it.each<[IDataObject, string]>([
		[{ id: 8 }, '8'],
		[{ id: 8, key: 'bob' }, 'bob'],
		[{ id: 8, status: 'active', email: 'bob@example.com' }, 'bob@example.com'],
	])('is not, if that is somebody else: %j', async (customer, name) => {
		const { server, record } = await play({
			replies: [],
			shown: () => [sale('inv_1', { customer })],
			customers: { ann },
		});
		const { error } = await record();
		expect(error?.message).toContain("'inv_1'");
		expect(error?.description).toContain(`customer '${name}'`);
		expect(sentTo(server)).toHaveLength(0);
	});
});

describe('a sale that was recorded for nobody', () => {
	const forNobody = (key?: string) => sale(key as string, { customer: null });
	const recorded = (key?: string) => ({ status: 201, body: { data: forNobody(key), status: 1 } });
	const tryAgain = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

	it('and whose deletion is not answered may be gone: n8n does not try that again', async () => {
		const { server, record } = await play({
			replies: [recorded('inv_1')],
			shown: (sent) => (sent > 0 ? [forNobody('inv_1')] : []),
		});
		const { error } = await record({}, [{}], tryAgain);
		expect(error?.message).toContain(
			'was recorded without a customer, and may have been deleted again',
		);
		expect([sentTo(server).length, sentTo(server, 'DELETE').length]).toEqual([1, 1]);
	});

	it('and was deleted again is recorded at once for the customer who is created then, though a list still shows it', async () => {
		const customers: Record<string, IDataObject> = {};
		let ghosts = Infinity;
		const { server, record } = await play({
			replies: [recorded('inv_1'), { status: 201, body: { data: sale('inv_1'), status: 1 } }],
			deletions: [{ status: 200, body: { status: 1 } }],
			shown: (sent) => {
				if (sent === 0) return [];
				if (sent > 1) return [sale('inv_1')];
				ghosts -= 1;
				return ghosts >= 0 ? [forNobody('inv_1')] : [];
			},
			customers,
		});
		const first = await record();
		expect(first.error?.message).toContain("'ann' was not found");
		customers.ann = { key: 'ann', id: 7 };
		ghosts = 1;
		const { json: items, error } = await record();
		expect(error?.message).toBeUndefined();
		expect(items).toMatchObject([{ key: 'inv_1', created: true }]);
		expect([sentTo(server).length, sentTo(server, 'DELETE').length]).toEqual([2, 1]);
	});

	it.each([
		['inv_1', 'Refund it, create the customer'],
		[undefined, 'Archive or delete it in Partnero, create the customer'],
	])('and stays, says how to be rid of it: key %s', async (key, advice) => {
		const { server, record } = await play({
			replies: [recorded(key)],
			// Somebody else's sale has the same key, so that nothing can be deleted safely.
			shown: (sent) => (sent > 0 ? [forNobody(key), forNobody(key)] : []),
		});
		const { error } = await record({ key: key ?? '' }, [{}], tryAgain);
		expect(error?.message).toContain('was recorded, but without a customer');
		expect(error?.description).toContain(advice);
		expect([sentTo(server).length, sentTo(server, 'DELETE').length]).toEqual([1, 0]);
	});
});

describe('on a server that cuts off long keys', () => {
	const long = (start: string, end: string) => `${start}${'-'.repeat(50)}${end}`;
	const goOn = { onError: 'continueRegularOutput' } as const;

	it('a key is sent if what would be left of it is free, and not if that is taken', async () => {
		const recorded: IDataObject[] = [];
		const { server, record } = await play({
			replies: ['first', 'other', 'third'].map((start) => ({
				status: 201,
				body: { data: sale(long(start, '').slice(0, 50)), status: 1 },
			})),
			shown: (sent) =>
				['first', 'other', 'third']
					.slice(0, sent)
					.map((start) => sale(long(start, '').slice(0, 50))),
		});
		for (const key of [long('first', '1'), long('other', '1'), long('first', '2')])
			recorded.push(...(await record({ key }, [{}], goOn)).json);
		expect(recorded.map(({ error }) => String(error))).toEqual([
			expect.stringContaining('was recorded, but under the key'),
			expect.stringContaining('was recorded, but under the key'),
			expect.not.stringContaining('was recorded'),
		]);
		expect(sentTo(server).map(({ key }) => key)).toEqual([long('first', '1'), long('other', '1')]);
	});
});

describe('a refusal of a sale without a key', () => {
	const goOn = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

	it('is not sent again, since nobody could look for it', async () => {
		const { server, record } = await play({
			replies: [{ status: 200, body: { status: 0, message: 'Try later.' } }],
			shown: () => [],
		});
		const { error } = await record({ key: '' }, [{}], goOn);
		expect(error?.message).toContain('Try later');
		expect(sentTo(server)).toHaveLength(1);
	});
});

describe('what a record shows of a sale, compared with what was sent', () => {
	const ann = { ann: { key: 'ann', id: 7 } };
	const euros = { additionalFields: { amountUnits: 'eur' } };

	it.each<[string, IDataObject, 'the same' | 'another', IDataObject?]>([
		['no amount', { amount: undefined }, 'the same'],
		['an amount of null', { amount: null }, 'the same'],
		['an empty amount', { amount: '' }, 'the same'],
		['an amount that cannot be read', { amount: 'n/a' }, 'the same'],
		['the amount as text', { amount: '20.00' }, 'the same'],
		['one cent more, where cents are shown', { amount: '20.01' }, 'the same'],
		['two cents more', { amount: '20.02' }, 'another'],
		['one more, where no cents are shown', { amount: 21 }, 'another'],
		['one tenth more', { amount: 20.1 }, 'another'],
		['another amount in no currency', { amount: 25, amount_units: null }, 'another'],
		['another amount in capitals', { amount: 25, amount_units: 'USD' }, 'another'],
		['an amount in another currency', { amount: 25, amount_units: 'eur' }, 'the same'],
		['an amount in another one than was sent', { amount: 25 }, 'the same', euros],
		['another amount in the one sent', { amount: 25, amount_units: 'EUR' }, 'another', euros],
		['no customer at all', { customer: undefined }, 'the same'],
		['a customer without identifiers', { customer: { name: 'Ann' } }, 'the same'],
		['a customer whose identifiers are blank', { customer: { key: '', id: null } }, 'the same'],
		['a customer who is nobody', { customer: null }, 'another'],
		['an empty text for the customer', { customer: '' }, 'another'],
		['an empty list for the customer', { customer: [] }, 'another'],
		['the customer by id', { customer: { id: 7 } }, 'the same'],
		['another customer by id', { customer: { id: 8 } }, 'another'],
	])('%s: %j is %s sale', async (_, shown, which, more = {}) => {
		const { server, record } = await play({
			replies: [],
			shown: () => [sale('inv_1', shown)],
			customers: ann,
		});
		const { json: items, error } = await record(more);
		if (which === 'the same') {
			expect(error?.message).toBeUndefined();
			expect(items).toMatchObject([{ key: 'inv_1', created: false }]);
		} else {
			expect(error?.message).toContain("'inv_1'");
			expect(items).toEqual([]);
		}
		expect(sentTo(server)).toHaveLength(0);
	});

	it('another identifier that nobody can resolve is no contradiction', async () => {
		const { record } = await play({
			replies: [],
			shown: () => [sale('inv_1', { customer: { id: 8 } })],
		});
		const { json: items } = await record();
		expect(items).toMatchObject([{ key: 'inv_1', created: false }]);
	});

	const day = 86_400_000;
	const at = (days: number) => new Date(Date.now() + days * day).toISOString();

	it.each<[string, number, IDataObject[string], boolean]>([
		['today', -30, at(0), false],
		['the date', -30, at(-30), true],
		['a date a week later', -30, at(-23), true],
		['no date', -30, undefined, true],
		['what is no date', -30, 'soon', true],
		['Unix time', -30, Math.round(Date.now() / 1000), true],
		['today, for one of a few hours ago', -0.4, at(0), true],
	])('the answer shows %s', async (_, sent, shown, isHeeded) => {
		const { server, record } = await play({
			replies: [{ status: 201, body: { data: sale('inv_1', { created_at: shown }), status: 1 } }],
			shown: (count) => (count > 0 ? [sale('inv_1', { created_at: shown })] : []),
			customers: ann,
		});
		const { json: items, error } = await record({ additionalFields: { createdAt: at(sent) } });
		if (isHeeded) expect(items).toMatchObject([{ key: 'inv_1', created: true }]);
		else expect(error?.message).toContain("was recorded, but with today's date");
		expect(sentTo(server)).toHaveLength(1);
	});

	it.each<[string, IDataObject[string], boolean]>([
		['no partner', null, true],
		['the partner', { id: 'p_1' }, false],
		['nothing of it', undefined, false],
	])('the answer for a new customer shows %s', async (_, partner, isWarned) => {
		const made = sale('inv_1', { partner });
		const { record } = await play({
			replies: [{ status: 201, body: { data: made, status: 1 } }],
			shown: (count) => (count > 0 ? [made] : []),
			customers: ann,
		});
		const { json: items } = await record({
			createCustomer: true,
			newCustomer: { partner: locator('id', 'p_1') },
		});
		expect(items).toMatchObject([{ created: true }]);
		expect(String(items[0].warning ?? '').includes('has no partner')).toBe(isWarned);
	});
});
