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
export type Outcome =
	'ok' | 'acknowledged' | 'rejected' | 'rateLimited' | 'notSent' | 'indeterminate';

/** One attempt: what was answered, or why nothing was, and what that means. */
export interface Attempt {
	response?: HttpResponse;
	networkError?: NetworkError;
	outcome: Outcome;
	/** Whether the request may still be under way on the server: n8n, or a gateway, did not wait for it. */
	mayBeInFlight: boolean;
	/** When it ended, by the node's clock. */
	endedAt: number;
	/** Milliseconds that it waited at the gate before it was sent. */
	waited: number;
}

/** What an attempt means. */
export type Judgement = Pick<Attempt, 'outcome' | 'mayBeInFlight'>;

/** What a request is to an answer. */
export interface Asked {
	method: IHttpRequestMethods;
	/** What the answer has to hold for the request to have been carried out, beyond any doubt. */
	wants?: 'record';
}

/** Judges an answer. */
export function outcomeOfResponse(asked: Asked, { status, body }: HttpResponse): Judgement {
	return { outcome: judge(asked, status, body), mayBeInFlight: [408, 504, 524].includes(status) };
}

/** Nobody can have been reached. */
const unreachable = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED'];

/** What Node says of a certificate that it does not accept, before anything is written. */
const certificate = [
	'CERT_CHAIN_TOO_LONG',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_REJECTED',
	'CERT_REVOKED',
	'CERT_SIGNATURE_FAILURE',
	'CERT_UNTRUSTED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'ERROR_IN_CERT_NOT_AFTER_FIELD',
	'ERROR_IN_CERT_NOT_BEFORE_FIELD',
	'HOSTNAME_MISMATCH',
	'INVALID_CA',
	'INVALID_PURPOSE',
	'PATH_LENGTH_EXCEEDED',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
	'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/**
 * Judges a failure of the network. What was not sent is a short list; whatever else happened, a TLS stream that
 * broke included, may have happened after the request had arrived.
 */
export function outcomeOfNetworkError(error: NetworkError): Judgement {
	const { failure, code } = error;
	const isUnsent =
		failure === 'address' ||
		failure === 'refused' ||
		isUnreachable(error) ||
		[...certificate, 'ERR_INVALID_URL'].includes(code);
	return {
		outcome: isUnsent ? 'notSent' : 'indeterminate',
		mayBeInFlight: !isUnsent && ['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'].includes(code),
	};
}

/** Whether the server could not be reached for the moment, so that trying again makes sense. */
export function isUnreachable({ code }: NetworkError): boolean {
	return unreachable.includes(code);
}

/** Whether an attempt did what was asked. */
export function isSuccess({ outcome }: Pick<Attempt, 'outcome'>): boolean {
	return outcome === 'ok' || outcome === 'acknowledged';
}

/** Whether an attempt ended without the API having decided anything about it. */
export function isUndecided({ outcome }: Pick<Attempt, 'outcome'>): boolean {
	return outcome === 'indeterminate' || outcome === 'notSent' || outcome === 'rateLimited';
}

function judge({ method, wants }: Asked, status: number, body: unknown): Outcome {
	if (status === 429) return 'rateLimited';
	if (status >= 500 || status === 408 || status === 499 || status < 200) return 'indeterminate';
	// "See Other": the answer to a write that was carried out, as far as anybody knows.
	if (status === 303 && method !== 'GET') return 'indeterminate';
	if (status > 299) return 'rejected';
	if (status === 204) return method === 'GET' ? 'ok' : 'acknowledged';
	// "Created" and "Accepted" are words of the API itself, whether or not more is said: a queue may do it later.
	if ([201, 202].includes(status) && method !== 'GET' && isBlankBody(body)) return 'acknowledged';
	// What answers with a web page is not the API, but a gateway that may have passed the request on.
	if (typeof body !== 'object' || body === null) return 'indeterminate';
	const verdict = verdictOf(statusBlock(body as IDataObject));
	// 0 stands for a failure, and nobody says that it always comes with a 4xx (`partnero-api.md` 1.2).
	if (verdict === false) return 'rejected';
	const { data } = body as IDataObject;
	if (method === 'GET' || (isRecord(data) && Object.keys(data).length > 0)) return 'ok';
	if (verdict === true) return 'acknowledged';
	// A write that was to give a record, and gave nothing: neither done nor refused.
	return wants === 'record' && method === 'POST' && !holdsRecords(data) ? 'indeterminate' : 'ok';
}

/** Whether a body says nothing, or nothing but a sentence. */
function isBlankBody(body: unknown): boolean {
	if (body === undefined || body === null || body === '') return true;
	return isRecord(body) && Object.keys(body).every((name) => name === 'message');
}

/** Several records are more than was asked for, but an answer. */
function holdsRecords(data: unknown): boolean {
	return Array.isArray(data) && data.length > 0;
}

/** The words for success and failure, as an API may spell them. */
const successes: unknown[] = [1, '1', true, 'true', 'success', 'successful', 'ok'];
const failures: unknown[] = [0, '0', false, 'false', 'error', 'fail', 'failed', 'failure'];

/** What `status` says about the request; `undefined` if it says nothing, as that of a record. */
function verdictOf({ status }: IDataObject): boolean | undefined {
	const word = typeof status === 'string' ? status.trim().toLowerCase() : status;
	if (successes.includes(word)) return true;
	return failures.includes(word) ? false : undefined;
}

/** What stands beside a verdict; whatever else there is makes it a record with a status of its own. */
const besideVerdict = ['status', 'message', 'error', 'errors'];

/** Where `status` and `message` stand: the deletion of a promotion code puts them into `data` (`partnero-api.md` 1.2). */
export function statusBlock(body: IDataObject): IDataObject {
	const { data: inner, status } = body;
	if (status !== undefined || !isRecord(inner) || verdictOf(inner) === undefined) return body;
	const isVerdict =
		typeof inner.status === 'number' ||
		Object.keys(inner).every((name) => besideVerdict.includes(name));
	return isVerdict ? inner : body;
}

/** Whether `data` is one record; PHP writes an empty one as `[]`. */
export function isRecord(data: unknown): data is IDataObject {
	return typeof data === 'object' && data !== null && !Array.isArray(data);
}
