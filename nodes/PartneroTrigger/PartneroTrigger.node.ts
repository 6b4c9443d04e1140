import type {
	IDataObject,
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { events } from '../Partnero/resources/webhook/events';

import { isLocalAddress, isSameAddress } from './address';
import { hasExactTime, itemOf, largestBody, readEnvelope } from './envelope';
import type { DesiredWebhook, Webhook } from './registration';
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
		subtitle: '={{ $parameter["events"].join(", ") || $parameter["customEvents"] }}',
		description:
			'Record sales and manage partners and payouts, or start a workflow when something happens in a Partnero program',
		defaults: { name: 'Partnero Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'partneroApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		activationMessage:
			'Partnero now calls this workflow for the events that you chose. The log of n8n has a warning if it cannot reach this n8n, or if a webhook of another address was left alone.',
		eventTriggerDescription: 'Waiting for Partnero: make one of the events happen',
		triggerPanel: {
			header: 'Wait for an event of Partnero',
			executionsHelp: {
				inactive:
					'<b>To try it</b>, press the button, then make one of the events happen in Partnero, such as a new partner. Partnero has to reach this n8n from the internet; where it cannot, use Partnero Polling Trigger.<br /><br /><b>Once the workflow is published</b>, every event starts it.',
				active:
					'<b>To try it</b>, press the button, then make one of the events happen in Partnero.<br /><br /><b>The workflow is published</b>, so every event starts it; those runs stand under Executions.',
			},
			activationHint: 'Publish the workflow to have it run for every event.',
		},
		properties: [
			{
				displayName: 'Trigger On',
				name: 'events',
				type: 'multiOptions',
				options: events,
				default: [],
			},
			{
				displayName: 'Custom Events',
				name: 'customEvents',
				type: 'string',
				default: '',
				placeholder: 'e.g. reward.created, reward.paid',
				description:
					'More events by their names, separated by commas, for those that Partnero adds later. They may also stand alone, with nothing chosen in Trigger On.',
			},
			{
				displayName: 'Flatten',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description:
					'Whether to return the whole record with the event and its time beside it, instead of the delivery as Partnero sent it, with the record under data',
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const registration = new Registration(this);
				const staticData = this.getWorkflowStaticData('node');
				const desired = desiredBy(this);
				warnOfLocalAddress(this, desired.url);
				const own = await ownWebhook(this, registration, desired.url);
				const found = await registration.find(desired.url);
				const webhook = own ?? found[0];
				const secret = webhook && (await secretOf(webhook, staticData, registration));
				const keys = new Set([...found, ...(own ? [own] : [])].map(({ key }) => key));
				for (const key of keys) {
					// Left behind by a registration whose answer was lost, or of no use without its secret.
					if (key !== webhook?.key || !secret) await registration.delete(key);
				}
				if (!webhook || !secret) {
					delete staticData.webhookKey;
					delete staticData.webhookSecret;
					return false;
				}
				await registration.sync(webhook, desired);
				staticData.webhookKey = webhook.key;
				staticData.webhookSecret = secret;
				return true;
			},

			async create(this: IHookFunctions): Promise<boolean> {
				const registration = new Registration(this);
				const staticData = this.getWorkflowStaticData('node');
				const webhook = await registration.create(desiredBy(this));
				staticData.webhookKey = webhook.key;
				staticData.webhookSecret = await secretOf(webhook, {}, registration);
				if (staticData.webhookSecret) return true;
				throw new NodeOperationError(
					this.getNode(),
					"Partnero did not send the webhook's signing secret",
					{
						description: 'Publish the workflow again, which registers a new webhook.',
					},
				);
			},

			async delete(this: IHookFunctions): Promise<boolean> {
				const staticData = this.getWorkflowStaticData('node');
				try {
					const registration = new Registration(this);
					const url = this.getNodeWebhookUrl('default') ?? '';
					const own = await ownWebhook(this, registration, url);
					for (const { key } of own ? [own] : await registration.find(url))
						await registration.delete(key);
				} catch (error) {
					// The key stays, so that the next activation finds the webhook and uses it again. This does
					// not throw: some versions of n8n would then go on answering at the webhook's address, and
					// after a test event nobody would catch it.
					this.logger.error(
						`The webhook of "${this.getNode().name}" may still be in Partnero: ${(error as Error).message}`,
					);
					return false;
				}
				delete staticData.webhookKey;
				delete staticData.webhookSecret;
				return true;
			},
		},
	};

	/**
	 * Never throws, since n8n records a failed execution for whatever this throws, and never writes
	 * static data: deliveries are handled side by side, and each would save all of it as it found it.
	 */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const response = this.getResponseObject();
		const refuse = (status: number, message: string): IWebhookResponseData => {
			response.status(status).json({ message });
			return { noWebhookResponse: true };
		};
		const rawBody = await rawBodyOf(this.getRequestObject());
		if (!rawBody || rawBody.length > largestBody) return refuse(400, 'Not a delivery');
		const { webhookKey, webhookSecret } = this.getWorkflowStaticData('node');
		if (!isSigned(rawBody, this.getHeaderData().signature, String(webhookSecret ?? ''))) {
			return refuse(401, 'The signature is missing or wrong');
		}
		const envelope = readEnvelope(rawBody);
		if (!envelope) return refuse(400, 'Not a delivery');
		if (envelope.webhook_key !== undefined && envelope.webhook_key !== webhookKey) {
			return refuse(401, 'A delivery for another webhook');
		}
		const forget = seen.add(String(webhookKey), rawBody, hasExactTime(envelope));
		if (!forget) return { webhookResponse: { message: 'Received before' } };
		// If n8n cannot start the workflow, it says so, and Partnero delivers again.
		response.once('finish', () => {
			if (response.statusCode >= 400) forget();
		});
		const item = itemOf(envelope, this.getNodeParameter('simplify', true) === true);
		return { workflowData: [this.helpers.returnJsonArray(item)] };
	}
}

/** The body to the byte; `undefined` if it cannot be read any more, as that of an uploaded form. */
async function rawBodyOf(
	request: ReturnType<IWebhookFunctions['getRequestObject']>,
): Promise<Buffer | undefined> {
	try {
		if (request.rawBody === undefined) await request.readRawBody?.();
	} catch {
		return undefined;
	}
	return Buffer.isBuffer(request.rawBody) ? request.rawBody : undefined;
}

/**
 * The webhook whose key is in static data, if it calls this n8n. Another one belongs to the n8n from which this one, or
 * the workflow, was copied; nobody gets its events any more if it is changed or deleted here.
 */
async function ownWebhook(
	context: IHookFunctions,
	registration: Registration,
	url: string,
): Promise<Webhook | undefined> {
	const { webhookKey } = context.getWorkflowStaticData('node');
	const webhook = webhookKey ? await registration.get(String(webhookKey)) : undefined;
	if (!webhook?.url || isSameAddress(webhook.url, url)) return webhook;
	context.logger.warn(
		`The webhook '${webhook.key}' of "${context.getNode().name}" calls ${webhook.url}, which is not the address of this n8n (${url}), so it was left as it is. If n8n has moved, delete it with the operation Webhook: Delete.`,
	);
	return undefined;
}

function warnOfLocalAddress(context: IHookFunctions, url: string): void {
	if (!isLocalAddress(url)) return;
	context.logger.warn(
		`"${context.getNode().name}" is registered in Partnero under ${url}, which Partnero cannot reach: it is an address inside your network. Set N8N_WEBHOOK_URL (in n8n 1.x: WEBHOOK_URL) to the public address of this n8n, restart it, then unpublish and publish the workflow.`,
	);
}

/** The signing secret: from the webhook, from static data, or read, since a list may leave it out. */
async function secretOf(
	webhook: Webhook,
	staticData: IDataObject,
	registration: Registration,
): Promise<string | undefined> {
	const own = webhook.key === staticData.webhookKey ? staticData.webhookSecret : undefined;
	const secret = webhook.signature || own || (await registration.get(webhook.key))?.signature;
	return secret ? String(secret) : undefined;
}

/** What the webhook has to be like, from the form. */
function desiredBy(context: IHookFunctions): DesiredWebhook {
	const chosen = context.getNodeParameter('events', []) as string[];
	const custom = String(context.getNodeParameter('customEvents', ''))
		.split(',')
		.map((event) => event.trim())
		.filter(Boolean);
	const all = [...new Set([...chosen, ...custom])];
	if (all.length === 0) {
		throw new NodeOperationError(context.getNode(), "'Trigger On' is empty", {
			description: 'Choose at least one event.',
		});
	}
	const url = context.getNodeWebhookUrl('default') ?? '';
	const name = `n8n: ${context.getWorkflow().name ?? context.getNode().name}`;
	return { name: [...name].slice(0, longestName).join(''), url, events: all };
}
