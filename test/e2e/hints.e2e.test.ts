import { join } from 'node:path';

import type { Json } from '../../n8n/client';
import { Editor } from '../../n8n/editor';
import { CACHE_FOLDER } from '../../n8n/install';

import { Stage } from './stage';

/** What the editor says beside the form, before and after a run; `test/engine/hints.test.ts` has the cases. */

const picture = (name: string) => join(CACHE_FOLDER, 'screenshots', 'hints', name);

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	stage = await Stage.start();
	await stage.reset('demo');
	editor = await Editor.open(stage.n8n.url);
	await editor.signIn();
});
afterAll(async () => {
	await editor?.close();
	await stage?.end();
});
beforeEach(() => void editor?.problems.splice(0));

const byKey = (value: string) => ({ __rl: true, mode: 'key', value });

/** Opens a node that is set so, behind nodes that make so many items with a key. */
async function open(parameters: Json, count = 1) {
	const of = (type: string, more: Json, index: number) => ({
		...{ id: String(index), name: type, type: `n8n-nodes-base.${type}`, typeVersion: 1 },
		...{ position: [index * 220, 0], parameters: {}, ...more },
	});
	const keys = Array.from({ length: count }, (_, index) => `nobody-${index}`);
	const nodes = [
		of('manualTrigger', {}, 0),
		of(
			'set',
			{
				typeVersion: 3.4,
				parameters: { mode: 'raw', jsonOutput: JSON.stringify({ keys }), options: {} },
			},
			1,
		),
		of('splitOut', { parameters: { fieldToSplitOut: 'keys', options: {} } }, 2),
		of(
			'Partnero',
			{
				type: 'n8n-nodes-partnero.partnero',
				parameters,
				credentials: { partneroApi: stage.credential },
				onError: 'continueRegularOutput',
			},
			3,
		),
	];
	const { id } = await stage.createWorkflow({
		name: 'Hints',
		nodes,
		connections: Object.fromEntries(
			nodes
				.slice(0, -1)
				.map(({ name }, index) => [
					name,
					{ main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]] },
				]),
		),
		settings: { executionOrder: 'v1' },
	} as never);
	await editor.openWorkflow(id);
	return await editor.openNode('Partnero');
}

test('a sale without a key, and what a run of it shows', async () => {
	const [customer] = stage.sandbox.ledger().customers;
	const panel = await open({
		...{ resource: 'transaction', operation: 'create' },
		...{ customer: byKey(customer.key!), amount: '49.90' },
	});
	await panel.waitForHint('Without a Transaction Key every run records the sale anew');
	await editor.pictures(picture('no key'));
	await panel.fill('key', 'hint-1');
	await panel.execute();
	await editor.dismissNotices();
	expect(await panel.hints()).toEqual([]);
	expect(await panel.columnsOnScreen()).toEqual(expect.arrayContaining(['created', 'commission']));
	expect(await panel.table()).toEqual([
		expect.objectContaining({ created: 'true', commission: '14.97' }),
	]);
	await editor.pictures(picture('sale recorded'));
	await panel.execute();
	await editor.dismissNotices();
	await panel.waitForHint('1 sale was recorded before');
	await editor.pictures(picture('sale was there'));
	await panel.fill('amount', '12');
	await panel.execute();
	await editor.dismissNotices();
	await panel.waitForHint('1 key stands for another sale');
	await editor.pictures(picture('key of another sale'));
	await panel.close();
	expect(editor.problems).toEqual([]);
});

test('something final with several input items', async () => {
	const panel = await open(
		{ resource: 'partner', operation: 'delete', partner: byKey('={{ $json.keys }}') },
		2,
	);
	expect(await panel.hints()).toEqual([]);
	await panel.executePrevious();
	await panel.waitForHint('This cannot be undone, and is done for each of the input items.');
	await editor.pictures(picture('final with two items'));
	await panel.close();
	expect(editor.problems).toEqual([]);
});

test('a filter of the node, a limit that was reached, and a filter that the server ignores', async () => {
	const panel = await open({
		resource: 'partner',
		operation: 'getAll',
		limit: 2,
		filters: { status: 'active' },
	});
	await panel.waitForHint('Partnero has no such filter');
	await editor.pictures(picture('own filter'));
	await panel.execute();
	await editor.dismissNotices();
	await panel.waitForHint('The limit was reached, and there are more records');
	await editor.pictures(picture('limit reached'));
	await panel.close();

	stage.sandbox.quirks.filtersIgnored = ['partner_key'];
	const customers = await open({
		resource: 'customer',
		operation: 'getAll',
		filters: { partner: byKey('annlee') },
	});
	await customers.execute();
	await editor.dismissNotices();
	await customers.waitForHint("Partnero did not apply the filter 'Partner'");
	await editor.pictures(picture('ignored filter'));
	stage.sandbox.quirks.filtersIgnored = null;
	await customers.close();
	expect(editor.problems).toEqual([]);
});

test('the list of partners leads to Partnero, where a new one is made, and says what to do if it is slow', async () => {
	stage.sandbox.faults.add({ kind: 'latency', ms: 12_000, match: { path: '/partners' } } as never);
	const panel = await open({ resource: 'partner', operation: 'get' });
	expect(await panel.newRecordEntry('partner')).toBe('Create a partner in Partnero');
	await editor.page.getByText('Choose By ID if this takes long').waitFor();
	await editor.pictures(picture('slow list'));
	await editor.page.keyboard.press('Escape');
	await panel.close();
});

test.each([
	['Partnero', 'On partner created', 'Wait for an event of Partnero', 'Partnero has to reach'],
	['Partnero Polling Trigger', undefined, 'Read the newest record', 'remembers nothing'],
])('the panel of %s', async (name, action, header, help) => {
	await editor.newWorkflow();
	const step = await editor.findStep(name);
	await step.choose(name);
	if (action) await step.choose(action);
	else await step.addToWorkflow();
	const panel = await editor.shownNode();
	const text = await panel.triggerPanel();
	for (const said of [header, 'Publish the workflow', help]) expect(text).toContain(said);
	await editor.pictures(picture(`trigger ${name}`));
	await panel.close();
	expect(editor.problems).toEqual([]);
});
