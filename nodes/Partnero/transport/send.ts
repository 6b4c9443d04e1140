import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IExecuteSingleFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
} from 'n8n-workflow';

import { shortened } from '../form/shortened';

import { allowedDomainsOf, baseUrlOf, problemOf } from './address';
import { clock } from './clock';
import type { Deadline } from './deadline';
import { withDeadline } from './deadline';

/** Whatever of n8n's contexts a request is sent from. */
export type Context =
	| IExecuteFunctions
	| IExecuteSingleFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IPollFunctions;

/** What the API answered, whatever it was. */
export interface HttpResponse {
	status: number;
	headers: IDataObject;
	/** Parsed if it was JSON. */
	body: unknown;
}

/** Why no answer came. */
export type NetworkFailure =
	/** The node itself does not send: the credential's address is none. */
	| 'address'
	/** n8n did not send: the credential is restricted to other domains. */
	| 'refused'
	/** It did not end in time. */
	| 'deadline'
	/** Anything else; `code` says what. */
	| 'network';

/** No answer came. */
export class NetworkError extends Error {
	constructor(
		readonly failure: NetworkFailure,
		/** Node's code of what happened, such as `ECONNRESET`; empty where there is none. */
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}

export const credentialName = 'partneroApi';

/** n8n's own limit, which holds where none is given. */
const usualTimeout = 300_000;

/**
 * The one call of n8n's HTTP helper, and so the one place that refuses addresses and keeps the credential's domains
 * and the deadline. It hands over whatever was answered; what that means is `outcome.ts`.
 * @param credentials those of the item that the request is for, read by the caller
 * @throws NetworkError if nothing was sent, or no whole answer came
 */
export async function send(
	context: Context,
	credentials: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<HttpResponse> {
	const problem = problemOf(credentials);
	if (problem) throw new NetworkError('address', '', problem);
	const request: IHttpRequestOptions = {
		...options,
		baseURL: baseUrlOf(credentials),
		allowedDomains: allowedDomainsOf(credentials),
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A redirected POST arrives as a GET, and a redirect to another host would get the key.
		disableFollowRedirect: true,
	};
	const canceled =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return await withDeadline(
		options.timeout ?? clock.real(usualTimeout),
		canceled,
		async (deadline) => {
			let failure: unknown;
			try {
				const response = (await context.helpers.httpRequestWithAuthentication.call(
					withSignal(context, deadline.signal),
					credentialName,
					request,
					// Spares n8n from decrypting the credential for each request.
					{ credentialsDecrypted: { id: '', name: '', type: credentialName, data: credentials } },
				)) as IN8nHttpFullResponse;
				return { status: response.statusCode, headers: response.headers, body: response.body };
			} catch (error) {
				failure = error;
			}
			throw networkError(failure, deadline);
		},
	);
}

/** n8n's helper takes the signal of the context in place of the one in the options. */
function withSignal(context: Context, signal: AbortSignal): IExecuteFunctions {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as IExecuteFunctions;
}

/** n8n wraps the failure of a connection; its own message and request hold the key and stay behind. */
function networkError(thrown: unknown, deadline: Deadline): NetworkError {
	if (deadline.isOver())
		return new NetworkError('deadline', 'ETIMEDOUT', 'The answer did not arrive in time.');
	const { code, message } = innermost(thrown);
	return new NetworkError(isRefusal(thrown) ? 'refused' : 'network', code, shortened(message));
}

/** Whether n8n has found the address outside of the credential's domains, which has no code. */
function isRefusal(thrown: unknown): boolean {
	const { message, cause } = (thrown ?? {}) as { message?: string; cause?: unknown };
	return /^Domain not allowed/.test(message ?? '') || (cause !== undefined && isRefusal(cause));
}

/** Newer releases of n8n keep what happened as `cause`, older ones no more than its code, as `httpCode`. */
function innermost(failure: unknown): { code: string; message: string } {
	const error = failure as {
		code?: unknown;
		httpCode?: unknown;
		message?: string;
		cause?: unknown;
	};
	if (typeof error?.code === 'string') return { code: error.code, message: error.message ?? '' };
	if (error?.cause) return innermost(error.cause);
	return {
		code: typeof error?.httpCode === 'string' ? error.httpCode : '',
		message: error?.message ?? '',
	};
}
