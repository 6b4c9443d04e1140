import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { HookContext, WebhookContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
	INodeTypes,
	IWebhookData,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { PartneroTrigger } from '../../../nodes/PartneroTrigger/PartneroTrigger.node';

import { additionalDataFor } from './engine';

type Hook = keyof PartneroTrigger['webhookMethods']['default'];

export interface TriggerOptions {
	credentials: ICredentialDataDecryptedObject;
	parameters?: INodeParameters;
	node?: Partial<INode>;
	/** Name of the workflow. */
	name?: string;
	/** What n8n has in the address of the webhook; a workflow that is copied by hand gets another one. */
	webhookId?: string;
}

/** What n8n got at the webhook's address, and what it answered. */
export interface Received {
	status: number;
	body: unknown;
	/** The items of the execution that it started, if it did. */
	items?: IDataObject[];
}

/**
 * A workflow that begins with the trigger, in n8n's contexts, behind a server of its own. Activation and
 * deactivation take the steps of n8n 2.41: static data is read from what was saved, and saved after success.
 */
export class Trigger {
	/** What n8n would have in its database. */
	saved: IDataObject = {};
	/** Every delivery, in the order of the answers. */
	readonly received: Received[] = [];
	parameters: INodeParameters;
	/** Makes n8n fail to start the workflow, so many times. */
	failingStarts = 0;
	/** What was logged as an error. */
	readonly logged: string[] = [];
	/** What was logged as a warning; that this address is a local one is left out, since all of these are. */
	readonly warned: string[] = [];
	/** Whether that the address is a local one was said. */
	localWarnings = 0;
	/** How often something was to be saved after a delivery; n8n would save all of it. */
	savedByDeliveries = 0;
	baseUrl = '';

	private readonly server = createServer(
		(request, response) => void this.receive(request, response),
	);
	private readonly type = new PartneroTrigger();

	constructor(private readonly options: TriggerOptions) {
		this.parameters = { events: ['partner.created', 'partner.updated'], ...options.parameters };
	}

	/** The address that is registered. */
	get url(): string {
		return `${this.baseUrl}/${this.path}`;
	}

	private get path(): string {
		return `${this.options.webhookId ?? 'production-id'}/webhook`;
	}

	/** The items of all executions. */
	get items(): IDataObject[] {
		return this.received.flatMap(({ items = [] }) => items);
	}

	async listen(): Promise<this> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		this.baseUrl = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
		return this;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	/** One of n8n's three calls, on the static data that is given. */
	async call(hook: Hook, staticData: IDataObject): Promise<boolean> {
		const { workflow, node, additionalData, webhookData } = this.parts(staticData);
		const activation = hook === 'delete' ? 'update' : 'activate';
		const mode = hook === 'delete' ? 'internal' : 'trigger';
		const context = new HookContext(workflow, node, additionalData, mode, activation, webhookData);
		const warn = (text: string) =>
			text.includes('which Partnero cannot reach')
				? (this.localWarnings += 1)
				: this.warned.push(text);
		Object.assign(context.logger, { error: (text: string) => this.logged.push(text), warn });
		const result = await this.type.webhookMethods.default[hook].call(context);
		Object.assign(staticData, asStored(workflow.staticData));
		return result;
	}

	/** Publishes the workflow. What fails is taken back, as n8n does it. */
	async activate(): Promise<void> {
		const staticData = structuredClone(this.saved);
		try {
			if (!(await this.call('checkExists', staticData))) await this.call('create', staticData);
		} catch (error) {
			await this.deactivate();
			throw error;
		}
		this.saved = staticData;
	}

	async deactivate(): Promise<boolean> {
		const staticData = structuredClone(this.saved);
		const result = await this.call('delete', staticData);
		this.saved = staticData;
		return result;
	}

	/** What the trigger keeps. */
	get kept(): IDataObject {
		return { ...(this.saved['node:Partnero Trigger'] as IDataObject) };
	}

	/** Handles a request at the webhook's address with what n8n makes of it. */
	async handle(request: object, response: object): Promise<IWebhookResponseData> {
		const { workflow, node, additionalData, webhookData } = this.parts(structuredClone(this.saved));
		const http = {
			httpRequest: request,
			httpResponse: response,
		} as unknown as IWorkflowExecuteAdditionalData;
		const context = new WebhookContext(
			workflow,
			node,
			{ ...additionalData, ...http },
			'webhook',
			webhookData,
			[],
			null,
		);
		const result = await this.type.webhook.call(context);
		if ((workflow.staticData as { __dataChanged?: boolean }).__dataChanged)
			this.savedByDeliveries += 1;
		return result;
	}

	private async receive(request: IncomingMessage, raw: ServerResponse): Promise<void> {
		const received: Received = { status: 0, body: undefined };
		const end = (body: unknown) => {
			received.body = body;
			received.status = raw.statusCode;
			this.received.push(received);
			raw.setHeader('content-type', 'application/json');
			raw.end(JSON.stringify(body));
		};
		const response = Object.assign(raw, {
			status: (code: number) => Object.assign(raw, { statusCode: code }),
			json: end,
		});
		const rawBody = await buffer(request);
		const result = await this.handle(Object.assign(request, { rawBody, body: {} }), response);
		if (result.noWebhookResponse) return;
		if (result.workflowData) {
			if (this.failingStarts > 0) {
				this.failingStarts -= 1;
				raw.statusCode = 500;
				return end({ message: 'There was a problem starting the workflow' });
			}
			received.items = result.workflowData.flat().map(({ json }) => json);
		}
		end(result.webhookResponse ?? { message: 'Workflow was started' });
	}

	private parts(staticData: IDataObject) {
		const nodeTypes = {
			getByName: () => this.type,
			getByNameAndVersion: () => this.type,
			getKnownTypes: () => ({}),
		} as unknown as INodeTypes;
		const node: INode = {
			id: '1',
			name: 'Partnero Trigger',
			type: 'partneroTrigger',
			typeVersion: 1,
			position: [0, 0],
			webhookId: this.options.webhookId ?? 'production-id',
			parameters: this.parameters,
			credentials: { partneroApi: { id: '1', name: 'Partnero account' } },
			...this.options.node,
		};
		const workflow = new Workflow({
			id: 'w',
			name: this.options.name ?? 'Welcome',
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes,
			staticData: structuredClone(staticData),
		});
		const additionalData = {
			...additionalDataFor(this.options.credentials),
			webhookBaseUrl: this.baseUrl,
		};
		const webhookData: IWebhookData = {
			httpMethod: 'POST',
			node: node.name,
			path: this.path,
			webhookDescription: this.type.description.webhooks![0],
			workflowId: 'w',
			workflowExecuteAdditionalData: additionalData,
		};
		return { workflow, node, additionalData, webhookData };
	}
}

/** What a database keeps of it. */
function asStored(data: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(data)) as IDataObject;
}
