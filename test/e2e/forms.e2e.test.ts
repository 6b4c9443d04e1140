import { join } from 'node:path';

import type { WorkflowFile } from '../../n8n/client';
import type { NodePanel } from '../../n8n/editor';
import { Editor } from '../../n8n/editor';
import { CACHE_FOLDER } from '../../n8n/install';

import type { Form } from './forms';
import { formsOf, menus, workflowOf } from './forms';
import { Stage, triggerWorkflow, until } from './stage';

/** Forms that are worth a look: long ones, and one of each kind of field. */
const pictured = [
	'coupon Create',
	'customer Create or Update',
	'lead Create',
	'partner Update',
	'program Update',
	'transaction Create',
];

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
afterEach(() => expect(editor?.problems).toEqual([]));

const picture = (name: string) => join(CACHE_FOLDER, 'screenshots', 'forms', name);

async function open(workflow: WorkflowFile): Promise<void> {
	await editor.openWorkflow(await stage.n8n.client.createWorkflow(workflow, stage.credential));
}

/** Waits until the form has as many labels as it is to have; who compares them then sees what is wrong. */
async function labelsOf(panel: NodePanel, count: number): Promise<string[]> {
	let labels: string[] = [];
	const arrived = async () => (labels = await panel.labels()).length >= count;
	await until('the form is complete', arrived, 5000).catch(() => undefined);
	return labels;
}

/** Fields in full, in their order, and nothing that annoys. */
async function check(
	panel: NodePanel,
	{ labels, isMapped }: Pick<Form, 'labels' | 'isMapped'>,
): Promise<void> {
	const expected = ['Credential', ...labels];
	const shown = await labelsOf(panel, expected.length);
	expect(isMapped ? shown.slice(0, expected.length) : shown).toEqual(expected);
	expect(await panel.layoutProblems()).toEqual([]);
}

test.each(menus.map(({ resource }) => [resource.name, String(resource.value)]))(
	'every form of %s',
	async (name, resource) => {
		const forms = formsOf(resource);
		await open(workflowOf(name, forms));
		for (const form of forms) {
			const panel = await editor.openNode(form.title);
			await check(panel, form);
			const title = `${resource} ${form.title}`;
			if (pictured.includes(title)) await editor.pictures(picture(title));
			await panel.close();
		}
	},
);

test('the menus of resources and operations explain themselves', async () => {
	await open(workflowOf('Menus', formsOf('program').slice(0, 1)));
	const panel = await editor.openNode('Get');
	const line = ({ name, description }: { name: string; description?: string }) =>
		[name, description].filter(Boolean).join('\n');
	expect(await panel.entriesOf('resource')).toEqual(
		expect.arrayContaining(menus.map(({ resource }) => line(resource))),
	);
	for (const { resource, operations } of menus) {
		await panel.choose('resource', resource.name);
		expect(await panel.entriesOf('operation')).toEqual(
			expect.arrayContaining(operations.map(line)),
		);
	}
});

test('Lead: Create asks the questions of the lead form, in full', async () => {
	await open(
		workflowOf(
			'Lead',
			formsOf('lead').filter(({ title }) => title === 'Create'),
		),
	);
	const panel = await editor.openNode('Create');
	const questions = [
		'Company',
		'What do they need?',
		'Interested in (list)',
		'Size',
		'When',
		'Country (e.g. US)',
	];
	const shown = await labelsOf(panel, 7 + questions.length);
	expect(shown.slice(-1 - questions.length)).toEqual(['Custom Fields', ...questions]);
	expect(await panel.layoutProblems()).toEqual([]);
});

test('the settings have the options of the node and those of its requests', async () => {
	await open(workflowOf('Settings', formsOf('partner').slice(0, 1)));
	const panel = await editor.openNode('Add Reward');
	await panel.show('settings');
	expect(await panel.labels()).toEqual(
		expect.arrayContaining(['Options', 'Request Options', 'Retry On Fail']),
	);
	await panel.addTo('Options');
	expect(await panel.labels()).toContain('Requests at Once');
	await editor.pictures(picture('settings'));
});

test('the trigger asks which events, and explains itself', async () => {
	await open(triggerWorkflow('Trigger', { events: ['partner.created', 'transaction.created'] }));
	const panel = await editor.openNode('Partnero Trigger');
	await check(panel, { labels: ['Trigger On', 'Custom Events', 'Flatten'], isMapped: false });
	expect(await panel.entriesOf('events')).toContain(
		'Lead Converted\nA lead became a customer (affiliate programs)',
	);
	await editor.pictures(picture('trigger'));
});

test('an agent takes the node as a tool, whose fields its model can fill', async () => {
	const agent = {
		id: crypto.randomUUID(),
		name: 'Agent',
		type: '@n8n/n8n-nodes-langchain.agent',
		typeVersion: 2,
		position: [0, 0],
		parameters: {},
	};
	await open({ name: 'Agent', nodes: [agent], connections: {} });
	const tools = await editor.findTool('Agent', 'Partnero');
	expect(await tools.offered()).toEqual(['Partnero Tool']);
	await tools.choose('Partnero Tool');
	const panel = await editor.shownNode();
	await panel.choose('operation', 'Create');
	await check(panel, {
		labels: ['Tool Description', 'Resource', 'Operation', 'Partner Email', 'Additional Fields'],
		isMapped: false,
	});
	await panel.letModelFill('email');
	await editor.pictures(picture('tool'));
});
