import type {
	FieldType,
	IDataObject,
	ILoadOptionsFunctions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';

import { getFromList } from './get';

/** A question of the lead form (`partnero-api.md` 2.5). */
interface Question {
	id: number | string;
	type: string;
	title?: string;
	required?: boolean | number | string;
	options?: unknown;
}

/** n8n's field for each type of question. The type `text` only shows something and takes no answer. */
const fieldTypes: Record<string, FieldType> = {
	input: 'string',
	textarea: 'string',
	// n8n shows an array as raw JSON; text with commas is kinder, and becomes an array when it is sent.
	checkbox: 'string',
	radio: 'options',
	select: 'options',
	countries: 'string',
};

/** The custom fields of the lead form, for the resource mapper of Lead: Create. */
export async function getLeadFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const { data } = await getFromList(this, '/leads/details');
	const questions = (data as IDataObject | undefined)?.leads_custom_form_fields;
	const fields = (Array.isArray(questions) ? (questions as Question[]) : [])
		.filter(({ type }) => type in fieldTypes)
		.map(toField);
	return {
		fields,
		...(fields.length === 0 && { emptyFieldsNotice: "The program's lead form has no custom fields." }),
	};
}

function toField({ id, type, title, required, options }: Question): ResourceMapperField {
	const choices = choicesOf(options);
	return {
		id: type === 'checkbox' ? `${id}[]` : String(id),
		displayName: `${title ?? id}${hintFor(type, choices)}`,
		required: [true, 1, '1', 'true'].includes(required as string),
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
		type: fieldTypes[type],
		...(fieldTypes[type] === 'options' && {
			options: choices.map((choice) => ({ name: choice, value: choice })),
		}),
	};
}

/** What the widget does not say itself. */
function hintFor(type: string, choices: string[]): string {
	if (type === 'countries') return ' (e.g. US)';
	return type === 'checkbox' ? ` (list: ${choices.join(', ')})` : '';
}

function choicesOf(options: unknown): string[] {
	if (!Array.isArray(options)) return [];
	return options.map((option) => {
		if (option === null || typeof option !== 'object') return String(option);
		const { value, title, label, id } = option as IDataObject;
		return String(value ?? title ?? label ?? id);
	});
}
