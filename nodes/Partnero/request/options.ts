import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { getCredentialAllowedDomains } from 'n8n-workflow';

import { baseUrlOf, credentialName } from './send';

/** What every request of an item has in common, whatever its address. */
export type SharedOptions = Pick<
	IHttpRequestOptions,
	'timeout' | 'proxy' | 'skipSslCertificateValidation' | 'allowedDomains'
>;

/** What n8n's routing engine made of Request Options and of the credential's allowed domains. */
export function routedOptions({
	timeout,
	proxy,
	skipSslCertificateValidation,
	allowedDomains,
}: DeclarativeRestApiSettings.ResultOptions['options']): SharedOptions {
	return { timeout, proxy, skipSslCertificateValidation, allowedDomains } as SharedOptions;
}

/** The same for an operation in bulk, which the routing engine does not prepare. */
export async function optionsOf(context: IExecuteFunctions): Promise<SharedOptions> {
	const { timeout, proxy, allowUnauthorizedCerts } = context.getNodeParameter(
		'requestOptions',
		0,
		{},
	) as IDataObject;
	return {
		timeout: Number(timeout) || 300_000,
		...(proxy && { proxy: proxyOf(String(proxy)) }),
		...(allowUnauthorizedCerts && { skipSslCertificateValidation: true }),
		allowedDomains: await allowedDomainsOf(context),
	};
}

function proxyOf(address: string): SharedOptions['proxy'] {
	const { protocol, hostname, port, username, password } = new URL(address);
	return {
		protocol: protocol.replace(':', ''),
		host: hostname,
		port: Number(port) || (protocol === 'https:' ? 443 : 80),
		...(username && {
			auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
		}),
	};
}

async function allowedDomainsOf(context: IExecuteFunctions): Promise<string | undefined> {
	// Older releases of n8n have no such restriction.
	if (typeof getCredentialAllowedDomains !== 'function') return undefined;
	const credentialData = await context.getCredentials(credentialName);
	return getCredentialAllowedDomains({
		node: context.getNode(),
		credentialData,
		credentialOwnedSurface: true,
		nodeEndpointUrl: baseUrlOf({}),
	});
}
