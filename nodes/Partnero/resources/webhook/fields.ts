import type { INodeProperties } from 'n8n-workflow';

import type { Rule } from '../../operation';
import { simplify, toolOutput } from '../../shared/list';

import { events } from './events';

export const webhookName: INodeProperties = {
	displayName: 'Webhook Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. CRM sync',
	description: 'What the webhook is called in Partnero, up to 100 characters',
};

export const webhookUrl: INodeProperties = {
	displayName: 'Webhook URL',
	name: 'url',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://crm.example.com/hooks/partnero',
	description: 'The address that Partnero calls, which begins with https:// or http://',
};

export const webhookEvents: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: events,
		default: [],
		description:
			'What Partnero calls the address for; a program refuses the events of other program types',
	},
	{
		displayName: 'Custom Events',
		name: 'customEvents',
		type: 'string',
		default: '',
		placeholder: 'e.g. reward.created, reward.paid',
		description:
			'More events by their names, separated by commas, for those that Partnero adds later. They may also stand alone, with nothing chosen in Events.',
	},
];

export const isActive: INodeProperties = {
	displayName: 'Is Active',
	name: 'isActive',
	type: 'boolean',
	default: true,
	description: 'Whether Partnero calls the address',
};

/** The signing secret is for whoever receives the calls, not for whoever looks after the webhooks. */
export const simplifiedWebhook: INodeProperties[] = [
	{ ...simplify, hint: 'The signing secret comes with the raw data only' },
	...toolOutput,
];

/** Both lists of events as one. */
export function eventsOf(within = '') {
	const custom = `${within}customEvents`;
	return [`{${within}events|with:${custom}}`, `{${custom}|list}`];
}

/** Limits of a webhook's texts (`partnero-api.md` 3.1), by the path of the field. */
export function rulesFor(within = ''): { [field: string]: Rule } {
	return {
		[`${within}name`]: { pattern: /^.{1,100}$/su, demand: 'at most 100 characters long' },
		[`${within}customEvents`]: {
			pattern: /[^\s,]/,
			demand: 'a list of event names, such as reward.created',
		},
		[`${within}url`]: {
			pattern: /^https?:\/\/[^\s/]\S*$/i,
			demand: 'an address that begins with https:// or http://',
		},
	};
}
