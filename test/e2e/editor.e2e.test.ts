import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Json } from '../../n8n/client';
import { Editor } from '../../n8n/editor';
import { CACHE_FOLDER } from '../../n8n/install';

import { menus } from './forms';
import { Stage, until } from './stage';

/** Pictures that `npm run screenshots` takes over into docs/images. */
const forReadme = (name: string) => join(CACHE_FOLDER, 'screenshots', 'readme', `${name}.png`);
/** Pictures of which `npm run screenshots` makes a moving one. */
const frame = (number: number) => join(CACHE_FOLDER, 'screenshots', 'first-sale', `${number}.png`);
const picture = (name: string) => join(CACHE_FOLDER, 'screenshots', 'editor', name);

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	stage = await Stage.start({ credentialName: 'Another account' });
	await stage.reset('demo');
	editor = await Editor.open(stage.n8n.url);
	await editor.signIn();
});
afterAll(async () => {
	await editor?.close();
	await stage?.end();
});
beforeEach(() => void editor?.problems.splice(0));

test('the credential: its dialog says when the key is wrong, and when it is right, and never shows it', async () => {
	const { affiliate: key } = stage.sandbox.keys;
	const dialog = await editor.newCredential('Partnero API');
	expect(await dialog.field('baseUrl').inputValue()).toBe('https://api.partnero.com/v1');
	await dialog.field('apiKey').fill('a-key-that-nobody-made');
	await editor.picture(forReadme('credential'));

	await dialog.field('baseUrl').fill(stage.sandbox.url);
	await dialog.save();
	await dialog.fails('Partnero does not know this API key.');
	await editor.pictures(picture('credential fails'));

	await dialog.field('apiKey').fill(key);
	await dialog.field('baseUrl').fill(new URL(stage.sandbox.url).origin);
	await dialog.save();
	await dialog.fails('There is no Partnero API at this address. Check the Base URL.');

	await dialog.field('baseUrl').fill(stage.sandbox.url);
	await dialog.save();
	expect(await dialog.works()).toBe('Connection tested successfully');
	await editor.pictures(picture('credential works'));
	expect(await editor.shows(key)).toBe(false);
	await dialog.close();

	const again = await editor.openCredential('Partnero account');
	expect(await again.works()).toBe('Connection tested successfully');
	expect(await again.field('apiKey').inputValue()).not.toContain(key);
	expect(await editor.contains(key)).toBe(false);
	await again.close();
});

test('the node is found by its name, and lists what it can do', async () => {
	await editor.newWorkflow();
	const triggers = await editor.findStep('Partnero');
	expect(await triggers.offered()).toEqual(['Partnero', 'Partnero Polling Trigger']);
	await triggers.choose('Partnero');
	expect(await triggers.offered()).toEqual(
		expect.arrayContaining(['On partner created', 'On transaction created']),
	);
	await triggers.unfold(/^Actions/);
	await editor.pictures(picture('node details'));
	const actions = menus.flatMap(({ operations }) =>
		operations.map(({ name, action }) => action ?? name),
	);
	// A long list comes bit by bit.
	let offered: string[] = [];
	const arrived = async () =>
		(offered = await triggers.offered()).filter((name) => actions.includes(name)).length >=
		actions.length;
	await until('every action is there', arrived, 20_000).catch(() => undefined);
	expect(actions.filter((action) => !offered.includes(action))).toEqual([]);
	expect(await triggers.showsIcons()).toBe(true);
	expect(editor.problems).toEqual([]);
});

describe('the polling trigger', () => {
	test.each(['new sale', 'commission', 'affiliate'])('is found by "%s"', async (words) => {
		await editor.newWorkflow();
		const triggers = await editor.findStep(words, 'Partnero Polling');
		await editor.pictures(picture(`polling trigger found by ${words}`));
		expect(await triggers.offered()).toContain('Partnero Polling Trigger');
		expect(await triggers.showsIcons()).toBe(true);
	});

	test('shows the newest record, and nothing is remembered', async () => {
		await editor.newWorkflow();
		const triggers = await editor.findStep('Partnero Polling');
		await triggers.choose('Partnero Polling Trigger');
		await editor.pictures(picture('polling trigger details'));
		await triggers.addToWorkflow();

		const panel = await editor.shownNode();
		expect(await panel.labels()).toEqual(expect.arrayContaining(['Watch', 'Simplify', 'Options']));
		expect(await panel.entriesOf('watch')).toHaveLength(7);
		await panel.choose('watch', 'New Lead');
		await editor.pictures(picture('polling trigger lead'));
		await panel.choose('watch', 'Program Number Crossed');
		expect(await panel.labels()).toEqual(
			expect.arrayContaining(['Metric', 'Threshold', 'Direction']),
		);
		await editor.pictures(picture('polling trigger metric'));
		await panel.choose('watch', 'Payout Request');
		expect(await panel.labels()).toContain('Statuses');
		await editor.pictures(picture('polling trigger payout request'));
		await panel.choose('watch', 'New Transaction');
		await panel.execute();
		await editor.dismissNotices();
		const newest = stage.sandbox.program('affiliate').transactions.inOrder('createdAt').at(-1)!;
		expect(await panel.table()).toEqual([
			expect.objectContaining({ key: newest.key, commission: expect.any(String) }),
		]);
		expect(await panel.layoutProblems()).toEqual([]);
		await editor.pictures(picture('polling trigger sample'));
		await panel.close();
	});
});

describe('a workflow, built by clicking', () => {
	test('a partner is picked from the list, and read', async () => {
		await editor.newWorkflow();
		await (await editor.findStep('Manual Trigger')).choose('Manual Trigger');
		const step = await editor.findStep('Partnero');
		await step.choose('Partnero');
		await step.choose('Get many partners');

		const panel = await editor.shownNode();
		await panel.choose('resource', 'Customer');
		await panel.choose('resource', 'Partner');
		await panel.choose('operation', 'Get');
		expect(await panel.search('partner', 'ann')).toEqual(['Ann Lee (ann.lee@example.com)']);
		await editor.pictures(picture('pick a partner'));
		await panel.pick('Ann Lee');
		await panel.execute();
		await editor.dismissNotices();
		expect(await panel.itemCount()).toBe('1 item');
		expect(await panel.table()).toEqual([
			expect.objectContaining({ id: 'p_annlee', email: 'ann.lee@example.com', status: 'active' }),
		]);
	});

	test('Return All returns all, a Limit no more than it says', async () => {
		const panel = await editor.shownNode();
		const partners = stage.sandbox.ledger('affiliate').partners;
		await panel.choose('operation', 'Get Many');
		await panel.fill('limit', '2');
		await panel.execute();
		expect(await panel.itemCount()).toBe('2 items');
		await panel.toggle('returnAll');
		await panel.execute();
		await editor.dismissNotices();
		expect(await panel.itemCount()).toBe(`${partners.length} items`);
		const emails = (await panel.table()).map(({ email }) => email);
		expect(emails.sort()).toEqual(partners.map(({ email }) => email).sort());
		await editor.pictures(picture('all partners'));
		await editor.picture(forReadme('editor'));
	});

	test('an error says what is wrong, and how to put it right', async () => {
		const panel = await editor.shownNode();
		await panel.choose('operation', 'Get');
		await panel.name('partner', 'By Key', 'nobody');
		await panel.execute();
		expect(await panel.error()).toEqual({
			title: "No partner has the referral key 'nobody'",
			description: expect.stringMatching(
				/^Nothing was changed\. Check the spelling in 'Partner', or choose the partner from the list\./,
			),
		});
		await editor.dismissNotices();
		await editor.pictures(picture('error'));
		expect(await editor.contains(stage.sandbox.keys.affiliate)).toBe(false);
		await panel.close();
		expect(editor.problems).toEqual([]);
	});
});

test('the first sale of the README: recorded once, however often it is executed', async () => {
	await editor.newWorkflow();
	await (await editor.findStep('Manual Trigger')).choose('Manual Trigger');
	const step = await editor.findStep('Partnero');
	await step.choose('Partnero');
	await step.choose('Create transaction');

	const panel = await editor.shownNode();
	const [customer] = stage.sandbox.ledger().customers;
	await panel.search('customer', customer.email!);
	await editor.frame(frame(1), 'Pick the customer from the list');
	await panel.pick(customer.email!);
	await panel.fill('amount', '49.9');
	await panel.fill('key', 'my-first-sale');
	await editor.frame(frame(2), 'A sale of 49.90, with a key of its own');
	for (const created of ['true', 'false']) {
		await panel.execute();
		await editor.dismissNotices();
		await panel.showInSchema('created', 'rewards');
		await editor.frame(
			frame(created === 'true' ? 3 : 4),
			created === 'true'
				? 'Executed: recorded, and its partner earns 14.97'
				: 'Executed again: no second sale, no second commission',
		);
		expect(await panel.table()).toEqual([
			expect.objectContaining({
				key: 'my-first-sale',
				amount: '49.9',
				rewards: expect.stringContaining('amount:14.97'),
				created,
			}),
		]);
	}
	await editor.pictures(picture('first sale'));
	expect(stage.sandbox.ledger().transactions.byKey['my-first-sale']).toMatchObject({
		count: 1,
		customers: [customer.key],
	});
	await panel.close();
	expect(editor.problems).toEqual([]);
});

test('the workflow of the README is pasted, and has its credential: only the customer is left to pick', async () => {
	const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
	const [, workflow] = /```json\n([\s\S]*?)```/.exec(readme)!;
	await editor.newWorkflow();
	await editor.paste(workflow);
	const panel = await editor.openNode('Create transaction');
	const [customer] = stage.sandbox.ledger().customers;
	await panel.search('customer', customer.email!);
	await panel.pick(customer.email!);
	await panel.execute();
	await editor.picture(picture('pasted.png'));
	expect(await panel.table()).toEqual([
		expect.objectContaining({ key: 'my-first-sale', amount: '49.9', created: 'false' }),
	]);
	await panel.close();
	expect(editor.problems).toEqual([]);
});

test('the report, compared with the last one, as a mail shows it', async () => {
	const workflow = await stage.createWorkflow({
		name: 'Report on call',
		nodes: [
			{
				...{
					id: '1',
					name: 'Call',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2.1,
					position: [0, 0],
					webhookId: 'report',
				},
				parameters: { path: 'report', responseMode: 'lastNode', options: {} },
			},
			{
				...{
					id: '2',
					name: 'Report',
					type: 'n8n-nodes-partnero.partnero',
					typeVersion: 1,
					position: [200, 0],
				},
				parameters: { resource: 'program', operation: 'getReport' },
				credentials: { partneroApi: { id: null, name: '' } },
			},
		],
		connections: { Call: { main: [[{ node: 'Report', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	await workflow.activate();
	const read = async () => {
		const answer = await fetch(`${stage.n8n.url}/webhook/report`);
		return String(((await answer.json()) as Json).html);
	};
	const first = await read();
	expect(first).not.toContain('since last report');

	const program = stage.sandbox.program('affiliate');
	program.partners.add({
		email: 'nina.berg@example.com',
		key: 'ninabrews',
		name: 'Nina',
		surname: 'Berg',
	});
	program.customers.add({
		key: 'cust_2001',
		email: 'yara.costa@customers.example',
		partner: 'p_annlee',
	});
	[18.9, 64.25, 32].forEach((amount, index) =>
		program.transactions.add({ key: `order_${index}`, customer: 'cust_2001', amount }),
	);
	await editor.pictureOf(await read(), forReadme('report'), [
		'Northwind Coffee Affiliates',
		'+$115.15 since last report',
		'+3 since last report',
	]);
	await workflow.deactivate();
});
