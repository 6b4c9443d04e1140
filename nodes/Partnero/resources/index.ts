import type { Operation, Resource } from '../operation';

import { coupon } from './coupon';
import { customer } from './customer';
import { lead } from './lead';
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
