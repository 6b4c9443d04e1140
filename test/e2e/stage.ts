import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Credential, Json, WorkflowFile, WorkflowRun } from '../../n8n/client';
import { N8N_FOLDER } from '../../n8n/install';
import { pack } from '../../n8n/pack';
import type { N8n } from '../../n8n/server';
import { freePort, startN8n } from '../../n8n/server';
import type { ProgramName } from '../../sandbox/programs';
import type { SeedName } from '../../sandbox/seed';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

export interface Execution {
	id: string;
	mode: string;
	status: string;
	/** Empty until it has started. */
	startedAt: string | null;
}

interface PublicationStatus {
	status: string;
	triggers: Array<{ errorMessage: string | null }>;
}

/** Asks again until it holds; says what was asked for if it never does. A question that is work for n8n takes longer pauses. */
export async function until(
	what: string,
	holds: () => boolean | Promise<boolean>,
	patienceMs = 60_000,
	pauseMs = 50,
): Promise<void> {
	const deadline = Date.now() + patienceMs;
	while (!(await holds())) {
		if (Date.now() > deadline) throw new Error(`It never came to this: ${what}.`);
		await sleep(pauseMs);
	}
}

/** A real n8n that has the package, and a sandbox for it. */
export class Stage {
	private constructor(
		readonly sandbox: Sandbox,
		/** Everything of this stage is in here, and is deleted in the end. */
		readonly folder: string,
		private readonly port: number,
		private readonly env: Record<string, string>,
	) {}

	credential!: Credential;
	/** Whether n8n publishes in the background, which is its default, or at once, as earlier versions do. */
	publishesInBackground = true;
	/** The packed package. */
	tarball!: string;
	private readonly credentials: Array<{ credential: Credential; program: ProgramName }> = [];
	private running?: N8n;

	/** @param env settings of n8n, kept over all its starts */
	static async start({
		credentialName = 'Partnero account',
		env = {},
	}: { credentialName?: string; env?: Record<string, string> } = {}): Promise<Stage> {
		mkdirSync(join(N8N_FOLDER, '.data'), { recursive: true });
		const folder = mkdtempSync(join(N8N_FOLDER, '.data', 'e2e-'));
		// Patient, so that a slow machine is not taken for a lost answer.
		const sandbox = await startSandbox({
			seed: 'empty',
			freshKeys: true,
			deliveries: { tries: 8, firstPauseMs: 50, timeoutMs: 60_000, atOnce: 20 },
		});
		const stage = new Stage(sandbox, folder, await freePort(), env);
		try {
			stage.tarball = await pack(join(folder, 'packed'));
			await stage.startN8n({}, stage.tarball);
		} catch (error) {
			await stage.end();
			throw error;
		}
		stage.credential = await stage.createCredential(credentialName, 'affiliate');
		return stage;
	}

	/** A credential for a program of the sandbox. */
	async createCredential(name: string, program: ProgramName): Promise<Credential> {
		const data = { apiKey: this.sandbox.keys[program], baseUrl: this.sandbox.url };
		const credential = await this.n8n.client.createCredential(name, 'partneroApi', data);
		this.credentials.push({ credential, program });
		return credential;
	}

	/** Empties or seeds the programs. They get new keys, since n8n's process remembers what it has sent with the old ones. */
	async reset(seed: SeedName): Promise<void> {
		this.sandbox.reset(seed);
		for (const { credential, program } of this.credentials) {
			await this.n8n.client.updateCredential(credential, {
				apiKey: this.sandbox.keys[program],
				baseUrl: this.sandbox.url,
			});
		}
	}

	get n8n(): N8n {
		if (!this.running) throw new Error('n8n is not running.');
		return this.running;
	}

	/** Where it is, also while it is stopped. */
	get n8nUrl(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Starts n8n on the same address and data as before. */
	async startN8n(env: Record<string, string> = {}, tarball?: string): Promise<void> {
		this.running = await startN8n({
			port: this.port,
			userFolder: this.folder,
			tarball,
			env: { ...this.env, ...env },
		});
		this.publishesInBackground = env.N8N_USE_WORKFLOW_PUBLICATION_SERVICE !== 'false';
	}

	async stopN8n(): Promise<void> {
		await this.running?.stop();
		this.running = undefined;
	}

	/** Ends n8n at once, as a crash of its machine would. */
	async killN8n(): Promise<void> {
		await this.running?.kill();
		this.running = undefined;
	}

	async end(): Promise<void> {
		await this.stopN8n();
		await this.sandbox.close();
		rmSync(this.folder, { recursive: true, force: true });
	}

	async createWorkflow(
		workflow: WorkflowFile,
		...credentials: Credential[]
	): Promise<TestedWorkflow> {
		return new TestedWorkflow(
			this,
			await this.n8n.client.createWorkflow(workflow, this.credential, ...credentials),
		);
	}
}

/** A workflow in that n8n, and what its editor can do with it. */
export class TestedWorkflow {
	constructor(
		private readonly stage: Stage,
		readonly id: string,
	) {}

	/** Saves a change of nodes, as the editor does. */
	async change(change: (nodes: WorkflowFile['nodes']) => void): Promise<void> {
		const { nodes, versionId } = await this.read();
		change(nodes);
		await this.http.patch(`/rest/workflows/${this.id}`, { nodes, versionId });
	}

	/** Publishes the version that was saved last. */
	async activate(): Promise<void> {
		const { versionId } = await this.read();
		await this.http.post(`/rest/workflows/${this.id}/activate`, { versionId });
		await this.published();
	}

	async deactivate(): Promise<void> {
		await this.http.post(`/rest/workflows/${this.id}/deactivate`, {});
		await this.published();
	}

	/** n8n may publish in the background: waits until it is done, and throws what the editor would show. */
	private async published(): Promise<void> {
		if (!this.stage.publishesInBackground) return;
		let status: PublicationStatus | undefined;
		await until('the publication has ended', async () => {
			status = (
				await this.http.get<{ data: PublicationStatus }>(
					`/rest/workflows/${this.id}/publication-status`,
				)
			).data.data;
			return status.status !== 'in_progress';
		});
		const messages = (status?.triggers ?? [])
			.map(({ errorMessage }) => errorMessage)
			.filter(Boolean);
		if (messages.length) throw new Error(messages.join(' '));
	}

	/** Presses "Listen for test event". */
	async listen(trigger: string): Promise<unknown> {
		const body = { triggerToStartFrom: { name: trigger } };
		return (await this.http.post<{ data: unknown }>(`/rest/workflows/${this.id}/run`, body)).data
			.data;
	}

	async stopListening(): Promise<void> {
		await this.http.delete(`/rest/test-webhook/${this.id}`);
	}

	/**
	 * All executions, the newest first. n8n sorts them by their start and turns the page by their id, and so
	 * loses some and gives others twice where workers start them in another order: paged by the start here.
	 */
	async executions(): Promise<Execution[]> {
		const all = new Map<string, Execution>();
		let startedBefore: string | undefined;
		for (let known = -1; known < all.size;) {
			known = all.size;
			const params = { filter: JSON.stringify({ workflowId: this.id, startedBefore }), limit: 100 };
			const { data } = await this.http.get<{ data: { results: Execution[] } }>('/rest/executions', {
				params,
			});
			for (const execution of data.data.results) all.set(execution.id, execution);
			startedBefore =
				data.data.results
					.map(({ startedAt }) => startedAt)
					.filter(Boolean)
					.sort()[0] ?? startedBefore;
		}
		return [...all.values()];
	}

	/** Waits until there are so many executions, all of them ended, and reads the newest ones. */
	async runs(count: number, wanted = count): Promise<WorkflowRun[]> {
		await until(`${count} executions have ended`, async () => {
			const executions = await this.executions();
			return (
				executions.length >= count &&
				executions.every(({ status }) => !['new', 'running'].includes(status))
			);
		});
		const executions = await this.executions();
		if (executions.length !== count)
			throw new Error(`There are ${executions.length} executions instead of ${count}.`);
		const runs: WorkflowRun[] = [];
		for (let first = 0; first < wanted; first += 20) {
			const some = executions.slice(first, Math.min(first + 20, wanted));
			runs.push(...(await Promise.all(some.map(({ id }) => this.stage.n8n.client.waitForRun(id)))));
		}
		return runs;
	}

	private get http() {
		return this.stage.n8n.client.http;
	}

	private async read(): Promise<{ nodes: WorkflowFile['nodes']; versionId: string }> {
		const answer = await this.http.get<{
			data: { nodes: WorkflowFile['nodes']; versionId: string };
		}>(`/rest/workflows/${this.id}`);
		return answer.data.data;
	}
}

/** A workflow of the trigger and nothing else. */
export function triggerWorkflow(name: string, parameters: Json): WorkflowFile {
	return workflowOf(name, {
		name: 'Partnero Trigger',
		type: 'n8n-nodes-partnero.partneroTrigger',
		webhookId: crypto.randomUUID(),
		parameters,
	});
}

/** A workflow of the polling trigger and nothing else; it polls every minute, which is n8n's shortest time. */
export function pollingWorkflow(name: string, parameters: Json): WorkflowFile {
	return workflowOf(name, {
		name: pollingTrigger,
		type: 'n8n-nodes-partnero.partneroPollingTrigger',
		parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
	});
}

/** The name of the node in such a workflow. */
export const pollingTrigger = 'Partnero Polling Trigger';

function workflowOf(name: string, trigger: { name: string; type: string } & Json): WorkflowFile {
	return {
		name,
		nodes: [
			{
				id: 'a3f0c1de-0000-4000-8000-000000000001',
				typeVersion: 1,
				position: [0, 0],
				credentials: { partneroApi: { id: null, name: 'Partnero account' } },
				...trigger,
			},
		],
		connections: {},
		settings: { executionOrder: 'v1' },
	};
}
