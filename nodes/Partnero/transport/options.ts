import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecuteFunctions,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { clock } from './clock';
import type { GateSettings } from './gate';

/** What every request of an item has in common, whatever its address. */
export type SharedOptions = Pick<
	IHttpRequestOptions,
	'timeout' | 'proxy' | 'skipSslCertificateValidation'
>;

/** What n8n's routing engine made of Request Options. */
export function routedOptions({
	timeout,
	proxy,
	skipSslCertificateValidation,
}: DeclarativeRestApiSettings.ResultOptions['options']): SharedOptions {
	return { timeout, proxy, skipSslCertificateValidation } as SharedOptions;
}

/**
 * The same where the routing engine has prepared nothing: once for all items, as it does. Each item waits
 * for it where its own errors are caught.
 */
export function optionsOf(context: IExecuteFunctions): Promise<SharedOptions> {
	const options = readOptions(context);
	// Until the first item waits, nobody else would.
	options.catch(() => undefined);
	return options;
}

async function readOptions(context: IExecuteFunctions): Promise<SharedOptions> {
	const { timeout, proxy, allowUnauthorizedCerts } = context.getNodeParameter(
		'requestOptions',
		0,
		{},
	) as IDataObject;
	return {
		timeout: clock.real(Number(timeout) || 300_000),
		...(proxy && { proxy: proxyOf(context, String(proxy)) }),
		...(allowUnauthorizedCerts && { skipSslCertificateValidation: true }),
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
		const description = 'Write it like http://proxy.example.com:3128.';
		throw new NodeOperationError(
			context.getNode(),
			"'Request Options > Proxy' must be an address",
			{
				description,
			},
		);
	}
}

/**
 * The rate that Request Options > Batching asks for. n8n's routing engine applies it to items; here it holds for
 * every request, look-ups and what is sent again included.
 */
export function batchingOf(
	context: IExecuteFunctions | IExecuteSingleFunctions,
): GateSettings['rate'] {
	const read = context.getNodeParameter as (name: string, ...rest: unknown[]) => unknown;
	const { batching } = (
		'getItemIndex' in context
			? read.call(context, 'requestOptions', {})
			: read.call(context, 'requestOptions', 0, {})
	) as {
		batching?: { batch?: { batchSize?: number; batchInterval?: number } };
	};
	const { batchSize = 1, batchInterval: interval = 0 } = batching?.batch ?? {};
	return interval > 0 ? { requests: Math.max(1, Math.floor(batchSize)), interval } : undefined;
}
