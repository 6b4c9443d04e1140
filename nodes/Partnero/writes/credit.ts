import type { IDataObject } from 'n8n-workflow';

import type { Fields } from '../form/template';
import { programFacts } from '../lookup/program';
import { fillRoute, sendRoute } from '../lookup/sendRoute';
import type { Credit } from '../operation';
import type { Call } from '../response/call';
import { nothingDoneError } from '../response/errors';
import { dataOf } from '../response/unwrap';
import { abortableSleep, clock } from '../transport/clock';
import { isRecord } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { sendWithRetry } from '../transport/retry';
import { cancelSignalOf } from '../transport/sender';

import { reconciliation } from './policy';

/** What a customer has, by unit, and the answer that says so. */
interface Balance {
	amounts: Map<string, number>;
	data: IDataObject;
}

/** What came of a credit: the balance that shows it, or the answer that is to be explained. */
export type Credited = { balance: IDataObject } | { result: RequestResult };

/**
 * Adds to a balance once (`recording.md` 12). After a lost answer the balance tells whether it was done, so it is
 * read before each credit: that is the one request more than the credit needs. Items about one customer take turns,
 * since two at once could not be told apart.
 * @throws ItemFailure if the balance is as it was, so that the item can be repeated
 */
export async function credit(call: Call, how: Credit): Promise<Credited> {
	const { operation, run } = call;
	const { url } = await fillRoute(call, { method: 'GET', url: how.balance });
	return await run.locks.withLock(url.toLowerCase(), async () => {
		const unit = await unitOf(call, how);
		const before = await balanceAt(call, url);
		const result = await sendRoute(call, operation.request, withUnit(call, how, unit));
		if (!before || result.outcome !== 'indeterminate') return { result };
		return await settle(call, result, { url, before, amount: Number(call.form.value(how.amount)), unit });
	});
}

/** What is looked for after a lost answer. */
interface Sought {
	url: string;
	before: Balance;
	amount: number;
	unit: string | undefined;
}

async function settle(call: Call, result: RequestResult, { url, before, amount, unit }: Sought): Promise<Credited> {
	const { waits, proof } = reconciliation;
	const ended = clock.now();
	for (let looks = 0; ; looks += 1) {
		await abortableSleep(waits[Math.min(looks, waits.length - 1)], cancelSignalOf(call));
		const began = clock.now();
		const after = await balanceAt(call, url);
		const changed = after && changesBetween(before, after);
		if (changed?.length === 1 && changed[0].unit === (unit?.toLowerCase() ?? changed[0].unit) && isSame(changed[0].by, amount)) return { balance: after!.data };
		// Another change can hide this one, so that nobody knows.
		if (changed && changed.length > 0) return { result };
		if (began - ended < proof) continue;
		// Nobody waits for what may still be under way.
		if (!changed || result.mayBeInFlight) return { result };
		throw await nothingDoneError(call, result, 'The balance is as it was before, so nothing was credited: this can be run again.');
	}
}

/** The unit that was given, or the program's currency, which the API most probably takes then. */
async function unitOf(call: Call, { units, isCurrency }: Credit): Promise<string | undefined> {
	const { form } = call;
	const given = form.value(units);
	if (given !== undefined) return String(given);
	if (form.value(isCurrency) === false) return undefined;
	// Where the program cannot be read the API decides, as before.
	return (await programFacts(call).catch(() => undefined))?.currency;
}

function withUnit({ form }: Call, { units }: Credit, unit: string | undefined): Fields {
	return {
		has: (path) => (path === units ? unit !== undefined : form.has(path)),
		convert: (path, conversion, argument) => (path === units ? unit : form.convert(path, conversion, argument)),
		pathSegment: (path) => form.pathSegment(path),
	};
}

/** An empty balance comes as an array, any other as an object of arrays (`partnero-api.md` 2.3.2). */
async function balanceAt(call: Call, url: string): Promise<Balance | undefined> {
	const result = await sendWithRetry(call, { method: 'GET', url });
	const data = dataOf(result);
	if (result.outcome !== 'ok' || !isRecord(data) || typeof data.balance !== 'object' || data.balance === null) return undefined;
	const amounts = new Map<string, number>();
	for (const entry of Object.values(data.balance).flat() as unknown[]) {
		if (!isRecord(entry) || !Number.isFinite(Number(entry.amount))) return undefined;
		const unit = String(entry.amount_units).toLowerCase();
		amounts.set(unit, (amounts.get(unit) ?? 0) + Number(entry.amount));
	}
	return { amounts, data };
}

function changesBetween({ amounts: before }: Balance, { amounts: after }: Balance): Array<{ unit: string; by: number }> {
	return [...new Set([...before.keys(), ...after.keys()])]
		.map((unit) => ({ unit, by: (after.get(unit) ?? 0) - (before.get(unit) ?? 0) }))
		.filter(({ by }) => !isSame(by, 0));
}

/** The same but for what floating point adds. */
function isSame(one: number, other: number): boolean {
	return Math.abs(one - other) < 1e-6;
}
