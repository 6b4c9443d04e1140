import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AxiosInstance } from 'axios';
import axios, { isAxiosError } from 'axios';

import type { NodeType } from './community';

export type Json = Record<string, unknown>;

/** Who owns the demo's n8n. It listens on this machine only, so the login is no secret. */
export const OWNER = {
	email: 'demo@partnero.example',
	firstName: 'Demo',
	lastName: 'Owner',
	password: 'Partnero-demo-1',
};

export interface Credential {
	id: string;
	name: string;
	type: string;
}

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	name: string;
	nodes: Array<
		{
			name: string;
			type: string;
			credentials?: Record<string, { id: string | null; name: string }>;
		} & Json
	>;
	connections: Json;
	settings?: Json;
}

export interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	failedLoading?: boolean;
	installedNodes: Array<{ name: string; type: string; latestVersion: number }>;
}

interface NodeRun {
	/** Milliseconds since 1970. */
	startTime: number;
	/** Milliseconds. */
	executionTime: number;
	data?: { main?: Array<Array<{ json: Json }> | null> };
}

interface ExecutionData {
	resultData: {
		runData: Record<string, NodeRun[]>;
		error?: { message: string; description?: string | null; node?: { name: string } };
	};
}

/** One run of a workflow, read back from n8n. */
export class WorkflowRun {
	constructor(
		readonly id: string,
		readonly status: string,
		private readonly data: ExecutionData,
	) {}

	get succeeded(): boolean {
		return this.status === 'success';
	}

	/** What stopped the run, as the editor would show it. */
	get error(): string | undefined {
		const { error } = this.data.resultData;
		if (!error) return this.succeeded ? undefined : `the run ended as ${this.status}`;
		return [error.node?.name, error.message, error.description].filter(Boolean).join(': ');
	}

	/** When a node's last turn began, and how long it took. */
	time(nodeName: string): Pick<NodeRun, 'startTime' | 'executionTime'> | undefined {
		return this.data.resultData.runData[nodeName]?.at(-1);
	}

	/** What a node gave in all its turns; the second output of a node is number 1. */
	output(nodeName: string, output = 0): Json[] {
		const turns = this.data.resultData.runData[nodeName] ?? [];
		return turns.flatMap(({ data }) => data?.main?.[output] ?? []).map(({ json }) => json);
	}
}

/** n8n's own REST interface, the one that its editor uses. */
export class N8nClient {
	readonly http: AxiosInstance;
	private cookie = '';

	constructor(
		readonly url: string,
		/** Where this n8n is installed, if not where the newest one is. */
		private readonly folder = join(__dirname, 'runtime'),
	) {
		this.http = axios.create({ baseURL: url, timeout: 30_000, proxy: false });
		this.http.interceptors.request.use((config) => {
			if (this.cookie) config.headers.set('Cookie', this.cookie);
			return config;
		});
		this.http.interceptors.response.use(undefined, (error: unknown) => {
			throw isAxiosError(error) ? new Error(explain(error)) : error;
		});
	}

	/** Whether n8n answers and has its database in order. */
	async isReady(): Promise<boolean> {
		try {
			await this.http.get('/healthz/readiness');
			// While it starts, n8n answers everything else with a plain text.
			return typeof (await this.http.get<unknown>('/rest/settings')).data === 'object';
		} catch {
			return false;
		}
	}

	/** Makes the owner of a fresh n8n, or logs in to one that has it. */
	async logIn(): Promise<void> {
		const settings = await this.http.get<{
			data: { userManagement: { showSetupOnFirstLoad?: boolean } };
		}>('/rest/settings');
		const answer = settings.data.data.userManagement.showSetupOnFirstLoad
			? await this.http.post('/rest/owner/setup', OWNER)
			: await this.http.post('/rest/login', {
					emailOrLdapLoginId: OWNER.email,
					password: OWNER.password,
				});
		this.cookie = (answer.headers['set-cookie'] ?? [])
			.map((cookie) => cookie.split(';')[0])
			.join('; ');
	}

	/** The node types that n8n has loaded. */
	async nodeTypes(): Promise<NodeType[]> {
		return (await this.http.get<NodeType[]>('/types/nodes.json')).data;
	}

	async installedPackages(): Promise<InstalledPackage[]> {
		return (await this.http.get<{ data: InstalledPackage[] }>('/rest/community-packages')).data
			.data;
	}

	async createCredential(name: string, type: string, data: Json): Promise<Credential> {
		const answer = await this.http.post<{ data: { id: string } }>('/rest/credentials', {
			name,
			type,
			data,
		});
		return { id: answer.data.data.id, name, type };
	}

	/** Replaces what a stored credential holds. */
	async updateCredential({ id, name, type }: Credential, data: Json): Promise<void> {
		await this.http.patch(`/rest/credentials/${id}`, { name, type, data });
	}

	/** What n8n's own connection test says of a stored credential if this were in it, as in its dialog. */
	async testCredential(
		{ id, name, type }: Credential,
		data: Json,
	): Promise<{ status: string; message: string }> {
		const credentials = { id, name, type, data };
		return (
			await this.http.post<{ data: { status: string; message: string } }>(
				'/rest/credentials/test',
				{ credentials },
			)
		).data.data;
	}

	/** Imports a workflow, with a credential in every node that wants one of its type. Returns its id. */
	async createWorkflow(workflow: WorkflowFile, ...credentials: Credential[]): Promise<string> {
		const nodes = workflow.nodes.map((node) => {
			const wanted = credentials.filter(({ type }) => node.credentials?.[type]);
			const filled = Object.fromEntries(wanted.map(({ type, id, name }) => [type, { id, name }]));
			return wanted.length ? { ...node, credentials: { ...node.credentials, ...filled } } : node;
		});
		const { name, connections, settings } = workflow;
		const answer = await this.http.post<{ data: { id: string } }>('/rest/workflows', {
			name,
			nodes,
			connections,
			settings,
			active: false,
		});
		return answer.data.data.id;
	}

	/** Runs a workflow from its Manual Trigger and waits for the end. */
	async runWorkflow(id: string, trigger: string, patienceMs = 60_000): Promise<WorkflowRun> {
		// Releases before 2.x run what they are sent, not what they have stored.
		const stored = await this.http.get<{ data: Json }>(`/rest/workflows/${id}`);
		const started = await this.http.post<{ data: { executionId: string } }>(
			`/rest/workflows/${id}/run`,
			{
				workflowData: stored.data.data,
				triggerToStartFrom: { name: trigger },
			},
		);
		return await this.waitForRun(started.data.data.executionId, patienceMs);
	}

	/** Waits until an execution has ended. */
	async waitForRun(executionId: string, patienceMs = 60_000): Promise<WorkflowRun> {
		const deadline = Date.now() + patienceMs;
		for (;;) {
			const { data } = await this.http.get<{ data: { status: string; data: string } }>(
				`/rest/executions/${executionId}`,
			);
			if (!['new', 'running', 'waiting'].includes(data.data.status)) {
				// Releases before 2.x note the end before the outcome.
				const outcome = this.unflatten(data.data.data);
				if (outcome?.resultData) return new WorkflowRun(executionId, data.data.status, outcome);
			}
			if (Date.now() > deadline)
				throw new Error(`Execution ${executionId} did not end within ${patienceMs / 1000} s`);
			await sleep(100);
		}
	}

	/** n8n stores the data of a run with the library flatted; its own copy reads it back. */
	private unflatten(text: string): ExecutionData | undefined {
		const { parse } = createRequire(join(this.folder, 'package.json'))('flatted') as {
			parse: (text: string) => ExecutionData | undefined;
		};
		return parse(text);
	}
}

function explain(error: {
	message: string;
	config?: { method?: string; url?: string };
	response?: { data: unknown };
}): string {
	const body = error.response?.data;
	const said =
		typeof body === 'object' && body !== null && 'message' in body
			? String(body.message)
			: error.message;
	return `n8n did not take ${error.config?.method?.toUpperCase()} ${error.config?.url}: ${said}`;
}
