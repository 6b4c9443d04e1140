import type {
	ICredentialDataDecryptedObject,
	DeclarativeRestApiSettings,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { getCredentialAllowedDomains, NodeOperationError } from 'n8n-workflow';

import { clock } from './clock';
import type { Run } from './run';
import { baseUrlOf } from './send';

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

/**
 * The same where the routing engine has prepared nothing: once for all items, as it does. Each item waits
 * for it where its own errors are caught.
 */
export function optionsOf(context: IExecuteFunctions, run: Run): Promise<SharedOptions> {
	const options = readOptions(context, run);
	// Until the first item waits, nobody else would.
	options.catch(() => undefined);
	return options;
}

async function readOptions(context: IExecuteFunctions, run: Run): Promise<SharedOptions> {
	const { timeout, proxy, allowUnauthorizedCerts } = context.getNodeParameter(
		'requestOptions',
		0,
		{},
	) as IDataObject;
	return {
		timeout: clock.real(Number(timeout) || 300_000),
		...(proxy && { proxy: proxyOf(context, String(proxy)) }),
		...(allowUnauthorizedCerts && { skipSslCertificateValidation: true }),
		allowedDomains: allowedDomainsOf(context, await run.credentials(context)),
	};
}

function proxyOf(context: IExecuteFunctions, address: string): SharedOptions['proxy'] {
	try {
		const { protocol, hostname, port, username, password } = new URL(address);
		if (!hostname) throw new Error('no host');
		return {
			protocol: protocol.replace(':', ''),
			host: hostname,
			port: Number(port) || (protocol === 'https:' ? 443 : 80),
			...(username && {
				auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
			}),
		};
	} catch {
		// The address may hold a password, so it is not repeated.
		const description = 'It has to be an address such as http://proxy.example.com:3128.';
		throw new NodeOperationError(context.getNode(), "'Proxy' in Request Options is not valid", { description });
	}
}

function allowedDomainsOf(
	context: IExecuteFunctions,
	credentialData: ICredentialDataDecryptedObject,
): string | undefined {
	// Releases of n8n between the tested ones may have no such restriction.
	if (typeof getCredentialAllowedDomains !== 'function') return undefined;
	if (getCredentialAllowedDomains.length === 2) {
		const beforeVersion2 = getCredentialAllowedDomains as unknown as (
			credential: ICredentialDataDecryptedObject,
			ownAddress: string,
		) => string | undefined;
		return beforeVersion2(credentialData, baseUrlOf({}));
	}
	return getCredentialAllowedDomains({
		node: context.getNode(),
		credentialData,
		credentialOwnedSurface: true,
		nodeEndpointUrl: baseUrlOf({}),
	});
}
