import type {
	IDataObject,
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { itemOf, largestBody, readEnvelope } from './envelope';
import { events } from './events';
import type { Wanted } from './registration';
import { Registration } from './registration';
import { isSigned, SeenDeliveries } from './signature';

const seen = new SeenDeliveries();

/** Partnero cuts names at 100 characters (`partnero-api.md` 3.1). */
const longestName = 100;

export class PartneroTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Partnero Trigger',
		name: 'partneroTrigger',
		icon: { light: 'file:../../icons/partnero.svg', dark: 'file:../../icons/partnero.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts a workflow when something happens in a Partnero program',
		defaults: { name: 'Partnero Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'partneroApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		activationMessage: 'Partnero now calls this workflow for the events that you chose.',
		eventTriggerDescription: 'Waiting for Partnero: make one of the events happen',
		properties: [
			{
				displayName: 'Trigger On',
				name: 'events',
				type: 'multiOptions',
				options: events,
				default: [],
				required: true,
			},
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description: 'Whether to return a simplified version of the response instead of the raw data',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Custom Events',
						name: 'customEvents',
						type: 'string',
						default: '',
						placeholder: 'e.g. reward.created, reward.paid',
						description: 'More events by their names, separated by commas, for those that Partnero adds later',
					},
				],
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const registration = new Registration(this);
				const kept = this.getWorkflowStaticData('node');
				const wanted = wantedBy(this);
				const webhook =
					(kept.webhookKey ? await registration.get(String(kept.webhookKey)) : undefined) ??
					(await registration.find(wanted.url));
				if (!webhook) {
					delete kept.webhookKey;
					delete kept.webhookSecret;
					return false;
				}
				await registration.mend(webhook, wanted);
				kept.webhookKey = webhook.key;
				kept.webhookSecret = webhook.signature;
				return true;
			},

			async create(this: IHookFunctions): Promise<boolean> {
				const { key, signature } = await new Registration(this).create(wantedBy(this));
				const kept = this.getWorkflowStaticData('node');
				kept.webhookKey = key;
				kept.webhookSecret = signature;
				return true;
			},

			async delete(this: IHookFunctions): Promise<boolean> {
				const kept = this.getWorkflowStaticData('node');
				if (!kept.webhookKey) return true;
				try {
					await new Registration(this).delete(String(kept.webhookKey));
				} catch (error) {
					// The key stays, so that the next activation finds the webhook and uses it again.
					this.logger.error(
						`The webhook '${String(kept.webhookKey)}' of "${this.getNode().name}" is still in Partnero: ${(error as Error).message}`,
					);
					return false;
				}
				delete kept.webhookKey;
				delete kept.webhookSecret;
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const request = this.getRequestObject();
		const refuse = (status: number, message: string): IWebhookResponseData => {
			this.getResponseObject().status(status).json({ message });
			return { noWebhookResponse: true };
		};
		if (request.rawBody === undefined) await request.readRawBody?.();
		const { rawBody } = request;
		const { webhookKey, webhookSecret } = this.getWorkflowStaticData('node');
		const signature = this.getHeaderData().signature;
		if (!Buffer.isBuffer(rawBody) || rawBody.length > largestBody) return refuse(400, 'No delivery');
		if (!isSigned(rawBody, signature, String(webhookSecret ?? ''))) return refuse(401, 'Wrong signature');
		const envelope = readEnvelope(rawBody);
		if (!envelope) return refuse(400, 'No delivery');
		if (envelope.webhook_key !== undefined && envelope.webhook_key !== webhookKey) {
			return refuse(401, 'A delivery for another webhook');
		}
		if (seen.has(String(webhookKey), rawBody)) return { webhookResponse: { message: 'Seen before' } };
		const item = itemOf(envelope, this.getNodeParameter('simplify', true) === true);
		return { workflowData: [this.helpers.returnJsonArray(item)] };
	}
}

/** What the webhook has to be like, from the form. */
function wantedBy(context: IHookFunctions): Wanted {
	const chosen = context.getNodeParameter('events', []) as string[];
	const { customEvents = '' } = context.getNodeParameter('options', {}) as IDataObject;
	const custom = String(customEvents)
		.split(',')
		.map((event) => event.trim())
		.filter(Boolean);
	const all = [...new Set([...chosen, ...custom])];
	const url = context.getNodeWebhookUrl('default');
	if (all.length === 0 || !url) {
		throw new NodeOperationError(context.getNode(), "'Trigger On' is empty", {
			description: 'Choose at least one event.',
		});
	}
	const name = `n8n: ${context.getWorkflow().name ?? context.getNode().name}`;
	return { name: name.slice(0, longestName), url, events: all };
}
