import {
	DirectoryLoader,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	RoutingNode,
	WorkflowExecute,
} from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRun,
	IWorkflowExecuteAdditionalData,
	RelatedExecution,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { createRunExecutionData, Workflow } from 'n8n-workflow';

import { PartneroApi } from '../../../credentials/PartneroApi.credentials';
import { Partnero } from '../../../nodes/Partnero/Partnero.node';

import { checkTexts } from './errorTexts';

/** A credential, or what its expressions come to for each item. */
export type Credentials =
	ICredentialDataDecryptedObject | ((itemIndex: number) => ICredentialDataDecryptedObject);

/** A run of the node as n8n does it, and what came of it. */
export interface RunOptions {
	/** The node's own parameters, as the editor stores them. */
	parameters: INodeParameters;
	/** The items that come in; one empty item if not given. */
	items?: IDataObject[];
	/** Settings of the node: `onError`, `retryOnFail` … */
	node?: Partial<INode>;
	credentials: Credentials;
	mode?: WorkflowExecuteMode;
	timezone?: string;
	/** Kept between runs when given, as n8n keeps it in production. */
	staticData?: IDataObject;
	/** Number of the execution; each run has its own if not given. */
	executionId?: string;
	/** The execution that calls this one, for a sub-workflow. */
	parentExecution?: RelatedExecution;
}

export interface Result {
	/** The items of each output: the first is the main one, the second that of errors. */
	outputs: INodeExecutionData[][];
	/** The items of the main output without their pairing. */
	json: IDataObject[];
	/** What stopped the run, if anything did. */
	error?: { name: string; message: string; description?: string | null; httpCode?: string | null };
	/** Everything that n8n would store of the run, for looking for what must not be in it. */
	stored: string;
}

export const start: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: '',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	async execute() {
		return [this.getInputData()];
	},
};

/** The node type as n8n has it after loading: with Request Options. */
function loadedNode(): INodeType {
	const type = new Partnero() as INodeType;
	DirectoryLoader.applyDeclarativeNodeOptionParameters(type);
	return type;
}

/** n8n's own way from a declarative node to an execute function, for what is no custom operation, with a signal for cancelling. */
function routed(type: INodeType): INodeType {
	return Object.assign(Object.create(type) as INodeType, {
		async execute(this: ConstructorParameters<typeof RoutingNode>[0]) {
			return await new RoutingNode(this, type).runNode();
		},
	});
}

/** n8n reads credentials from its database, item by item: what an item asked for later may come sooner. */
async function overtaken(itemIndex: number): Promise<void> {
	for (let waits = 3 - (itemIndex % 4); waits > 0; waits -= 1)
		await new Promise((resolve) => setImmediate(resolve));
}

/** What n8n gives every context: this credential, and addresses. */
export function additionalDataFor(credentials: Credentials) {
	const credentialType = new PartneroApi();
	const base = 'http://127.0.0.1:5678/';
	return {
		credentialsHelper: {
			getParentTypes: () => [],
			getDecrypted: async (
				...[, , , , , , values]: Parameters<ICredentialsHelper['getDecrypted']>
			) => {
				const itemIndex = values?.itemIndex ?? 0;
				await overtaken(itemIndex);
				return { ...(typeof credentials === 'function' ? credentials(itemIndex) : credentials) };
			},
			preAuthentication: async () => undefined,
			isCredentialUsableByNode: () => true,
			getCredentialsProperties: () => [],
			authenticate: async (
				data: ICredentialDataDecryptedObject,
				_type: string,
				request: IHttpRequestOptions,
			) => await credentialType.authenticate(data, request),
		},
		executionId: '1',
		restApiUrl: base,
		instanceBaseUrl: base,
		webhookBaseUrl: `${base}webhook`,
		webhookWaitingBaseUrl: `${base}webhook-waiting`,
		formWaitingBaseUrl: `${base}form-waiting`,
		webhookTestBaseUrl: `${base}webhook-test`,
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

/** The node type as n8n runs it. */
export function runnableNode(): INodeType {
	return routed(loadedNode());
}

function workflowOf(options: RunOptions, useExecute: boolean) {
	const runnable = useExecute ? runnableNode() : loadedNode();
	const nodeTypes = {
		getByName: (name: string) => (name === 'start' ? start : runnable),
		getByNameAndVersion: (name: string) => (name === 'start' ? start : runnable),
		getKnownTypes: () => ({}),
	} as unknown as INodeTypes;
	const nodes: INode[] = [
		{ id: '1', name: 'Start', type: 'start', typeVersion: 1, position: [0, 0], parameters: {} },
		{
			id: '2',
			name: 'Partnero',
			type: 'partnero',
			typeVersion: 1,
			position: [200, 0],
			parameters: options.parameters,
			credentials: { partneroApi: { id: '1', name: 'Partnero account' } },
			...options.node,
		},
	];
	const workflow = new Workflow({
		id: 'w',
		nodes,
		connections: { Start: { main: [[{ node: 'Partnero', type: 'main', index: 0 }]] } },
		active: false,
		nodeTypes,
		staticData: options.staticData,
		settings: { executionOrder: 'v1', ...(options.timezone && { timezone: options.timezone }) },
	});
	return { workflow, start: nodes[0], partnero: nodes[1] };
}

/** Starts a run and hands over the means to cancel it. */
export function startRun(options: RunOptions): { result: Promise<Result>; cancel: () => void } {
	const { workflow, start: first } = workflowOf(options, true);
	let execution: Execution;
	try {
		execution = execute(workflow, first, options);
	} catch (error) {
		// A required field that is empty as a literal stops n8n before the node is run.
		return { result: Promise.resolve(notStarted(error as Error)), cancel: () => {} };
	}
	return { result: execution.done.then(toResult), cancel: execution.cancel };
}

interface Execution {
	done: Promise<IRun>;
	cancel: () => void;
}

let executions = 0;

/** Runs a workflow from its first node on. */
export function execute(
	workflow: Workflow,
	first: INode,
	options: Pick<RunOptions, 'items' | 'credentials' | 'mode' | 'executionId' | 'parentExecution'>,
): Execution {
	const items = (options.items ?? [{}]).map((json): INodeExecutionData => ({ json }));
	const additionalData = additionalDataFor(options.credentials);
	const mode = options.mode ?? 'manual';
	const hooks = new ExecutionLifecycleHooks(
		mode,
		'1',
		{} as ConstructorParameters<typeof ExecutionLifecycleHooks>[2],
	);
	const done = new Promise<IRun>((resolve) => {
		hooks.addHandler('workflowExecuteAfter', async (run) => resolve(run));
	});
	additionalData.hooks = hooks;
	additionalData.executionId = options.executionId ?? `run-${(executions += 1)}`;
	const executor = new WorkflowExecute(
		additionalData,
		mode,
		createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node: first, data: { main: [items] }, source: null }],
			},
			...(options.parentExecution && { parentExecution: options.parentExecution }),
		}),
	);
	const execution = executor.processRunExecutionData(workflow);
	return { done: execution.then(async () => await done), cancel: () => execution.cancel() };
}

function notStarted(error: Error): Result {
	return { outputs: [], json: [], error, stored: error.message };
}

/** Runs the node for some items, through n8n's workflow engine. */
export async function run(options: RunOptions): Promise<Result> {
	return await startRun(options).result;
}

/** How the errors of nodes are called; those of n8n itself have other words. */
const ownErrors = ['NodeApiError', 'NodeOperationError'];

function toResult(run: IRun): Result {
	const { resultData } = run.data;
	const tries = resultData.runData.Partnero ?? [];
	const outputs = (tries.at(-1)?.data?.main ?? []).map((items) => items ?? []);
	const error = resultData.error as Result['error'] | undefined;
	checkTexts([
		...(error && ownErrors.includes(error.name) ? [error] : []),
		...outputs.flat().flatMap(({ json: { error: message, message: description } }) =>
			// An item of the input may have such fields, too.
			typeof message === 'string' && typeof description === 'string'
				? [{ message, description }]
				: [],
		),
	]);
	return {
		outputs,
		json: (outputs[0] ?? []).map(({ json }) => json),
		...(error && { error }),
		// Only where it is looked at, since that takes long for thousands of items.
		get stored() {
			return JSON.stringify(run.data, (_key, value: unknown) =>
				value instanceof Error
					? { ...value, message: value.message, stack: value.stack, cause: value.cause }
					: value,
			);
		},
	};
}

/** What a list of the node shows, as the editor asks for it; a list may depend on the other fields of the form. */
export async function searchList(
	method: keyof Partnero['methods']['listSearch'],
	credentials: Credentials,
	filter?: string,
	paginationToken?: string,
	form: INodeParameters = {},
) {
	const { workflow, partnero } = workflowOf({ parameters: form, credentials }, false);
	const additionalData = Object.assign(additionalDataFor(credentials), {
		currentNodeParameters: form,
	});
	const context = new LoadOptionsContext(workflow, partnero, additionalData, '');
	return await new Partnero().methods.listSearch[method].call(context, filter, paginationToken);
}
