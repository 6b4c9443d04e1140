import type { NodeApiError } from 'n8n-workflow';

import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import type { Sender } from '../transport/sender';

import { apiError } from './apiError';
import { asSentence, asTitle, everythingSaid, limitMessage, together } from './messages';

/**
 * The error of a request that is for no item, in the API's own words.
 * @param failure what did not work, such as "The webhook could not be checked"
 * @param adviceFor what to do about a status, where that is particular to the request
 */
export async function requestFailure(
	sender: Sender,
	result: RequestResult,
	failure: string,
	adviceFor: (status: number) => string | undefined = () => undefined,
): Promise<NodeApiError> {
	const { response, networkError } = result;
	if (!response) {
		if (networkError?.failure === 'address') {
			return await apiError(sender, {
				message: networkError.message,
				advice: 'Open the credential and correct it.',
			});
		}
		const advice =
			'Check the Base URL of the credential and the network of your n8n, or try again later.';
		const message = `${failure}: no answer came from Partnero`;
		return await apiError(sender, {
			message,
			advice: together(asSentence(networkError?.message ?? ''), advice),
		});
	}
	const said = everythingSaid(response.body);
	const isLimited = response.status === 429;
	const reason = isLimited
		? `: ${limitMessage(response)}`
		: isSuccess(result)
			? ': the server answered without data'
			: said
				? `: ${asTitle(said)}`
				: ` (HTTP ${response.status})`;
	const advice = adviceFor(response.status) ?? usualAdvice(response.status);
	return await apiError(sender, { message: `${failure}${reason}`, advice }, response.status);
}

function usualAdvice(status: number): string {
	if (status === 401) {
		return 'Open the credential and check the API key. Keys are made in Partnero under Program → Integration → API; each belongs to one program.';
	}
	if (status === 429 || status >= 500) return 'Try again later.';
	return 'Check the API key and the Base URL of the credential.';
}
