import { PollContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
	INodeTypes,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { PartneroPollingTrigger } from '../../../nodes/PartneroPollingTrigger/PartneroPollingTrigger.node';

import { additionalDataFor } from './engine';

/** How n8n keeps what a poll remembers: with the workflow, when it starts one; or staged, with each poll (2.41's durable cursors). */
export type Keeping = 'withWorkflow' | 'staged';

export interface PollerOptions {
	credentials: () => ICredentialDataDecryptedObject;
	parameters?: INodeParameters;
	keeping?: Keeping;
	/** What n8n gives the poll, if it says so. */
	budgetMs?: number;
	timezone?: string;
}

/** A workflow that begins with the polling trigger, in n8n's contexts. It takes the steps of n8n 2.41. */
export class Poller {
	/** What n8n has in its database. */
	saved: IDataObject = {};
	/** The items of all executions, in their order. */
	readonly items: IDataObject[] = [];
	/** How many executions were started. */
	executions = 0;
	parameters: INodeParameters;
	keeping: Keeping;

	private readonly type = new PartneroPollingTrigger();
	private workflow!: Workflow;
	/** The context of a published workflow is the same one for all of its polls, unless n8n stages what they remember. */
	private context!: PollContext;
	/** What a poll remembers, until n8n commits it. */
	private staged: IDataObject = {};
	private committed: IDataObject = {};

	constructor(private readonly options: PollerOptions) {
		this.parameters = { watch: 'partner', ...options.parameters };
		this.keeping = options.keeping ?? 'withWorkflow';
	}

	/** Publishes the workflow: polls once, and saves. What fails is not published. */
	async publish(): Promise<IDataObject[]> {
		this.prepare();
		const items = await this.pollOnce(false);
		this.save();
		return items;
	}

	/** One poll, and what n8n does with its answer. */
	async poll(): Promise<IDataObject[]> {
		if (this.keeping === 'staged') this.prepare();
		return await this.pollOnce(true);
	}

	private prepare(): void {
		this.workflow = this.workflowOf(this.saved);
		this.context = this.contextOf(this.workflow, 'trigger');
	}

	/** What a poll without items remembers is committed, where it is staged, but not that of a publication. */
	private async pollOnce(commitsEmpty: boolean): Promise<IDataObject[]> {
		this.staged = structuredClone(this.committed);
		const answer = await this.type.poll.call(this.context);
		if (answer !== null || commitsEmpty) this.committed = asStored(this.staged);
		if (answer === null) return [];
		this.save();
		this.executions += 1;
		const items = answer.flat().map(({ json }) => json);
		this.items.push(...items);
		return items;
	}

	/** n8n ends at once, and is started again: only what was saved is left. */
	async killAndStart(): Promise<IDataObject[]> {
		return this.keeping === 'staged' ? await this.poll() : await this.publish();
	}

	/** What "Execute step" shows in the editor. */
	async test(): Promise<IDataObject[]> {
		const workflow = this.workflowOf(this.saved);
		const before = JSON.stringify(workflow.staticData);
		const answer = await this.type.poll.call(this.contextOf(workflow, 'manual'));
		expect(JSON.stringify(workflow.staticData)).toBe(before);
		return (answer ?? []).flat().map(({ json }) => json);
	}

	/** What the trigger keeps. */
	get kept(): IDataObject {
		const kept =
			this.keeping === 'staged' ? this.committed : this.workflow.staticData[`node:${nodeName}`];
		return asStored(kept as IDataObject);
	}

	private save(): void {
		this.saved = asStored(this.workflow.staticData);
	}

	private contextOf(workflow: Workflow, mode: WorkflowExecuteMode): PollContext {
		const node = workflow.getNode(nodeName)!;
		const additionalData = additionalDataFor(() => this.options.credentials());
		const never = () => {
			throw new Error('Nothing is emitted by a poll itself.');
		};
		const budget = this.options.budgetMs === undefined ? undefined : () => this.options.budgetMs!;
		const staged = this.keeping === 'staged' ? () => this.staged : undefined;
		const activation = mode === 'manual' ? 'manual' : 'activate';
		const context = new PollContext(
			workflow,
			node,
			additionalData,
			mode,
			activation,
			never,
			never,
			undefined,
			undefined,
			staged,
			budget,
		);
		if ('getPollBudgetMs' in (context as object)) return context;
		// Earlier releases stage nothing and give no budget, and take no notice of the last arguments.
		const own = context as unknown as { getWorkflowStaticData(type: string): IDataObject };
		const read = own.getWorkflowStaticData.bind(own);
		return Object.assign(context as PollContext, {
			...(staged && {
				getWorkflowStaticData: (type: string) => (type === 'node' ? staged() : read(type)),
			}),
			...(budget && { getPollBudgetMs: budget }),
		});
	}

	private workflowOf(staticData: IDataObject): Workflow {
		const nodeTypes = {
			getByName: () => this.type,
			getByNameAndVersion: () => this.type,
			getKnownTypes: () => ({}),
		} as unknown as INodeTypes;
		const node: INode = {
			id: '1',
			name: nodeName,
			type: 'partneroPollingTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: this.parameters,
			credentials: { partneroApi: { id: '1', name: 'Partnero account' } },
		};
		return new Workflow({
			id: 'w',
			name: 'Welcome',
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes,
			staticData: structuredClone(staticData),
			settings: { ...(this.options.timezone && { timezone: this.options.timezone }) },
		});
	}
}

const nodeName = 'Partnero Polling Trigger';

/** What a database keeps of it. */
function asStored(data: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(data ?? {})) as IDataObject;
}
