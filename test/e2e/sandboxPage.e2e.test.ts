import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import axios from 'axios';

import type { Browser } from '../../n8n/browser';
import { openBrowser } from '../../n8n/browser';
import { CACHE_FOLDER } from '../../n8n/install';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import { until } from './stage';

/** The sandbox's page in a browser: what its buttons do shows in the ledger and at a webhook. */

const picture = (name: string) => join(CACHE_FOLDER, 'screenshots', 'sandbox', `${name}.png`);

let sandbox: Sandbox;
let browser: Browser;
let receiver: Server;
const problems: string[] = [];
const events: string[] = [];

beforeAll(async () => {
	sandbox = await startSandbox();
	receiver = createServer((request, response) => {
		let body = '';
		request.on('data', (part: Buffer) => (body += part.toString()));
		request.on('end', () => {
			events.push((JSON.parse(body) as { event: string }).event);
			response.end();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	const { port } = receiver.address() as AddressInfo;
	await axios.post(
		`${sandbox.url}/webhooks`,
		{
			name: 'Here',
			url: `http://127.0.0.1:${port}/`,
			events: ['partner.created', 'partner.approved'],
		},
		{ headers: { authorization: `Bearer ${sandbox.keys.affiliate}` } },
	);
	browser = await openBrowser();
	browser.page.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	browser.page.on('pageerror', ({ message }) => problems.push(message));
	await browser.page.goto(new URL('/', sandbox.url).href);
});
afterAll(async () => {
	await browser?.close();
	await sandbox?.close();
	receiver?.close();
});

const press = async (name: string) => {
	await browser.page.getByRole('button', { name, exact: true }).first().click();
	await browser.page.locator('output').filter({ hasText: name }).waitFor();
	return await browser.page.locator('output').innerText();
};

test('an event that records: the record is there, and the webhook hears of it', async () => {
	const before = sandbox.ledger().partners.length;
	expect(await press('partner.created')).toMatch(/^partner\.created, recorded: /);
	expect(sandbox.ledger().partners).toHaveLength(before + 1);
	await until('the webhook was told', () => events.includes('partner.created'));
	const { page } = browser;
	await page
		.locator('#recorded tr')
		.first()
		.getByText(String(before + 1))
		.waitFor();
	await page.locator('#deliveries').getByText('delivered').first().waitFor();
});

test('an event that nothing causes: the webhook hears of it', async () => {
	expect(await press('partner.approved')).toMatch(/^partner\.approved, told to the webhooks: /);
	await until('the webhook was told', () => events.includes('partner.approved'));
});

test('a fault is armed and shown, strikes, and can be cleared', async () => {
	await press('500 before it is carried out');
	await browser.page.locator('#armed').getByText('status × 1').waitFor();
	expect(await press('customer.created')).toMatch(
		/^customer\.created: POST \/customers failed \(500\)/,
	);
	// The browser's word for the answer that was wanted.
	expect(problems.splice(0)).toEqual([expect.stringContaining('400')]);
	await press('At most 2 requests at once');
	expect(sandbox.faults.list).toMatchObject([{ kind: 'cap', max: 2 }]);
	await press('Clear all faults');
	expect(sandbox.faults.list).toEqual([]);
});

test('a switch is moved', async () => {
	await browser.page.locator('summary').click();
	await browser.page.getByLabel('limits', { exact: true }).selectOption('1-250');
	await browser.page.locator('output').filter({ hasText: 'limits 1-250, done' }).waitFor();
	expect(sandbox.switches.limits).toBe('1-250');
	await browser.page.getByLabel('manners', { exact: true }).selectOption('laravel');
	await browser.page.locator('output').filter({ hasText: 'manners laravel, done' }).waitFor();
	expect(sandbox.manners).toBe('laravel');
});

test('reset: everything is as in the beginning', async () => {
	await press('Reset, empty');
	expect(sandbox.ledger().partners).toEqual([]);
	await press('Reset, with the demo data');
	expect(sandbox.ledger().partners).toHaveLength(12);
});

test.each([
	['desktop', 1440],
	['phone', 360],
])('nothing is cut off, in light and in dark: %s', async (name, width) => {
	const { page } = browser;
	await page.setViewportSize({ width, height: 800 });
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		await page.screenshot({ path: picture(`${name} ${colorScheme}`), fullPage: true });
	}
	const overflow = await page.evaluate(
		'document.documentElement.scrollWidth - document.documentElement.clientWidth',
	);
	expect(overflow).toBe(0);
});

test('the browser has nothing to complain about', () => expect(problems).toEqual([]));
