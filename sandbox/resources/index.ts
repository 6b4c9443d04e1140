import type { Handlers } from '../responses';

import { couponHandlers } from './coupons';
import { customerHandlers } from './customers';
import { leadHandlers } from './leads';
import { partnerHandlers } from './partners';
import { payoutRequestHandlers } from './payoutRequests';
import { programHandlers } from './program';
import { promotionCodeHandlers } from './promotionCodes';
import { referralLinkHandlers } from './referralLinks';
import { rewardHandlers } from './rewards';
import { subscriberHandlers } from './subscribers';
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
	...payoutRequestHandlers,
	...promotionCodeHandlers,
	...referralLinkHandlers,
	...subscriberHandlers,
	...rewardHandlers,
	...webhookHandlers,
};
