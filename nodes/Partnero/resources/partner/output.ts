import type { IDataObject } from 'n8n-workflow';

import type { Compute, Summary } from '../../operation';
import { currencyCode, shownAmount } from '../../shared/amounts';
import { ifSent, pick, tagsOf } from '../../shared/summary';

const defaultSeconds = 120;

/** The URL, wherever it stands: no document describes the answer (`partnero-api.md` 2.2). */
export const signInUrl: Compute = (data, { form }) => {
	const named = ['url', 'sign_in_url', 'signin_url', 'link'].map((name) => data[name]);
	const url = [...named, ...Object.values(data)].find(
		(value) => typeof value === 'string' && /^https?:/.test(value),
	);
	const expiresIn = data.expires_in ?? form.value('additionalFields.expiresIn') ?? defaultSeconds;
	return [{ signInUrl: url ?? null, expiresIn: Number(expiresIn) }];
};

export const summarizePartner: Summary = (record) => ({
	...pick(record, ['id', 'email', 'name', 'surname', 'status', 'approved']),
	...ifSent(record, ['referral_link']),
	...(record.tags === undefined ? {} : { tags: tagsOf(record) }),
	...statisticsOf(record),
	...ifSent(record, ['referrals_count', 'created_at']),
});

/** Amounts of money, by the unit that they are in; null for one that cannot be read. */
type ByUnit = Record<string, number | null>;

/**
 * What the partner brought and earned, which only a record of its own shows. Amounts are numbers as long as all are in
 * one currency, else null, and stand in `by_currency` either way.
 */
function statisticsOf({ referrals, commissions }: IDataObject): IDataObject {
	if (!isObject(referrals) && !isObject(commissions)) return {};
	const { revenue, ...counts } = isObject(referrals) ? referrals : {};
	const { paid, pending, not_paid: notPaid } = isObject(commissions) ? commissions : {};
	const amounts = Object.entries({
		revenue,
		commissions_pending: pending,
		commissions_not_paid: notPaid,
	}).flatMap(([name, list]) => (Array.isArray(list) ? [{ name, sums: byUnit(list) }] : []));
	const units = [...new Set(amounts.flatMap(({ sums }) => Object.keys(sums)))];
	const currency = units.length === 1 ? units[0] : null;
	// A list without a currency holds nothing in it.
	const inUnit = (unit: string) =>
		Object.fromEntries(amounts.map(({ name, sums }) => [name, unit in sums ? sums[unit] : 0]));
	const none = Object.fromEntries(amounts.map(({ name }) => [name, units.length === 0 ? 0 : null]));
	return {
		...ifSent(counts, ['clicks', 'signups', 'sales_count', 'paid_accounts']),
		...(currency === null ? none : inUnit(currency)),
		...(paid === undefined ? {} : { commissions_paid: shownAmount(paid) }),
		currency,
		by_currency: Object.fromEntries(units.map((unit) => [unit, inUnit(unit)])),
	};
}

/** A list of `{ currency, amount }` (`partnero-api.md` 2.2). */
function byUnit(list: unknown[]): ByUnit {
	return Object.fromEntries(
		list
			.filter(isObject)
			.map(({ currency, amount }) => [
				currencyCode(currency) ?? String(currency),
				shownAmount(amount, currency),
			]),
	);
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
