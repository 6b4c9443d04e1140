import type { IDataObject } from 'n8n-workflow';

import type { Compute } from '../../operation';

/** The settings as sent, with `leads_enabled` as the boolean that its text stands for, and the questions. */
export const leadForm: Compute = ({ leads_custom_form_fields: questions, ...settings }) => [
	{
		...settings,
		leads_enabled: String(settings.leads_enabled) === 'true',
		fields: (Array.isArray(questions) ? questions : []) as IDataObject[],
	},
];
