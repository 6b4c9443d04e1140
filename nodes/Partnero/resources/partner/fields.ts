import type { INodeProperties } from 'n8n-workflow';

import { optional, partner } from '../../shared/locators';
import { email, firstName, lastName, tags } from '../../shared/person';

export const partnerEmail: INodeProperties = {
	...email,
	displayName: 'Partner Email',
	required: true,
	description: 'The email address of the partner, which no other partner of the program has',
};

const partnerId: INodeProperties = {
	displayName: 'Partner ID',
	name: 'id',
	type: 'string',
	default: '',
	placeholder: 'e.g. p_1a2b3c',
	description:
		'An identifier of your own, which no other partner has; made up by Partnero if not given. A partner who is there already keeps its own.',
};

export const referralKey: INodeProperties = {
	displayName: 'Referral Key',
	name: 'key',
	type: 'string',
	default: '',
	placeholder: 'e.g. annlee',
	description: 'What follows "aff=" in the link of the partner; made up by Partnero if not given',
};

export const password: INodeProperties = {
	displayName: 'Password',
	name: 'password',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'For the portal: at least 8 characters with a lowercase letter, an uppercase letter and a digit; made up by Partnero if not given',
};

const referringPartner: INodeProperties = {
	...optional(partner),
	displayName: 'Referring Partner',
	name: 'referringPartner',
	description:
		'The partner who brought this one in, for a new partner only (programs with several tiers)',
};

/** What a new partner may have beside the email. */
export const newPartner = [
	firstName,
	lastName,
	partnerId,
	password,
	referralKey,
	referringPartner,
	tags,
];
