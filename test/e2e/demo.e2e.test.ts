import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import axios from 'axios';

import { Editor } from '../../n8n/editor';
import { CACHE_FOLDER } from '../../n8n/install';
import { end, start } from '../../n8n/processes';
import type { Ledger } from '../../sandbox/ledger';
import { exampleFiles, readExample } from '../support/examples';

import { until } from './stage';

/** `npm run demo`, and what docs/development.md says can be done in the editor that it leaves open. */

const root = join(__dirname, '../..');
let pictures = 0;
const picture = (name: string) =>
	join(CACHE_FOLDER, 'screenshots', 'demo', `${String(++pictures).padStart(2, '0')} ${name}.png`);

/** Somebody's own n8n, which has the usual port already. */
const ownN8n = createServer();

let demo: ReturnType<typeof start>;
let said = '';
let editor: Editor;
const begun = Date.now();

/** What the demo printed behind a title. */
const shown = (title: string): string => new RegExp(`^  ${title} +(\\S+)`, 'm').exec(said)![1];

beforeAll(async () => {
	await new Promise<void>((resolve) => {
		// If something else has it, that is as good.
		ownN8n.once('error', () => resolve());
		ownN8n.listen(5678, '127.0.0.1', resolve);
	});
	// What `npm run demo` runs after the build.
	const args = [join(root, 'node_modules/tsx/dist/cli.mjs'), 'n8n/demo.ts'];
	demo = start(process.execPath, args, { cwd: root });
	for (const stream of [demo.stdout, demo.stderr])
		stream?.on('data', (text: Buffer) => (said += text.toString()));
	const isOver = () => demo.exitCode !== null || said.includes('Ctrl-C ends it.');
	await until('the demo has printed everything', isOver, 10 * 60_000);
	editor = await Editor.open(shown('n8n'));
});
afterAll(async () => {
	await editor?.close();
	await end(demo);
	ownN8n.close();
});

test('every check of the demo is passed, and the report is where it says', () => {
	expect(said).not.toContain('FAILED');
	const report = /: (n8n\S+report\.html)$/m.exec(said)![1];
	expect(statSync(join(root, report)).mtimeMs).toBeGreaterThan(begun);
});

test('after signing in, the addresses lead to an empty canvas and to all examples', async () => {
	await editor.page.getByTestId('form-submit-button').waitFor();
	await editor.picture(picture('sign in'));
	await editor.signIn({ email: shown('login'), password: shown('password') });
	await editor.picture(picture('after signing in'));
	await editor.page.goto(shown('all examples'));
	const { name } = readExample('sign-up-then-sale.json');
	await editor.page.getByText(name, { exact: true }).first().waitFor();
	const list = editor.page.getByTestId('resources-list-item-workflow');
	const isComplete = async () => (await list.count()) === exampleFiles.length;
	await until(`the list has ${exampleFiles.length} examples`, isComplete);
	await editor.picture(picture('all examples'));
	// Nobody is so fast that the editor does not know its credentials yet: it would set none in a new node.
	const known = editor.page.waitForResponse(/\/rest\/credentials/);
	await editor.page.goto(shown('new workflow'));
	await editor.page.getByTestId('canvas-plus-button').waitFor();
	await known;
	await editor.picture(picture('new workflow'));
});

test('the first sale, click by click', async () => {
	const { page } = editor;
	await page.getByTestId('canvas-plus-button').click();
	await editor.picture(picture('add first step'));
	await page.getByText('Trigger manually', { exact: true }).click();
	await page.getByTestId('canvas-node').first().waitFor();
	await editor.picture(picture('manual trigger'));
	const step = await editor.findStep('Partnero');
	await editor.picture(picture('search'));
	await step.choose('Partnero');
	await editor.picture(picture('actions'));
	await step.choose('Create transaction');
	const panel = await editor.shownNode();
	await editor.picture(picture('create transaction'));

	expect(await panel.search('customer', 'maya')).not.toEqual([]);
	await editor.picture(picture('pick a customer'));
	await panel.pick('Maya Adams');
	await panel.fill('amount', '49.9');
	await panel.fill('key', 'my-first-sale');
	for (const created of ['true', 'false']) {
		await panel.execute();
		await page.locator('.el-notification').getByText('Node executed successfully').waitFor();
		await editor.picture(picture(`created ${created}`));
		await editor.dismissNotices();
		expect(await panel.table()).toEqual([expect.objectContaining({ created })]);
	}
	process.stdout.write(
		`From the command to the sale: ${Math.round((Date.now() - begun) / 1000)} s, the build not counted.\n`,
	);
	const { data } = await axios.get<Ledger>(shown('Ledger'));
	expect(data.transactions.byKey['my-first-sale']).toMatchObject({ count: 1 });
	await panel.close();
});

test('the trigger hears of what a button of the sandbox makes happen', async () => {
	const { page } = editor;
	await page.goto(shown('all examples'));
	const { name, nodes } = readExample('welcome-a-new-partner.json');
	await page.getByText(name, { exact: true }).first().click();
	await page.getByTestId('canvas-node').first().waitFor();
	const trigger = nodes.find(({ type }) => type.endsWith('.partneroTrigger'))!;
	await page.locator(`[data-test-id=canvas-node][data-node-name="${trigger.name}"]`).hover();
	await page.getByTestId(`execute-workflow-button-${trigger.name}`).click();
	await until('n8n listens', async () => {
		const { data } = await axios.get<Ledger>(shown('Ledger'));
		return data.webhooks.length > 0;
	});
	await editor.picture(picture('listening'));

	const sandbox = await page.context().newPage();
	await sandbox.goto(shown('Page'));
	for (const event of (trigger.parameters as { events: string[] }).events.slice(0, 1)) {
		await sandbox.getByRole('button', { name: event, exact: true }).first().click();
		await sandbox.locator('#deliveries').getByText('delivered').first().waitFor();
		await sandbox.screenshot({ path: picture('the button'), fullPage: true });
	}
	await sandbox.close();
	await page
		.locator('.el-notification')
		.filter({ hasText: /Workflow executed|Problem/ })
		.first()
		.waitFor();
	await editor.picture(picture('triggered'));
	expect(await editor.shows('Workflow executed successfully')).toBe(true);
});
