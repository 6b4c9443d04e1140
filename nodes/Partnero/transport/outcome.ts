import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import type { HttpResponse, NetworkError } from './send';

/**
 * What one attempt to send a request came to. Everything that has to decide about an answer switches on it.
 * - `ok`: done, and the answer holds what was asked for.
 * - `acknowledged`: done, and the answer says no more than that (`partnero-api.md` 1.2, 5.2).
 * - `rejected`: the API said no and carried nothing out.
 * - `rateLimited`: a 429, which carries nothing out.
 * - `notSent`: the request never reached the API.
 * - `indeterminate`: nobody knows whether it was carried out.
 */
export type Outcome = 'ok' | 'acknowledged' | 'rejected' | 'rateLimited' | 'notSent' | 'indeterminate';

/** One attempt: what was answered, or why nothing was, and what that means. */
export interface Attempt {
	response?: HttpResponse;
	networkError?: NetworkError;
	outcome: Outcome;
	/** Whether the request may still be under way on the server: n8n, or a gateway, did not wait for it. */
	mayBeInFlight: boolean;
	/** When it ended, by the node's clock. */
	endedAt: number;
}

/** Judges an answer. */
export function outcomeOfResponse(method: IHttpRequestMethods, { status, body }: HttpResponse): Pick<Attempt, 'outcome' | 'mayBeInFlight'> {
	return { outcome: judge(method, status, body), mayBeInFlight: [408, 504, 524].includes(status) };
}

/** Judges a failure of the network. */
export function outcomeOfNetworkError({ code, mayHaveArrived }: NetworkError): Pick<Attempt, 'outcome' | 'mayBeInFlight'> {
	return {
		outcome: mayHaveArrived ? 'indeterminate' : 'notSent',
		mayBeInFlight: ['ECONNABORTED', 'ETIMEDOUT'].includes(code),
	};
}

/** Whether an attempt did what was asked. */
export function isSuccess({ outcome }: Pick<Attempt, 'outcome'>): boolean {
	return outcome === 'ok' || outcome === 'acknowledged';
}

/** Whether an attempt ended without the API having decided anything about it. */
export function isUndecided({ outcome }: Pick<Attempt, 'outcome'>): boolean {
	return outcome === 'indeterminate' || outcome === 'notSent' || outcome === 'rateLimited';
}

function judge(method: IHttpRequestMethods, status: number, body: unknown): Outcome {
	if (status === 429) return 'rateLimited';
	if (status >= 500 || status === 408) return 'indeterminate';
	if (status < 200 || status > 299) return 'rejected';
	if (status === 204) return method === 'GET' ? 'ok' : 'acknowledged';
	// What answers with a web page is not the API, but a gateway that may have passed the request on.
	if (typeof body !== 'object' || body === null) return 'indeterminate';
	const block = statusBlock(body as IDataObject);
	// 0 stands for a failure, and nobody says that it always comes with a 4xx (`partnero-api.md` 1.2).
	if (block.status === 0) return 'rejected';
	return block.status === 1 && method !== 'GET' && !isRecord((body as IDataObject).data) ? 'acknowledged' : 'ok';
}

/** Where `status` and `message` stand: the deletion of a promotion code puts them into `data` (`partnero-api.md` 1.2). */
export function statusBlock(body: IDataObject): IDataObject {
	const inner = body.data as IDataObject | null | undefined;
	return body.status === undefined && [0, 1].includes(inner?.status as number) ? inner! : body;
}

/** Whether `data` is one record; PHP writes an empty one as `[]`. */
export function isRecord(data: unknown): data is IDataObject {
	return typeof data === 'object' && data !== null && !Array.isArray(data);
}
