import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { chromium, selectors } from 'playwright-core';

import { findChromium } from './programs';

/** No graphics card, letters as far apart as on a real screen, and no talk with the browser's maker. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--font-render-hinting=none',
];
/** The size of a small notebook's window, at one and a half times its resolution. */
const WINDOW = { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5 };

/** A headless Chromium calls itself so, and n8n takes that for a program that only looks at the links of a message. */
const USER_AGENT =
	'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A headless Chromium with one page. */
export interface Browser {
	page: Page;
	close(): Promise<void>;
}

/** Starts Chromium with a profile of its own. */
export async function openBrowser(): Promise<Browser> {
	selectors.setTestIdAttribute('data-test-id');
	const profile = mkdtempSync(join(tmpdir(), 'partnero-browser-'));
	const found = await findChromium();
	const context = await chromium.launchPersistentContext(profile, {
		...WINDOW,
		// Where there is none to bring along, Playwright looks for Chrome, and says how to install it.
		...(found ? { executablePath: found.file } : { channel: 'chrome' }),
		env: { ...process.env, ...found?.env } as Record<string, string>,
		headless: true,
		userAgent: USER_AGENT,
		args: FLAGS,
		locale: 'en-US',
		colorScheme: 'light',
		reducedMotion: 'reduce',
	});
	// Patient, so that a busy machine is not taken for a broken page.
	context.setDefaultTimeout(60_000);
	return {
		page: context.pages()[0] ?? (await context.newPage()),
		async close() {
			await context.close();
			rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}
