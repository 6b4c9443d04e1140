import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { coupon } from './coupon';
import { customer } from './customer';
import { lead } from './lead';
import type { Operation, Resource } from '../operation';
import { partner } from './partner';
import { payoutRequest } from './payoutRequest';
import { program } from './program';
import { promotionCode } from './promotionCode';
import { referralLink } from './referralLink';
import { reward } from './reward';
import { subscriber } from './subscriber';
import { transaction } from './transaction';
import { webhook } from './webhook';

/** Every resource of the node, in menu order. */
export const resources: Resource[] = [
	coupon,
	customer,
	lead,
	partner,
	payoutRequest,
	program,
	promotionCode,
	referralLink,
	reward,
	subscriber,
	transaction,
	webhook,
];

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
	return [{ displayName: `This cannot be undone. ${irreversible}`, name: 'irreversibleNotice', type: 'notice', default: '' }];
}

/** A resource's Operation menu, with the route of each operation. */
function operationMenu({ entry, operations }: Resource): INodeProperties {
	const options = operations.map(
		(operation): INodePropertyOptions => ({
			...menuEntry(operation),
			routing: { request: operation.request } as INodePropertyOptions['routing'],
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
		operations.flatMap((operation) =>
			updateDisplayOptions({ show: { resource: [resource], operation: [operation.entry.value] } }, [
				...notice(operation),
				...operation.fields,
			]),
		),
	),
];
