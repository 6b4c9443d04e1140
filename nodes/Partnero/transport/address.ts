import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** Where the API is, if the credential says nothing else. */
export const usualBaseUrl = 'https://api.partnero.com/v1';

/** Where the API is, from the credential, without a trailing slash. */
export function baseUrlOf({ baseUrl }: ICredentialDataDecryptedObject): string {
	const url = String(baseUrl ?? '').trim() || usualBaseUrl;
	return url.replace(/\/+$/, '');
}

const subject = 'The Base URL of the credential';

/**
 * Why nothing can be sent with a credential, in one sentence; `undefined` if something can. What n8n would make of
 * such an address differs from release to release: a relative one, or a user and a password in place of the key.
 */
export function problemOf(credentials: ICredentialDataDecryptedObject): string | undefined {
	const url = baseUrlOf(credentials);
	if (/["'`\u2018\u2019\u201c\u201d]/.test(url))
		return `${subject} is not an address: it contains quotes`;
	if (/\s/.test(url)) return `${subject} is not an address: it contains a space`;
	if (!/^https?:\/\//i.test(url))
		return `${subject} is not an address: it must begin with https:// or http://`;
	const parsed = parse(url);
	if (!parsed) return `${subject} is not an address: the name of the server is missing`;
	if (parsed.username || parsed.password || /^https?:\/\/[^/?#]*@/i.test(url)) {
		return `${subject} must not contain a user or a password, which would be sent in place of the API key`;
	}
	if (parsed.search || parsed.hash) return `${subject} is not an address: it contains '?' or '#'`;
	// Node refuses to put anything else into a header.
	if (/[^\t\x20-\x7e\x80-\xff]/.test(keyOf(credentials)))
		return 'The API key of the credential has characters that are not allowed in a key';
	return undefined;
}

/** The API key as it is sent. */
export function keyOf({ apiKey }: ICredentialDataDecryptedObject): string {
	return String(apiKey ?? '').trim();
}

/**
 * The domains that a credential may be used for, as n8n's HTTP helper takes them; `undefined` if there is no
 * restriction. Partnero's own domain is one of them, as in n8n's routing engine; where the Base URL of the
 * credential points is not, since whoever restricts the credential means just that.
 */
export function allowedDomainsOf(credentials: ICredentialDataDecryptedObject): string | undefined {
	const { allowedHttpRequestDomains: restriction, allowedDomains } = credentials;
	if (restriction !== 'domains') return undefined;
	return [new URL(usualBaseUrl).hostname, String(allowedDomains ?? '').trim()]
		.filter(Boolean)
		.join(', ');
}

function parse(url: string): URL | undefined {
	try {
		return new URL(url);
	} catch {
		return undefined;
	}
}
