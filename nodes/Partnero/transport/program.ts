import { createHash } from 'node:crypto';

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { baseUrlOf, keyOf } from './address';

/** Names the program that a credential is for, without the key: the Base URL and a digest of the API key. */
export function programIdOf(credentials: ICredentialDataDecryptedObject): string {
	const digest = createHash('sha256').update(keyOf(credentials)).digest('base64');
	return `${baseUrlOf(credentials)} ${digest}`;
}
