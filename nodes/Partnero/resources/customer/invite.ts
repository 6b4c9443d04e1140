import type { Operation } from '../../operation';
import { additionalFields, pairs } from '../../shared/collections';
import { email, firstName, lastName } from '../../shared/person';

export const invite: Operation = {
	entry: {
		name: 'Invite',
		value: 'invite',
		action: 'Invite customer',
		description: 'Invite somebody to the program by email (refer-a-friend programs)',
	},
	programs: ['refer-a-friend'],
	request: {
		method: 'POST',
		url: '/customers:invite',
		body: {
			email: '{email}',
			name: '{additionalFields.name}',
			surname: '{additionalFields.surname}',
			personalization: '{additionalFields.personalization|pairs}',
		},
	},
	fields: [
		{
			...email,
			displayName: 'Invitee Email',
			required: true,
			description: 'The email address that the invitation goes to',
		},
		additionalFields([
			firstName,
			lastName,
			pairs({
				displayName: 'Personalization',
				name: 'personalization',
				description: 'Names and values that the text of the invitation uses',
			}),
		]),
	],
	irreversible: 'The email goes out at once.',
	output: { kind: 'answer' },
};
