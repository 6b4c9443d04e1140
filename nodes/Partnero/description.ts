import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { OperationForm } from './mergeForms';
import { mergeForms } from './mergeForms';
import type { Operation, ProgramType, Resource } from './operation';
import { resources } from './resources';
import { settings } from './shared/settings';

/**
 * How an operation is listed. The model of an agent sees nothing of it but the action, which n8n also
 * names the node after.
 */
function menuEntry({ entry, irreversible }: Operation): Operation['entry'] {
	if (!irreversible) return entry;
	return {
		...entry,
		action: `${entry.action} (cannot be undone)`,
		description: `${entry.description}. This cannot be undone.`,
	};
}

/** What a person is told above the form of what cannot be undone. */
function notice({ irreversible }: Operation): INodeProperties[] {
	if (!irreversible) return [];
	return [
		{
			displayName: `This cannot be undone. ${irreversible}`,
			name: 'irreversibleNotice',
			type: 'notice',
			default: '',
		},
	];
}

/** A resource's Operation menu, with the route of each operation. */
function operationMenu({ entry, operations }: Resource): INodeProperties {
	const options = operations.map((operation): INodePropertyOptions => ({
		...menuEntry(operation),
		routing: { request: operation.request } as INodePropertyOptions['routing'],
	}));
	const preferred = operations.find(({ entry: { value } }) => value === 'getAll') ?? operations[0];
	const { value: defaultOperation } = preferred.entry;
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [entry.value] } },
		options,
		default: defaultOperation,
	};
}

/** The Resource menu, which says which types of programs have a resource if not all have it. */
const resourceMenu: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: resources.map(({ entry, programs }) => ({
		...entry,
		...(programs && { description: programsInWords(programs) }),
	})),
	routing: { send: { paginate: true } },
	default: 'partner',
};

/** `Affiliate and refer-a-friend programs` */
function programsInWords(programs: ProgramType[]): string {
	const words = `${programs.join(' and ')} programs`;
	return words[0].toUpperCase() + words.slice(1);
}

/** The form of each operation of a resource, before they are put together. */
export function formsOf({ operations }: Resource): OperationForm[] {
	return operations.map((operation) => ({
		operation: operation.entry.value,
		properties: [...notice(operation), ...operation.fields],
	}));
}

/** The operation menus, and after them the forms of each resource. */
const operationProperties: INodeProperties[] = [
	...resources.map(operationMenu),
	...resources.flatMap((resource) => mergeForms(resource.entry.value, formsOf(resource))),
];

/** The form of the node: which resource, which operation of it, and the fields of that; on the Settings tab what holds for all. */
export const properties: INodeProperties[] = [resourceMenu, ...operationProperties, settings];
