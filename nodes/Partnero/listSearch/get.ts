import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';

import { apiError } from '../response/apiError';
import { asTitle, limitMessage, ownMessage } from '../response/messages';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import type { HttpResponse, NetworkError } from '../transport/send';
import type { Sender } from '../transport/sender';
import { senderWithoutItems } from '../transport/sender';

/**
 * Reads what fills a list or a form while a workflow is being edited.
 * @returns the whole body of the answer
 * @throws NodeApiError that says what to check
 */
export async function getFromList(
	context: ILoadOptionsFunctions,
	url: string,
	qs: IDataObject = {},
): Promise<IDataObject> {
	const sender = await senderWithoutItems(context);
	const result = await sendWithRetry(sender, { method: 'GET', url, qs });
	if (!isSuccess(result)) throw await listFailure(sender, result);
	return result.response!.body as IDataObject;
}

/** The error of a list: n8n shows nothing but the message of an error here, so that it has to hold the reason. */
export async function listFailure(
	sender: Sender,
	{ response, networkError }: RequestResult,
): Promise<Error> {
	return await apiError(
		sender,
		{
			message: `The list could not be loaded from Partnero: ${response ? reasonOf(response) : unsentReasonOf(networkError)}`,
			advice: 'Check the credential. This type of program may not have this list.',
		},
		response?.status,
	);
}

function reasonOf(response: HttpResponse): string {
	if (response.status === 429) return limitMessage(response);
	if (response.status === 401) return 'Partnero did not accept the API key';
	const own = asTitle(ownMessage(response.body));
	if ([403, 404, 405].includes(response.status))
		return `${own || `HTTP ${response.status}`}. This type of program may not have this list`;
	return (
		own ||
		(response.status < 300
			? 'the server answered without data. Check the Base URL of the credential'
			: `HTTP ${response.status}`)
	);
}

function unsentReasonOf(error: NetworkError | undefined): string {
	return error?.message || 'the server could not be reached';
}
