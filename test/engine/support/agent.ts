import type {
	EngineResponse,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeType,
	INodeTypes,
} from 'n8n-workflow';
import { NodeConnectionTypes, Workflow } from 'n8n-workflow';

import type { RunOptions } from './engine';
import { execute, runnableNode, start } from './engine';

/**
 * The two ways in which n8n's AI Agent has its tools run: from version 3 on it asks the engine to,
 * before that it calls them itself.
 */
export const ways = ['by the engine', 'inside the agent'] as const;

export interface ToolRun extends Pick<RunOptions, 'parameters' | 'credentials' | 'node'> {
	way: (typeof ways)[number];
	/** What the model fills in: one call each, all of them at once. */
	calls: IDataObject[];
}

/** A tool as n8n makes one for an agent. */
interface Tool {
	invoke(fields: IDataObject): Promise<string>;
}

/** Stands for n8n's AI Agent, without a model: makes the calls and outputs what came back. */
function agent({ way, calls }: ToolRun): INodeType {
	const description: INodeType['description'] = {
		displayName: 'Agent',
		name: 'agent',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Agent' },
		inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};
	if (way === 'inside the agent') {
		return {
			description,
			async execute() {
				const [tool] = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
				// The agent gives its model an empty text for a tool that throws.
				const texts = await Promise.all(
					calls.map(async (fields) => await tool.invoke(fields).catch(() => '')),
				);
				return [texts.map((said) => ({ json: { said } }))];
			},
		};
	}
	return {
		description,
		async execute(response?: EngineResponse) {
			if (response?.actionResponses.length) return [response.actionResponses.map(said)];
			return {
				actions: calls.map((input, index) => ({
					actionType: 'ExecutionNodeAction' as const,
					nodeName: 'Partnero',
					input,
					type: NodeConnectionTypes.AiTool,
					id: `call_${index}`,
					metadata: { itemIndex: 0 },
				})),
				metadata: {},
			};
		},
	};
}

/** What AI Agent 3 makes of a tool's result for its model. */
function said({ data }: EngineResponse['actionResponses'][number]): INodeExecutionData {
	const items = data.data?.ai_tool?.[0]?.map(({ json }) => json) ?? [];
	return { json: { said: JSON.stringify(items) } };
}

/** Runs the node as an agent's tool; gives what the model reads of each call. */
export async function runAsTool(run: ToolRun): Promise<string[]> {
	const node = runnableNode();
	const tool = Object.assign(Object.create(node) as INodeType, {
		description: {
			...node.description,
			name: 'partneroTool',
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
		},
	});
	const types: Record<string, INodeType> = { start, agent: agent(run), partneroTool: tool };
	const nodes: INode[] = Object.keys(types).map((type, index) => ({
		id: type,
		name: { start: 'Start', agent: 'Agent', partneroTool: 'Partnero' }[type]!,
		type,
		typeVersion: 1,
		position: [index * 200, 0],
		parameters: {},
	}));
	Object.assign(nodes[2], {
		parameters: run.parameters,
		credentials: { partneroApi: { id: '1', name: 'Partnero account' } },
		...run.node,
	});
	const nodeTypes = {
		getByName: (name: string) => types[name],
		getByNameAndVersion: (name: string) => types[name],
		getKnownTypes: () => ({}),
	} as unknown as INodeTypes;
	const workflow = new Workflow({
		id: 'w',
		nodes,
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Partnero: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1' },
	});
	const { data } = await execute(workflow, nodes[0], { credentials: run.credentials }).done;
	const { error, runData } = data.resultData;
	if (error) throw error;
	return (runData.Agent.at(-1)?.data?.main?.[0] ?? []).map(({ json }) => String(json.said));
}
