import type { IDataObject } from 'n8n-workflow';

import type { Summary } from '../../operation';
import { currencyCode, readMoney, rewardsOf, shownAmount } from '../../shared/amounts';
import { idOf, pick } from '../../shared/summary';

/** The name of the unit of rewards that show none. */
const unknownUnit = 'unknown';

/**
 * With the commission: added up over the rewards that were not rejected, by unit (`commissions`), and what of it is in
 * the sale's own currency (`commission`, `commission_units`). Where no reward is in that currency, `commission` is
 * that of the one unit there is, and null if there are several. A sum with an amount that cannot be read is null, and so is
 * the commission of a sale that shows no rewards at all.
 */
export const summarizeTransaction: Summary = (record) => {
	const rewards = rewardsOf(record);
	const commissions = commissionsByUnit(rewards ?? []);
	const units = Object.keys(commissions);
	const own = unitOf(record.amount_units);
	const main =
		own !== undefined && units.includes(own) ? own : units.length === 1 ? units[0] : undefined;
	return {
		...pick(record, ['key', 'action']),
		amount: shownAmount(record.amount, record.amount_units),
		...pick(record, ['amount_units']),
		customer: idOf(record.customer),
		...('partner' in record ? { partner: idOf(record.partner) } : {}),
		...('referred_customer' in record ? { referred_customer: idOf(record.referred_customer) } : {}),
		commission: main === undefined ? (rewards && units.length === 0 ? 0 : null) : commissions[main],
		commission_units: main === undefined || main === unknownUnit ? null : main,
		commissions,
		...pick(record, ['created_at']),
	};
};

function commissionsByUnit(rewards: IDataObject[]): Record<string, number | null> {
	const sums = new Map<string, number | null>();
	for (const { amount, amount_units: units, status } of rewards) {
		if (status === 'rejected') continue;
		const unit = unitOf(units) ?? readMoney(amount)?.currency ?? unknownUnit;
		const read = shownAmount(amount, units);
		const sum = sums.has(unit) ? sums.get(unit)! : 0;
		// Sums of decimal fractions carry noise in the last digits.
		sums.set(unit, sum === null || read === null ? null : Math.round((sum + read) * 1e6) / 1e6);
	}
	return Object.fromEntries(sums);
}

/** A currency in capitals, since the API writes `usd` and `USD`; any other unit as it is. */
function unitOf(units: unknown): string | undefined {
	return currencyCode(units) ?? (typeof units === 'string' && units !== '' ? units : undefined);
}
