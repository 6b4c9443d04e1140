import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import sharp from 'sharp';

import type { WorkflowFile } from '../../n8n/client';
import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { resources } from '../../nodes/Partnero/resources';
import { events } from '../../nodes/Partnero/resources/webhook/events';
import { unknownParameters } from '../support/examples';

const root = resolve(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const bench = read('bench/README.md');
const manifest = JSON.parse(read('package.json')) as {
	name: string;
	homepage: string;
	engines: { node: string };
};

/** The n8n of a folder, as its manifest pins it. */
function tested(folder: 'runtime' | 'oldest'): string {
	const { dependencies } = JSON.parse(read(`n8n/${folder}/package.json`)) as {
		dependencies: { n8n: string };
	};
	return dependencies.n8n;
}

/** The cells of the rows of a table, by a word of its head. */
function rowsBelow(text: string, head: string): string[][] {
	const lines = text.split('\n');
	const start = lines.findIndex((line) => line.startsWith('|') && line.includes(head)) + 2;
	const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'));
	return lines.slice(start, end).map((line) =>
		line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim()),
	);
}

/** What was measured, as bench/README.md has it. */
function measured(server: string, node: string): { landed: string; twice: string } {
	const row = rowsBelow(bench, 'Recorded twice | Executions').find(
		(cells) => cells[0] === server && cells[1] === node,
	);
	const [landed, twice] = (row ?? []).slice(2, 4).map((cell) => cell.replaceAll('*', ''));
	return { landed, twice };
}

/** The faults of the README's table, under their names in bench/README.md. */
const faults: { [row: string]: string } = {
	'answers 10 % with 502, after recording them': '10 % answered 502 after the write',
	'answers 10 % with 429': '10 % answered 429, with Retry-After',
	'answers 10 % too late': '10 % written, but answered too late',
};

it('the table of sales that were recorded twice is what was measured', () => {
	const rows = rowsBelow(readme, 'Recorded twice by this node');
	expect(rows.map(([server]) => server)).toEqual(Object.keys(faults));
	for (const [server, ours, theirs] of rows) {
		const [node, request] = ['Partnero, Create', 'HTTP Request, Retry On Fail'].map((name) =>
			measured(faults[server], name),
		);
		expect([node.landed, request.landed]).toEqual(['1,000', '1,000']);
		expect([ours, theirs]).toEqual([node.twice, request.twice]);
	}
});

it('the releases of n8n are those that the tests run', () => {
	const releases = rowsBelow(readme, 'n8n | Tested').map(([release]) => release);
	expect(releases).toEqual([tested('runtime'), tested('oldest')]);
	const installation = rowsBelow(read('docs/installation.md'), 'n8n | Tested');
	expect(installation.slice(0, 2).map(([release]) => release)).toEqual(releases);
	expect(read('docs/installation.md')).toContain(`With all examples imported`);
});

it('every resource has a line', () => {
	const named = rowsBelow(readme, 'What you can do').map(([name]) => name);
	expect(named.sort()).toEqual(resources.map(({ entry }) => entry.name).sort());
});

it('every number is one that another test, or another file, holds', () => {
	const prose = readme
		.replace(/^```[\s\S]*?^```/gm, '')
		.replace(/`[^`]*`/g, '')
		.replace(/\]\([^)]*\)/g, ']')
		.replace(/n8n [23](?!\.?\d)|^\d\. /gm, '');
	const known = [
		...[tested('runtime'), tested('oldest')],
		// The oldest release that was tried and does not load the package; the version of Partnero's own nodes.
		...['1.82', '0.1.0'],
		// Statuses and shares of the measured faults, whose table a test above compares.
		...['502', '429', '10', '1,000', '974', '0'],
		...[String(resources.length), String(events.length)],
		manifest.engines.node.replace('>=', ''),
		// The resources of Partnero's own nodes: customers, leads, partners, payout requests, transactions.
		'5',
	];
	expect(
		(prose.match(/(?<![\w.])\d[\d.,]*(?<![.,])/g) ?? []).filter(
			(number) => !known.includes(number),
		),
	).toEqual([]);
	expect(readme).toContain(`on any of ${events.length} events`);
	expect(readme).toContain(`| ${resources.length}: also the program`);
});

it('the commands clone the repository of the package, and install what they have packed', () => {
	const [, commands] = /```\n(git clone[\s\S]*?)```/.exec(readme) ?? [];
	expect(commands).toContain(`git clone ${manifest.homepage}.git\n`);
	expect(commands).toContain(
		`cd ${manifest.homepage.split('/').at(-1)} && npm ci && npm run build && npm pack\n`,
	);
	expect(commands).toContain('npm install --prefix ~/.n8n/nodes ./*.tgz\n');
});

it('the workflow to paste is the first sale of the steps above it', () => {
	const [, json] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
	const { nodes, connections } = JSON.parse(json) as WorkflowFile;
	const [start, sale] = nodes;
	const { description } = new Partnero();
	expect(sale.type).toBe(`${manifest.name}.${description.name}`);
	expect(unknownParameters(sale, description)).toEqual([]);
	expect(sale.parameters).toMatchObject({ amount: '49.9', key: 'my-first-sale' });
	expect(connections).toEqual({
		[start.name]: { main: [[{ node: sale.name, type: 'main', index: 0 }]] },
	});
});

it('badges are static, and need nobody who knows the package', () => {
	const badges = [...readme.matchAll(/!\[[^\]]*\]\((https?:[^)]+)\)/g)].map(([, url]) => url);
	expect(badges.length).toBeGreaterThan(0);
	expect(badges.filter((url) => !url.startsWith('https://img.shields.io/badge/'))).toEqual([]);
	expect(readme).toContain(`tested_in_n8n-${tested('runtime')}_%C2%B7_${tested('oldest')}-`);
});

it('the picture of the first sale plays, again and again, and is not heavy', async () => {
	const file = join(root, 'docs/images/first-sale.webp');
	const { pages = 0, delay = [], loop } = await sharp(file, { animated: true }).metadata();
	expect(pages).toBeGreaterThan(2);
	expect(Math.min(...delay)).toBeGreaterThanOrEqual(1_000);
	expect(loop).toBe(0);
	expect(statSync(file).size).toBeLessThan(700_000);
});

it('the pictures of the canvases together are no burden for a clone', () => {
	const files = execFileSync('git', ['ls-files', 'docs/images/examples'], { cwd: root })
		.toString()
		.trim()
		.split('\n');
	const bytes = files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0);
	expect(bytes).toBeLessThan(1_500_000);
});
