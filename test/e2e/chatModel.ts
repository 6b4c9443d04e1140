import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A tool as a model is told of it. */
export interface OfferedTool {
	name: string;
	description: string;
	/** A JSON schema. */
	parameters: {
		properties: Record<string, { type: string; description?: string }>;
		required?: string[];
	};
}

/** What the model wants to have called. */
export interface ToolCall {
	tool: string;
	fields: object;
}

interface Message {
	role: string;
	content: unknown;
	tool_call_id?: string;
}

interface CompletionRequest {
	messages: Message[];
	tools?: Array<{ function: OfferedTool }>;
}

/**
 * A chat model on loopback that does what the test has written down, in the form of OpenAI's Chat
 * Completions. It calls one turn's tools after the other, and says "Done." when it has no turn left.
 */
export class ChatModel {
	private readonly requests: CompletionRequest[] = [];
	private turns: ToolCall[][] = [];
	/** The ids of all calls. */
	private readonly made: string[] = [];

	private constructor(private readonly server: Server) {}

	static async start(): Promise<ChatModel> {
		const server = createServer((request, response) => void model.answer(request, response));
		const model = new ChatModel(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return model;
	}

	/** What n8n's OpenAI credential takes as its base URL. */
	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
	}

	/** What it will do; the tools of one turn are called at once. Forgets what was before. */
	play(...turns: ToolCall[][]): void {
		this.turns = turns;
		this.requests.length = 0;
	}

	/** The tools that it was offered, by name. */
	get tools(): Record<string, OfferedTool> {
		const offered = this.requests.flatMap(({ tools }) => tools ?? []);
		return Object.fromEntries(offered.map(({ function: tool }) => [tool.name, tool]));
	}

	/** What it got back from its calls, in their order, as the text that it reads. */
	get results(): string[] {
		const messages = this.requests
			.flatMap((request) => request.messages)
			.filter(({ role }) => role === 'tool');
		const byCall = new Map(
			messages.map(({ tool_call_id: call = '', content }) => [call, String(content)]),
		);
		return this.made.filter((id) => byCall.has(id)).map((id) => byCall.get(id)!);
	}

	private nextId(): string {
		return `call_${this.made.push(`call_${this.made.length + 1}`)}`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const asked = (await json(request)) as CompletionRequest;
		this.requests.push(asked);
		const turn = this.turns.shift();
		const calls = turn?.map(({ tool, fields }) => ({
			id: this.nextId(),
			type: 'function',
			function: { name: tool, arguments: JSON.stringify(fields) },
		}));
		const message = {
			role: 'assistant',
			content: calls ? null : 'Done.',
			...(calls && { tool_calls: calls }),
		};
		const completion = {
			id: `chatcmpl-${this.requests.length}`,
			object: 'chat.completion',
			created: 0,
			model: 'scripted',
			choices: [{ index: 0, message, finish_reason: calls ? 'tool_calls' : 'stop' }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
		response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion));
	}
}
