import { pollingTrigger, pollingWorkflow, Stage, until, type TestedWorkflow } from './stage';

let stage: Stage;
let workflow: TestedWorkflow | undefined;

beforeAll(async () => {
	stage = await Stage.start();
});
afterAll(async () => await stage?.end());
beforeEach(async () => await stage.reset('empty'));
afterEach(async () => {
	stage.sandbox.faults.clear();
	await workflow?.deactivate();
});

/** n8n polls once a minute. */
const patience = 3 * 60_000;
let number = 0;

function arrive(count: number): void {
	for (let left = count; left > 0; left--) {
		number += 1;
		stage.sandbox.program('affiliate').partners.add({ id: `p_${number}`, email: `p_${number}@example.com` });
	}
}

/** The identifiers of all items of all executions that succeeded. */
async function seen(of: TestedWorkflow): Promise<string[]> {
	const executions = (await of.executions()).filter(({ status }) => status === 'success');
	const runs = await Promise.all(executions.map(async ({ id }) => await stage.n8n.client.waitForRun(id)));
	return runs.flatMap((run) => run.output(pollingTrigger).map(({ id }) => String(id)));
}

const polls = () => stage.sandbox.requests.filter(({ path }) => path === '/partners').length;

async function polled(times = 1): Promise<void> {
	const before = polls();
	await until('n8n has polled', () => polls() >= before + times, patience, 200);
}

test.each([
	['in memory, as n8n does by default', {}],
	[
		'in its database, as n8n may',
		{ N8N_SCHEDULER_ENABLED: 'true', N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true', N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true' },
	],
])('250 records in three bursts, an outage and a crash: each once (n8n keeps its schedule %s)', async (_how, env: Record<string, string>) => {
	await stage.stopN8n();
	await stage.startN8n(env);
	number = 0;
	arrive(20);
	const expected = () => Array.from({ length: number - 20 }, (_, index) => `p_${index + 21}`);
	workflow = await stage.createWorkflow(pollingWorkflow('Watch partners', { watch: 'partner' }));
	await workflow.activate();
	expect(await workflow.executions()).toEqual([]);

	arrive(100);
	await until('the first burst has come out', async () => (await seen(workflow!)).length >= 100, patience, 500);

	stage.sandbox.faults.add({ kind: 'status', status: 500, times: 1_000, match: { path: /^\/partners$/ } });
	arrive(80);
	await until('a poll has failed', async () => (await workflow!.executions()).some(({ status }) => status === 'error'), patience, 500);
	expect(await seen(workflow)).toHaveLength(100);
	stage.sandbox.faults.clear();
	await until('the second burst has come out', async () => (await seen(workflow!)).length >= 180, patience, 500);

	// A poll without anything new stands between the last execution and the end.
	await polled();
	await stage.killN8n();
	arrive(70);
	await stage.startN8n(env);
	await until('the third burst has come out', async () => (await seen(workflow!)).length >= 250, patience, 500);
	await polled();
	expect((await seen(workflow)).sort()).toEqual(expected().sort());

	await workflow.deactivate();
	await workflow.activate();
	await polled();
	expect(await seen(workflow)).toHaveLength(250);
});
