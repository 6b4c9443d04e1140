import { shortened } from '../form/shortened';
import type { RequestResult } from '../transport/retry';
import type { HttpResponse } from '../transport/send';

import type { Explanation } from './apiError';
import type { Call } from './call';
import { fieldMessages, limitMessage, ownMessage, together } from './messages';
import {
	labelOf,
	partnerAdvice,
	pickedInPath,
	programAdvice,
	slashAdvice,
	statusAdvice,
	subjectOf,
	withTitles,
} from './subject';

/** An answer that is to be explained, with what the API said in it. */
interface Situation {
	call: Call;
	result: RequestResult;
	response: HttpResponse;
	/** The API's own sentence. */
	own: string;
	/** Its messages by field. */
	fields: Array<[string, string]>;
}

/** What a status means, in the user's words; `undefined` if it means no more than a refusal here. */
type Explain = (situation: Situation) => Explanation | undefined;

/** How many messages about fields an error repeats. */
const mostFields = 20;

const usualAddress = 'it is usually https://api.partnero.com/v1.';

const unavailable: Explain = ({ response, own }) => ({
	message: `Partnero could not handle the request (HTTP ${response.status})`,
	advice: `${own ? `Partnero says: ${own}\n` : ''}Try again later.`,
});

/** By status, or by its class. What has no entry, or none that fits, is a refusal. */
const explanations: { [status: string]: Explain } = {
	'3xx': ({ response }) => ({
		message: `The server redirects to another address (HTTP ${response.status})`,
		advice: `Check the Base URL of the credential; ${usualAddress} The server names ${shortened(response.headers.location ?? 'no address')}.`,
	}),
	'401': () => ({
		message: 'Partnero did not accept the API key',
		advice:
			'Open the credential and check the API key. Keys are made in Partnero under Program → Integration → API; each belongs to one program. Check the Base URL as well if you changed it.',
	}),
	'403': ({ call, own }) => ({
		message: `${call.operation.entry.action}${subjectOf(call)} is not allowed for this API key`,
		advice: together(
			own && `Partnero says: ${own}`,
			'The key may lack the permission, or its account may have no API access.',
			programAdvice(call),
		),
	}),
	'404': ({ call, own }) => {
		const inPath = pickedInPath(call);
		if (!inPath && !call.form.has(call.resource.entry.value)) return undefined;
		const name = inPath ? call.form.label(inPath) : call.resource.entry.name;
		return {
			message: `${name}${subjectOf(call)} was not found`,
			advice: together(
				own && `Partnero says: ${own}`,
				partnerAdvice(call, `${name} ${own}`) ||
					'Check the identifier and its kind. The record may have been deleted, or belong to another program than the API key.',
				slashAdvice(call),
				programAdvice(call),
			),
		};
	},
	'408': unavailable,
	'429': ({ response }) => {
		const message = limitMessage(response);
		const isLong = message.includes('minutes');
		return {
			message,
			advice: isLong
				? 'Nothing more is sent before. Run the workflow again after that time.'
				: "Partnero has refused every request for two minutes. Lower 'Requests at Once' on the Settings tab, or run the workflow again later.",
		};
	},
	'499': unavailable,
	'5xx': unavailable,
};

function refused({ call, result, response, own, fields }: Situation): Explanation {
	const said = own || shortened(fields.map(([, text]) => text).join(' '));
	const isUnknownHere = [404, 405].includes(response.status);
	// A refusal of the whole operation names no field, and no reason but the program, if any.
	const isAboutProgram = fields.length === 0 && (!own || /\bprogram/i.test(own));
	return {
		message: `${call.operation.entry.action}${subjectOf(call)} was refused${said ? `: ${said}` : ` (HTTP ${response.status})`}`,
		advice: together(
			fields
				.slice(0, mostFields)
				.map(([field, text]) => `${labelOf(field, call)}: ${text}`)
				.join('\n'),
			statusAdvice(call, result.recordStatus),
			partnerAdvice(call, `${own} ${fields.map(([field]) => field).join(' ')}`),
			isUnknownHere ? slashAdvice(call) : '',
			isUnknownHere || isAboutProgram ? programAdvice(call) : '',
			isUnknownHere
				? 'If other operations do not work either, check the Base URL of the credential.'
				: '',
		),
	};
}

/** What a request came to that did not do what was asked, or whose answer holds nothing. */
export function explain(call: Call, result: RequestResult): Explanation {
	const { response, networkError, outcome } = result;
	if (!response) {
		if (networkError?.failure === 'address') {
			return {
				message: networkError.message,
				advice: `Open the credential and correct it; the Base URL ${usualAddress.replace('it is', 'is')}`,
			};
		}
		return outcome === 'indeterminate'
			? {
					message: 'The connection to Partnero was lost before an answer came',
					advice: 'Try again later, or raise the time-out under Request Options.',
				}
			: {
					message: 'Partnero could not be reached',
					advice:
						`${networkError?.message ?? ''}\nCheck the Base URL of the credential and the network of your n8n.`.trim(),
				};
	}
	const { status, body } = response;
	if (result.endlessList) {
		return {
			message: 'The list does not end: Partnero sends the same records again and again',
			advice:
				'What was read is not complete, so nothing was concluded from it. Try again later, or tell the support of Partnero.',
		};
	}
	const isPage = typeof body === 'string' && body.trim() !== '';
	const isUnclear =
		outcome === 'indeterminate' &&
		!result.repeatable &&
		(status < 200 || status === 303 || (status < 300 && !isPage));
	if (isUnclear) {
		return {
			message: `The server did not say what became of the request (HTTP ${status})`,
			advice: 'Its answer holds no record, and neither a success nor a refusal.',
		};
	}
	if (isPage && status !== 401) {
		return {
			message: `The server answered with a text or a web page instead of data (HTTP ${status})`,
			advice:
				status >= 400 && outcome === 'indeterminate'
					? 'Partnero may be down for the moment. Try again later.'
					: `Check the Base URL of the credential; ${usualAddress}`,
		};
	}
	if (status < 300 && outcome !== 'rejected') {
		return {
			message: 'The server answered without data',
			advice: `Check the Base URL of the credential; ${usualAddress}`,
		};
	}
	const fields = fieldMessages(body).map(([field, text]): [string, string] => [
		field,
		withTitles(text, call),
	]);
	const situation = { call, result, response, own: withTitles(ownMessage(body), call), fields };
	const explanation = explanations[status] ?? explanations[`${Math.floor(status / 100)}xx`];
	return explanation?.(situation) ?? refused(situation);
}
