import axios from 'axios';
import type {
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { PartneroApi } from '../credentials/PartneroApi.credentials';
import type { Context } from '../nodes/Partnero/transport/send';

const credential = new PartneroApi();

/**
 * The little of n8n that `transport/send.ts` needs: a helper that signs a request with the credential and sends it
 * once, as it is.
 */
export function contextWithoutN8n(): Context {
	const helpers = {
		httpRequestWithAuthentication: async function (
			this: { getExecutionCancelSignal(): AbortSignal },
			_name: string,
			request: IHttpRequestOptions,
			{ credentialsDecrypted }: { credentialsDecrypted: { data: ICredentialDataDecryptedObject } },
		): Promise<IN8nHttpFullResponse> {
			const { baseURL, url, method, headers, body, timeout } = await credential.authenticate(
				credentialsDecrypted.data,
				request,
			);
			const { status, statusText, data, ...response } = await axios.request<
				IN8nHttpFullResponse['body']
			>({
				baseURL,
				url,
				method,
				headers: { accept: 'application/json', ...(headers as Record<string, string>) },
				data: body,
				timeout,
				signal: this.getExecutionCancelSignal(),
				maxRedirects: 0,
				validateStatus: () => true,
			});
			return {
				statusCode: status,
				statusMessage: statusText,
				body: data,
				headers: { ...response.headers } as IN8nHttpFullResponse['headers'],
			};
		},
	};
	return { helpers } as unknown as Context;
}
