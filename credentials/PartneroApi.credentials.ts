import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { allowedDomainsOf, baseUrlOf, keyOf, problemOf } from '../nodes/Partnero/transport/address';

/** An API key of one Partnero program. `partnero-api.md` section 1.1: one key belongs to exactly one program. */
export class PartneroApi implements ICredentialType {
	name = 'partneroApi';

	displayName = 'Partnero API';

	icon: Icon = { light: 'file:../icons/partnero.svg', dark: 'file:../icons/partnero.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-partnero/n8n-nodes-partnero#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Made in Partnero under Program → Integration → API, where it is shown once. A key belongs to one program: make one credential for each program.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.partnero.com/v1',
			placeholder: 'e.g. https://api.partnero.com/v1',
			description: 'Change it only to reach a sandbox or a proxy',
		},
	];

	// A function, since n8n evaluates the expressions of a declared one anew for every request.
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		// Only what goes to the credential's own address has a base URL: the nodes of this package, and the test below.
		const problem = request.baseURL === undefined ? undefined : problemOf(credentials);
		if (problem) throw new Error(problem);
		return {
			...request,
			...(request.baseURL !== undefined && {
				baseURL: baseUrlOf(credentials),
				allowedDomains: allowedDomainsOf(credentials),
			}),
			headers: { ...request.headers, Authorization: `Bearer ${keyOf(credentials)}` },
		};
	};

	// A wrong address often answers 200 with a web page, so only a program in the answer counts.
	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/program', json: true },
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Partnero does not know this API key. Make one under Program → Integration → API.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'There is no Partnero API at this address. Check the Base URL.',
				},
			},
			// Without a rule n8n shows no more than "Forbidden" or "Bad Gateway".
			...[
				{
					statuses: [403],
					message:
						'Partnero does not allow this API key to read its program. Check its permissions, and that the plan of the account has access to the API.',
				},
				{ statuses: [429], message: 'Rate limit reached. Try again in a minute.' },
				{
					statuses: [500, 502, 503, 504],
					message: 'Partnero is not available at the moment. Try again later.',
				},
			].flatMap(({ statuses, message }) =>
				statuses.map((value) => ({ type: 'responseCode', properties: { value, message } })),
			),
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'data',
					value: undefined,
					message: 'The answer does not come from a Partnero program. Check the Base URL.',
				},
			},
			// n8n goes by the type of each rule; its declaration only allows rules of one type.
		] as ICredentialTestRequest['rules'],
	};
}
