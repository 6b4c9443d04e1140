import type { IDataObject, IHookFunctions, NodeApiError } from 'n8n-workflow';

import { largestPage, paginate } from '../Partnero/lookup/pages';
import { events } from '../Partnero/resources/webhook/events';
import { apiError } from '../Partnero/response/apiError';
import { inWords, programTypeOf } from '../Partnero/response/programType';
import { requestFailure } from '../Partnero/response/requestFailure';
import { dataOf } from '../Partnero/response/unwrap';
import { isSuccess } from '../Partnero/transport/outcome';
import type { HttpRequest, RequestResult } from '../Partnero/transport/retry';
import { sendWithRetry } from '../Partnero/transport/retry';
import type { Sender } from '../Partnero/transport/sender';
import { senderWithoutItems } from '../Partnero/transport/sender';

import { isSameAddress } from './address';

/** A webhook as Partnero keeps it (`partnero-api.md` 3.1). */
export interface Webhook {
	key: string;
	url: string;
	/** No list where an answer does not show them, or in another form. */
	events: unknown;
	is_active: unknown;
	/** The signing secret; reading a webhook may leave it out. */
	signature?: string;
}

/** What a webhook has to be like for this node. */
export interface DesiredWebhook {
	name: string;
	url: string;
	events: string[];
}

/** The one webhook of a trigger node in Partnero. */
export class Registration {
	private readonly sender: Promise<Sender>;

	constructor(context: IHookFunctions) {
		this.sender = senderWithoutItems(context);
		// Whoever sends first gets the error.
		this.sender.catch(() => undefined);
	}

	/** The webhook with this key; `undefined` only if Partnero says that there is none. */
	async get(key: string): Promise<Webhook | undefined> {
		const failure = 'The webhook could not be checked';
		const result = await this.request({ method: 'GET', url: pathOf(key) });
		if (result.response?.status === 404 || holdsNothing(result)) return undefined;
		return await this.webhookIn(result, failure);
	}

	/** Every webhook that calls this address: more than the node's own only if an answer got lost once. */
	async find(url: string): Promise<Webhook[]> {
		const failure = async (result: RequestResult) =>
			await this.failureOf(result, 'The webhooks could not be listed');
		const found: Webhook[] = [];
		for await (const page of paginate(
			await this.sender,
			{ url: '/webhooks' },
			{ size: largestPage, unique: 'key', failure },
		)) {
			found.push(
				...page.filter(isWebhook).filter(({ url: address }) => isSameAddress(address, url)),
			);
		}
		return found;
	}

	/** Registers a webhook; if the answer is lost, it is looked for by the address, not made twice. */
	async create(desired: DesiredWebhook): Promise<Webhook> {
		const failure = 'Partnero did not register the webhook';
		let problem: NodeApiError;
		try {
			const request: HttpRequest = {
				method: 'POST',
				url: '/webhooks',
				body: { ...desired, is_active: true },
			};
			const result = await this.request(request);
			const other = await this.otherEvents(result, desired.events);
			if (other) throw other;
			return await this.webhookIn(result, failure);
		} catch (error) {
			problem = error as NodeApiError;
		}
		if (!isRefusal(problem)) {
			// If this fails too, the next activation finds the webhook.
			const [found] = await this.find(desired.url).catch(() => []);
			if (found) return found;
		}
		throw problem;
	}

	/** Brings a webhook to what this node needs, if it is not. */
	async sync({ key, ...current }: Webhook, { name, url, events }: DesiredWebhook): Promise<void> {
		if (
			current.url === url &&
			isOn(current.is_active) &&
			Array.isArray(current.events) &&
			sameEvents(current.events, events)
		)
			return;
		const result = await this.request({
			method: 'PUT',
			url: pathOf(key),
			body: { name, url, events, is_active: true },
		});
		if (!isSuccess(result))
			throw (
				(await this.otherEvents(result, events)) ??
				(await this.failureOf(result, 'Partnero did not change the webhook'))
			);
	}

	/** Deletes a webhook; one that is not there any more is deleted. */
	async delete(key: string): Promise<void> {
		const result = await this.request({ method: 'DELETE', url: pathOf(key) });
		if (result.response?.status === 404 || isSuccess(result)) return;
		throw await this.failureOf(result, 'The webhook could not be deleted');
	}

	private async request(request: HttpRequest): Promise<RequestResult> {
		return await sendWithRetry(await this.sender, request, request.method !== 'POST');
	}

	private async webhookIn(result: RequestResult, failure: string): Promise<Webhook> {
		const data = dataOf(result);
		if (!isSuccess(result) || !isWebhook(data)) throw await this.failureOf(result, failure);
		return data;
	}

	/** The error of events that programs of another type have: the API names them by their place in the list only. */
	private async otherEvents(
		result: RequestResult,
		chosen: string[],
	): Promise<NodeApiError | undefined> {
		if (result.response?.status !== 422) return undefined;
		const sender = await this.sender;
		const type = await programTypeOf(sender);
		const others = events.filter(({ value, description = '' }) => {
			const programs = programsNamedIn(description);
			return (
				type !== undefined &&
				chosen.includes(String(value)) &&
				programs.length > 0 &&
				!programs.includes(type)
			);
		});
		if (type === undefined || others.length === 0) return undefined;
		const names = others.map(({ name }) => `'${name}'`).join(', ');
		const message = `This API key belongs to ${inWords(type)}, which has no ${others.length === 1 ? 'event' : 'events'} ${names}`;
		const advice =
			"Remove the events of other programs from 'Trigger On', or choose the credential of another program. The description of an event says which programs have it.";
		return await apiError(sender, { message, advice }, 422);
	}

	/** The error in the API's own words. */
	private async failureOf(result: RequestResult, failure: string): Promise<NodeApiError> {
		return await requestFailure(await this.sender, result, failure, adviceFor);
	}
}

/** Whether the API said no, so that nothing was registered. */
function isRefusal({ httpCode }: NodeApiError): boolean {
	return /^4/.test(httpCode ?? '') && httpCode !== '408';
}

function adviceFor(status: number): string | undefined {
	return status === 422
		? 'Each type of program has its own events: the description of an event says which programs have it.'
		: undefined;
}

/** The types of programs that the description of an event ends with. */
function programsNamedIn(description: string): string[] {
	return /\(([^()]*) programs\)$/.exec(description)?.[1].split(' and ') ?? [];
}

function pathOf(key: string): string {
	return `/webhooks/${encodeURIComponent(key)}`;
}

function isWebhook(data: unknown): data is IDataObject & Webhook {
	const { key } = (data ?? {}) as Partial<Webhook>;
	return typeof key === 'string' && key !== '';
}

/** An answer that all is well, and that there is no record: PHP writes `[]` for an empty one. */
function holdsNothing(result: RequestResult): boolean {
	const data = dataOf(result);
	return isSuccess(result) && (data === null || (Array.isArray(data) && data.length === 0));
}

/** What databases and PHP make of true. */
function isOn(shown: unknown): boolean {
	return [true, 1, '1', 'true'].includes(shown as boolean);
}

function sameEvents(some: unknown[], others: string[]): boolean {
	return some.length === others.length && [...some].sort().join() === [...others].sort().join();
}
