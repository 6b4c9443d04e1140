import { join } from 'node:path';

import axios from 'axios';

import type { WorkflowFile } from '../../n8n/client';
import { Editor } from '../../n8n/editor';
import { CACHE_FOLDER } from '../../n8n/install';

import { ChatModel } from './chatModel';
import { Stage, triggerWorkflow } from './stage';

/** The script of the video in docs/submission.md, acted out scene by scene; each one leaves its frame. */

const frame = (name: string) => join(CACHE_FOLDER, 'screenshots', 'submission', `${name}.png`);

let stage: Stage;
let editor: Editor;
let model: ChatModel;

beforeAll(async () => {
	stage = await Stage.start({ credentialName: 'Northwind affiliates' });
	await stage.reset('demo');
	model = await ChatModel.start();
	editor = await Editor.open(stage.n8n.url);
	await editor.signIn();
});
afterAll(async () => {
	await editor?.close();
	await stage?.end();
	await model?.close();
});

test('1 installed: Settings → Community Nodes lists the package', async () => {
	await editor.page.goto(`${stage.n8n.url}/settings/community-nodes`);
	await editor.page.getByText('n8n-nodes-partnero').first().waitFor();
	await editor.picture(frame('1-installed'));
});

test('2 the credential is tested when it is saved', async () => {
	const dialog = await editor.newCredential('Partnero API');
	await dialog.field('apiKey').fill(stage.sandbox.keys.affiliate);
	await dialog.field('baseUrl').fill(stage.sandbox.url);
	await dialog.save();
	expect(await dialog.works()).toBe('Connection tested successfully');
	await editor.picture(frame('2-credential'));
	await dialog.close();
});

test('3 main actions: a partner is read, a sale is recorded once', async () => {
	await editor.newWorkflow();
	await (await editor.findStep('Manual Trigger')).choose('Manual Trigger');
	const step = await editor.findStep('Partnero');
	await step.choose('Partnero');
	await editor.picture(frame('3-actions'));
	await step.choose('Create transaction');
	const panel = await editor.shownNode();
	const [customer] = stage.sandbox.ledger().customers;
	await panel.search('customer', customer.email!);
	await panel.pick(customer.email!);
	await panel.fill('amount', '49.9');
	await panel.fill('key', 'order-1001');
	for (const created of ['true', 'false']) {
		await panel.execute();
		await editor.dismissNotices();
		expect(await panel.table()).toEqual([expect.objectContaining({ created })]);
	}
	await panel.showInSchema('created', 'rewards');
	await editor.picture(frame('4-recorded-once'));
	await panel.close();
	expect(stage.sandbox.ledger().transactions.byKey['order-1001'].count).toBe(1);
});

test('4 the trigger: a new partner starts a workflow', async () => {
	const workflow = await stage.createWorkflow(
		triggerWorkflow('Welcome new partners', { events: ['partner.created'] }),
	);
	await workflow.activate();
	await axios.post(
		`${stage.sandbox.url}/partners`,
		{ email: 'nina.berg@example.com', name: 'Nina' },
		{ headers: { authorization: `Bearer ${stage.sandbox.keys.affiliate}` } },
	);
	const [run] = await workflow.runs(1);
	expect(run.output('Partnero Trigger')).toMatchObject([{ email: 'nina.berg@example.com' }]);
	await editor.page.goto(`${stage.n8n.url}/workflow/${workflow.id}/executions`);
	await editor.page.getByText('Succeeded').first().waitFor();
	await editor.picture(frame('5-trigger'));
	await workflow.deactivate();
});

test('5 the agent: a model reads a partner with the node as its tool', async () => {
	const { client } = stage.n8n;
	const chatModel = await client.createCredential('A scripted model', 'openAiApi', {
		apiKey: 'none',
		url: model.url,
	});
	const to = (type: string) => ({ [type]: [[{ node: 'AI Agent', type, index: 0 }]] });
	const node = (
		[name, type, typeVersion]: [string, string, number],
		position: [number, number],
		parameters: object,
		credentials = {},
	) => ({ id: name, name, type, typeVersion, position, parameters, credentials });
	const chat = {
		name: 'Ask about partners',
		nodes: [
			node(['Start', 'n8n-nodes-base.manualTrigger', 1], [0, 0], {}),
			node(['AI Agent', '@n8n/n8n-nodes-langchain.agent', 3.1], [220, 0], {
				...{ promptType: 'define', text: 'Who is ann.lee@example.com?', options: {} },
			}),
			node(
				['Chat Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2],
				[140, 220],
				{ model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} },
				{ openAiApi: chatModel },
			),
			node(
				['Find a partner', 'n8n-nodes-partnero.partneroTool', 1],
				[380, 220],
				{
					resource: 'partner',
					operation: 'get',
					partner: { __rl: true, mode: 'email', value: "={{ $fromAI('Partner', ``, 'string') }}" },
				},
				{ partneroApi: stage.credential },
			),
		],
		connections: {
			Start: to('main'),
			'Chat Model': to('ai_languageModel'),
			'Find a partner': to('ai_tool'),
		},
		settings: { executionOrder: 'v1' },
	} as unknown as WorkflowFile;
	model.play([{ tool: 'Find_a_partner', fields: { Partner: 'ann.lee@example.com' } }]);
	await editor.openWorkflow(await client.createWorkflow(chat));
	expect(await editor.executeFrom('Start')).toMatch(/^Workflow executed successfully/);
	await editor.dismissNotices();
	await editor.picture(frame('6-agent'));
});
