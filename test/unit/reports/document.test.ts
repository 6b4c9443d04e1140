import { HtmlValidate } from 'html-validate';

import { documentAsText } from '../../../nodes/Partnero/reports/document';
import { documentAsHtml } from '../../../nodes/Partnero/reports/documentHtml';
import { documentAsMarkdown } from '../../../nodes/Partnero/reports/documentMarkdown';
import type { SlackBlock } from '../../../nodes/Partnero/reports/slack';
import { documentAsSlackBlocks } from '../../../nodes/Partnero/reports/slack';
import { hostileNames, numbersWith, sampleStatement } from '../../support/reportSamples';

/** What mail programs need is no longer in the standard: Outlook knows spacing, width and alignment only as attributes. */
const validator = new HtmlValidate({
	extends: ['html-validate:recommended'],
	rules: {
		'no-deprecated-attr': 'off',
		'prefer-tbody': 'off',
		'no-inline-style': 'off',
		'no-style-tag': 'off',
		'attribute-boolean-style': 'error',
	},
});

const cases: Array<[string, string[]]> = [
	['plain names', ['Brightdesk', 'Ann Lee', 'Ben Okafor']],
	['hostile and long names', hostileNames],
];

describe.each(cases)('a report with %s', (_, names) => {
	const { numbers, document } = numbersWith(names);
	const html = documentAsHtml(document);

	it.each([
		['report', html],
		['statement', documentAsHtml(sampleStatement(names).document)],
	])('is valid HTML: %s', (__, page) => {
		const { results } = validator.validateStringSync(page);
		expect(
			results.flatMap(({ messages }) =>
				messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`),
			),
		).toEqual([]);
	});

	it('has no image, no script, no link and no address of somebody else', () => {
		const withoutText = html.replace(/>[^<]*</g, '><').replace(/title="[^"]*"/g, '');
		expect(withoutText).not.toMatch(
			/<(img|script|svg|a|link|iframe|form|object|embed|base)\b|\bon\w+=|url\(|https?:|@import|src=|href=/i,
		);
		expect(html).not.toContain('<script>alert');
	});

	it('is short enough for mail programs that cut mails off', () => {
		expect(Buffer.byteLength(html)).toBeLessThan(100_000);
	});

	it('has no number that is not in the fields', () => {
		const shown = (text: string) =>
			(text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map((number) => Number(number.replace(/,/g, '')));
		const fields = new Set<number>();
		const collect = (value: unknown): void => {
			if (typeof value === 'number') fields.add(Math.abs(value));
			else if (typeof value === 'string') for (const number of shown(value)) fields.add(number);
			else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
		};
		collect(numbers);
		const body = html.slice(html.indexOf('<body'));
		const text = `${body.replace(/<[^>]*>/g, ' ')} ${[...body.matchAll(/title="([^"]*)"/g)].map(([, title]) => title).join(' ')}`;
		// Character references are no numbers.
		const missing = shown(text.replace(/&#?\w+;/g, ' ')).filter(
			(number) => !fields.has(number) && !fields.has(Math.abs(number)),
		);
		expect(
			missing.filter((number) => ![...fields].some((field) => Math.abs(field - number) < 0.005)),
		).toEqual([]);
	});

	it('is blocks that Slack takes', () => {
		const { blocks } = documentAsSlackBlocks(document);
		expectSlackTakes(blocks);
	});

	it('keeps its lines in text and its tables in Markdown', () => {
		const lines = documentAsText(document).split('\n');
		expect(lines.filter((line) => /^- \d+\. /.test(line))).toHaveLength(25);
		const rows = documentAsMarkdown(document)
			.split('\n')
			.filter((line) => line.startsWith('|'));
		for (const row of rows)
			expect([3, 4]).toContain(row.replace(/\\\|/g, '').split('|').length - 1);
	});
});

/** Slack's published limits of Block Kit. */
function expectSlackTakes(blocks: SlackBlock[]): void {
	expect(blocks.length).toBeLessThanOrEqual(50);
	for (const block of blocks) {
		if (block.type === 'divider') continue;
		const texts = block.type === 'context' ? block.elements : [block.text];
		expect(texts.length).toBeLessThanOrEqual(10);
		for (const { type, text } of texts) {
			expect(text.length).toBeGreaterThan(0);
			expect(text.length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3000);
			expect(type).toBe(block.type === 'header' ? 'plain_text' : 'mrkdwn');
			// A bracket would be a link or a mention, and a lone ampersand a reference.
			if (type === 'mrkdwn') expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
		}
	}
}

describe('blocks for Slack', () => {
	it('are no more than 50, and the last one says that there is more', () => {
		const sections = Array.from({ length: 60 }, (_, index) => ({
			heading: `Section ${index}`,
			lines: [
				{
					label: '&'.repeat(1000),
					value: '1',
					remarks: [{ text: '<'.repeat(1000), tone: 'plain' as const }],
				},
			],
		}));
		const { blocks } = documentAsSlackBlocks({
			title: 'T'.repeat(500),
			subtitle: 'S',
			sections,
			notes: [],
		});
		expect(blocks).toHaveLength(50);
		expectSlackTakes(blocks);
		expect(JSON.stringify(blocks.at(-1))).toContain('more than a message of Slack holds');
	});

	it('hold as many lines in a text as fit', () => {
		const lines = Array.from({ length: 200 }, (_, index) => ({
			label: `Partner ${index}`,
			value: `$${index}.00`,
			remarks: [],
		}));
		const { blocks } = documentAsSlackBlocks({
			title: 'T',
			subtitle: 'S',
			sections: [{ heading: 'Top', lines }],
			notes: [],
		});
		expectSlackTakes(blocks);
		for (let index = 0; index < 200; index += 1)
			expect(JSON.stringify(blocks)).toContain(`Partner ${index}: *$${index}.00*`);
	});
});
