import axios from 'axios';

/** A tool as a server lists it. */
export interface McpTool {
	name: string;
	description: string;
	/** A JSON schema. */
	inputSchema: { properties?: Record<string, { type: string; description?: string }> };
}

interface Answer {
	result?: Record<string, unknown>;
	error?: { message: string };
}

/** A client of MCP's Streamable HTTP transport, as far as it calls tools: JSON-RPC in POST requests. */
export class McpClient {
	private id = 0;
	private session?: string;
	/** What the server says of itself. */
	instructions = '';

	private constructor(
		private readonly url: string,
		private readonly token: string | undefined,
	) {}

	/** Opens a session, or throws the status with which the server refuses it. */
	static async connect(url: string, token?: string): Promise<McpClient> {
		const client = new McpClient(url, token);
		const { instructions } = await client.call('initialize', {
			protocolVersion: '2025-06-18',
			capabilities: {},
			clientInfo: { name: 'test', version: '1.0.0' },
		});
		client.instructions = String(instructions ?? '');
		await client.send({ method: 'notifications/initialized' });
		return client;
	}

	async tools(): Promise<McpTool[]> {
		return (await this.call('tools/list', {})).tools as McpTool[];
	}

	/** Calls a tool, and returns the text that a model reads. */
	async use(name: string, fields: object = {}): Promise<string> {
		const { content } = await this.call('tools/call', { name, arguments: fields });
		return (content as Array<{ text: string }>).map(({ text }) => text).join('\n');
	}

	async close(): Promise<void> {
		await axios.delete(this.url, { headers: this.headers, validateStatus: () => true });
	}

	private async call(method: string, params: object): Promise<Record<string, unknown>> {
		const { result, error } = await this.send({ id: (this.id += 1), method, params });
		if (!result) throw new Error(`${method}: ${error?.message ?? 'no result'}`);
		return result;
	}

	private async send(message: object): Promise<Answer> {
		const { status, data, headers } = await axios.post<string>(
			this.url,
			{ jsonrpc: '2.0', ...message },
			{ headers: this.headers, responseType: 'text', validateStatus: () => true, timeout: 60_000 },
		);
		if (status >= 300) throw new Error(`refused with ${status}: ${data}`);
		this.session ??= headers['mcp-session-id'] as string | undefined;
		// One event of a stream, or plain JSON.
		const text = /^data: (.*)$/m.exec(data)?.[1] ?? data;
		return text ? (JSON.parse(text) as Answer) : {};
	}

	private get headers(): Record<string, string> {
		return {
			accept: 'application/json, text/event-stream',
			'content-type': 'application/json',
			...(this.token && { authorization: `Bearer ${this.token}` }),
			...(this.session && { 'mcp-session-id': this.session }),
		};
	}
}
