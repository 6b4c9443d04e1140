import { join } from 'node:path';

import type { Credential, WorkflowFile } from '../../n8n/client';
import { Editor } from '../../n8n/editor';
import { CACHE_FOLDER } from '../../n8n/install';

import { ChatModel } from './chatModel';
import { useExamples } from './examples';
import { McpClient } from './mcpClient';
import { Crm } from './receivers';
import type { Stage } from './stage';

// What people and models ask, and what is said to people at once.

let stage: Stage;
const { load, tryNow, strike, call, post } = useExamples((started) => (stage = started));

const affiliate = () => stage.sandbox.program('affiliate');

/** A partner with a customer who has bought. */
function sell(): void {
	affiliate().partners.add({
		id: 'p_ann',
		key: 'annlee',
		email: 'ann@example.com',
		name: 'Ann',
		surname: 'Lee',
	});
	affiliate().customers.add({
		key: 'user_1',
		email: 'bob@example.com',
		name: 'Bob',
		partner: 'p_ann',
	});
	affiliate().transactions.add({ key: 'inv_1', customer: 'user_1', amount: 120 });
}

/** Chooses a credential in a node of n8n's own. */
const choose =
	(name: string, credential: Credential) =>
	(nodes: WorkflowFile['nodes']): void => {
		const node = nodes.find((other) => other.name === name)!;
		node.credentials = { [credential.type]: { id: credential.id, name: credential.name } };
	};

/** What "Try it now" shows of both: that what models read can be read. */
const readings = ['The report', 'Five newest partners', 'Five newest sales'];

describe('ask your program', () => {
	const picture = (name: string) => join(CACHE_FOLDER, 'screenshots', 'chat', `${name}.png`);
	let model: ChatModel;
	beforeAll(async () => (model = await ChatModel.start()));
	afterAll(async () => await model?.close());

	const bonuses = () =>
		stage.sandbox.ledger().bonuses.map(({ partner, amount, note }) => ({ partner, amount, note }));

	test('in the chat of the editor: it reads, asks before a bonus, and does what was answered', async () => {
		sell();
		const openAi = await stage.n8n.client.createCredential('OpenAI account', 'openAiApi', {
			apiKey: 'none',
			url: model.url,
		});
		const example = await load('ask-your-program.json', { nodes: choose('Model', openAi) });
		const editor = await Editor.open(stage.n8n.url);
		try {
			await editor.signIn();
			await editor.openWorkflow(example.id);
			const chat = await editor.openChat();

			model.play(
				[{ tool: 'Find_a_partner', fields: { Partner_Email: 'ann@example.com' } }],
				[{ tool: 'Sales_of_a_partner', fields: { Partner_Email: 'ann@example.com', Limit: 5 } }],
				[{ tool: 'Newest_partners', fields: { Limit: 5 } }],
				[{ tool: 'Find_a_customer', fields: { Customer_Email: 'bob@example.com' } }],
				[{ tool: 'Report_of_30_days', fields: {} }],
			);
			await chat.say('How is Ann doing?');
			await chat.reads('Done.');
			const [partner, sales, partners, customer, report] = model.results;
			expect(JSON.parse(partner)).toMatchObject([{ id: 'p_ann', name: 'Ann' }]);
			expect(JSON.parse(sales)).toMatchObject([{ key: 'inv_1', amount: 120 }]);
			expect(JSON.parse(partners)).toMatchObject([{ id: 'p_ann' }]);
			expect(JSON.parse(customer)).toMatchObject([{ key: 'user_1', partner: 'p_ann' }]);
			expect(report).toContain('120');

			for (const [button, given] of [
				['Decline', []],
				['Approve', [{ partner: 'p_ann', amount: 50, note: 'Best month' }]],
			] as const) {
				model.play([
					{
						tool: 'Give_a_bonus',
						fields: {
							toolParameters: {
								Partner_Email: 'ann@example.com',
								Reward_Amount: 80,
								Note: 'Best month',
							},
							hitlParameters: {},
						},
					},
				]);
				await chat.say(`Give Ann 80, and I will ${button}.`);
				// What would be done, not what the model wrote.
				await chat.reads('Give ann@example.com a bonus of 50, with the note "Best month"?');
				await editor.picture(picture(button));
				expect(bonuses()).toEqual([]);
				await chat.press(button);
				await chat.reads('Done.');
				expect(bonuses()).toEqual(given);
			}
		} finally {
			await editor.close();
		}
	});

	test('Try it now reads without a model', async () => {
		sell();
		const run = await tryNow(await load('ask-your-program.json'));
		const [report, partners, sales] = readings.map((name) => run.output(name));
		expect(report).toMatchObject([{ programType: 'Affiliate' }]);
		expect(partners).toMatchObject([{ email: 'ann@example.com' }]);
		expect(sales).toMatchObject([{ key: 'inv_1' }]);
	});
});

test('MCP server: a client with the token reads what the tools give, and changes nothing; others are refused', async () => {
	sell();
	const token = 'a long random token';
	const bearer = await stage.n8n.client.createCredential('Bearer Auth account', 'httpBearerAuth', {
		token,
	});
	const example = await load('mcp-server.json', { nodes: choose('Partner program', bearer) });
	const run = await tryNow(example);
	expect(readings.map((name) => run.output(name).length)).toEqual([1, 1, 1]);
	await example.activate();
	const url = `${stage.n8n.url}/mcp/partner-program`;
	for (const wrong of [undefined, 'guessed'])
		await expect(McpClient.connect(url, wrong)).rejects.toThrow(/refused with 40[13]/);

	const client = await McpClient.connect(url, token);
	expect(client.instructions).toContain('The tools only read');
	const tools = await client.tools();
	expect(
		Object.fromEntries(
			tools.map(({ name, description, inputSchema }) => [
				name,
				[description, Object.keys(inputSchema.properties ?? {})],
			]),
		),
	).toEqual({
		Report_of_30_days: ['Get program report in Partnero', []],
		Find_a_partner: ['Get partner in Partnero', ['Partner_Email']],
		Newest_partners: ['Get many partners in Partnero', ['Limit']],
		Sales_of_a_partner: ['Get many transactions in Partnero', ['Limit', 'Partner_Email']],
		Find_a_customer: ['Get customer in Partnero', ['Customer_Email']],
	});
	const ann = { Partner_Email: 'ann@example.com' };
	expect(await client.use('Find_a_partner', ann)).toContain('"id":"p_ann"');
	expect(await client.use('Newest_partners', { Limit: 5 })).toContain('p_ann');
	expect(await client.use('Sales_of_a_partner', { ...ann, Limit: 5 })).toContain('inv_1');
	expect(await client.use('Find_a_customer', { Customer_Email: 'bob@example.com' })).toContain(
		'user_1',
	);
	expect(await client.use('Report_of_30_days')).toContain('120');
	// A model can put this right.
	const unknown = await client.use('Find_a_partner', { Partner_Email: 'nobody@example.com' });
	expect(unknown).toContain('nobody@example.com');
	expect(unknown).toContain('Check the spelling');
	await client.close();
	const written = stage.sandbox.requests.filter(
		({ method, path }) => method !== 'GET' && !path.includes(':search'),
	);
	expect(written).toEqual([]);
});

test('alert on a sale: who brought it and what that partner earns, at once or by polling', async () => {
	const slack = await Crm.start();
	try {
		/** Slack itself cannot be reached: the same text goes to an address of the test. */
		const nodes = (all: WorkflowFile['nodes']) => {
			const node = all.find(({ name }) => name === 'Post to Slack')!;
			const { text } = node.parameters as { text: string };
			Object.assign(node, { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 });
			node.parameters = {
				method: 'POST',
				url: slack.url,
				sendBody: true,
				bodyParameters: { parameters: [{ name: 'text', value: text }] },
			};
		};
		const example = await load('alert-on-a-sale.json', { nodes });
		sell();
		const earned = /^A sale of 120 USD through Ann Lee, who earns [\d.]+ USD \(inv_1\)$/;
		expect((await tryNow(example)).output('Message')).toEqual([
			{ text: expect.stringMatching(earned) },
		]);
		expect(slack.sent).toEqual([]);

		await example.activate();
		for (const sale of [
			{ key: 'inv_2', amount: 49.9, customer: { key: 'user_1' } },
			{ key: 'inv_3', amount: 10, customer: { key: 'unknown' } },
			// It cannot be looked up.
			{ amount: 12.5, customer: { key: 'user_1' } },
		]) {
			await call('/transactions', sale);
			await stage.sandbox.settled();
		}
		for (const run of await example.runs(4, 3)) expect(run.error).toBeUndefined();
		expect(slack.sent.map(({ text }) => text)).toEqual([
			expect.stringMatching(
				/^A sale of 49\.9 USD through Ann Lee, who earns [\d.]+ USD \(inv_2\)$/,
			),
			'A sale of 10 USD without a partner (inv_3)',
			'A sale of 12.5 USD through Ann Lee',
		]);
		await example.deactivate();

		slack.sent.length = 0;
		await example.change((all) => {
			for (const node of all)
				if (node.name === 'When a poll finds a sale' || node.name === 'When a sale is recorded')
					node.disabled = !node.disabled;
		});
		// Pressed by hand, the trigger shows the newest there are.
		await strike(example, 'When a poll finds a sale');
		expect(slack.sent.length).toBeGreaterThan(0);
		for (const { text } of slack.sent)
			expect(text).toMatch(/^A sale of [\d.]+ USD (through Ann Lee|without a partner)/);
	} finally {
		await slack.close();
	}
});

test('import partners and customers: the same sheet twice makes nobody twice, and rows with errors are listed apart', async () => {
	const account = { user: 'shop', password: 'of the form' };
	const basicAuth = await stage.n8n.client.createCredential(
		'Basic Auth account',
		'httpBasicAuth',
		account,
	);
	const example = await load('import-partners-and-customers.json', { credentials: [basicAuth] });
	const people = () => {
		const { partners, customers } = stage.sandbox.ledger();
		return [
			...partners.map(({ email, name, surname }) => [email, name, surname].join(' ')),
			...customers.map(({ key, email }) => [key, email].join(' ')),
		].sort();
	};
	const imported = [
		'nora.field@partners.example Nora Field',
		'omar.quay@partners.example Omar Quay',
		'user_5001 ida.moor@shop.example',
		'user_5002 tom.reed@shop.example',
	];
	for (const [created, thereBefore] of [
		[2, 0],
		[0, 2],
	]) {
		const run = await tryNow(example);
		expect(run.output('Partners')).toEqual([{ imported: 'partners', created, thereBefore }]);
		expect(run.output('Customers')).toEqual([{ imported: 'customers', created, thereBefore }]);
		expect(run.output('Refused row')).toEqual([
			expect.objectContaining({
				key: 'user_5003',
				type: 'customer',
				reason: expect.stringMatching(/partner/i),
			}),
		]);
		expect(run.output('Incomplete row')).toEqual([
			expect.objectContaining({ email: 'lea.wood@shop.example', type: 'customer' }),
		]);
		expect(people()).toEqual(imported);
	}

	await example.activate();
	const upload = async (rows: string[], login: string) => {
		const form = new FormData();
		const text = ['type,email,firstName,lastName,key,partner', ...rows].join('\r\n');
		form.append('field-0', new Blob([text], { type: 'text/csv' }), 'people.csv');
		const headers = { authorization: `Basic ${btoa(login)}` };
		return (await post('/form/partnero-import-people', form, headers)).status;
	};
	const rows = [
		// A customer above its partner, a partner twice, changed names, blanks around, an unknown type.
		'customer,new@shop.example,New,Customer,user_6,pia',
		' Partner , pia@partners.example ,Pia,Reed, pia ,',
		'partner,PIA@partners.example,Pia,Reed,pia,',
		'partner,nora.field@partners.example,Nora,Hill,,',
		'customer,ida.moor@shop.example,Ida,Moor,user_5001,omar-quay',
		'affiliate,who@shop.example,Who,Ever,who,',
		'partner,not an address,Not,Valid,,',
	];
	expect(await upload(rows, 'shop:guessed')).not.toBe(200);
	expect(await upload(rows, 'shop:of the form')).toBe(200);
	const [run] = await example.runs(3, 1);
	expect(run.error).toBeUndefined();
	expect(run.output('Refused row').map(({ email }) => email)).toEqual(['not an address']);
	expect(run.output('Incomplete row').map(({ email }) => email)).toEqual(['who@shop.example']);
	expect(people()).toEqual(
		[
			...imported.filter((person) => !person.includes('Nora')),
			'nora.field@partners.example Nora Hill',
			'pia@partners.example Pia Reed',
			'user_6 new@shop.example',
		].sort(),
	);
	// It stays with whoever brought it.
	const partnerOf = (key: string) =>
		affiliate().partners.find('id', affiliate().customers.find('key', key)?.partner ?? '')?.key;
	expect([partnerOf('user_5001'), partnerOf('user_6')]).toEqual(['nora-field', 'pia']);
});
