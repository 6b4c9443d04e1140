import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Fallback, Operation, RequestTemplate } from '../operation';
import { agrees } from '../response/matchesSent';
import type { Call } from './call';
import type { Answer, NoAnswer } from './send';
import { send } from './send';
import type { Form } from '../form/form';
import { fieldsInUrl, fillRequest } from '../form/template';
import { abortableSleep, clock } from './clock';

/** What became of a request, and of how many tries. */
export interface Delivery {
	/** `undefined` if none came: whether the request was carried out is unknown. */
	answer?: Answer;
	noAnswer?: NoAnswer;
	tries: number;
	/** How many of them may have been carried out without anybody knowing. */
	unknown: number;
	/** When the first try began, that of an earlier try of n8n included (milliseconds since 1970). */
	since: number;
	/** Milliseconds spent waiting because of the rate limit. */
	waited: number;
	/** Whether sending it twice does no more than sending it once. */
	repeatable: boolean;
	/** The status of the record that was found after a refusal. */
	recordStatus?: string;
}

const rateLimit = { tries: 8, milliseconds: 120_000, first: 500, longest: 30_000 };
const trouble = { tries: 6, first: 200, longest: 5_000 };

/** Whether nobody can tell if the request was carried out: no answer, or one that is not the API's. */
export function isUnknown({ answer, noAnswer }: Delivery): boolean {
	if (!answer) return noAnswer?.mayHaveArrived ?? true;
	const { status, body } = answer;
	return status >= 500 || status === 408 || (status < 300 && status !== 204 && (typeof body !== 'object' || body === null));
}

/** Whether a request may still be under way on the server: n8n or a gateway before the server did not wait. */
export function timedOut({ answer, noAnswer }: Delivery): boolean {
	if (answer) return [408, 504, 524].includes(answer.status);
	return noAnswer !== undefined && ['ECONNABORTED', 'ETIMEDOUT'].includes(noAnswer.code);
}

/** Whether sending a route twice does no more than sending it once. */
function isRepeatable({ sentOnce }: Operation, { method }: RequestTemplate): boolean {
	return method !== 'POST' && !sentOnce;
}

type Request = Pick<IHttpRequestOptions, 'method' | 'url' | 'qs' | 'body'>;

/** What an item's request is called among those of which nobody knows whether they were carried out. */
export function nameOf({ run, form }: Pick<Call, 'run' | 'form'>, parts: unknown[]): string {
	return [...parts, run.isShared ? '' : form.itemIndex].join(' ');
}

/** What came of one try, and when. */
export interface Attempt extends Pick<Delivery, 'answer' | 'noAnswer'> {
	/** By the clock of the node. */
	at: number;
}

/** Sends a request once. */
export async function attempt({ context, run, options }: Call, request: Request): Promise<Attempt> {
	const credentials = await run.credentials(context);
	try {
		return { answer: await send(context, credentials, { ...options, ...request }), at: clock.now() };
	} catch (error) {
		return { noAnswer: error as NoAnswer, at: clock.now() };
	}
}

/**
 * Sends a request, again if that is safe: after a 429, which carries nothing out, always; after a
 * 5xx, a time-out or a cut connection only if the request may be repeated.
 * @param first the first try, if it is under way already
 */
export async function deliver(
	call: Call,
	request: Request,
	repeatable = request.method === 'GET',
	first?: Promise<Attempt>,
): Promise<Delivery> {
	const delivery: Delivery = { tries: 0, unknown: 0, since: Date.now(), waited: 0, repeatable };
	if (!repeatable || request.method === 'GET') {
		await sendAgain(call, request, delivery, first);
		return delivery;
	}
	const { inDoubt } = call.run;
	const name = nameOfChange(call, request);
	const inDoubtSince = inDoubt.get(name);
	// n8n's try before may have carried it out.
	if (inDoubtSince !== undefined) Object.assign(delivery, { unknown: 1, since: inDoubtSince });
	await sendAgain(call, request, delivery);
	if (isUnknown(delivery) || (isSilent(delivery) && delivery.unknown > 0)) inDoubt.set(name, delivery.since);
	else inDoubt.delete(name);
	return delivery;
}

/** Whether a request ended with nothing that tells what became of it. */
function isSilent({ answer }: Delivery): boolean {
	return !answer || answer.status === 429;
}

function nameOfChange(call: Call, { method, url, body }: Request): string {
	return nameOf(call, [method, url, JSON.stringify(body ?? '')]);
}

async function sendAgain(call: Call, request: Request, delivery: Delivery, first?: Promise<Attempt>): Promise<void> {
	const signal = call.context.getExecutionCancelSignal();
	let limited = 0;
	for (;;) {
		const { answer, noAnswer, at } = await ((delivery.tries === 0 && first) || attempt(call, request));
		delivery.tries += 1;
		delivery.answer = answer;
		delivery.noAnswer = noAnswer;
		if (answer?.status === 429) {
			limited += 1;
			if (limited >= rateLimit.tries || delivery.waited >= rateLimit.milliseconds) return;
			const pause = retryAfter(answer.headers) ?? backOff(limited, rateLimit);
			const left = Math.max(0, pause - (clock.now() - at));
			delivery.waited += left;
			await abortableSleep(left, signal);
			continue;
		}
		const isUnreachable = noAnswer?.isUnreachable ?? false;
		const again = isUnreachable || (delivery.repeatable && isUnknown(delivery));
		if (!again || delivery.tries - limited >= trouble.tries) return;
		if (!isUnreachable) delivery.unknown += 1;
		await abortableSleep(backOff(delivery.tries - limited, trouble), signal);
	}
}

/** Sends a route with the item's fields in it, and after it what its answer asks for instead. */
export async function deliverRoute(call: Call, route: RequestTemplate): Promise<Delivery> {
	const { form, operation } = call;
	const repeatable = isRepeatable(operation, route);
	let delivery = await deliver(call, fillRequest(route, form), repeatable);
	for (const fallback of operation.fallbacks ?? []) {
		if (!isDue(fallback, delivery, form)) continue;
		const instead = await deliver(call, fillRequest(fallback.request, form), repeatable);
		if (!('afterLoss' in fallback)) {
			delivery = instead;
		} else if (isSilent(instead) || isUnknown(instead)) {
			// Still in doubt: n8n's next try begins here again.
			call.run.inDoubt.set(nameOfChange(call, fillRequest(route, form)), delivery.since);
			return instead;
		} else if (isChanged(instead, fillRequest(route, form), delivery.since)) {
			delivery = instead;
		}
	}
	return delivery;
}

/** Whether the record at the new address is the one that was changed, and not one that had the identifier before. */
function isChanged({ answer }: Delivery, { body = {} }: Request, since: number): boolean {
	const { data } = (answer?.body ?? {}) as { data?: IDataObject | null };
	if (typeof data !== 'object' || data === null) return false;
	const { update = body } = body as IDataObject;
	return !isOlder(data.updated_at, since) && agrees(data, update as IDataObject);
}

/** Whether a date of a record is from before; the clocks may differ by as much as a minute. */
export function isOlder(date: unknown, since: number): boolean {
	return typeof date === 'string' && Date.parse(date) < since - 60_000;
}

function isDue(fallback: Fallback, { answer, unknown }: Delivery, form: Form): boolean {
	if (answer?.status !== fallback.status) return false;
	if ('afterLoss' in fallback) return unknown > 0 && fieldsInUrl(fallback.request.url).some((field) => form.has(field));
	const complaints = Object.keys(((answer.body as IDataObject | null)?.errors ?? {}) as IDataObject);
	return !fallback.field || complaints.includes(fallback.field);
}

/** How often and how patiently a record is looked for, and what made it sent again, when answers are lost. */
export const lost = { tries: 8, looks: 3, first: 400, longest: 5_000 };

/** Twice as long each time, up to a ceiling, and half of it by chance so that items do not march in step. */
export function backOff(attempt: number, { first, longest }: { first: number; longest: number }): number {
	const full = Math.min(longest, first * 2 ** (attempt - 1));
	return full / 2 + (Math.random() * full) / 2;
}

/** The server's own wish in milliseconds: `Retry-After` in seconds or as a date. */
function retryAfter(headers: IDataObject): number | undefined {
	const wish = headers['retry-after'];
	if (wish === undefined || wish === '') return undefined;
	const seconds = Number(wish);
	const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(wish)) - Date.now();
	return Number.isFinite(milliseconds) ? Math.min(rateLimit.milliseconds, Math.max(0, milliseconds)) : undefined;
}
