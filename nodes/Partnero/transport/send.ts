import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IExecuteSingleFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

/** Whatever of n8n's contexts a request is sent from. */
export type Context = IExecuteFunctions | IExecuteSingleFunctions | IHookFunctions | ILoadOptionsFunctions;

/** What the API answered, whatever it was. */
export interface HttpResponse {
	status: number;
	headers: IDataObject;
	/** Parsed if it was JSON. */
	body: unknown;
}

const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** No answer came. */
export class NetworkError extends Error {
	/** Nobody knows whether the request was carried out; otherwise it never left. */
	readonly mayHaveArrived: boolean;

	/** The server could not be reached for the moment, so that trying again makes sense. */
	readonly isUnreachable: boolean;

	constructor(
		/** Node's code of what happened, such as `ECONNRESET`; empty if n8n did not even try. */
		readonly code: string,
		message: string,
	) {
		super(message);
		this.isUnreachable = unreachable.includes(code);
		this.mayHaveArrived = code !== '' && !this.isUnreachable && !/CERT|TLS|SSL|EPROTO/.test(code);
	}
}

export const credentialName = 'partneroApi';

const defaultBaseUrl = 'https://api.partnero.com/v1';

/** Where the API is, from the credential, without a trailing slash. */
export function baseUrlOf(credentials: ICredentialDataDecryptedObject): string {
	const url = String(credentials.baseUrl ?? '').trim() || defaultBaseUrl;
	return url.replace(/\/+$/, '');
}

/** A text that may repeat what was sent, without the API key. */
export function redact(text: string, { apiKey }: ICredentialDataDecryptedObject): string {
	const secret = String(apiKey ?? '').trim();
	return secret ? text.split(secret).join('[API key]') : text;
}

/**
 * The one call of n8n's HTTP helper. It hands over whatever was answered; what that means is `outcome.ts`.
 * @param credentials read once per run by the caller, since n8n decrypts them at each reading
 * @throws NetworkError if the connection was refused, cut or timed out
 */
export async function send(
	context: Context,
	credentials: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<HttpResponse> {
	const request: IHttpRequestOptions = {
		...options,
		baseURL: baseUrlOf(credentials),
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A redirected POST arrives as a GET, and a redirect to another host would get the key.
		disableFollowRedirect: true,
	};
	let failure: unknown;
	try {
		const response = (await context.helpers.httpRequestWithAuthentication.call(
			context,
			credentialName,
			request,
			// Spares n8n from decrypting the credential for each request.
			{ credentialsDecrypted: { id: '', name: '', type: credentialName, data: credentials } },
		)) as IN8nHttpFullResponse;
		return { status: response.statusCode, headers: response.headers, body: response.body };
	} catch (error) {
		failure = error;
	}
	throw networkError(failure);
}

/** n8n wraps the failure of a connection; its own message and request hold the key and stay behind. */
function networkError(failure: unknown): NetworkError {
	const { code, message } = innermost(failure);
	return new NetworkError(code, message);
}

/** Newer releases of n8n keep what happened as `cause`, older ones no more than its code, as `httpCode`. */
function innermost(failure: unknown): { code: string; message: string } {
	const error = failure as { code?: unknown; httpCode?: unknown; message?: string; cause?: unknown };
	if (typeof error?.code === 'string') return { code: error.code, message: error.message ?? '' };
	if (error?.cause) return innermost(error.cause);
	return { code: typeof error?.httpCode === 'string' ? error.httpCode : '', message: error?.message ?? '' };
}
