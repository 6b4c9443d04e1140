import type { Operation } from '../../operation';

import { leadForm } from './output';

export const getForm: Operation = {
	entry: {
		name: 'Get Form',
		value: 'getForm',
		action: 'Get lead form',
		description: 'Retrieve the settings of leads and the questions of the lead form',
	},
	request: { method: 'GET', url: '/leads/details' },
	fields: [],
	output: { kind: 'computed', compute: leadForm },
};
