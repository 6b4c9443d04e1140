import { shortened } from '../form/shortened';
import { usualBaseUrl } from '../transport/address';
import type { RequestResult } from '../transport/retry';
import type { HttpResponse } from '../transport/send';

import type { Explanation } from './apiError';
import type { Call } from './call';
import {
	asSentence,
	asTitle,
	fieldMessages,
	limitMessage,
	ownMessage,
	saidByPartnero,
	saysTaken,
	together,
} from './messages';
import { otherTypeOfProgram } from './programType';
import {
	labelOf,
	pickedInPath,
	programAdvice,
	programsOfCall,
	slashAdvice,
	statusAdvice,
	subjectOf,
	unknownPartner,
	withTitles,
	worksIn,
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

const checkAddress = `Check the Base URL of the credential. It is usually ${usualBaseUrl}.`;

const unavailable: Explain = ({ response, own }) => ({
	message: `Partnero could not handle the request (HTTP ${response.status})`,
	advice: together(saidByPartnero(own), 'Try again later.'),
});

/** By status, or by its class. What has no entry, or none that fits, is a refusal. */
const explanations: { [status: string]: Explain } = {
	'3xx': ({ response }) => ({
		message: `The server redirects to another address (HTTP ${response.status})`,
		advice: `${checkAddress} The server redirects to ${shortened(response.headers.location ?? 'no address')}.`,
	}),
	'401': () => ({
		message: 'Partnero did not accept the API key',
		advice:
			'Open the credential and check the API key. Keys are made in Partnero under Program → Integration → API; each belongs to one program. Check the Base URL as well if you changed it.',
	}),
	'403': ({ call, own }) => ({
		message: `${call.operation.entry.action}${subjectOf(call)} is not allowed for this API key`,
		advice: together(
			saidByPartnero(own),
			'Check the permissions of the API key, and that the plan of the account has access to the API.',
			programAdvice(call),
		),
	}),
	'404': ({ call, result, own }) => {
		const inPath = pickedInPath(call);
		if (!inPath && !call.form.has(call.resource.entry.value)) return undefined;
		const name = inPath ? call.form.label(inPath) : call.resource.entry.name;
		return {
			message: `${name}${subjectOf(call)} was not found`,
			advice: together(
				saidByPartnero(own),
				unknownPartner(call, `${name} ${own}`)?.advice ??
					'Check the identifier, and whether it is an ID, a key or an email. The record may have been deleted, or belong to another program than the API key.',
				slashAdvice(call),
				programAdvice(call, result),
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
				? 'Nothing more is sent until then. Run the workflow again after that time.'
				: "Partnero refused all requests for two minutes. Run the workflow again later, or lower 'Options > Requests at Once' on the Settings tab.",
		};
	},
	'499': unavailable,
	'5xx': unavailable,
};

function refused({ call, result, response, own, fields }: Situation): Explanation {
	const about = `${own} ${fields.flat().join(' ')}`;
	const partner = isUnknown(about) ? unknownPartner(call, about) : undefined;
	const said =
		partner?.reason ?? asTitle(own || shortened(fields.map(([, text]) => text).join(' ')));
	const isUnknownHere = [404, 405].includes(response.status);
	// A refusal of the whole operation names no field, and no reason but the program, if any.
	const isAboutProgram = fields.length === 0 && (!own || /\bprogram/i.test(own));
	return {
		message: `${call.operation.entry.action}${subjectOf(call)} was refused${said ? `: ${said}` : ` (HTTP ${response.status})`}`,
		advice: together(
			partner ? saidByPartnero(own) : '',
			partner
				? ''
				: fields
						.slice(0, mostFields)
						.map(([field, text]) => fieldAdvice(labelOf(field, call), text, said))
						.join('\n'),
			saysTaken(response) && !call.operation.transition ? takenAdvice(call) : '',
			statusAdvice(call, result.recordStatus),
			partner?.advice ?? '',
			isUnknownHere ? slashAdvice(call) : '',
			isUnknownHere || isAboutProgram ? programAdvice(call, result) : '',
			isUnknownHere
				? 'If other operations do not work either, check the Base URL of the credential.'
				: '',
		),
	};
}

/** Whether the API says of somebody or something that it does not know it. */
function isUnknown(text: string): boolean {
	return /invalid|unknown|not (?:found|exist)|no such/i.test(text);
}

/** What is said of a field, once: what the title says already is not repeated. */
function fieldAdvice(label: string, text: string, title: string): string {
	return title.includes(asTitle(text)) ? `Check ${label}.` : asSentence(`${label}: ${text}`);
}

/** What to do about a value that another record has. */
function takenAdvice({ operation, resource }: Call): string {
	const { name } = resource.entry;
	const upsert = resource.operations.find(({ entry }) => entry.value === 'upsert');
	if (operation.entry.value !== 'create')
		return 'Another record has this value already: use a different one.';
	return upsert
		? `To update the ${name.toLowerCase()} that is there already, use ${name}: ${upsert.entry.name}.`
		: `To create another ${name.toLowerCase()}, use another value.`;
}

/** What a request came to that did not do what was asked, or whose answer holds nothing. */
export async function explain(call: Call, result: RequestResult): Promise<Explanation> {
	return (
		(await otherTypeOfProgram(call, result, worksIn(call), programsOfCall(call))) ??
		explainAnswer(call, result)
	);
}

function explainAnswer(call: Call, result: RequestResult): Explanation {
	const { response, networkError, outcome } = result;
	if (!response) {
		if (networkError?.failure === 'address') {
			return {
				message: networkError.message,
				advice: `Open the credential and correct it. The Base URL is usually ${usualBaseUrl}.`,
			};
		}
		return outcome === 'indeterminate'
			? {
					message: 'The connection to Partnero was lost before an answer came',
					advice: "Try again later, or raise 'Request Options > Timeout'.",
				}
			: {
					message: 'Partnero could not be reached',
					advice: together(
						asSentence(networkError?.message ?? ''),
						'Check the Base URL of the credential and the network of your n8n.',
					),
				};
	}
	const { status, body } = response;
	if (result.endlessList) {
		return {
			message: 'The list does not end: Partnero sends the same records again and again',
			advice:
				'The list is not complete, so its records were not used. Try again later, or ask the support of Partnero.',
		};
	}
	const isPage = typeof body === 'string' && body.trim() !== '';
	const isUnclear =
		outcome === 'indeterminate' &&
		!result.repeatable &&
		(status < 200 || status === 303 || (status < 300 && !isPage));
	if (isUnclear) {
		return {
			message: `The answer of the server does not show whether the request was carried out (HTTP ${status})`,
			advice: 'It has no record, and says neither that it worked nor that it was refused.',
		};
	}
	if (isPage && status !== 401) {
		return {
			message: `The server answered with a text or a web page instead of data (HTTP ${status})`,
			advice:
				status >= 400 && outcome === 'indeterminate'
					? 'Partnero may not be available at the moment. Try again later.'
					: checkAddress,
		};
	}
	if (status < 300 && outcome !== 'rejected') {
		return {
			message: 'The server answered without data',
			advice: checkAddress,
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
