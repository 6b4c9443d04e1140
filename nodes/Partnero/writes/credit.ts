import type { IDataObject } from 'n8n-workflow';

import type { Fields } from '../form/template';
import { programFacts } from '../lookup/program';
import { fillRoute, sendRoute } from '../lookup/sendRoute';
import type { Credit } from '../operation';
import type { Call } from '../response/call';
import { unchangedBalanceError } from '../response/errors';
import { dataOf } from '../response/unwrap';
import { shownAmount } from '../shared/amounts';
import { abortableSleep, clock } from '../transport/clock';
import { inTurn } from '../transport/inTurn';
import { isRecord, isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { cancelSignalOf } from '../transport/sender';

import { reconciliation } from './policy';
import { RecentWrites } from './recent';

/** What a customer has, by unit, and the answer that says so. */
interface Balance {
	amounts: Map<string, number>;
	/** As the API writes them. */
	currencies: Set<string>;
	data: IDataObject;
}

/** What a balance comes to after a credit of this process, by program and customer. */
const recent = new RecentWrites<{ unit: string; amount: number }>();

/** What came of a credit: the balance that shows it, or the answer that is to be explained. */
export type Credited = { balance: IDataObject } | { result: RequestResult };

/**
 * Adds to a balance once (`recording-rules.md` 12). After a lost answer the balance tells whether it was done, so it is
 * read before each credit: that is the one request more than the credit needs. Items about one customer take turns,
 * since two at once could not be told apart.
 * @throws NodeOperationError if nobody knows in which unit, and ItemFailure if the balance is as it was: nothing was
 * credited then, unless it shows later than anybody waits
 */
export async function credit(call: Call, how: Credit): Promise<Credited> {
	const { operation, run } = call;
	const { url } = await fillRoute(call, { method: 'GET', url: how.balance });
	const name = `balance ${run.programId} ${url.toLowerCase()}`;
	return await inTurn(call, [name], async () => {
		const before = await balanceOf(call, how);
		const unit = await unitOf(call, how, before);
		const amount = Number(call.form.value(how.amount));
		const latest = recent.get(name);
		const isStale = before !== undefined && isBehind(before, latest);
		const result = await sendRoute(call, operation.request, withUnit(call, how, unit));
		const shown = before?.amounts.get(unit.toLowerCase()) ?? 0;
		const sum = (isStale && latest?.unit === unit.toLowerCase() ? latest.amount : shown) + amount;
		if (before && isSuccess(result)) recent.note(name, { unit: unit.toLowerCase(), amount: sum });
		if (!before || result.outcome !== 'indeterminate') return { result };
		const credited = await settle(call, result, { how, before, amount, unit });
		// A balance that did not show the credit before this one cannot tell which of them it shows now.
		if (isStale && 'balance' in credited) return { result };
		if ('balance' in credited) recent.note(name, { unit: unit.toLowerCase(), amount: sum });
		return credited;
	});
}

/** Whether a balance is not what a credit of this process has just made of it. */
function isBehind(
	{ amounts }: Balance,
	latest: { unit: string; amount: number } | undefined,
): boolean {
	return latest !== undefined && !isSame(amounts.get(latest.unit) ?? 0, latest.amount);
}

/** What is looked for after a lost answer. */
interface Sought {
	how: Credit;
	before: Balance;
	amount: number;
	unit: string;
}

async function settle(
	call: Call,
	result: RequestResult,
	{ how, before, amount, unit }: Sought,
): Promise<Credited> {
	const { waits, proof } = reconciliation;
	const ended = clock.now();
	for (let looks = 0; ; looks += 1) {
		await abortableSleep(waits[Math.min(looks, waits.length - 1)], cancelSignalOf(call));
		const began = clock.now();
		const after = await balanceOf(call, how);
		const changed = after && changesBetween(before, after);
		if (
			changed?.length === 1 &&
			changed[0].unit === unit.toLowerCase() &&
			isSame(changed[0].by, amount)
		)
			return { balance: after!.data };
		// Another change can hide this one, so that nobody knows.
		if (changed && changed.length > 0) return { result };
		if (began - ended < proof) continue;
		// Nobody waits for what may still be under way.
		if (!changed || result.mayBeInFlight) return { result };
		throw await unchangedBalanceError(call, result, Math.round(proof / 1_000));
	}
}

/**
 * The unit that was given, or the one currency that the program or the balance shows. What the API takes without one
 * is not known (`partnero-api.md` 10, A15), and could be the wrong one.
 */
async function unitOf(
	call: Call,
	{ units, isCurrency }: Credit,
	before: Balance | undefined,
): Promise<string> {
	const { form } = call;
	const given = form.value(units);
	if (given !== undefined) return String(given);
	const isMoney = form.value(isCurrency) !== false;
	const shown = isMoney ? (await programFacts(call).catch(() => undefined))?.currency : undefined;
	const [only, ...others] = isMoney ? (before?.currencies ?? []) : [];
	const unit = shown ?? (others.length === 0 ? only : undefined);
	if (unit !== undefined) return unit;
	throw form.refuse(
		`'${form.label(units)}' is empty`,
		isMoney
			? 'Nothing was credited. Neither the program nor the balance shows a currency: give one, such as usd.'
			: 'Nothing was credited. Give the unit of the reward, since it is no currency.',
	);
}

function withUnit({ form }: Call, { units }: Credit, unit: string): Fields {
	return {
		has: (path) => path === units || form.has(path),
		convert: (path, conversion, argument) =>
			path === units ? unit : form.convert(path, conversion, argument),
		pathSegment: (path) => form.pathSegment(path),
	};
}

/** An empty balance comes as an array, any other as an object of arrays (`partnero-api.md` 2.3.2). */
async function balanceOf(call: Call, { balance }: Credit): Promise<Balance | undefined> {
	const result = await sendRoute(call, { method: 'GET', url: balance });
	const data = dataOf(result);
	if (
		result.outcome !== 'ok' ||
		!isRecord(data) ||
		typeof data.balance !== 'object' ||
		data.balance === null
	)
		return undefined;
	const amounts = new Map<string, number>();
	const currencies = new Set<string>();
	for (const entry of Object.values(data.balance).flat() as unknown[]) {
		const amount = isRecord(entry) ? shownAmount(entry.amount, entry.amount_units) : null;
		if (!isRecord(entry) || amount === null) return undefined;
		const unit = String(entry.amount_units).toLowerCase();
		amounts.set(unit, (amounts.get(unit) ?? 0) + amount);
		if (entry.is_currency !== false) currencies.add(String(entry.amount_units));
	}
	return { amounts, currencies, data };
}

function changesBetween(
	{ amounts: before }: Balance,
	{ amounts: after }: Balance,
): Array<{ unit: string; by: number }> {
	return [...new Set([...before.keys(), ...after.keys()])]
		.map((unit) => ({ unit, by: (after.get(unit) ?? 0) - (before.get(unit) ?? 0) }))
		.filter(({ by }) => !isSame(by, 0));
}

/** The same but for what floating point adds. */
function isSame(one: number, other: number): boolean {
	return Math.abs(one - other) < 1e-6;
}
