import axios from 'axios';

import type { Json, WorkflowFile } from '../../n8n/client';

import type { TestedWorkflow } from './stage';
import { Stage } from './stage';

/*
 * Reports that several managers get from one execution, in n8n's own loop and by a sub-workflow: all of them are
 * compared with the week before.
 */

let stage: Stage;
const workflows: TestedWorkflow[] = [];

beforeAll(async () => {
	stage = await Stage.start();
});
afterAll(async () => await stage?.end());
beforeEach(async () => await stage.reset('empty'));
afterEach(async () => {
	for (const workflow of workflows.splice(0)) await workflow.deactivate();
});

type Nodes = WorkflowFile['nodes'];
const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Json = {},
	more: object = {},
): Nodes[number] =>
	({
		id: name,
		name,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		position: [0, 0],
		parameters,
		...more,
	}) as Nodes[number];

const triggers = [
	node(
		'Call',
		'webhook',
		2.1,
		{ path: 'managers', responseMode: 'lastNode', responseData: 'allEntries', options: {} },
		{ webhookId: 'managers' },
	),
	node('By hand', 'manualTrigger', 1),
	node('Monday', 'scheduleTrigger', 1.2, {
		rule: { interval: [{ field: 'months', monthsInterval: 12 }] },
	}),
];
const managers = node('Managers', 'set', 3.4, {
	mode: 'raw',
	jsonOutput: '{ "managers": ["Ann", "Bo", "Cy"] }',
	options: {},
});
const each = node('Each manager', 'splitOut', 1, { fieldToSplitOut: 'managers', options: {} });
const report = {
	...node('Report', '', 1, { resource: 'program', operation: 'getReport', options: {} }),
	type: 'n8n-nodes-partnero.partnero',
	credentials: { partneroApi: { id: null, name: 'Partnero account' } },
} as unknown as Nodes[number];

function connected(...pairs: Array<[from: string, to: string, output?: number]>): Json {
	const connections: Record<string, { main: object[][] }> = {};
	for (const [from, to, output = 0] of pairs) {
		const { main } = (connections[from] ??= { main: [] });
		while (main.length <= output) main.push([]);
		main[output].push({ node: to, type: 'main', index: 0 });
	}
	return connections as unknown as Json;
}

async function publish(name: string, nodes: Nodes, connections: Json): Promise<TestedWorkflow> {
	const workflow = await stage.createWorkflow({
		name,
		nodes,
		connections,
		settings: { executionOrder: 'v1' },
	} as unknown as WorkflowFile);
	workflows.push(workflow);
	await workflow.activate();
	return workflow;
}

const startOfAll = [
	...triggers.map(({ name }): [string, string] => [name, 'Managers']),
	['Managers', 'Each manager'] as [string, string],
];

/** n8n's Loop Over Items, with the report in it. */
async function loop(): Promise<TestedWorkflow> {
	const over = node('Loop', 'splitInBatches', 3, { options: {} });
	const done = node('Done', 'noOp', 1);
	return await publish(
		'Reports in a loop',
		[...triggers, managers, each, over, report, done],
		connected(
			...startOfAll,
			['Each manager', 'Loop'],
			['Loop', 'Done'],
			['Loop', 'Report', 1],
			['Report', 'Loop'],
		),
	);
}

/** A sub-workflow that is called for each manager. */
async function calls(): Promise<TestedWorkflow> {
	const begin = node('Begin', 'executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' });
	const { id } = await publish(
		'Report of one manager',
		[begin, report],
		connected(['Begin', 'Report']),
	);
	const call = node('Call report', 'executeWorkflow', 1.2, {
		workflowId: { __rl: true, mode: 'id', value: id },
		workflowInputs: { mappingMode: 'defineBelow', value: {} },
		mode: 'each',
		options: {},
	});
	return await publish(
		'Reports by a sub-workflow',
		[...triggers, managers, each, call],
		connected(...startOfAll, ['Each manager', 'Call report']),
	);
}

const sell = (key: string) =>
	stage.sandbox.program('affiliate').transactions.add({ key, amount: 100, customer: 'c_1' });

/** What changed since the last report, for each manager. */
function differences(reports: Json[]): unknown[] {
	return reports.map(
		({ metrics }) =>
			(metrics as Json[]).find(({ name }) => name === 'total_revenue')?.sinceLastReport,
	);
}

async function inProduction(): Promise<Json[]> {
	const { data } = await axios.get<Json[]>(`${stage.n8n.url}/webhook/managers`);
	return data;
}

describe.each([
	['in a loop', loop],
	['by a sub-workflow', calls],
])('reports of three managers %s', (_what, build) => {
	it('are compared with those of the execution before, and the first with nothing', async () => {
		await build();
		sell('t_1');
		const first = await inProduction();
		expect(differences(first)).toEqual([null, null, null]);
		for (const { text } of first) expect(text).toContain('there is nothing to compare it with yet');
		sell('t_2');
		expect(differences(await inProduction())).toEqual([100, 100, 100]);
		expect(differences(await inProduction())).toEqual([0, 0, 0]);
	});

	it.each(['By hand', 'Monday'])(
		'that somebody tries by hand (%s) are not the last ones',
		async (trigger) => {
			const workflow = await build();
			sell('t_1');
			await inProduction();
			sell('t_2');
			const tried = await stage.n8n.client.runWorkflow(workflow.id, trigger);
			expect(tried.error).toBeUndefined();
			expect(differences(await inProduction())).toEqual([100, 100, 100]);
		},
	);
});
