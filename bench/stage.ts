import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Credential, Json, WorkflowFile } from '../n8n/client';
import { N8N_FOLDER } from '../n8n/install';
import type { N8n } from '../n8n/server';
import { freePort, startN8n } from '../n8n/server';

import type { Command, Report } from './server';

/** What one execution cost. */
export interface Cost {
	/** CPU milliseconds of n8n's process, all threads. */
	cpu: number;
	/** Milliseconds that the node itself took. */
	wall: number;
	/** Bytes that n8n's process grew by at its peak. */
	memory: number;
	/** Milliseconds of the longest stretch, while the node ran, in which n8n could do nothing else. */
	block: number;
	requests: number;
	/** Items that the node gave. */
	items: number;
	/** Sales that the server has, and keys of sales that it has more than once. */
	sales: number;
	twice: number;
}

interface Probe {
	cpu: number;
	rss: number;
	peak: number;
	/** Times are milliseconds since 1970. */
	blocks: Array<{ from: number; to: number; ms: number }>;
}

/** How many partners and customers the server has, by how many milliseconds its answers are late, and how many requests it takes at once. */
export type Scene = NonNullable<Command['arrange']>;

const patienceMs = 1_800_000;

/** The name of the node that is measured. */
export const SUBJECT = 'Subject';
export const TRIGGER = 'Start';

/** A real n8n and a server, each in a process of its own. */
export class Stage {
	private constructor(
		private readonly n8n: N8n,
		private readonly probe: string,
		private readonly server: ReturnType<typeof fork>,
		private readonly credentials: Credential[],
		/** The base URL of the server. */
		readonly api: string,
	) {}

	static async start(tarball: string): Promise<Stage> {
		const server = fork(join(__dirname, 'server.ts'), { execArgv: ['--import', 'tsx'] });
		const { url, key } = await answer(server);
		const data = join(N8N_FOLDER, '.data');
		mkdirSync(data, { recursive: true });
		const userFolder = mkdtempSync(join(data, 'bench-'));
		const port = await freePort();
		const n8n = await startN8n({
			userFolder,
			tarball,
			env: {
				N8N_CUSTOM_EXTENSIONS: join(__dirname, 'yardstick'),
				NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'probe.cjs'))}`,
				BENCH_PROBE_PORT: String(port),
			},
		});
		const secret = { apiKey: key, baseUrl: url };
		const credentials = [
			await n8n.client.createCredential('Partnero account', 'partneroApi', secret),
			await n8n.client.createCredential('Yardstick account', 'yardstickApi', secret),
		];
		return new Stage(n8n, `http://127.0.0.1:${port}`, server, credentials, url);
	}

	async end(): Promise<void> {
		this.server.disconnect();
		await this.n8n.stop();
		rmSync(this.n8n.userFolder, { recursive: true, force: true });
	}

	/** The size of what n8n sends its editor about the node types of a package, in bytes of JSON. */
	async descriptionSize(prefix: string): Promise<number> {
		const types = (await this.n8n.client.nodeTypes()).filter(
			({ name }) => name.startsWith(prefix) && !name.endsWith('Tool'),
		);
		return JSON.stringify(types).length;
	}

	/**
	 * Runs a workflow once, with the server as the scene says.
	 * @param watched whether memory and blocks are looked at, which costs some CPU time
	 * @throws if it ends otherwise than well
	 */
	async execute(workflow: WorkflowFile, scene: Scene, watched = false): Promise<Cost> {
		await ask(this.server, { arrange: scene });
		const { http } = this.n8n.client;
		const id = await this.n8n.client.createWorkflow(workflow, ...this.credentials);
		const before = await this.look(watched ? '/watch' : '/reset');
		const started = await http.post<{ data: { executionId: string } }>(
			`/rest/workflows/${id}/run`,
			{
				triggerToStartFrom: { name: TRIGGER },
			},
		);
		const { executionId } = started.data.data;
		await this.waitForEnd(id);
		const after = await this.look();
		const run = await this.n8n.client.waitForRun(executionId);
		if (!run.succeeded) throw new Error(`"${workflow.name}" failed: ${run.error}`);
		const { startTime, executionTime } = run.time(SUBJECT) ?? { startTime: 0, executionTime: 0 };
		const blocks = after.blocks.filter(
			({ from, to }) => to > startTime && from < startTime + executionTime,
		);
		const { requests, sales, twice } = await ask(this.server, {});
		await http.post(`/rest/executions/delete`, { ids: [executionId] });
		return {
			cpu: after.cpu - before.cpu,
			wall: executionTime,
			memory: after.peak - before.rss,
			block: Math.max(0, ...blocks.map(({ ms }) => ms)),
			requests,
			sales,
			twice,
			items: run.output(SUBJECT).length,
		};
	}

	/** Asks for the outcome without the data, whose reading would count as work of n8n. */
	private async waitForEnd(workflowId: string): Promise<void> {
		const deadline = Date.now() + patienceMs;
		const filter = JSON.stringify({ workflowId });
		while (Date.now() < deadline) {
			await sleep(250);
			try {
				const { data } = await this.n8n.client.http.get<{ data: { results: Json[] } }>(
					'/rest/executions',
					{ params: { filter, limit: 1 } },
				);
				const [execution] = data.data.results;
				if (execution && !['new', 'running'].includes(String(execution.status))) return;
			} catch (error) {
				// n8n drops a connection that it could not look at for too long.
				if (!/ECONNRESET|socket hang up|timeout/.test(String(error))) throw error;
			}
		}
		throw new Error(`An execution did not end within ${patienceMs / 60_000} minutes`);
	}

	private async look(reset?: '/reset' | '/watch'): Promise<Probe> {
		const response = await fetch(`${this.probe}${reset ?? '/'}`, {
			method: reset ? 'POST' : 'GET',
		});
		return (await response.json()) as Probe;
	}
}

async function ask(server: ReturnType<typeof fork>, command: Command): Promise<Report> {
	server.send(command);
	return await answer(server);
}

async function answer(server: ReturnType<typeof fork>): Promise<Report> {
	const [report] = (await once(server, 'message')) as [Report];
	return report;
}
