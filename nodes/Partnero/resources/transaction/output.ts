import type { IDataObject } from 'n8n-workflow';

import type { Summary } from '../../operation';
import { idOf, pick } from '../../shared/summary';

/** With the commission added up over the rewards that were not rejected. */
export const summarizeTransaction: Summary = (record) => {
	const rewards = (Array.isArray(record.rewards) ? (record.rewards as IDataObject[]) : []).filter(
		({ status }) => status !== 'rejected',
	);
	const total = rewards.reduce((sum, { amount }) => sum + (Number(amount) || 0), 0);
	return {
		...pick(record, ['key', 'action', 'amount', 'amount_units']),
		customer: idOf(record.customer),
		...('partner' in record ? { partner: idOf(record.partner) } : {}),
		...('referred_customer' in record ? { referred_customer: idOf(record.referred_customer) } : {}),
		// Sums of decimal fractions carry noise in the last digits.
		commission: Math.round(total * 1e6) / 1e6,
		commission_units: rewards[0]?.amount_units ?? null,
		...pick(record, ['created_at']),
	};
};
