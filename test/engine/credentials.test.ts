import { ExecuteContext, LoadOptionsContext, RoutingNode } from 'n8n-core';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { createRunExecutionData, Workflow } from 'n8n-workflow';

import { PartneroApi } from '../../credentials/PartneroApi.credentials';
import { Partnero } from '../../nodes/Partnero/Partnero.node';
import fc from '../support/fastCheck';

import { closeAll, json, serve } from './support/bareServer';
import { additionalDataFor, run, searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';
import { Trigger } from './support/trigger';

/** What the credential has to do with a request: whose key it bears, and where it may go. */
const partnero = useSandbox();

afterEach(closeAll);

const get = {
	resource: 'customer',
	operation: 'get',
	customer: locator('key', '=user_{{ $itemIndex }}'),
};
const sale = { customer: locator('key', 'user_77'), amount: 10 };
const anyKey = fc.stringMatching(/^[a-zA-Z0-9|+/=_-]{8,40}$/);

describe('a credential whose key is an expression', () => {
	const programs = ['affiliate', 'referAFriend', 'newsletter'] as const;

	it('gives each item its own key on the wire, whatever the mix', async () => {
		const server = await serve(({ path }, response) =>
			json(response, 200, { data: { key: path.split('/').at(-1) } }),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(anyKey, { minLength: 1, maxLength: 4 }),
				fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
				async (keys, mix) => {
					server.arrivals.length = 0;
					const keyOf = (item: number) => keys[mix[item] % keys.length];
					const { error } = await run({
						parameters: get,
						items: mix.map(() => ({})),
						credentials: (item) => ({ apiKey: keyOf(item), baseUrl: server.url }),
					});
					expect(error?.message).toBeUndefined();
					const borne = Object.fromEntries(
						server.arrivals.map(({ path, authorization }) => [path, authorization]),
					);
					expect(borne).toEqual(
						Object.fromEntries(
							mix.map((_, item) => [`/customers/user_${item}`, `Bearer ${keyOf(item)}`]),
						),
					);
				},
			),
			{ numRuns: 15 },
		);
	});

	it.each(['create', 'createMany'])(
		'records each sale in its own program, the same key in both: %s',
		async (operation) => {
			partnero.sandbox.program('affiliate').customers.add({ key: 'user_77' });
			const { customers } = partnero.sandbox.program('referAFriend');
			customers.add({ id: 'alma', key: 'alma' });
			customers.add({ id: 'user_77', key: 'user_77', referringCustomer: 'alma' });
			const { json: items, error } = await partnero.operate(
				'transaction',
				operation,
				{ ...sale, key: '={{ $json.key }}' },
				{
					items: [{ key: 'inv_1' }, { key: 'inv_1' }, { key: 'inv_2' }, { key: 'inv_2' }],
					credentials: (item) => ({
						apiKey: partnero.sandbox.keys[programs[item % 2]],
						baseUrl: partnero.sandbox.url,
					}),
				},
			);
			expect(error?.message).toBeUndefined();
			expect(items.map(({ key, created }) => [key, created])).toEqual([
				['inv_1', true],
				['inv_1', true],
				['inv_2', true],
				['inv_2', true],
			]);
			for (const name of programs.slice(0, 2))
				expect(partnero.sandbox.ledger(name).transactions).toMatchObject({ total: 2, twice: [] });
		},
	);

	it('that cannot be had is the error of its own item', async () => {
		const server = await serve((_arrival, response) => json(response, 200, { data: { key: 'x' } }));
		const { outputs } = await run({
			parameters: get,
			items: [{}, {}, {}],
			node: { onError: 'continueRegularOutput' },
			credentials: (item) => {
				if (item === 1) throw new Error('There is no such program');
				return { apiKey: 'a-good-key', baseUrl: server.url };
			},
		});
		expect(outputs[0].map(({ json: item }) => item.error ?? item.key)).toEqual([
			'x',
			expect.stringContaining('There is no such program'),
			'x',
		]);
	});
});

/** What n8n does for the button in the credential's form. */
async function testCredential(
	credentials: ICredentialDataDecryptedObject,
): Promise<string | undefined> {
	const { test } = new PartneroApi();
	const node = {
		id: '1',
		name: 'Temp',
		type: 'temp',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { temp: '' },
		credentials: { partneroApi: { id: '1', name: 'P' } },
	};
	const type = {
		description: {
			...{
				displayName: 'Temp',
				name: 'temp',
				group: [],
				version: 1,
				description: '',
				defaults: { name: 'Temp' },
				inputs: [],
				outputs: ['main' as const],
			},
			credentials: [{ name: 'partneroApi', required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string' as const,
					default: '',
					routing: { request: test.request },
				},
			],
		},
	};
	const nodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	} as never;
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const context = new ExecuteContext(
		workflow,
		node,
		additionalDataFor(credentials),
		'internal',
		createRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	const decrypted = { id: '1', name: 'P', type: 'partneroApi', data: credentials };
	return await new RoutingNode(context, type, decrypted).runNode().then(
		() => undefined,
		(error: Error) => error.message,
	);
}

/** Every way in which this package sends something, and what it says if it does not. */
const ways: Record<
	string,
	(credentials: ICredentialDataDecryptedObject) => Promise<string | undefined>
> = {
	...Object.fromEntries(
		(
			Object.keys(new Partnero().methods.listSearch) as Array<
				keyof Partnero['methods']['listSearch']
			>
		).map((method) => [
			`the picker ${method}`,
			async (credentials) =>
				await searchList(method, credentials, undefined, undefined, {
					owner: 'partner',
					partner: locator('id', 'p_1'),
				}).then(
					() => undefined,
					(error: Error) => error.message,
				),
		]),
	),
	'the lead form': async (credentials) => {
		const node = {
			id: '1',
			name: 'Partnero',
			type: 'partnero',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
			credentials: { partneroApi: { id: '1', name: 'P' } },
		};
		const type = new Partnero();
		const nodeTypes = {
			getByName: () => type,
			getByNameAndVersion: () => type,
			getKnownTypes: () => ({}),
		} as never;
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		const context = new LoadOptionsContext(workflow, node, additionalDataFor(credentials), '');
		return await type.methods.resourceMapping.getLeadFields.call(context).then(
			() => undefined,
			(error: Error) => error.message,
		);
	},
	'the node, one by one': async (credentials) => {
		const { error } = await partnero.operate('transaction', 'create', sale, { credentials });
		return `${error?.message} ${error?.description}`;
	},
	'the node, in bulk': async (credentials) => {
		const { error } = await partnero.operate(
			'transaction',
			'createMany',
			{ ...sale, key: 'inv_1' },
			{ credentials },
		);
		return `${error?.message} ${error?.description}`;
	},
	...Object.fromEntries(
		(['checkExists', 'create', 'delete'] as const).map((hook) => [
			`the trigger's hook ${hook}`,
			async (credentials: ICredentialDataDecryptedObject) => {
				const trigger = await new Trigger({ credentials }).listen();
				try {
					const failed = await trigger
						.call(hook, { 'node:Partnero Trigger': { webhookKey: 'w_1', webhookSecret: 's' } })
						.then(
							() => undefined,
							(error: Error) => error,
						);
					return failed
						? `${failed.message} ${(failed as { description?: string }).description}`
						: trigger.logged.join();
				} finally {
					await trigger.close();
				}
			},
		]),
	),
	"the credential's own test": testCredential,
};

describe.each(Object.entries(ways))('%s', (_way, send) => {
	it.each([
		[
			'other domains',
			{ allowedHttpRequestDomains: 'domains', allowedDomains: 'example.com, *.example.org' },
		],
		['none but its own', { allowedHttpRequestDomains: 'domains', allowedDomains: '' }],
	])('sends nothing with a credential that is restricted to %s', async (_name, restriction) => {
		const said = await send({ ...partnero.credentials, ...restriction });
		expect(partnero.wire()).toEqual([]);
		expect(said).toBeTruthy();
	});

	it('says in one sentence what is no address', async () => {
		const said = await send({
			...partnero.credentials,
			baseUrl: partnero.credentials.baseUrl.replace('http://', ''),
		});
		expect(said).toContain(
			'The Base URL of the credential is not an address: it must begin with https:// or http://',
		);
		expect(said).not.toMatch(/may have been recorded/);
		expect(partnero.wire()).toEqual([]);
	});
});

describe('an address that is none', () => {
	const host = () => partnero.credentials.baseUrl.replace('http://', '');
	const none: Array<[string, () => string, RegExp]> = [
		['no protocol', host, /must begin with http/],
		['half a protocol', () => `http//${host()}`, /must begin with http/],
		['another protocol', () => `ftp://${host()}`, /must begin with http/],
		['a blank inside', () => `http://${host()} /x`, /contains a space/],
		['quotes', () => `"http://${host()}"`, /contains quotes/],
		[
			'a user and a password',
			() => `http://user:secret@${host()}`,
			/must not contain a user or a password/,
		],
		['a user', () => `http://user@${host()}`, /must not contain a user or a password/],
		['no server', () => 'http://', /must begin with http|name of the server is missing/],
		['a query', () => `http://${host()}?a=b`, /contains '\?'/],
	];

	it.each(none)(
		'%s: one sentence at once, nothing sent, also not in the tries of n8n',
		async (_name, baseUrl, sentence) => {
			const { error, stored } = await partnero.operate('transaction', 'create', sale, {
				credentials: { ...partnero.credentials, baseUrl: baseUrl() },
				node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
			});
			expect(error?.message).toMatch(sentence);
			expect(`${error?.message} ${error?.description}`).not.toMatch(
				/may have been recorded|could not be reached/,
			);
			expect(stored).not.toContain(partnero.credentials.apiKey);
			expect(partnero.wire()).toEqual([]);
		},
	);

	it('blanks around it and slashes after it do no harm', async () => {
		partnero.sandbox.program('affiliate').customers.add({ key: 'user_0' });
		const credentials = { ...partnero.credentials, baseUrl: ` ${partnero.credentials.baseUrl}// ` };
		expect(
			(await partnero.operate('customer', 'get', { customer: get.customer }, { credentials })).json,
		).toHaveLength(1);
		expect(await testCredential(credentials)).toBeUndefined();
	});
});

describe('the key in an answer', () => {
	const encodings: Array<(key: string) => string> = [
		(key) => key,
		encodeURIComponent,
		(key) => JSON.stringify(JSON.stringify(key)),
		(key) => key.replace(/\//g, '\\/'),
		(key) => key.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;'),
		(key) => Buffer.from(key).toString('base64').replace(/=+$/, ''),
		(key) => Buffer.from(`Bearer ${key}`).toString('base64').replace(/=+$/, ''),
		(key) => Buffer.from(key).toString('hex').toUpperCase(),
	];
	const bodies: Array<(said: string) => unknown> = [
		(said) => ({ message: `Refused: ${said}`, status: 0 }),
		(said) => ({
			message: 'The given data was invalid.',
			errors: { amount: [`${said} is no number`] },
		}),
		(said) => ({ error: said }),
	];

	it('is in no error, whatever the key, the status and the encoding', async () => {
		let answer: [number, unknown] = [200, {}];
		const server = await serve((_arrival, response) =>
			json(response, ...answer, { location: `/login?${encodeURIComponent(String(answer[1]))}` }),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.stringMatching(/^[a-zA-Z0-9|+/=_&<"-]{12,40}$/),
				fc.constantFrom(...encodings),
				fc.constantFrom(...bodies),
				fc.constantFrom(200, 302, 400, 401, 403, 404, 409, 422),
				async (key, encode, body, status) => {
					answer = [status, body(encode(key))];
					const { error, stored } = await partnero.operate('transaction', 'create', sale, {
						credentials: { apiKey: key, baseUrl: server.url },
					});
					const said = `${error?.message} ${error?.description}`;
					for (const form of encodings) expect(said).not.toContain(form(key));
					expect(stored).not.toContain(key);
				},
			),
			{ numRuns: 60 },
		);
	});
});
