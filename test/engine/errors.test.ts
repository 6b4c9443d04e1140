import type { Fault } from '../../sandbox/faults';

import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

const getCustomer = { customer: locator('key', 'user_77') };
const newCustomer = {
	key: 'user_77',
	attributeTo: 'partner',
	partner: locator('key', 'annlee'),
	additionalFields: { email: 'bob@example.com' },
};

beforeEach(() => {
	const { partners } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
});

/** What a person reads, and what n8n stores. */
async function failure(operation: string, parameters: object, credentials = partnero.credentials) {
	const { error, stored } = await partnero.operate('customer', operation, parameters as never, {
		credentials,
	});
	return {
		message: error?.message,
		description: error?.description,
		httpCode: error?.httpCode,
		stored,
	};
}

it('a wrong key: says where keys come from', async () => {
	const seen = await failure('get', getCustomer, {
		...partnero.credentials,
		apiKey: 'not-the-key',
	});
	expect(seen).toMatchObject({
		message: 'Partnero did not accept the API key',
		description: expect.stringContaining('Program → Integration → API'),
		httpCode: '401',
	});
	expect(seen.stored).not.toContain('not-the-key');
});

it('an unknown record: names it', async () => {
	expect(await failure('get', getCustomer)).toMatchObject({
		message: "Customer 'user_77' was not found",
		description: expect.stringContaining('Check the identifier'),
		httpCode: '404',
	});
});

it('field errors: each under the name that the form has for it', async () => {
	await partnero.operate('customer', 'create', newCustomer);
	const seen = await failure('create', {
		...newCustomer,
		additionalFields: { email: 'not an email' },
	});
	expect(seen.httpCode).toBe('422');
	expect(seen.message).toMatch(/^Create customer 'user_77' was refused: .*$/);
	expect(seen.description).toMatch(/^(Check )?'(Customer Key|Additional Fields > Email)'[.:]/m);
});

it('an unknown partner: says whether a referral key was given', async () => {
	const byKey = await failure('create', { ...newCustomer, partner: locator('key', 'nobody') });
	expect(byKey.message).toBe(
		"Create customer 'user_77' was refused: no partner has the referral key 'nobody'",
	);
	expect(byKey.description).toContain('what follows "aff="');
	const byEmail = await failure('create', {
		...newCustomer,
		partner: locator('email', 'no@one.io'),
	});
	expect(byEmail).toMatchObject({
		message: "Create customer 'user_77' was refused: no partner has the email 'no@one.io'",
		description: expect.stringContaining("Check the spelling in 'Partner'"),
	});
	const byId = await failure('create', { ...newCustomer, partner: locator('id', 'annlee') });
	expect(byId.description).toContain("If 'annlee' is a referral key, choose By Key in 'Partner'.");
	const ofSale = await partnero.operate('transaction', 'create', {
		...{ customer: locator('key', 'user_8'), amount: 1, createCustomer: true },
		newCustomer: { partner: locator('key', 'nobody') },
	});
	expect(ofSale.error?.message).toContain("no partner has the referral key 'nobody'");
});

const answers: Array<[string, Fault, RegExp, RegExp]> = [
	[
		'500',
		{ kind: 'status', status: 500 },
		/^Partnero could not handle the request \(HTTP 500\)$/,
		/Try again later/,
	],
	[
		'HTML',
		{ kind: 'html', status: 200 },
		/^The server answered with a text or a web page/,
		/Check the Base URL/,
	],
	['an empty body', { kind: 'empty' }, /^The server answered without data$/, /Check the Base URL/],
	['status 0 in a 200', { kind: 'statusZero' }, /^Get customer 'user_77' was refused/, /^/],
	[
		'the echo of the Authorization header',
		{ kind: 'echoAuth' },
		/^Get customer 'user_77' was refused/,
		/^/,
	],
	[
		'403',
		{ kind: 'status', status: 403 },
		/not allowed for this API key/,
		/check which program the API key belongs to/,
	],
	[
		'a redirect',
		{ kind: 'status', status: 302 },
		/redirects to another address/,
		/Check the Base URL/,
	],
	[
		'a cut connection',
		{ kind: 'cut' },
		/The connection to Partnero was lost before an answer came/,
		/Try again later/,
	],
];

it.each(answers)(
	'%s: says what to do and holds no key',
	async (_name, fault, message, description) => {
		partnero.sandbox.faults.add(fault);
		const seen = await failure('get', getCustomer);
		expect(seen.message).toMatch(message);
		expect(seen.description ?? '').toMatch(description);
		expect(seen.stored).not.toContain(partnero.credentials.apiKey);
	},
);

it('a server that is not there: says that nothing was reached', async () => {
	const seen = await failure('get', getCustomer, {
		...partnero.credentials,
		baseUrl: 'http://127.0.0.1:9/v1',
	});
	expect(seen.message).toBe('Partnero could not be reached');
	expect(seen.description).toContain('Check the Base URL');
	expect(seen.stored).not.toContain(partnero.credentials.apiKey);
});

it('a lost answer to a create without an identifier: says that it may have been recorded, and sends it once', async () => {
	partnero.sandbox.program('affiliate').customers.add({ key: 'user_77', partner: 'p_1' });
	partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' } });
	const { error } = await partnero.operate('transaction', 'create', { ...getCustomer, amount: 10 });
	expect(error?.description).toContain('may have been recorded');
	expect(partnero.wire()).toHaveLength(1);
});

describe('On Error', () => {
	const items = [{ key: 'user_1' }, { key: 'nobody' }, { key: 'user_2' }];
	const parameters = { customer: locator('key', '={{ $json.key }}') };

	beforeEach(() => {
		const { customers } = partnero.sandbox.program('affiliate');
		customers.add({ key: 'user_1', partner: 'p_1' });
		customers.add({ key: 'user_2', partner: 'p_1' });
	});

	it('Continue: gives an item with the error in its place', async () => {
		const { outputs } = await partnero.operate('customer', 'get', parameters, {
			items,
			node: { onError: 'continueRegularOutput' },
		});
		expect(outputs[0].map(({ json, pairedItem }) => [json.key ?? json.error, pairedItem])).toEqual([
			['user_1', { item: 0 }],
			["Customer 'nobody' was not found [item 2 of 3]", { item: 1 }],
			['user_2', { item: 2 }],
		]);
	});

	it('Continue with the error output: the item keeps the fields that came in', async () => {
		const { outputs } = await partnero.operate('customer', 'get', parameters, {
			items: items.map((item, index) => ({ ...item, row: index })),
			node: { onError: 'continueErrorOutput' },
		});
		expect(outputs[0].map(({ json }) => json.key)).toEqual(['user_1', 'user_2']);
		expect(outputs[1].map(({ json }) => json)).toEqual([
			{
				key: 'nobody',
				row: 1,
				error: "Customer 'nobody' was not found [item 2 of 3]",
				message: expect.stringContaining('Check the identifier'),
			},
		]);
	});

	it('Stop: names the item, and sends nothing more after it', async () => {
		const { error } = await partnero.operate(
			'customer',
			'get',
			{ ...parameters, settings: { requestsAtOnce: 1 } },
			{ items },
		);
		expect(error?.message).toBe("Customer 'nobody' was not found [item 2 of 3]");
		expect(partnero.wire().map(({ path }) => path)).toEqual([
			'/customers/user_1',
			'/customers/nobody',
		]);
	});
});

it('has at most as many requests under way as allowed, and starts them in order', async () => {
	partnero.sandbox.faults.add({ kind: 'latency', ms: 400 });
	const { customers } = partnero.sandbox.program('affiliate');
	const items = Array.from({ length: 30 }, (_, index) => ({ key: `user_${index}` }));
	for (const { key } of items) customers.add({ key, partner: 'p_1' });
	const parameters = { customer: locator('key', '={{ $json.key }}') };
	await partnero.operate('customer', 'get', parameters, { items });
	// It begins with five, and finds out that the server takes more.
	expect(partnero.sandbox.maxConcurrent).toBeGreaterThan(5);
	expect(partnero.sandbox.maxConcurrent).toBeLessThanOrEqual(20);
	expect(partnero.wire().map(({ path }) => path)).toEqual(
		items.map(({ key }) => `/customers/${key}`),
	);
	partnero.sandbox.reset('empty');
	for (const { key } of items) customers.add({ key, partner: 'p_1' });
	partnero.sandbox.faults.add({ kind: 'latency', ms: 400 });
	await partnero.operate(
		'customer',
		'get',
		{ ...parameters, settings: { requestsAtOnce: 2 } },
		{ items },
	);
	expect(partnero.sandbox.maxConcurrent).toBe(2);
});

it.each([
	['one by one', 'customer', 'get', getCustomer],
	['in bulk', 'transaction', 'createMany', { ...getCustomer, amount: 1, key: 'inv_1' }],
])(
	'a credential that is restricted to other domains: says so, and sends nothing, %s',
	async (_how, resource, operation, parameters) => {
		const restricted = { allowedHttpRequestDomains: 'domains', allowedDomains: 'example.com' };
		const { error } = await partnero.operate(resource, operation, parameters, {
			credentials: { ...partnero.credentials, ...restricted },
		});
		expect(error?.message).toBe('Partnero could not be reached');
		expect(error?.description).toContain('This credential is restricted');
		expect(partnero.wire()).toEqual([]);
	},
);
