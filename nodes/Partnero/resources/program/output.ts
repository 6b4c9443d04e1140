import type { IDataObject } from 'n8n-workflow';

import type { Money } from '../../shared/amounts';
import { currencyCode, readMoney } from '../../shared/amounts';

import { metricNamed, metricsOfGroup } from './metrics';

/** Blocks of `data` that hold no statistics. */
const NOT_STATISTICS = /^(program|stats|__proto__)$|_settings$/;
const IDENTITY = ['type', 'id', 'public_id', 'name', 'website'];
const DEEPEST = 6;

/**
 * One flat item from the `data` of GET /program, the same for its three shapes: four blocks, flat, newsletter
 * (partnero-api.md §2.1, a, b and c). Settings, dates and other text stay out; so do statistics that are no number,
 * while documented money that cannot be read is null.
 *
 * - `type`, `id`, `public_id`, `name`, `website` always; null where the API sends none.
 * - Every statistic as a number under the API's name, `<name>_growth` and `<name>_before` beside it; null stays null.
 * - Money: `<name>`, `<name>_currency`, and `<name>_by_currency` if there are several currencies. `<name>` is then
 *   the amount in the program's currency, or else the first one. What is empty (PHP sends `[]` or `{}`) is 0.
 * - `<name>_formatted` gives `<name>` its currency and is left out.
 * - Groups are flattened: `partner_activity_approved`, `payout_status_breakdown_requested_count`.
 */
export function simplifyProgram(data: IDataObject): IDataObject {
	const source = asObject(data);
	const currency = programCurrency(source);
	const item = identity(source);
	const statistics = isObject(source.stats) ? source.stats : source;
	for (const [name, value] of Object.entries(statistics)) {
		if (NOT_STATISTICS.test(name) || IDENTITY.includes(name)) continue;
		addStatistic(item, name, value, { currency, siblings: statistics, depth: 1 });
	}
	return item;
}

/** The program's own currency, from either block of settings (partnero-api.md §2.1, a and b). */
export function programCurrency(data: IDataObject): string | undefined {
	return (
		currencyCode(asObject(data.program_settings).currency) ??
		currencyCode(asObject(data.overview_program_current_settings).currency)
	);
}

function identity(data: IDataObject): IDataObject {
	const program = isObject(data.program) ? data.program : data;
	const settings = asObject(data.overview_program_current_settings);
	const isNewsletter = data.esp_type !== undefined || data.total_subscribers !== undefined;
	return {
		type:
			text(program.type) ??
			(isNewsletter ? 'Newsletter' : (text(settings.program_type_title) ?? null)),
		id: text(program.id) ?? null,
		public_id: text(program.public_id) ?? (isNewsletter ? text(program.id) : undefined) ?? null,
		name: text(program.name) ?? text(settings.program_name) ?? null,
		website: text(program.website) ?? text(settings.website_url) ?? null,
	};
}

/** As `Money`; null is an amount that cannot be read beside others that can. */
type Reading = Omit<Money, 'amount'> & { amount: number | null };

interface Surroundings {
	currency?: string;
	siblings: IDataObject;
	depth: number;
}

function addStatistic(item: IDataObject, name: string, value: unknown, around: Surroundings): void {
	if (name.endsWith('_formatted') && around.siblings[name.replace(/_formatted$/, '')] !== undefined)
		return;

	const group = metricsOfGroup(name);
	if (group.length > 0 && isEmpty(value)) {
		for (const metric of group) addAmounts(item, metric.name, [{ amount: 0 }], around);
		return;
	}
	if (value === null) {
		item[name] = null;
		return;
	}
	const amounts = readAmounts(name, value, around);
	if (amounts !== undefined) {
		addAmounts(item, name, amounts, around);
		return;
	}
	if (isMoney(name)) {
		item[name] = null;
		return;
	}
	if (isObject(value) && around.depth < DEEPEST) {
		for (const [key, inner] of Object.entries(value)) {
			addStatistic(item, `${name}_${key}`, inner, {
				...around,
				siblings: value,
				depth: around.depth + 1,
			});
		}
	}
}

/**
 * The amounts of one statistic, in any form the API uses for money: text, a number, `{ "usd": "$1.00" }`,
 * `[]`, `["0"]`, and `[{ "currency": "USD", "amount": 1 }]` as in partners (partnero-api.md §2.1, §2.2).
 */
function readAmounts(name: string, value: unknown, around: Surroundings): Reading[] | undefined {
	if (isEmpty(value)) return [{ amount: 0 }];
	if (Array.isArray(value)) return readList(name, value, around.currency);
	if (isObject(value)) return readByCurrency(value, around.currency);
	const number = readMoney(value, undefined, around.currency);
	if (number === undefined || number.currency !== undefined) return number && [number];
	return [
		{
			...readMoney(around.siblings[`${name}_formatted`], undefined, around.currency),
			amount: number.amount,
		},
	];
}

/** Amounts under the names of their currencies; undefined for a group of other statistics. */
function readByCurrency(value: IDataObject, usual: string | undefined): Reading[] | undefined {
	const amounts: Reading[] = [];
	for (const [key, amount] of Object.entries(value)) {
		const currency = currencyCode(key);
		if (currency === undefined) return undefined;
		amounts.push(readMoney(amount ?? 0, currency, usual) ?? { amount: null, currency });
	}
	return amounts.some(({ amount }) => amount !== null) ? amounts : undefined;
}

/** A list of amounts; undefined for a list that is no money. */
function readList(name: string, value: unknown[], usual: string | undefined): Money[] | undefined {
	const amounts: Money[] = [];
	for (const entry of value) {
		const read = isObject(entry)
			? readMoney(
					entry.amount,
					currencyCode(entry.currency) ?? currencyCode(entry.amount_units),
					usual,
				)
			: readMoney(entry, undefined, usual);
		if (read === undefined || (read.currency === undefined && !isMoney(name))) return undefined;
		amounts.push(read);
	}
	return amounts;
}

function isMoney(name: string): boolean {
	return metricNamed(name)?.kind === 'money';
}

function addAmounts(
	item: IDataObject,
	name: string,
	amounts: Reading[],
	around: Surroundings,
): void {
	const fallback = isMoney(name) ? around.currency : undefined;
	const totals = new Map<string, number | null>();
	for (const { amount, currency = fallback ?? '' } of amounts) {
		const total = totals.has(currency) ? totals.get(currency)! : 0;
		totals.set(currency, total === null || amount === null ? null : total + amount);
	}
	const [first] = totals.keys();
	const main =
		around.currency !== undefined && totals.has(around.currency) ? around.currency : first;
	item[name] = totals.get(main);
	if (main !== '') item[`${name}_currency`] = main;
	if (totals.size > 1) item[`${name}_by_currency`] = Object.fromEntries(totals);
}

function text(value: unknown): string | number | undefined {
	return (typeof value === 'string' && value !== '') || typeof value === 'number'
		? value
		: undefined;
}

function isEmpty(value: unknown): boolean {
	return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): IDataObject {
	return isObject(value) ? value : {};
}
