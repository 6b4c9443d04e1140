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
		...(fields.length === 0 && {
			emptyFieldsNotice: "The program's lead form has no custom fields.",
		}),
	};
}

function toField({ id, type, title, required, options }: Question): ResourceMapperField {
	const choices = choicesOf(options);
	return {
		id: type === 'checkbox' ? `${id}[]` : String(id),
		displayName: labelOf(String(title ?? id), type, choices),
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

/** n8n cuts the labels of a resource mapper here. */
const longestLabel = 30;

/** The question, and what the widget does not say itself as far as there is room for it. */
function labelOf(title: string, type: string, choices: string[]): string {
	const hints: Record<string, string[]> = {
		countries: ['e.g. US'],
		checkbox: [`list: ${choices.join(', ')}`, 'list'],
	};
	const labels = (hints[type] ?? []).map((hint) => `${title} (${hint})`);
	return labels.find((label) => label.length <= longestLabel) ?? title;
}

function choicesOf(options: unknown): string[] {
	if (!Array.isArray(options)) return [];
	return options.map((option) => {
		if (option === null || typeof option !== 'object') return String(option);
		const { value, title, label, id } = option as IDataObject;
		return String(value ?? title ?? label ?? id);
	});
}
