import type { ICredentialDataDecryptedObject, IDataObject, IHookFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { backOff } from '../Partnero/transport/retry';
import { largestPage } from '../Partnero/lookup/pages';
import type { Answer, NoAnswer } from '../Partnero/transport/send';
import { abortableSleep } from '../Partnero/transport/clock';
import { credentialName, send } from '../Partnero/transport/send';

/** A webhook as Partnero keeps it (`partnero-api.md` 3.1). */
export interface Webhook {
	key: string;
	url: string;
	events: string[];
	is_active: boolean;
	/** The signing secret; reading a webhook may leave it out. */
	signature?: string;
}

/** What a webhook has to be like for this node. */
export interface Wanted {
	name: string;
	url: string;
	events: string[];
}

/** How often something that may be repeated is sent: n8n calls the hooks once, and gives up what they cannot do. */
const trouble = { tries: 3, first: 400, longest: 2_000 };

/** Milliseconds; n8n's own limit of five minutes would let a publication hang. */
const timeout = 30_000;

/** The one webhook of a trigger node in Partnero. */
export class Registration {
	private credentials?: ICredentialDataDecryptedObject;

	constructor(private readonly context: IHookFunctions) {}

	/** The webhook with this key; `undefined` only if Partnero says that there is none. */
	async get(key: string): Promise<Webhook | undefined> {
		const failure = 'The webhook could not be checked';
		const answer = await this.ask(failure, 'GET', pathOf(key));
		if (answer.status === 404) return undefined;
		return await this.webhookIn(answer, failure);
	}

	/** Every webhook that calls this address: more than the node's own only if an answer got lost once. */
	async find(url: string): Promise<Webhook[]> {
		const failure = 'The webhooks could not be listed';
		const found = new Map<string, Webhook>();
		const seen = new Set<string>();
		for (let page = 1; ; page += 1) {
			const answer = await this.ask(failure, 'GET', '/webhooks', { qs: { limit: largestPage, page } });
			const { data, links } = await this.checked(answer, failure);
			const webhooks = (Array.isArray(data) ? data : []).filter(isWebhook);
			const isNew = webhooks.some(({ key }) => !seen.has(key));
			for (const webhook of webhooks) {
				seen.add(webhook.key);
				if (webhook.url === url) found.set(webhook.key, webhook);
			}
			const isLast = ((links as IDataObject | undefined)?.next ?? null) === null;
			if (isLast || !isNew) return [...found.values()];
		}
	}

	/** Registers a webhook; if the answer is lost, it is looked for by the address, not made twice. */
	async create(wanted: Wanted): Promise<Webhook> {
		const failure = 'Partnero did not register the webhook';
		let problem: NodeApiError;
		try {
			const answer = await this.ask(failure, 'POST', '/webhooks', { body: { ...wanted, is_active: true } });
			return await this.webhookIn(answer, failure);
		} catch (error) {
			problem = error as NodeApiError;
		}
		if (!isRefusal(problem)) {
			// If this fails too, the next activation finds the webhook.
			const [found] = await this.find(wanted.url).catch(() => []);
			if (found) return found;
		}
		throw problem;
	}

	/** Brings a webhook to what this node needs, if it is not. */
	async mend({ key, ...current }: Webhook, { name, url, events }: Wanted): Promise<void> {
		if (current.url === url && current.is_active && sameEvents(current.events, events)) return;
		const failure = 'Partnero did not change the webhook';
		const body = { name, url, events, is_active: true };
		await this.checked(await this.ask(failure, 'PUT', pathOf(key), { body }), failure);
	}

	/** Deletes a webhook; one that is not there any more is deleted. */
	async delete(key: string): Promise<void> {
		const failure = 'The webhook could not be deleted';
		const answer = await this.ask(failure, 'DELETE', pathOf(key));
		if (answer.status !== 404 && answer.status !== 204) await this.checked(answer, failure);
	}

	private async ask(
		failure: string,
		method: 'GET' | 'POST' | 'PUT' | 'DELETE',
		url: string,
		more: Partial<IHttpRequestOptions> = {},
	): Promise<Answer> {
		this.credentials ??= await this.context.getCredentials(credentialName);
		for (let tries = 1; ; tries += 1) {
			let answer: Answer | undefined;
			let noAnswer: NoAnswer | undefined;
			try {
				answer = await send(this.context, this.credentials, { method, url, timeout, ...more });
			} catch (error) {
				noAnswer = error as NoAnswer;
			}
			if (tries < trouble.tries && isWorthAnotherTry(method, answer, noAnswer)) {
				await abortableSleep(backOff(tries, trouble));
				continue;
			}
			if (answer) return answer;
			const advice = 'Check the Base URL of the credential and the network of your n8n, or try again later.';
			throw this.error(`${failure}: no answer came from Partnero`, `${noAnswer?.message ?? ''}\n${advice}`.trim());
		}
	}

	/** The body of an answer that did what was asked; otherwise an error in the API's own words. */
	private async checked({ status, body }: Answer, failure: string): Promise<IDataObject> {
		const isObject = typeof body === 'object' && body !== null;
		const content = (isObject ? body : {}) as IDataObject;
		if (status < 300 && isObject && content.status !== 0) return content;
		const details = Object.values((content.errors ?? {}) as IDataObject).flat().map(String);
		const said = [...new Set([content.message, ...details])].filter(Boolean).join(' ');
		throw this.error(`${failure}${said ? `: ${said}` : ` (HTTP ${status})`}`, adviceFor(status), status);
	}

	private async webhookIn(answer: Answer, failure: string): Promise<Webhook> {
		const { data } = await this.checked(answer, failure);
		if (isWebhook(data)) return data;
		throw this.error(`${failure}: the server answered without data`, adviceFor(answer.status));
	}

	/** An error that never holds the API key, not even when the server repeats it. */
	private error(message: string, description: string, status?: number): NodeApiError {
		const apiKey = String(this.credentials?.apiKey ?? '').trim();
		const redact = (text: string) => (apiKey ? text.split(apiKey).join('[API key]') : text);
		const error = new NodeApiError(
			this.context.getNode(),
			{},
			{ message: redact(message), description: redact(description), httpCode: status ? String(status) : undefined },
		);
		// n8n puts a text of its own in place of a message that happens to name a network code.
		error.message = redact(message);
		return error;
	}
}

/** Passing trouble, with something that may be repeated; a registration only if it was surely not carried out. */
function isWorthAnotherTry(method: string, answer?: Answer, noAnswer?: NoAnswer): boolean {
	if (answer?.status === 429 || noAnswer?.isUnreachable) return true;
	return method !== 'POST' && (!answer || answer.status >= 500);
}

/** Whether the API said no, so that nothing was registered. */
function isRefusal({ httpCode }: NodeApiError): boolean {
	return /^4/.test(httpCode ?? '') && httpCode !== '408';
}

function adviceFor(status: number): string {
	if (status === 401) {
		return 'Open the credential and check the API key. Keys are made in Partnero under Program → Integration → API; each belongs to one program.';
	}
	if (status === 422) {
		return 'A program only has the events of its own type: see the descriptions of the events.';
	}
	if (status === 429 || status >= 500) return 'Try again later.';
	return 'Check the API key and the Base URL of the credential.';
}

function pathOf(key: string): string {
	return `/webhooks/${encodeURIComponent(key)}`;
}

function isWebhook(data: unknown): data is Webhook {
	const { key, events } = (data ?? {}) as Partial<Webhook>;
	return typeof key === 'string' && key !== '' && Array.isArray(events);
}

function sameEvents(some: string[], others: string[]): boolean {
	return some.length === others.length && [...some].sort().join() === [...others].sort().join();
}
