import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

const nobody = { name: 'Nobody', value: 'nobody', description: 'Everybody may use the code' };
const somebody = {
	partner: {
		name: 'Partner',
		value: 'partner',
		description: 'The code is that of one partner (affiliate programs)',
	},
	customer: {
		name: 'Customer',
		value: 'customer',
		description: 'Only one customer may use the code (affiliate and refer-a-friend programs)',
	},
	subscriber: {
		name: 'Subscriber',
		value: 'subscriber',
		description: 'Only one subscriber may use the code (newsletter programs)',
	},
};

type Choice = 'nobody' | keyof typeof somebody;

/** Whom a code is limited to, among those that the call takes. */
export function limitTo(choices: Choice[]): INodeProperties {
	return {
		displayName: 'Limit To',
		name: 'limitTo',
		type: 'options',
		options: choices.map((choice): INodePropertyOptions =>
			choice === 'nobody' ? nobody : somebody[choice],
		),
		default: 'nobody',
		description: 'Whom the code is limited to',
	};
}

/** The object that the API wants of the one who is picked; each kind calls the name differently (`partnero-api.md` 2.7). */
export function limitedTo(field: string, name: string) {
	return { id: `{${field}|id}`, [name]: `{${field}|fullName}` };
}
