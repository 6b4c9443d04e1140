import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import type { WorkflowFile } from '../../n8n/client';
import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { PartneroPollingTrigger } from '../../nodes/PartneroPollingTrigger/PartneroPollingTrigger.node';
import { PartneroTrigger } from '../../nodes/PartneroTrigger/PartneroTrigger.node';
import { exampleFiles, readExample, unknownParameters } from '../support/examples';

const ROOT = join(__dirname, '../..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const gallery = read('docs/examples.md');
const tests = readdirSync(join(ROOT, 'test/e2e'))
	.filter((file) => file.endsWith('.e2e.test.ts'))
	.map((file) => read('test/e2e', file));
/** The files that a test loads. */
const run = tests.flatMap((text) =>
	[...text.matchAll(/\bload\('([^']+)'/g)].map(([, file]) => file),
);

const BASE = 'n8n-nodes-base.';
const LANGCHAIN = '@n8n/n8n-nodes-langchain.';
const NOTE = `${BASE}stickyNote`;
const MANUAL = `${BASE}manualTrigger`;
const OURS = {
	'n8n-nodes-partnero.partnero': new Partnero().description,
	'n8n-nodes-partnero.partneroTool': new Partnero().description,
	'n8n-nodes-partnero.partneroTrigger': new PartneroTrigger().description,
	'n8n-nodes-partnero.partneroPollingTrigger': withPollTimes(
		new PartneroPollingTrigger().description,
	),
};

/** n8n adds the times to each node that polls. */
function withPollTimes<T extends { properties: INodeProperties[] }>(description: T): T {
	const pollTimes: INodeProperties = {
		displayName: 'Poll Times',
		name: 'pollTimes',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		options: [
			{
				name: 'item',
				displayName: 'Item',
				values: [{ displayName: 'Mode', name: 'mode', type: 'string', default: '' }],
			},
		],
	};
	return { ...description, properties: [pollTimes, ...description.properties] };
}

type Node = WorkflowFile['nodes'][number];
/** By the node that they start at, and by type; those of an agent's tools are `ai_tool`. */
type Connections = Record<string, Record<string, Array<Array<{ node: string }>>>>;

const isOurs = (type: string): type is keyof typeof OURS => type in OURS;

function targets(connections: WorkflowFile['connections']): Array<[from: string, to: string]> {
	return Object.entries(connections as Connections).flatMap(([from, byType]) =>
		Object.values(byType)
			.flat(2)
			.map(({ node }): [string, string] => [from, node]),
	);
}

/** What hangs below an agent: its model, its memory, its tools. */
function subNodes(connections: WorkflowFile['connections']): string[] {
	return Object.entries(connections as Connections)
		.filter(([, byType]) => Object.keys(byType).every((type) => type.startsWith('ai_')))
		.map(([from]) => from);
}

/** The nodes that others hang below are wide. */
const WIDE = ['agent', 'mcpTrigger'].map((name) => `${LANGCHAIN}${name}`);

/** Left, top, right and bottom on the canvas; a name stands below its node and may take two lines. */
function area({ type, position, parameters }: Node): number[] {
	const [left, top] = position as [number, number];
	const { width, height } =
		type === NOTE
			? (parameters as { width: number; height: number })
			: { width: WIDE.includes(type) ? 256 : 96, height: 144 };
	return [left, top, left + width, top + height];
}

function overlap(one: Node, other: Node): boolean {
	const [left, top, right, bottom] = area(one);
	const [otherLeft, otherTop, otherRight, otherBottom] = area(other);
	return left < otherRight && otherLeft < right && top < otherBottom && otherTop < bottom;
}

describe.each(exampleFiles)('%s', (file) => {
	const { name, nodes, connections } = readExample(file);
	const links = targets(connections);

	it('has only nodes that every n8n has, beside ours', () => {
		expect(
			nodes
				.map(({ type }) => type)
				.filter((type) => !isOurs(type) && !type.startsWith(BASE) && !type.startsWith(LANGCHAIN)),
		).toEqual([]);
		expect(nodes.some(({ type }) => isOurs(type))).toBe(true);
	});

	it('can be tried by hand, with one Manual Trigger', () => {
		const manual = nodes.filter(({ type }) => type === MANUAL);
		expect(manual.map(({ name }) => name)).toEqual(['Try it now']);
		expect(links.map(([from]) => from)).toContain('Try it now');
	});

	it('has a note that says what to fill in, and names nodes that are there', () => {
		const notes = nodes
			.filter(({ type }) => type === NOTE)
			.map(({ parameters }) => (parameters as { content: string }).content);
		expect(notes).toHaveLength(1);
		expect(notes[0]).toContain('**Fill in**');
		expect(notes[0].startsWith(`## ${name}\n`)).toBe(true);
	});

	it('names no credential but the Partnero account, since n8n runs no workflow that names one that is not there', () => {
		const named = nodes
			.filter(({ credentials }) => credentials)
			.map(({ type, credentials }) => [isOurs(type), credentials]);
		expect(named.length).toBeGreaterThan(0);
		for (const node of named)
			expect(node).toEqual([true, { partneroApi: { id: null, name: 'Partnero account' } }]);
	});

	it('has only parameters that our nodes have', () => {
		const unknown = nodes.flatMap((node) => {
			if (!isOurs(node.type)) return [];
			return unknownParameters(node, OURS[node.type]).map((path) => `${node.name}: ${path}`);
		});
		expect(unknown).toEqual([]);
	});

	it('names what a model fills in as n8n allows it, without spaces', () => {
		const keys = [...JSON.stringify(nodes).matchAll(/\$fromAI\('([^']*)'/g)].map(([, key]) => key);
		expect(keys.filter((key) => !/^[\w-]{1,64}$/.test(key))).toEqual([]);
	});

	it('connects every node, and expressions name nodes that are there', () => {
		const names = nodes.map(({ name }) => name);
		const said = [...JSON.stringify(nodes).matchAll(/\$\('((?:[^'\\]|\\\\.)+)'\)/g)].map(
			([, name]) => name,
		);
		expect([...links.flat(), ...said].filter((name) => !names.includes(name))).toEqual([]);
		const reached = new Set([...links.map(([, to]) => to), ...subNodes(connections)]);
		const starts = nodes
			.filter(({ type }) => type === NOTE || /trigger$|webhook$/i.test(type))
			.map(({ name }) => name);
		expect(names.filter((name) => !reached.has(name) && !starts.includes(name))).toEqual([]);
	});

	it('lies on the canvas without overlaps', () => {
		const pairs = nodes.flatMap((one, index) =>
			nodes.slice(index + 1).map((other): [Node, Node] => [one, other]),
		);
		expect(
			pairs
				.filter(([one, other]) => overlap(one, other))
				.map((pair) => pair.map(({ name }) => name)),
		).toEqual([]);
	});

	it('is in the gallery with a picture of its canvas, and run by a test', () => {
		const [, entry = ''] = gallery.split(`\n### [${name}](../examples/${file})\n\n`);
		const picture = `images/examples/${file.replace('.json', '.webp')}`;
		expect(entry.split('\n', 3)).toEqual([
			expect.stringMatching(/^[A-Z].+\.$/),
			'',
			`![The canvas of ${name}](${picture})`,
		]);
		expect(existsSync(join(ROOT, 'docs', picture))).toBe(true);
		expect(run).toContain(file);
	});
});

it('examples have names and ids of their own', () => {
	const examples = exampleFiles.map((file) => readExample(file) as WorkflowFile & { id: string });
	expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
	expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
});
