import type { Credential, Json, WorkflowFile, WorkflowRun } from '../../n8n/client';
import { Editor } from '../../n8n/editor';

import { ChatModel } from './chatModel';
import { Mailbox } from './receivers';
import { Stage, until } from './stage';

/** The node under n8n's AI Agent, whose model does what the test has written down. */

let stage: Stage;
let model: ChatModel;
let chatModel: Credential;
let friends: Credential;

beforeAll(async () => {
	stage = await Stage.start();
	model = await ChatModel.start();
	const { client } = stage.n8n;
	chatModel = await client.createCredential('A scripted model', 'openAiApi', {
		apiKey: 'none',
		url: model.url,
	});
	friends = await stage.createCredential('Refer-a-friend program', 'referAFriend');
});
afterAll(async () => {
	await stage?.end();
	await model?.close();
});
beforeEach(async () => {
	await stage.reset('empty');
	const affiliate = stage.sandbox.program('affiliate');
	affiliate.partners.add({ id: 'p_1', email: 'ann@example.com', name: 'Ann', key: 'annlee' });
	affiliate.customers.add({ key: 'user_1', email: 'bob@example.com', name: 'Bob', partner: 'p_1' });
	const other = stage.sandbox.program('referAFriend');
	other.customers.add({ id: 'user_0', key: 'friend_0', email: 'dan@example.com', name: 'Dan' });
	other.customers.add({
		id: 'user_1',
		key: 'friend_1',
		email: 'cleo@example.com',
		name: 'Cleo',
		referringCustomer: 'user_0',
	});
});

interface ToolNode {
	name: string;
	parameters: Json;
	credential?: Credential;
}

/** A field that the model fills in, as the editor writes it; the first test has the editor do it. */
const byModel = (label: string, type = 'string') =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${label.replace(/\W+/g, '_')}', \`\`, '${type}') }}`;
const locator = (mode: string, label: string) => ({ __rl: true, mode, value: byModel(label) });

const findPartner: ToolNode = {
	name: 'Find a partner',
	parameters: { resource: 'partner', operation: 'get', partner: locator('email', 'Partner') },
};
const recordSale: ToolNode = {
	name: 'Record a sale',
	parameters: {
		descriptionType: 'manual',
		toolDescription: 'Records what a customer paid',
		resource: 'transaction',
		operation: 'create',
		customer: locator('key', 'Customer'),
		amount: byModel('Amount', 'number'),
		key: byModel('Transaction Key'),
	},
};
const listCustomers: ToolNode = {
	name: 'List customers',
	parameters: { resource: 'customer', operation: 'getAll', limit: byModel('Limit', 'number') },
};

const to = (node: string, type: string) => ({ [type]: [[{ node, type, index: 0 }]] });

/** A chat with an agent that has these tools; `more` are further nodes and connections. */
function chat(
	typeVersion: number,
	tools: ToolNode[],
	more: { nodes?: Json[]; connections?: Json } = {},
): WorkflowFile {
	const nodes: Json[] = [
		{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		{
			name: 'AI Agent',
			type: '@n8n/n8n-nodes-langchain.agent',
			typeVersion,
			parameters: { promptType: 'define', text: 'Do it.', options: {} },
		},
		{
			name: 'Chat Model',
			type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
			typeVersion: 1.2,
			parameters: { model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} },
			credentials: { openAiApi: chatModel },
		},
		...tools.map(({ name, parameters, credential = stage.credential }) => ({
			name,
			type: 'n8n-nodes-partnero.partneroTool',
			typeVersion: 1,
			parameters,
			credentials: { partneroApi: credential },
		})),
		...(more.nodes ?? []),
	];
	return {
		name: 'Chat',
		nodes: nodes.map((node, index) => ({
			...node,
			id: `node-${index}`,
			position: [index * 220, (index % 2) * 220],
		})) as unknown as WorkflowFile['nodes'],
		connections: {
			Start: to('AI Agent', 'main'),
			'Chat Model': to('AI Agent', 'ai_languageModel'),
			...Object.fromEntries(tools.map(({ name }) => [name, to('AI Agent', 'ai_tool')])),
			...more.connections,
		},
		settings: { executionOrder: 'v1' },
	};
}

/** Has the agent run to its end. */
async function run(workflow: WorkflowFile): Promise<WorkflowRun> {
	const { client } = stage.n8n;
	const done = await client.runWorkflow(await client.createWorkflow(workflow), 'Start', 120_000);
	expect(done.error).toBeUndefined();
	expect(done.output('AI Agent')).toEqual([{ output: 'Done.' }]);
	return done;
}

/** The data in what the model read. */
const read = (said: string): unknown => JSON.parse(said);

test('what the editor makes of "let the model define this parameter", and what the model sees of it', async () => {
	const { client } = stage.n8n;
	const { customer, amount: _amount, key, ...others } = recordSale.parameters;
	const unfilled = {
		...recordSale,
		parameters: { ...others, customer: { __rl: true, mode: 'key', value: '' } },
	};
	const id = await client.createWorkflow(chat(3.1, [unfilled]));
	const saved = async () => {
		const { data } = await client.http.get<{ data: WorkflowFile }>(`/rest/workflows/${id}`);
		return data.data.nodes.find(({ name }) => name === recordSale.name)?.parameters;
	};
	const editor = await Editor.open(stage.n8nUrl);
	try {
		await editor.signIn();
		await editor.openWorkflow(id);
		await editor.openNode(recordSale.name);
		const buttons = editor.page.getByTestId('from-ai-override-button');
		for (let left = await buttons.count(); left > 0; left--) await buttons.first().click();
		await editor.page.keyboard.press('Escape');
		await editor.page.keyboard.press('Control+s');
		await until('the workflow is saved', async () =>
			JSON.stringify(await saved()).includes('$fromAI'),
		);
	} finally {
		await editor.close();
	}
	// Amount is text in the form, so that a comma in it is read; workflows of 0.1.0 have it as a number.
	expect(await saved()).toMatchObject({
		customer,
		amount: byModel('Amount'),
		key,
		createCustomer: byModel('Create Customer', 'boolean'),
	});

	const fields = {
		Customer: 'user_1',
		Amount: '12.5',
		Transaction_Key: 'inv_1',
		Create_Customer: false,
	};
	model.play([{ tool: 'Record_a_sale', fields }]);
	expect((await client.runWorkflow(id, 'Start', 120_000)).error).toBeUndefined();
	expect(model.tools.Record_a_sale).toMatchObject({
		description: 'Records what a customer paid',
		parameters: {
			properties: {
				Customer: { type: 'string' },
				Amount: { type: 'string' },
				Transaction_Key: { type: 'string' },
				Create_Customer: { type: 'boolean' },
			},
			required: expect.arrayContaining(Object.keys(fields)),
		},
	});
	expect(read(model.results[0])).toMatchObject([{ key: 'inv_1', amount: 12.5, created: true }]);
});

describe.each([
	['have the engine call its tools: AI Agent 3.1', 3.1],
	['call its tools itself: AI Agent 2.2', 2.2],
])('%s', (_way, version) => {
	it('shows the model what the tools are for, and gives it their lean output', async () => {
		model.play(
			[{ tool: 'Find_a_partner', fields: { Partner: 'ann@example.com' } }],
			[
				{
					tool: 'Record_a_sale',
					fields: { Customer: 'user_1', Amount: 12.5, Transaction_Key: 'inv_1' },
				},
			],
			[{ tool: 'List_customers', fields: { Limit: 5 } }],
		);
		await run(chat(version, [findPartner, recordSale, listCustomers]));

		const schema = (fields: Record<string, string>) =>
			expect.objectContaining({
				type: 'object',
				properties: Object.fromEntries(
					Object.entries(fields).map(([name, type]) => [name, { type }]),
				),
				required: Object.keys(fields),
			});
		expect(model.tools).toMatchObject({
			Find_a_partner: {
				description: 'Get partner in Partnero',
				parameters: schema({ Partner: 'string' }),
			},
			Record_a_sale: {
				description: 'Records what a customer paid',
				parameters: schema({ Customer: 'string', Amount: 'number', Transaction_Key: 'string' }),
			},
			List_customers: {
				description: 'Get many customers in Partnero',
				parameters: schema({ Limit: 'number' }),
			},
		});
		expect(Object.keys(model.tools)).toHaveLength(3);

		const [partner, sale, customers] = model.results.map(read);
		expect(partner).toEqual([
			expect.objectContaining({ id: 'p_1', email: 'ann@example.com', name: 'Ann' }),
		]);
		expect(sale).toEqual([
			expect.objectContaining({ key: 'inv_1', amount: 12.5, customer: 'user_1', created: true }),
		]);
		expect(customers).toEqual([
			expect.objectContaining({ key: 'user_1', email: 'bob@example.com', partner: 'p_1' }),
		]);
		// A partner comes with its numbers.
		for (const [[record], most] of [
			[partner, 20],
			[customers, 11],
		] as Array<[Json[], number]>)
			expect(Object.keys(record).length).toBeLessThanOrEqual(most);
		expect(stage.sandbox.ledger().transactions).toMatchObject({ total: 1, amount: 12.5 });
	});

	it('lets the model read what was wrong and how to put it right, so that it can', async () => {
		model.play(
			[{ tool: 'Find_a_partner', fields: { Partner: 'nobody@example.com' } }],
			[{ tool: 'Record_a_sale', fields: { Customer: '', Amount: 12.5, Transaction_Key: 'inv_1' } }],
			[
				{
					tool: 'Record_a_sale',
					fields: { Customer: 'user_1', Amount: 12.5, Transaction_Key: 'inv_1' },
				},
			],
			[
				{
					tool: 'Record_a_sale',
					fields: { Customer: 'user_1', Amount: 12.5, Transaction_Key: 'inv_1' },
				},
			],
		);
		await run(chat(version, [findPartner, recordSale]));
		const [unknown, blank, put, again] = model.results;
		expect(unknown).toContain("No partner has the email 'nobody@example.com'");
		expect(unknown).toContain('Check the spelling');
		expect(blank).toContain("'Customer' is empty");
		expect(blank).toContain('identifier');
		expect(read(put)).toMatchObject([{ key: 'inv_1', created: true }]);
		expect(read(again)).toMatchObject([{ key: 'inv_1', created: false }]);
		expect(stage.sandbox.ledger().transactions.total).toBe(1);
	});

	it('never mixes up two tools with different credentials, also when they are called at once', async () => {
		const name = { resource: 'customer', operation: 'get', customer: locator('email', 'Customer') };
		const inFriends = (tool: ToolNode): ToolNode => ({
			...tool,
			name: `${tool.name} of friends`,
			credential: friends,
		});
		const find: ToolNode = { name: 'Find a customer', parameters: name };
		const saleOf = {
			...recordSale,
			parameters: { ...recordSale.parameters, customer: locator('email', 'Customer') },
		};
		const both = (tool: string, fields: (program: string) => object) => [
			{ tool, fields: fields('affiliate') },
			{ tool: `${tool}_of_friends`, fields: fields('friends') },
		];
		const email = (program: string) =>
			program === 'friends' ? 'cleo@example.com' : 'bob@example.com';
		const sale = (number: number) => (program: string) => ({
			Customer: email(program),
			Amount: number,
			Transaction_Key: `${program}_${number}`,
		});
		model.play(
			both('Find_a_customer', (program) => ({ Customer: email(program) })),
			[1, 2, 3].flatMap((number) => both('Record_a_sale', sale(number))),
			// The other program's customer.
			both('Find_a_customer', (program) => ({
				Customer: email(program === 'friends' ? 'affiliate' : 'friends'),
			})),
			both('Record_a_sale', sale(4)),
		);
		await run(chat(version, [find, inFriends(find), saleOf, inFriends(saleOf)]));

		const said = model.results;
		expect(said.slice(0, 2).map(read)).toMatchObject([[{ name: 'Bob' }], [{ name: 'Cleo' }]]);
		expect(said[8]).toContain("'cleo@example.com' was not found");
		expect(said[9]).toContain("'bob@example.com' was not found");
		const keys = (program: string) => [1, 2, 3, 4].map((number) => `${program}_${number}`);
		for (const [program, name, customer] of [
			['affiliate', 'affiliate', 'user_1'],
			['referAFriend', 'friends', 'friend_1'],
		] as const) {
			const { transactions } = stage.sandbox.ledger(program);
			expect(Object.keys(transactions.byKey).sort()).toEqual(keys(name));
			expect(transactions).toMatchObject({ total: 4, amount: 10 });
			for (const { customers } of Object.values(transactions.byKey))
				expect(customers).toEqual([customer]);
		}
	});

	it('refuses Create Many, and says what to use instead', async () => {
		model.play([
			{
				tool: 'Record_a_sale',
				fields: { Customer: 'user_1', Amount: 12.5, Transaction_Key: 'inv_1' },
			},
		]);
		await run(
			chat(version, [
				{ ...recordSale, parameters: { ...recordSale.parameters, operation: 'createMany' } },
			]),
		);
		expect(model.results).toEqual([
			expect.stringContaining('Create Many takes all incoming items at once'),
		]);
		expect(model.results[0]).toContain('Use Create instead.');
		expect(stage.sandbox.requests).toEqual([]);
	});
});

test('an agent that is itself the tool of an agent can use the node, and reads its errors', async () => {
	const helper = {
		name: 'Helper',
		type: '@n8n/n8n-nodes-langchain.agentTool',
		typeVersion: 3,
		parameters: {
			toolDescription: 'Knows the partner program',
			text: byModel('Prompt'),
			options: {},
		},
	};
	const workflow = chat(3.1, [], {
		nodes: [
			helper,
			...chat(3.1, [findPartner, recordSale]).nodes.filter(({ type }) =>
				type.endsWith('partneroTool'),
			),
		],
		connections: {
			'Chat Model': {
				ai_languageModel: [
					['AI Agent', 'Helper'].map((node) => ({ node, type: 'ai_languageModel', index: 0 })),
				],
			},
			Helper: to('AI Agent', 'ai_tool'),
			[findPartner.name]: to('Helper', 'ai_tool'),
			[recordSale.name]: to('Helper', 'ai_tool'),
		},
	});
	model.play(
		[{ tool: 'Helper', fields: { Prompt: 'Do it.' } }],
		[{ tool: 'Find_a_partner', fields: { Partner: 'nobody@example.com' } }],
		[
			{
				tool: 'Record_a_sale',
				fields: { Customer: 'user_1', Amount: 12.5, Transaction_Key: 'inv_1' },
			},
		],
	);
	await run(workflow);
	const [, unknown, sale] = model.results;
	expect(unknown).toContain("No partner has the email 'nobody@example.com'");
	expect(unknown).toContain('Check the spelling');
	expect(sale).toContain('inv_1');
	expect(stage.sandbox.ledger().transactions.total).toBe(1);
});

describe("n8n's human review in front of a tool", () => {
	const giveBonus: ToolNode = {
		name: 'Give a bonus',
		parameters: {
			resource: 'partner',
			operation: 'addReward',
			partner: locator('key', 'Partner'),
			amount: '={{ Math.min($fromAI("Reward_Amount", `in dollars`, "number"), 50) }}',
		},
	};
	const bonuses = () =>
		stage.sandbox.ledger().bonuses.map(({ partner, amount }) => ({ partner, amount }));
	let mailbox: Mailbox;
	let smtp: Credential;
	beforeAll(async () => {
		mailbox = await Mailbox.start();
		smtp = await stage.n8n.client.createCredential('SMTP account', 'smtp', mailbox.credential);
	});
	afterAll(async () => await mailbox?.close());
	beforeEach(() => (mailbox.mails.length = 0));

	/** Has the agent want to give a bonus, and clicks a button of the mail that asks for it. */
	async function decide(button: 'Approve' | 'Decline'): Promise<void> {
		const askFinance = {
			name: 'Ask finance',
			type: 'n8n-nodes-base.emailSendHitlTool',
			typeVersion: 2.1,
			parameters: {
				...{
					operation: 'sendAndWait',
					responseType: 'approval',
					fromEmail: 'n8n@example.com',
					toEmail: 'finance@example.com',
				},
				...{
					subject: 'A bonus?',
					message:
						'=The agent wants to run {{ $tool.name }}: {{ JSON.stringify($tool.parameters) }}',
				},
				...{ approvalOptions: { values: { approvalType: 'double' } }, options: {} },
			},
			credentials: { smtp },
		};
		model.play([
			{
				tool: 'Give_a_bonus',
				fields: { toolParameters: { Partner: 'annlee', Reward_Amount: 80 }, hitlParameters: {} },
			},
		]);
		const { client } = stage.n8n;
		const connections = {
			[giveBonus.name]: to('Ask finance', 'ai_tool'),
			'Ask finance': to('AI Agent', 'ai_tool'),
		};
		const workflow = await stage.createWorkflow(
			chat(3.1, [giveBonus], { nodes: [askFinance], connections }),
		);
		const running = client.runWorkflow(workflow.id, 'Start', 120_000);
		await until('the agent waits for an answer', async () =>
			(await workflow.executions()).some(({ status }) => status === 'waiting'),
		);
		const [{ html = '' }] = mailbox.mails;
		expect(html).toContain('Give_a_bonus');
		expect(html).toContain('annlee');
		// Nothing is given before somebody has said so.
		expect(stage.sandbox.requests).toEqual([]);
		const links = [...html.matchAll(/<a[^>]*href="([^"]+)"[^>]*>\s*([^<]+?)\s*<\/a>/g)];
		const [, link] = links.find(([, , text]) => text.includes(button))!;
		// n8n wants to see a browser, since programs that only look at a mail open its links as well.
		const browser =
			'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
		const page = await fetch(link.replaceAll('&amp;', '&'), { headers: { 'user-agent': browser } });
		expect(await page.text()).toContain('recorded');
		expect((await running).error).toBeUndefined();
	}

	it('says which operation of the node it is, and shows what the model filled in; the tool runs when somebody approves', async () => {
		await decide('Approve');
		expect(model.tools.Give_a_bonus).toMatchObject({
			description: 'Add reward to partner (cannot be undone) in Partnero',
		});
		expect(JSON.stringify(model.tools.Give_a_bonus)).toContain('in dollars');
		// The ceiling that the tool has holds as well.
		expect(bonuses()).toEqual([{ partner: 'p_1', amount: 50 }]);
	});

	it('the tool does not run when somebody declines', async () => {
		await decide('Decline');
		expect(bonuses()).toEqual([]);
		expect(stage.sandbox.requests).toEqual([]);
	});
});
