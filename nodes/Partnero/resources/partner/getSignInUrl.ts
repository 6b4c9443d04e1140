import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { partner } from '../../shared/locators';

import { signInUrl } from './output';

export const getSignInUrl: Operation = {
	entry: {
		name: 'Get Sign-in URL',
		value: 'getSignInUrl',
		action: 'Get sign in URL of partner',
		description:
			'Make a URL that signs whoever opens it in as the partner, once; n8n keeps it with the execution',
	},
	request: {
		method: 'POST',
		url: '/partners:sign-in-url',
		body: {
			key: '{partner|key}',
			email: '{partner|email}',
			expires_in: '{additionalFields.expiresIn}',
		},
	},
	fields: [
		partner,
		additionalFields([
			{
				displayName: 'Expires In (Seconds)',
				name: 'expiresIn',
				type: 'number',
				typeOptions: { minValue: 30, maxValue: 900 },
				default: 120,
				description: 'For how many seconds the URL works, from 30 to 900; 120 if not given',
			},
		]),
	],
	output: { kind: 'computed', compute: signInUrl },
};
