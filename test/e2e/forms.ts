import type {
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
	NodeParameterValueType,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import type { WorkflowFile } from '../../n8n/client';
import { Partnero } from '../../nodes/Partnero/Partnero.node';

const { description } = new Partnero();

/** One look of an operation's form, with every field of its collections added. */
export interface Form {
	/** The name of the node that shows it. */
	title: string;
	parameters: INodeParameters;
	/** The labels that a person has to find in it, top to bottom. */
	labels: string[];
	/** Whether questions that the program asks follow them. */
	isMapped: boolean;
}

/** The operations of each resource, as the menus have them. */
export const menus = menuOf('resource').map((resource) => ({
	resource,
	operations: menuOf('operation', resource.value),
}));

function menuOf(name: string, resource?: INodePropertyOptions['value']): INodePropertyOptions[] {
	const menu = description.properties.find(
		(property) =>
			property.name === name &&
			(resource === undefined || property.displayOptions?.show?.resource?.includes(resource)),
	);
	return (menu?.options ?? []) as INodePropertyOptions[];
}

/** Every look of every form of a resource: as it opens, and once for each choice that shows other fields. */
export function formsOf(resource: string): Form[] {
	const { operations = [] } = menus.find((menu) => menu.resource.value === resource) ?? {};
	return operations.flatMap(({ name, value: operation }) => {
		const chosen = { resource, operation };
		const opened = form(name, chosen);
		return [
			opened,
			...choicesIn(chosen).map((choice) =>
				form(`${name}, ${Object.entries(choice).join()}`, { ...chosen, ...choice }),
			),
		];
	});
}

/** A workflow with a node for each form, in rows, so that all of them are on the canvas at once. */
export function workflowOf(name: string, forms: Form[]): WorkflowFile {
	const perRow = Math.ceil(Math.sqrt(forms.length * 1.5));
	return {
		name,
		nodes: forms.map(({ title, parameters }, index) => ({
			id: crypto.randomUUID(),
			name: title,
			type: 'n8n-nodes-partnero.partnero',
			typeVersion: 1,
			position: [(index % perRow) * 240, Math.floor(index / perRow) * 240],
			parameters,
			credentials: { partneroApi: { id: null, name: '' } },
		})),
		connections: {},
		settings: { executionOrder: 'v1' },
	};
}

function form(title: string, chosen: INodeParameters): Form {
	const parameters: INodeParameters = { ...chosen };
	const shown = shownWith(chosen);
	for (const property of shown) parameters[property.name] ??= filled(property);
	return {
		title,
		parameters,
		labels: shown.flatMap((property) => labelsOf(property, parameters)),
		isMapped: shown.some(({ type }) => type === 'resourceMapper'),
	};
}

/** The fields that a person sees after some choices, in their order. */
function shownWith(chosen: INodeParameters): INodeProperties[] {
	const node = { typeVersion: 1 };
	const values =
		NodeHelpers.getNodeParameters(description.properties, chosen, true, false, node, description) ??
		{};
	return description.properties.filter(
		(property) =>
			property.type !== 'hidden' &&
			!property.isNodeSetting &&
			NodeHelpers.displayParameter(values, property, node, description, values),
	);
}

/** The choices on the form that other fields depend on, other than those that it opens with. */
function choicesIn(chosen: INodeParameters): INodeParameters[] {
	const shown = shownWith(chosen);
	const deciding = new Set(
		description.properties.flatMap(({ displayOptions }) => Object.keys(displayOptions?.show ?? {})),
	);
	return shown
		.filter(({ name }) => deciding.has(name) && !(name in chosen))
		.flatMap(({ name, type, options, default: usual }) => {
			const values =
				type === 'boolean'
					? [true, false]
					: (options ?? []).map((option) => (option as INodePropertyOptions).value);
			return values.filter((value) => value !== usual).map((value) => ({ [name]: value }));
		})
		.filter((choice) => names({ ...chosen, ...choice }) !== names(chosen));
}

function names(chosen: INodeParameters): string {
	return shownWith(chosen)
		.map(({ name }) => name)
		.join();
}

/** The value that a field has when it was just added. */
function filled({
	type,
	options,
	typeOptions,
	default: usual,
}: INodeProperties): NodeParameterValueType {
	if (type === 'collection') return filledCollection(options as INodeProperties[]);
	if (type === 'fixedCollection') {
		const groups = (options ?? []).map((group) => {
			const values = Object.fromEntries(
				((group as { values: INodeProperties[] }).values ?? []).map((value) => [
					value.name,
					filled(value),
				]),
			);
			return [group.name, typeOptions?.multipleValues ? [values] : values];
		});
		return Object.fromEntries(groups) as INodeParameters;
	}
	if (type === 'resourceLocator') return { __rl: true, mode: 'list', value: '' };
	return usual;
}

/** All fields of a collection, with what has to be chosen in it for them to be seen. */
function filledCollection(options: INodeProperties[]): INodeParameters {
	const values = Object.fromEntries(options.map((option) => [option.name, filled(option)]));
	for (const { displayOptions } of options) {
		for (const [name, [choice]] of Object.entries(displayOptions?.show ?? {}) as Array<
			[string, NodeParameterValueType[]]
		>) {
			// What begins with a slash stands outside of the collection.
			if (!name.startsWith('/')) values[name] = choice;
		}
	}
	return values;
}

function shownIn(options: INodeProperties[], root: INodeParameters): INodeProperties[] {
	const values = filledCollection(options);
	return options.filter((option) =>
		NodeHelpers.displayParameter(values, option, { typeVersion: 1 }, description, root),
	);
}

function labelsOf(
	{ type, displayName, options }: INodeProperties,
	root: INodeParameters,
): string[] {
	if (type === 'notice') return [];
	if (type === 'collection')
		return [
			displayName,
			...shownIn(options as INodeProperties[], root).flatMap((option) => labelsOf(option, root)),
		];
	if (type === 'fixedCollection') {
		return [
			displayName,
			...(options ?? []).flatMap((group) =>
				((group as { values: INodeProperties[] }).values ?? []).flatMap((option) =>
					labelsOf(option, root),
				),
			),
		];
	}
	return [displayName];
}
