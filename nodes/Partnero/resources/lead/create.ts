import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../operation';
import { partner, reference } from '../../shared/locators';
import { email } from '../../shared/person';

const customFields: INodeProperties = {
	displayName: 'Custom Fields',
	name: 'customFields',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	typeOptions: {
		resourceMapper: {
			resourceMapperMethod: 'getLeadFields',
			mode: 'add',
			valuesLabel: 'Custom Fields',
			fieldWords: { singular: 'custom field', plural: 'custom fields' },
			addAllFields: true,
			supportAutoMap: false,
		},
	},
	description: "The questions of the program's lead form",
};

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create lead',
		description: 'Submit a lead for a partner',
	},
	request: {
		method: 'POST',
		url: '/leads',
		body: {
			name: '{name}',
			email: '{email}',
			partner: reference('partner'),
			cfields: '{customFields|mapped}',
		},
	},
	fields: [
		partner,
		{
			displayName: 'Lead Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Cy Po',
			description: 'The full name of the lead',
		},
		{
			...email,
			displayName: 'Lead Email',
			required: true,
			description: 'The email address of the lead',
		},
		customFields,
	],
	output: { kind: 'record' },
};
