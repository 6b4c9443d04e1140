import type { IDataObject } from 'n8n-workflow';

import type { Compute, Summary } from '../../operation';
import { shownAmount } from '../../shared/amounts';
import { idOf, ifSent, pick, tagsOf } from '../../shared/summary';

/** An empty balance comes as an array, any other as an object of arrays (`partnero-api.md` 2.3.2). */
export const balanceItem: Compute = ({ customer, balance }) => {
	const entries = Object.values((balance ?? {}) as IDataObject).flat() as IDataObject[];
	return [
		{
			customer: customer ?? null,
			balance: entries.map(({ amount, amount_units: amountUnits, is_currency: isCurrency }) => ({
				amount: shownAmount(amount, amountUnits),
				amountUnits,
				isCurrency,
			})),
		},
	];
};

/** Affiliate customers have a `key` and a partner, those of refer-a-friend programs an `id` and a referrer. */
export const summarizeCustomer: Summary = (record) => ({
	...ifSent(record, record.key === undefined ? ['id'] : ['key']),
	...pick(record, ['email', 'name', 'surname']),
	...ifSent(record, ['status']),
	...('partner' in record ? { partner: idOf(record.partner) } : {}),
	...('referring_customer' in record
		? { referring_customer: idOf(record.referring_customer) }
		: {}),
	...(record.tags === undefined ? {} : { tags: tagsOf(record) }),
	...ifSent(record, ['referrals_count', 'referral_link', 'created_at']),
});
