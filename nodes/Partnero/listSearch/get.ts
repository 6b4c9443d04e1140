import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';

import { apiError } from '../response/apiError';
import { ownMessage } from '../response/messages';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import type { Sender } from '../transport/sender';
import { senderWithoutItems } from '../transport/sender';

/**
 * Reads what fills a list or a form while a workflow is being edited.
 * @returns the whole body of the answer
 * @throws NodeApiError that says what to check
 */
export async function getFromList(context: ILoadOptionsFunctions, url: string, qs: IDataObject = {}): Promise<IDataObject> {
	const sender = senderWithoutItems(context);
	const result = await sendWithRetry(sender, { method: 'GET', url, qs });
	if (!isSuccess(result)) throw await listFailure(sender, result);
	return result.response!.body as IDataObject;
}

async function listFailure(sender: Sender, { response, networkError }: RequestResult): Promise<Error> {
	const own = ownMessage(response?.body);
	const happened = response ? `HTTP ${response.status}${own && `: ${own}`}` : (networkError?.message ?? '');
	return await apiError(
		sender,
		{
			message: 'The list could not be loaded from Partnero',
			advice: `${happened}. Check the credential; this type of program may have no such list.`,
		},
		response?.status,
	);
}
