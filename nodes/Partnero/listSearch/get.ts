import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { credentialName, send, withoutKey } from '../transport/send';

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
	const credentials = await context.getCredentials(credentialName);
	const { status, body } = await send(context, credentials, { method: 'GET', url, qs });
	if (status < 300 && typeof body === 'object' && body !== null) return body as IDataObject;
	const { message } = (body ?? {}) as IDataObject;
	const said = typeof message === 'string' ? `: ${withoutKey(message, credentials)}` : '';
	throw new NodeApiError(
		context.getNode(),
		{},
		{
			message: 'The list could not be loaded from Partnero',
			description: `HTTP ${status}${said}. Check the credential; this type of program may have no such list.`,
			httpCode: String(status),
		},
	);
}
