import type { Manners } from '../../sandbox/manners';
import { MANNERS } from '../../sandbox/manners';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import type { RawReply } from './client';
import { rawClient } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'empty' });
});
afterAll(() => sandbox.close());

function programWith(manners: Manners) {
	const program = sandbox.addProgram('affiliate', { manners });
	const { partners, customers, transactions } = program.state;
	partners.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com' });
	customers.add({ key: 'user_1', partner: 'p_1' });
	customers.add({ key: 'user_2' });
	transactions.add({ key: 'inv_0', customer: 'user_1' });
	transactions.add({ key: 'a/b', customer: 'user_1' });
	return { ...program, send: rawClient(sandbox.url, program.key) };
}

const sale = { key: 'inv_1', amount: 1, customer: { key: 'user_1' } };

interface Row {
	what: string;
	request: [method: string, path: string, body?: unknown, contentType?: string];
	strict: number;
	laravel: number;
	/** What the answer holds under `laravel`. */
	shows?: object;
}

const rows: Row[] = [
	{
		what: 'texts are trimmed',
		request: ['POST', '/transactions', { ...sale, key: '\ufeff inv_1 \u00a0' }],
		strict: 200,
		laravel: 200,
		shows: { data: { key: 'inv_1' } },
	},
	{
		what: 'a query is trimmed',
		request: ['GET', '/transactions?key=%20inv_0%20'],
		strict: 200,
		laravel: 200,
		shows: { data: [{ key: 'inv_0' }] },
	},
	{
		what: 'a path is not trimmed',
		request: ['GET', '/transactions/%20inv_0'],
		strict: 404,
		laravel: 404,
	},
	{
		what: 'blank is absent',
		request: ['POST', '/transactions', { ...sale, key: ' ' }],
		strict: 200,
		laravel: 200,
		shows: { data: { key: null } },
	},
	{
		what: 'null is absent',
		request: ['POST', '/transactions', { ...sale, key: null }],
		strict: 422,
		laravel: 200,
		shows: { data: { key: null } },
	},
	{
		what: 'blank where something is required',
		request: ['POST', '/partners', { email: '' }],
		strict: 422,
		laravel: 422,
	},
	{
		what: 'an unknown field',
		request: ['POST', '/transactions', { ...sale, color: 'red' }],
		strict: 422,
		laravel: 200,
	},
	{
		what: 'an unknown field inside another',
		request: ['POST', '/transactions', { ...sale, customer: { key: 'user_1', color: 'red' } }],
		strict: 422,
		laravel: 200,
		shows: { data: { customer: 'user_1' } },
	},
	{
		what: 'an unknown query',
		request: ['GET', '/transactions?color=red'],
		strict: 422,
		laravel: 200,
		shows: { data: { length: 2 } },
	},
	{
		what: 'a number as text',
		request: ['POST', '/transactions', { ...sale, amount: '12.5' }],
		strict: 422,
		laravel: 200,
		shows: { data: { amount: 12.5 } },
	},
	{
		what: "a GET's JSON body is input",
		request: ['GET', '/transactions', { key: 'inv_0', limit: 10 }],
		strict: 200,
		laravel: 200,
		shows: { data: { length: 1 }, meta: { per_page: 10 } },
	},
	{
		what: "a GET's nested JSON body is input",
		request: ['GET', '/customers', { partner: { key: 'annlee' } }],
		strict: 200,
		laravel: 200,
		shows: { data: [{ key: 'user_1' }] },
	},
	{
		what: 'a body of [] is none',
		request: ['DELETE', '/transactions/inv_0', []],
		strict: 422,
		laravel: 200,
	},
	{
		what: 'a query is input of any method',
		request: ['DELETE', '/transactions?key=inv_0'],
		strict: 422,
		laravel: 200,
	},
	{
		what: 'partner.key is partner_key',
		request: ['GET', '/customers?partner.key=annlee'],
		strict: 200,
		laravel: 200,
		shows: { data: { length: 1 } },
	},
	{
		what: 'partner[key] is partner.key',
		request: ['GET', '/customers?partner[key]=annlee'],
		strict: 200,
		laravel: 200,
		shows: { data: { length: 1 } },
	},
	{
		what: '%2F is part of no key',
		request: ['GET', '/transactions/a%2Fb'],
		strict: 200,
		laravel: 404,
		shows: { message: 'Not Found' },
	},
	{
		what: '%252F is %2F',
		request: ['GET', '/transactions/a%252Fb'],
		strict: 404,
		laravel: 404,
		shows: { message: 'Transaction not found.' },
	},
	{ what: 'a slash at the end', request: ['GET', '/transactions/'], strict: 404, laravel: 200 },
	{
		what: 'a body of another type',
		request: ['POST', '/partners', { email: 'a@example.com' }, 'text/plain'],
		strict: 415,
		laravel: 422,
	},
	{
		what: 'a body that is text',
		request: ['POST', '/partners', 'email'],
		strict: 422,
		laravel: 422,
	},
	{
		what: 'a wrapped update',
		request: ['PUT', '/customers/user_1', { update: { name: 'N', zip: 1 } }],
		strict: 422,
		laravel: 200,
		shows: { data: { name: 'N' } },
	},
	{
		what: 'an unwrapped update',
		request: ['PUT', '/customers/user_1', { name: 'N' }],
		strict: 422,
		laravel: 422,
	},
];

describe.each(MANNERS)('%s', (manners) => {
	test.each(rows)('$what', async ({ request, strict, laravel, shows = {} }) => {
		const { send } = programWith(manners);
		const { status, body } = await send(...request);
		expect(status).toBe({ strict, laravel }[manners]);
		if (manners === 'laravel') expect(body).toMatchObject(shows);
	});
});

test('updates in either form are told apart by the wrapper', async () => {
	sandbox.switches.updates = 'either';
	for (const manners of MANNERS) {
		const { send, state } = programWith(manners);
		for (const [name, body] of [
			['A', { update: { name: 'A' } }],
			['B', { name: 'B' }],
		] as const) {
			expect((await send('PUT', '/customers/user_1', body)).status).toBe(200);
			expect(state.customers.find('key', 'user_1')?.name).toBe(name);
		}
	}
	sandbox.switches.updates = 'wrapper';
});

test('the type of an answer is JSON to the letter', async () => {
	const typeOf = async (manners: Manners, path: string) =>
		((await programWith(manners).send('GET', path)) as RawReply).headers['content-type'];
	for (const path of ['/transactions', '/nowhere', '/transactions/none']) {
		expect(await typeOf('laravel', path)).toBe('application/json');
		expect(await typeOf('strict', path)).toBe('application/json; charset=utf-8');
	}
});

test('what was sent is on record as it was sent', async () => {
	const { send, requests } = programWith('laravel');
	await send('POST', '/transactions', { ...sale, key: ' inv_1 ', color: 'red' });
	expect(requests).toEqual([
		expect.objectContaining({
			operationId: 'createTransactions',
			body: { ...sale, key: ' inv_1 ', color: 'red' },
		}),
	]);
});
