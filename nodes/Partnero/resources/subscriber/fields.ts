import type { INodeProperties } from 'n8n-workflow';

import type { Fallback, RequestTemplate, Template } from '../../operation';
import { optional, subscriber, subscriberReference } from '../../shared/locators';
import { email } from '../../shared/person';

export const subscriberEmail: INodeProperties = {
	...email,
	displayName: 'Subscriber Email',
	required: true,
	description: 'The email address of the subscriber, which no other subscriber of the program has',
};

const approved: INodeProperties = {
	displayName: 'Approved',
	name: 'approved',
	type: 'boolean',
	default: true,
	description: 'Whether the subscriber is approved',
};

const marketingConsent: INodeProperties = {
	displayName: 'Marketing Consent',
	name: 'marketingConsent',
	type: 'boolean',
	default: true,
	description: 'Whether the subscriber agreed to marketing mails',
};

export const fullName: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Rea Green',
	description: 'The full name of the subscriber',
};

const referredBy: INodeProperties = {
	...optional(subscriber),
	displayName: 'Referred By',
	name: 'referredBy',
	description:
		'The subscriber who brought the new one in, for a new subscriber only: picked from the list, or by ID or email',
};

const status: INodeProperties = {
	displayName: 'Status',
	name: 'status',
	type: 'options',
	options: [
		{ name: 'Active', value: 'active' },
		{ name: 'Rejected', value: 'rejected' },
		{ name: 'Suspended', value: 'suspended' },
	],
	default: 'active',
};

export const subscriberId: INodeProperties = {
	displayName: 'Subscriber ID',
	name: 'id',
	type: 'string',
	default: '',
	placeholder: 'e.g. sub_77',
	description:
		'An identifier of your own. Leave it out if a mail service is connected to the program, which gives the IDs.',
};

const tos: INodeProperties = {
	displayName: 'Terms of Service Accepted',
	name: 'tos',
	type: 'boolean',
	default: true,
	description: 'Whether the subscriber accepted the terms of service',
};

/** What a new subscriber may have beside the email. */
export const newSubscriber = [
	approved,
	marketingConsent,
	fullName,
	referredBy,
	status,
	subscriberId,
	tos,
];

/** What of it can be changed (`partnero-api.md` 2.8). */
export const changeable = [approved, marketingConsent, fullName, status, tos];

/** The same fields on the wire, from the collection that holds them. */
export function details(collection: string) {
	return {
		name: `{${collection}.name}`,
		tos: `{${collection}.tos}`,
		marketing_consent: `{${collection}.marketingConsent}`,
		status: `{${collection}.status}`,
		approved: `{${collection}.approved}`,
	};
}

/**
 * The two forms of an update (`partnero-api.md` 5.1, 4). The body names the subscriber; where the fields
 * stand bare in it, an email could not be told from a new one, so there the path does.
 * @param field what the subscriber is named by
 */
export function updateSubscriber(field: string, changes: { [key: string]: Template }) {
	const request: RequestTemplate = {
		method: 'PUT',
		url: '/subscribers',
		body: { ...subscriberReference(field), update: changes },
	};
	const bare: RequestTemplate = { method: 'PUT', url: `/subscribers/{${field}}`, body: changes };
	const fallbacks: Fallback[] = [{ status: 422, field: 'update', orIgnored: true, request: bare }];
	return { request, fallbacks, readBack: { url: bare.url } };
}
