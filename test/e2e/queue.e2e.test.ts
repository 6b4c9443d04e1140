import { join } from 'node:path';

import axios from 'axios';

import type { Json, WorkflowFile } from '../../n8n/client';
import type { Worker } from '../../n8n/server';
import { startWorker } from '../../n8n/server';

import type { Service } from './services';
import { startPostgres, startRedis } from './services';
import type { Execution, TestedWorkflow } from './stage';
import { pollingTrigger, pollingWorkflow, Stage, triggerWorkflow, until } from './stage';

/** n8n's queue mode: a main process that takes calls in, two workers that run what they start. */

const COUNT = 300;
/** For what takes a while, and where asking is work for n8n. */
const unhurried = [15 * 60_000, 1000] as const;

const services: Service[] = [];
let stage: Stage;
let workers: Worker[] = [];
let workflow: TestedWorkflow | undefined;

beforeAll(async () => {
	const redis = await startRedis();
	services.push(redis);
	const postgres = await startPostgres();
	services.push(postgres);
	const env = {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		// A worker that is gone is noticed sooner than after the usual minute.
		QUEUE_WORKER_LOCK_DURATION: '20000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '4000',
		QUEUE_WORKER_STALLED_INTERVAL: '5000',
		N8N_ENCRYPTION_KEY: 'the same one for all processes',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_USER: 'n8n',
		DB_POSTGRESDB_DATABASE: 'postgres',
		// The workers say which executions they run.
		N8N_LOG_LEVEL: 'info',
	};
	stage = await Stage.start({ env });
	workers = await Promise.all(
		['worker-1', 'worker-2'].map(
			async (name) =>
				await startWorker({ userFolder: join(stage.folder, name), tarball: stage.tarball, env }),
		),
	);
});
afterAll(async () => {
	await Promise.all(workers.map(async (worker) => await worker.stop()));
	await stage?.end();
	for (const service of services) await service.stop();
});
beforeEach(async () => {
	await stage.reset('empty');
	stage.sandbox
		.program('affiliate')
		.partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
});
afterEach(async () => await workflow?.deactivate());

const numbers = Array.from({ length: COUNT }, (_, number) => number);

/** Sign-up, then sale, started by a call from outside that is answered when all is done. */
function saleWorkflow(path: string): WorkflowFile {
	const partnero = (name: string, parameters: Json) => ({
		name,
		type: 'n8n-nodes-partnero.partnero',
		typeVersion: 1,
		parameters,
		credentials: { partneroApi: { id: null, name: 'Partnero account' } },
	});
	const nodes = [
		{
			name: 'Order',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			webhookId: crypto.randomUUID(),
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
		},
		partnero('Sign up', {
			resource: 'customer',
			operation: 'upsert',
			key: '={{ $json.body.customer }}',
			attributeTo: 'partner',
			partner: { __rl: true, mode: 'key', value: 'annlee' },
		}),
		partnero('Record the sale', {
			resource: 'transaction',
			operation: 'create',
			customer: { __rl: true, mode: 'key', value: "={{ $('Order').item.json.body.customer }}" },
			amount: "={{ $('Order').item.json.body.amount }}",
			key: "={{ $('Order').item.json.body.key }}",
		}),
	];
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return {
		name: 'Record a sale',
		nodes: nodes.map((node, index) => ({ ...node, id: String(index), position: [index * 200, 0] })),
		connections: { Order: to('Sign up'), 'Sign up': to('Record the sale') },
		settings: { executionOrder: 'v1' },
	};
}

/** Publishes the sale's workflow at a path of its own. */
async function publishSales(path: string): Promise<TestedWorkflow> {
	workflow = await stage.createWorkflow(saleWorkflow(path));
	await workflow.activate();
	return workflow;
}

/**
 * Orders once for each number, twenty at a time; what is not answered well is ordered again.
 * @returns the answers to orders that were repeated: the sale that Partnero has
 */
async function order(path: string): Promise<Json[]> {
	const left = [...numbers];
	const repeated: Json[] = [];
	const work = async () => {
		for (let number = left.shift(); number !== undefined; number = left.shift()) {
			const body = { key: `inv_${number}`, amount: number + 1, customer: `user_${number}` };
			for (let attempt = 1; ; attempt++) {
				// n8n may lose the answer of an execution that has ended well: who gets none orders again.
				const answer = await axios
					.post<Json>(`${stage.n8n.url}/webhook/${path}`, body, { timeout: 90_000 })
					.catch(() => undefined);
				if (answer?.status !== 200) continue;
				if (attempt > 1) repeated.push(answer.data);
				break;
			}
		}
	};
	await Promise.all(Array.from({ length: 20 }, work));
	return repeated;
}

/** Waits until no execution is under way any more. */
async function ended(of: TestedWorkflow, count: number): Promise<Execution[]> {
	let executions: Execution[] = [];
	await until(
		`${count} executions have ended`,
		async () => {
			executions = await of.executions();
			return (
				executions.length >= count &&
				executions.every(({ status }) => !['new', 'running'].includes(status))
			);
		},
		...unhurried,
	);
	expect(executions).toHaveLength(count);
	return executions;
}

/** Which of these executions each worker has begun, in order. */
function shares(executions: Execution[]): string[][] {
	const ids = new Set(executions.map(({ id }) => id));
	return workers.map((worker) =>
		[...worker.log().matchAll(/Worker started execution (\d+)/g)]
			.map(([, id]) => id)
			.filter((id) => ids.has(id)),
	);
}

function expectEachRunOnceByTheTwo(executions: Execution[]): void {
	const [first, second] = shares(executions);
	expect(first.length).toBeGreaterThan(0);
	expect(second.length).toBeGreaterThan(0);
	expect([...first, ...second].sort()).toEqual(executions.map(({ id }) => id).sort());
}

function expectEachSaleOnce(): void {
	const { transactions, customers } = stage.sandbox.ledger();
	expect(Object.keys(transactions.byKey)).toHaveLength(COUNT);
	expect(transactions).toMatchObject({ total: COUNT, amount: (COUNT * (COUNT + 1)) / 2 });
	expect(customers).toHaveLength(COUNT);
}

test('300 executions of the sale flow, over both workers: each sale once', async () => {
	const sales = await publishSales('order');
	const repeated = await order('order');
	expect(repeated.filter(({ created }) => created !== false)).toEqual([]);
	const executions = await ended(sales, COUNT + repeated.length);
	expect(executions.filter(({ status }) => status !== 'success')).toEqual([]);
	expectEachRunOnceByTheTwo(executions);
	expectEachSaleOnce();
});

test('300 deliveries: 300 executions, over both workers', async () => {
	workflow = await stage.createWorkflow(
		triggerWorkflow('Watch partners', { events: ['partner.updated'] }),
	);
	await workflow.activate();
	for (const number of numbers)
		stage.sandbox.program('affiliate').emit('partner.updated', { id: 'p_1', number });
	await stage.sandbox.settled();
	expect(stage.sandbox.deliveries.filter(({ state }) => state !== 'delivered')).toEqual([]);
	expectEachRunOnceByTheTwo(await ended(workflow, COUNT));
	const runs = await workflow.runs(COUNT);
	expect(runs.map(({ error }) => error).filter(Boolean)).toEqual([]);
	const seen = runs.flatMap((run) =>
		run.output('Partnero Trigger').map((item) => Number(item.number)),
	);
	expect(seen.sort((a, b) => a - b)).toEqual(numbers);
	// One process takes them all in, so it recognizes a repeat whichever worker ran the first one.
	expect(await stage.sandbox.repeat(stage.sandbox.deliveries[0])).toBe(200);
	expect(await workflow.executions()).toHaveLength(COUNT);
});

test('the polling trigger: records in two bursts come out once each, over the workers', async () => {
	workflow = await stage.createWorkflow(
		pollingWorkflow('Poll for partners', { watch: 'partner', options: { limit: 20 } }),
	);
	await workflow.activate();
	const { partners } = stage.sandbox.program('affiliate');
	const seen = async () => {
		const executions = (await workflow!.executions()).filter(({ status }) => status === 'success');
		const runs = await Promise.all(
			executions.map(async ({ id }) => await stage.n8n.client.waitForRun(id)),
		);
		return runs.flatMap((run) => run.output(pollingTrigger).map(({ id }) => String(id)));
	};
	for (const burst of ['a', 'b']) {
		const before = (await seen()).length;
		for (let number = 0; number < 30; number++)
			partners.add({ id: `${burst}_${number}`, email: `${burst}_${number}@example.com` });
		await until(
			`burst ${burst} has come out`,
			async () => (await seen()).length >= before + 30,
			...unhurried,
		);
	}
	const expected = ['a', 'b'].flatMap((burst) =>
		Array.from({ length: 30 }, (_, number) => `${burst}_${number}`),
	);
	expect((await seen()).sort()).toEqual(expected.sort());
	const [first, second] = shares(await workflow.executions());
	expect([...first, ...second].sort()).toEqual(
		(await workflow.executions()).map(({ id }) => id).sort(),
	);
});

test('a worker is killed in the middle: what it was at is ordered again, and no sale is lost or doubled', async () => {
	const sales = await publishSales('order-again');
	const recorded = () => stage.sandbox.ledger().transactions.total;
	const ordered = order('order-again');
	await until('a third of the sales is recorded', () => recorded() >= COUNT / 3, ...unhurried);
	// Each worker has five executions at a time: of six that wait for their answer, one is with the second worker.
	stage.sandbox.faults.add({
		kind: 'latency',
		ms: 20_000,
		after: true,
		match: { method: 'POST', path: /^\/transactions$/ },
	});
	const before = recorded();
	await until('sales are recorded, but not answered', () => recorded() >= before + 6, ...unhurried);
	await workers[1].kill();
	stage.sandbox.faults.clear();
	const repeated = await ordered;

	const executions = await sales.executions();
	const broken = executions.filter(({ status }) => status !== 'success');
	expect(broken.length).toBeGreaterThan(0);
	expect(repeated).toHaveLength(broken.length);
	expect(shares(broken)[0]).toEqual([]);
	// Sales that the dead worker had recorded, without anybody knowing, are found.
	expect(repeated.map(({ created }) => created)).toContain(false);
	expectEachSaleOnce();
});
