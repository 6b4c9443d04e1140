import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, selectors, type Page } from 'playwright-core';

import { N8nClient, OWNER } from './client';
import { say } from './terminal';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** No graphics card, and no talk with the browser's maker. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** An n8n editor in a headless browser, logged in. */
export interface Editor {
	page: Page;
	/** Addresses off this machine that the editor asked for. */
	strangers: Set<string>;
	openWorkflow(id: string): Promise<void>;
	/** Runs the open workflow and waits until the editor says that it went well. */
	execute(): Promise<void>;
	/** Opens a node's panel on the canvas. */
	openNode(name: string): Promise<void>;
	/** Shows the output of the open panel as a schema, a table or JSON. */
	showOutputAs(view: string): Promise<void>;
	close(): Promise<void>;
}

/** Opens the editor of a running n8n. */
export async function openEditor(url: string, size = { width: 1440, height: 900 }): Promise<Editor> {
	selectors.setTestIdAttribute('data-test-id');
	const profile = mkdtempSync(join(tmpdir(), 'partnero-editor-'));
	const browser = await chromium.launchPersistentContext(profile, {
		executablePath: CHROMIUM,
		headless: true,
		args: FLAGS,
		viewport: size,
		deviceScaleFactor: 2,
	});
	const page = browser.pages()[0] ?? (await browser.newPage());
	const strangers = new Set<string>();
	page.on('request', (request) => {
		const { protocol, origin } = new URL(request.url());
		if (protocol.startsWith('http') && origin !== new URL(url).origin) strangers.add(origin);
	});
	await page.goto(`${url}/signin`);
	await page.locator('input[type=email]').fill(OWNER.email);
	await page.locator('input[type=password]').fill(OWNER.password);
	await page.keyboard.press('Enter');
	await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
	return {
		page,
		strangers,
		async openWorkflow(id) {
			await page.goto(`${url}/workflow/${id}`);
			await page.getByTestId('canvas-node').first().waitFor();
			// The canvas fits its nodes into view a moment after it shows them.
			await page.waitForTimeout(1500);
		},
		async execute() {
			await page.getByTestId('execute-workflow-button').first().click();
			await page.getByText('Workflow executed successfully').first().waitFor();
			await page.locator('.el-notification__closeBtn').first().click();
			await page.locator('.el-notification').first().waitFor({ state: 'hidden' });
		},
		async openNode(name) {
			await page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`).dblclick();
			await page.getByTestId('ndv').waitFor();
			await page.waitForTimeout(1000);
		},
		async showOutputAs(view) {
			await page.getByTestId('output-panel').getByTestId(`radio-button-${view}`).click();
			await page.waitForTimeout(500);
		},
		async close() {
			await browser.close();
			rmSync(profile, { recursive: true, force: true });
		},
	};
}

/** `tsx n8n/screenshot.ts --workflow NAME [--execute] [--node NAME [--view json]] [--url URL] --to FILE`: a picture of a running demo. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			url: { type: 'string', default: 'http://127.0.0.1:5678' },
			workflow: { type: 'string' },
			node: { type: 'string' },
			execute: { type: 'boolean' },
			view: { type: 'string' },
			to: { type: 'string' },
		},
	});
	const { url, workflow, node, to } = values;
	if (!workflow || !to) throw new Error('Say which --workflow, and the file --to write.');
	const client = new N8nClient(url);
	await client.logIn();
	const listed = await client.http.get<{ data: Array<{ id: string; name: string }> }>('/rest/workflows');
	const found = listed.data.data.find(({ name }) => name === workflow);
	if (!found) throw new Error(`n8n has no workflow "${workflow}".`);

	const editor = await openEditor(url);
	try {
		await editor.openWorkflow(found.id);
		if (values.execute) await editor.execute();
		if (node) await editor.openNode(node);
		if (values.view) await editor.showOutputAs(values.view);
		await editor.page.screenshot({ path: to });
		say(`${to}${editor.strangers.size > 0 ? `; the editor also asked ${[...editor.strangers].join(', ')}` : ''}`);
	} finally {
		await editor.close();
	}
}

if (require.main === module) {
	main().catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	});
}
