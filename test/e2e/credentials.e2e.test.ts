import { Stage } from './stage';

/** A credential whose fields are expressions, and the button that tests one, in a real n8n. */

let stage: Stage;
beforeAll(async () => (stage = await Stage.start()));
afterAll(async () => await stage?.end());
beforeEach(async () => await stage.reset('empty'));

const node = (
	index: number,
	name: string,
	type: string,
	typeVersion: number,
	parameters: object,
) => ({
	...{ id: String(index), name, type, typeVersion, parameters },
	position: [index * 200, 0] as [number, number],
});

test('two programs in one run: each sale lands in its own', async () => {
	const { keys, url } = stage.sandbox;
	stage.sandbox.program('affiliate').customers.add({ key: 'user_1' });
	const { customers } = stage.sandbox.program('referAFriend');
	customers.add({ id: 'alma', key: 'alma' });
	customers.add({ id: 'user_1', key: 'user_1', referringCustomer: 'alma' });
	const credential = await stage.n8n.client.createCredential(
		'The program of the item',
		'partneroApi',
		{ apiKey: '={{ $json.programKey }}', baseUrl: url },
	);
	const items = [keys.affiliate, keys.referAFriend, keys.referAFriend, keys.affiliate].map(
		(programKey, index) => ({ programKey, key: `inv_${Math.floor(index / 2)}` }),
	);
	for (const operation of ['create', 'createMany']) {
		const nodes = [
			node(0, 'Start', 'n8n-nodes-base.manualTrigger', 1, {}),
			node(1, 'Data', 'n8n-nodes-base.set', 3.4, {
				mode: 'raw',
				jsonOutput: JSON.stringify({ items }),
				options: {},
			}),
			node(2, 'Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'items', options: {} }),
			{
				...node(3, 'Sale', 'n8n-nodes-partnero.partnero', 1, {
					...{
						resource: 'transaction',
						operation,
						amount: 10,
						key: `={{ $json.key }}-${operation}`,
					},
					customer: { __rl: true, mode: 'key', value: 'user_1' },
				}),
				credentials: { partneroApi: { id: null, name: '' } },
			},
		];
		const connections = Object.fromEntries(
			nodes
				.slice(1)
				.map(({ name }, index) => [
					nodes[index].name,
					{ main: [[{ node: name, type: 'main', index: 0 }]] },
				]),
		);
		const id = await stage.n8n.client.createWorkflow(
			{ name: operation, nodes, connections, settings: { executionOrder: 'v1' } } as never,
			credential,
		);
		const run = await stage.n8n.client.runWorkflow(id, 'Start');
		expect(run.error).toBeUndefined();
		expect(run.output('Sale').map(({ created }) => created)).toEqual([true, true, true, true]);
	}
	for (const program of ['affiliate', 'referAFriend'] as const)
		expect(stage.sandbox.ledger(program).transactions).toMatchObject({ total: 4, twice: [] });
});

test('the test of a credential says what is wrong with its address, and sends nothing', async () => {
	const secret = { apiKey: stage.sandbox.keys.affiliate, baseUrl: stage.sandbox.url };
	const said = async (data: object) =>
		(await stage.n8n.client.testCredential(stage.credential, { ...secret, ...data })).message;
	expect((await stage.n8n.client.testCredential(stage.credential, secret)).status).toBe('OK');
	const sent = stage.sandbox.requests.length;
	expect(await said({ baseUrl: 'api.partnero.com/v1' })).toContain(
		'it must begin with https:// or http://',
	);
	expect(
		await said({ baseUrl: stage.sandbox.url.replace('http://', 'http://user:secret@') }),
	).toContain('must not contain a user or a password');
	expect(
		await said({ allowedHttpRequestDomains: 'domains', allowedDomains: 'example.com' }),
	).toContain('Domain not allowed');
	expect(stage.sandbox.requests).toHaveLength(sent);
});
