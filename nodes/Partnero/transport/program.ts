import { createHash } from 'node:crypto';

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { baseUrlOf } from './send';

/** Names the program that a credential is for, without the key: the Base URL and a digest of the API key. */
export function programIdOf(credentials: ICredentialDataDecryptedObject): string {
	const digest = createHash('sha256').update(String(credentials.apiKey ?? '').trim()).digest('base64');
	return `${baseUrlOf(credentials)} ${digest}`;
}
