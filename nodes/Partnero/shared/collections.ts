import type { INodeProperties } from 'n8n-workflow';

/** Everything that need not be filled. */
export function additionalFields(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options,
	};
}

/** What an update may change; what is not added stays as it is. */
export function updateFields(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options,
	};
}

/**
 * Which of the fields of an update are to be emptied: what is left empty in the update itself stays as it is. The
 * reference does not say what can be emptied (`partnero-api.md` 9, N15), so that each of them has to show it.
 */
export function clearFields(fields: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Clear Fields',
		name: 'clearFields',
		type: 'multiOptions',
		options: fields.map(({ displayName, name }) => ({ name: displayName, value: name })),
		default: [],
		description:
			'What to remove from the record. If Partnero keeps a value all the same, the item fails and shows it.',
	};
}

/** Names and values of one's own. */
export function pairs(
	field: Pick<INodeProperties, 'displayName' | 'name' | 'description'>,
): INodeProperties {
	return {
		...field,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Pair',
		default: {},
		options: [
			{
				displayName: 'Pairs',
				name: 'pairs',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. campaign',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. spring',
					},
				],
			},
		],
	};
}
