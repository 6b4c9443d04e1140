import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

/** Whatever of n8n's contexts a request is sent from. */
export type Context = IExecuteFunctions | IExecuteSingleFunctions | ILoadOptionsFunctions;

/** What the API answered, whatever it was. */
export interface Answer {
	status: number;
	headers: IDataObject;
	/** Parsed if it was JSON. */
	body: unknown;
}

/** No answer came, so nobody knows whether the request was carried out. */
export class NoAnswer extends Error {
	constructor(
		/** Node's code of what happened, such as `ECONNRESET`. */
		readonly code: string,
		/** The request never left: the server could not be reached at all. */
		readonly neverSent: boolean,
		message: string,
	) {
		super(message);
	}
}

export const credentialName = 'partneroApi';

const defaultBaseUrl = 'https://api.partnero.com/v1';

const codesBeforeSending = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Where the API is, from the credential, without a trailing slash. */
export function baseUrlOf(credentials: ICredentialDataDecryptedObject): string {
	const url = String(credentials.baseUrl ?? '').trim() || defaultBaseUrl;
	return url.replace(/\/+$/, '');
}

/**
 * Sends one request and hands over whatever was answered; judging it is `response/answer.ts`.
 * @param credentials read once per run by the caller, since n8n decrypts them at each reading
 * @throws NoAnswer if the connection was refused, cut or timed out
 */
export async function send(
	context: Context,
	credentials: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<Answer> {
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
	throw noAnswer(failure);
}

/** n8n wraps the failure of a connection; its own message and request hold the key and stay behind. */
function noAnswer(failure: unknown): NoAnswer {
	const { code, message } = innermost(failure);
	return new NoAnswer(code, codesBeforeSending.includes(code), message);
}

function innermost(failure: unknown): { code: string; message: string } {
	const error = failure as { code?: unknown; message?: string; cause?: unknown };
	if (typeof error?.code === 'string') return { code: error.code, message: error.message ?? '' };
	if (error?.cause) return innermost(error.cause);
	return { code: '', message: error?.message ?? '' };
}
