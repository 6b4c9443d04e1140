import type { IDataObject, IHookFunctions, IHttpRequestOptions, INode } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { largestPage } from '../Partnero/request/pages';
import type { Answer } from '../Partnero/request/send';
import { credentialName, send } from '../Partnero/request/send';

/** A webhook as Partnero keeps it (`partnero-api.md` 3.1); `signature` is its signing secret. */
export interface Webhook {
	key: string;
	url: string;
	events: string[];
	is_active: boolean;
	signature: string;
}

/** What a webhook has to be like for this node. */
export interface Wanted {
	name: string;
	url: string;
	events: string[];
}

/** The one webhook of a trigger node in Partnero. */
export class Registration {
	constructor(private readonly context: IHookFunctions) {}

	/** The webhook with this key; `undefined` only if Partnero says that there is none. */
	async get(key: string): Promise<Webhook | undefined> {
		const answer = await this.ask('GET', `/webhooks/${encodeURIComponent(key)}`);
		if (answer.status === 404) return undefined;
		return webhookIn(this.checked(answer, 'The webhook could not be checked'));
	}

	/** A webhook that calls this address, left behind by an activation whose answer was lost. */
	async find(url: string): Promise<Webhook | undefined> {
		for (let page = 1; ; page += 1) {
			const answer = await this.ask('GET', '/webhooks', { qs: { limit: largestPage, page } });
			const { data, links } = this.checked(answer, 'The webhooks could not be listed');
			const webhooks = Array.isArray(data) ? (data as unknown as Webhook[]) : [];
			const found = webhooks.find((webhook) => webhook.url === url);
			// The list may leave the secret out.
			if (found) return found.signature ? found : await this.get(found.key);
			const isLast = ((links as IDataObject | undefined)?.next ?? null) === null;
			if (isLast || webhooks.length < largestPage) return undefined;
		}
	}

	/** Registers a webhook; an answer that is lost is looked for by the address. */
	async create(wanted: Wanted): Promise<Webhook> {
		const body = { ...wanted, is_active: true };
		let answer: Answer;
		try {
			answer = await this.ask('POST', '/webhooks', { body });
		} catch (error) {
			const found = await this.find(wanted.url);
			if (found) return found;
			throw new NodeApiError(this.node, { message: (error as Error).message });
		}
		if (answer.status >= 500) {
			const found = await this.find(wanted.url);
			if (found) return found;
		}
		return webhookIn(this.checked(answer, 'Partnero refused to register the webhook'));
	}

	/** Brings a webhook to what this node needs, if it is not. */
	async mend(webhook: Webhook, { name, url, events }: Wanted): Promise<void> {
		if (webhook.url === url && webhook.is_active && sameEvents(webhook.events, events)) return;
		const answer = await this.ask('PUT', `/webhooks/${encodeURIComponent(webhook.key)}`, {
			body: { name, url, events, is_active: true },
		});
		this.checked(answer, 'Partnero refused to change the webhook');
	}

	/** Deletes a webhook; one that is not there any more is deleted. */
	async delete(key: string): Promise<void> {
		const answer = await this.ask('DELETE', `/webhooks/${encodeURIComponent(key)}`);
		if (answer.status !== 404 && answer.status !== 204) {
			this.checked(answer, 'The webhook could not be deleted');
		}
	}

	private get node(): INode {
		return this.context.getNode();
	}

	private async ask(
		method: 'GET' | 'POST' | 'PUT' | 'DELETE',
		url: string,
		more: Partial<IHttpRequestOptions> = {},
	): Promise<Answer> {
		const credentials = await this.context.getCredentials(credentialName);
		return await send(this.context, credentials, { method, url, ...more });
	}

	/** The body of an answer that did what was asked; otherwise an error in the API's own words. */
	private checked({ status, body }: Answer, failure: string): IDataObject {
		const isObject = typeof body === 'object' && body !== null;
		const content = (isObject ? body : {}) as IDataObject;
		if (status < 300 && isObject && content.status !== 0) return content;
		const details = Object.values((content.errors ?? {}) as IDataObject).flat().map(String);
		const said = [content.message, ...details].filter(Boolean).join(' ');
		throw new NodeApiError(
			this.node,
			{},
			{
				message: `${failure}${said ? `: ${said}` : ` (HTTP ${status})`}`,
				description:
					status === 422
						? 'A program only has the events of its own type: see the descriptions of the events.'
						: 'Check the credential, or try again later.',
				httpCode: String(status),
			},
		);
	}
}

function webhookIn({ data }: IDataObject): Webhook {
	return data as unknown as Webhook;
}

function sameEvents(some: string[], others: string[]): boolean {
	return some.length === others.length && [...some].sort().join() === [...others].sort().join();
}
