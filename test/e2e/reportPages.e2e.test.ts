import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser } from '../../n8n/browser';
import { openBrowser } from '../../n8n/browser';
import { CACHE_FOLDER } from '../../n8n/install';
import { documentAsHtml } from '../../nodes/Partnero/reports/documentHtml';
import { hostileNames, numbersWith, plainNames, sampleStatement } from '../support/reportSamples';

/** Pictures to look at; `npm run screenshots` takes the first two over into docs/images: in a window, and on a phone in the dark. */
const folder = join(CACHE_FOLDER, 'screenshots', 'reports');
const forDocs = join(CACHE_FOLDER, 'screenshots', 'readme');

let browser: Browser;
beforeAll(async () => {
	for (const one of [folder, forDocs]) mkdirSync(one, { recursive: true });
	browser = await openBrowser();
});
afterAll(async () => await browser?.close());

const pages: Array<[string, string]> = [
	[
		'report',
		documentAsHtml(
			numbersWith(plainNames, {
				topPartners: numbersWith(plainNames).numbers.topPartners.slice(0, 8),
			}).document,
		),
	],
	['statement', documentAsHtml(sampleStatement(plainNames).document)],
	['report-of-25', documentAsHtml(numbersWith(plainNames).document)],
	['report-hostile', documentAsHtml(numbersWith(hostileNames).document)],
	['statement-hostile', documentAsHtml(sampleStatement(hostileNames).document)],
];
const views = [360, 800].flatMap((width) =>
	(['light', 'dark'] as const).map((colorScheme) => [width, colorScheme] as const),
);

/** The contrast of two colors as WCAG 2 defines it, of each text with what it stands on. Runs in the page. */
function lowestContrast(): { contrast: number; text: string } {
	const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
	const luminance = (color: string) => {
		const [red, green, blue] = channels(color).map((value) => {
			const part = value / 255;
			return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const backgroundOf = (element: Element): string => {
		const color = getComputedStyle(element).backgroundColor;
		return channels(color)[3] === 0 && element.parentElement
			? backgroundOf(element.parentElement)
			: color;
	};
	let lowest = { contrast: Infinity, text: '' };
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const text = walker.currentNode.textContent?.trim() ?? '';
		const element = walker.currentNode.parentElement!;
		if (text.length === 0 || getComputedStyle(element).fontSize === '0px') continue;
		const [light, dark] = [
			luminance(getComputedStyle(element).color),
			luminance(backgroundOf(element)),
		].sort((a, b) => b - a);
		const contrast = (light + 0.05) / (dark + 0.05);
		if (contrast < lowest.contrast) lowest = { contrast, text };
	}
	return lowest;
}

describe.each(views)('at %i pixels, %s', (width, colorScheme) => {
	it.each(pages)('%s can be read, fits, and asks nobody for anything', async (name, html) => {
		const { page } = browser;
		const asked: string[] = [];
		const dialogs: string[] = [];
		const onRequest = (request: { url(): string }) => asked.push(request.url());
		page.on('request', onRequest);
		page.once('dialog', (dialog) => {
			dialogs.push(dialog.message());
			void dialog.dismiss();
		});
		await page.setViewportSize({ width, height: 900 });
		await page.emulateMedia({ colorScheme });
		await page.setContent(html, { waitUntil: 'load' });

		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
			width,
		);
		const outside = await page.evaluate(
			() =>
				[...document.querySelectorAll('td, h1, h2, p, div, span')].filter(
					(one) => one.getBoundingClientRect().right > innerWidth + 0.5,
				).length,
		);
		expect(outside).toBe(0);
		expect(
			await page.evaluate(
				() => document.querySelectorAll('script, img, svg, iframe, a, link').length,
			),
		).toBe(0);
		expect((await page.evaluate(lowestContrast)).contrast).toBeGreaterThanOrEqual(4.5);
		expect({ asked, dialogs }).toEqual({ asked: [], dialogs: [] });
		page.off('request', onRequest);

		await page.screenshot({
			path: join(folder, `${name}-${width}-${colorScheme}.png`),
			fullPage: true,
		});
		const isForDocs =
			['report', 'statement'].includes(name) && (width === 360) === (colorScheme === 'dark');
		if (isForDocs)
			await page.screenshot({
				path: join(forDocs, `${name}-${width}-${colorScheme}.png`),
				fullPage: true,
			});
	});
});
