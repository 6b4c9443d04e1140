import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { coupon } from './coupon';
import { customer } from './customer';
import { lead } from './lead';
import type { Operation, Resource } from './operation';
import { partner } from './partner';
import { program } from './program';
import { transaction } from './transaction';

/** Every resource of the node, in menu order. */
export const resources: Resource[] = [coupon, customer, lead, partner, program, transaction];

/** The resource and the operation that a node is set to. */
export function findOperation(
	resourceValue: string,
	operationValue: string,
): { resource: Resource; operation: Operation } {
	const resource = resources.find(({ entry }) => entry.value === resourceValue);
	const operation = resource?.operations.find(({ entry }) => entry.value === operationValue);
	if (!resource || !operation) {
		throw new Error(`There is no operation '${operationValue}' of the resource '${resourceValue}'`);
	}
	return { resource, operation };
}

/** A resource's Operation menu, with the route of each operation. */
function operationMenu({ entry, operations }: Resource): INodeProperties {
	const options = operations.map(
		({ entry: line, request }): INodePropertyOptions => ({
			...line,
			routing: { request } as INodePropertyOptions['routing'],
		}),
	);
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

/** The operation menus, and after them the form of each operation. */
export const operationProperties: INodeProperties[] = [
	...resources.map(operationMenu),
	...resources.flatMap(({ entry: { value: resource }, operations }) =>
		operations.flatMap(({ entry: { value: operation }, fields }) =>
			updateDisplayOptions({ show: { resource: [resource], operation: [operation] } }, fields),
		),
	),
];
