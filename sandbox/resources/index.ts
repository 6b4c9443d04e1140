import type { Handlers } from '../answers';
import { couponHandlers } from './coupons';
import { customerHandlers } from './customers';
import { leadHandlers } from './leads';
import { partnerHandlers } from './partners';
import { programHandlers } from './program';
import { transactionHandlers } from './transactions';
import { webhookHandlers } from './webhooks';

/** What each operation of the contract does, by `operationId`. */
export const HANDLERS: Handlers = {
	...programHandlers,
	...partnerHandlers,
	...customerHandlers,
	...transactionHandlers,
	...leadHandlers,
	...couponHandlers,
	...webhookHandlers,
};
