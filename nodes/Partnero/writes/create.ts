import type { IDataObject } from 'n8n-workflow';

import { idempotencyKeyOf, keyFieldOf, withIdentifier } from '../form/identifier';
import { fieldsIn, fillObject, isAnyFilled } from '../form/template';
import type { Found } from '../lookup/find';
import { findOverlooked, findRecord } from '../lookup/find';
import { sendRoute } from '../lookup/sendRoute';
import type { Idempotency } from '../operation';
import type { Call } from '../response/call';
import { namesOf } from '../response/identity';
import { matchesSent, predates } from '../response/matchesSent';
import { recordUnder } from '../response/unwrap';
import { abortableSleep, clock } from '../transport/clock';
import type { IndeterminateRequest } from '../transport/indeterminate';
import { lookAfter } from '../transport/lookAfter';
import { isSuccess } from '../transport/outcome';
import type { RequestResult } from '../transport/retry';
import { backOff } from '../transport/retryPolicy';
import { cancelSignalOf } from '../transport/sender';

import { readBackPolicy, reconciliation } from './policy';
import { RecentWrites } from './recent';
import { recordIn } from './record';
import { update } from './update';

/**
 * Creates a record that has an identifier of its own, so that it can be looked for when an answer is
 * lost. How much else is done depends on the operation: see `Idempotency`.
 */
export async function create(call: Call, idempotency: Idempotency): Promise<IDataObject> {
	const identifier = idempotencyKeyOf(call.form, idempotency);
	if (idempotency.update) return await createOrUpdate(call, idempotency, identifier!);
	if (identifier === undefined)
		return await recordIn(call, await sendRoute(call, call.operation.request));
	const { record } = await createWithReconciliation(call, idempotency, identifier);
	return record;
}

/**
 * What this process has sent to be created, and may have been, by program, kind and identifier; with all names of the
 * record, as far as the answer shows it.
 */
const sent = new RecentWrites<string[]>();

/** What an item creates: a customer may have a key beside its ID, and be looked for by either. */
function madeBy(call: Call, { keyFields }: Idempotency): string[] {
	const filled = keyFields.filter((field) => call.form.has(field));
	return filled.map((field) => nameFor(call, call.form.value(field)));
}

function nameFor({ run, resource }: Call, identifier: unknown): string {
	return `${run.programId} ${resource.entry.value} ${String(identifier).toLowerCase()}`;
}

/** Nobody waits for what is deleted to show. */
export function forgetDeleted(call: Call): void {
	const { value, identifiers = [] } = call.form.reference(call.resource.entry.value) ?? {};
	const names = [value, ...identifiers].map((identifier) => nameFor(call, identifier));
	sent.forgetWhere((known) => names.some((name) => known.includes(name)));
}

/**
 * Updates the record if there is one, creates it if not. Items that share the identifier take turns
 * (`execution/order.ts`), so that the second one updates what the first one created.
 */
async function createOrUpdate(
	call: Call,
	idempotency: Idempotency,
	identifier: string,
): Promise<IDataObject> {
	const { form, operation, run } = call;
	const template = idempotency.update!;
	const doubt = run.indeterminate.creation(call.itemIndex, operation.request.url, identifier);
	const names = madeBy(call, idempotency);
	let found = await findRecord(call, idempotency, identifier);
	// A look may not show yet what was made just now. What this item has in doubt is looked for before it is sent again.
	for (const wait of reconciliation.waits) {
		if (found || doubt.last || !names.some((name) => sent.get(name))) break;
		const look = async () => await lookFor(call, { idempotency, identifier }, true);
		found = await lookAfter(call, wait, look);
	}
	if (!found) {
		const { record, wasThere } = await createWithReconciliation(call, idempotency, identifier);
		if (!wasThere) return { ...record, created: true };
		found = wasThere;
	}
	const isNew = doubt.since !== undefined;
	const changes = fieldsIn(template.body ?? {}).filter(({ field }) => field !== 'identifier');
	const record = isAnyFilled(changes, form)
		? await update(call, template, {
				fields: withIdentifier(form, found.identifier),
				before: found.record,
			})
		: found.record;
	// Not before: n8n's next try of an update that failed has to know who made the record.
	doubt.resolve();
	return { ...record, created: isNew };
}

/** What came of a create. */
interface Made {
	record: IDataObject;
	/** Of an upsert: the record is no new one, but was there before, and the look-up had not found it. */
	wasThere?: Found;
}

/**
 * Sends a create. After a lost answer, also in an earlier try of n8n, the record is looked for before it is sent once
 * more, and once only (`recording-rules.md` 12).
 */
async function createWithReconciliation(
	call: Call,
	idempotency: Idempotency,
	identifier: string,
): Promise<Made> {
	const { run, operation } = call;
	const doubt = run.indeterminate.creation(call.itemIndex, operation.request.url, identifier);
	const sought: Sought = { idempotency, identifier, doubt };
	const names = madeBy(call, idempotency);
	for (;;) {
		const before = doubt.last;
		if (before) {
			const settled = await settle(call, sought);
			if (settled !== 'absent' && settled !== 'unknown') return settled;
			// What ends an item in doubt says so.
			if (settled === 'unknown' || !before.mayBeSentAgain)
				return { record: await recordIn(call, before.result) };
		}
		const result = await sendRoute(call, operation.request);
		const isPerhapsMade = isSuccess(result) || result.outcome === 'indeterminate';
		if (isPerhapsMade) {
			const known = namesOf(recordUnder(result) ?? {}).map((identifier) =>
				nameFor(call, identifier),
			);
			for (const name of names) sent.note(name, [...names, ...known]);
		}
		if (result.outcome === 'indeterminate') {
			const mayBeSentAgain = !before && !result.mayBeInFlight;
			doubt.mark(doubt.since ?? result.since, { result, endedAt: clock.now(), mayBeSentAgain });
			continue;
		}
		if (before && !isSuccess(result)) return await settleRefused(call, sought, result);
		const wasThere =
			isTaken(result) && idempotency.update
				? await findTaken(call, idempotency, identifier, result)
				: undefined;
		if (wasThere) return { record: wasThere.record, wasThere };
		const record = await recordIn(call, result);
		doubt.resolve();
		return { record };
	}
}

/** What is looked for after a lost answer. */
interface Sought {
	idempotency: Idempotency;
	identifier: string;
	doubt: IndeterminateRequest;
}

/**
 * Looks for a record in doubt until it shows, or until a look that began long enough after the last attempt shows that
 * it is not there.
 * @throws ItemFailure if there is another record than the one that was sent
 */
async function settle(call: Call, sought: Sought): Promise<Made | 'absent' | 'unknown'> {
	const { waits, proof, giveUp } = reconciliation;
	const { result, endedAt } = sought.doubt.last!;
	const since = clock.now();
	for (let looks = 0; ; looks += 1) {
		const wait = waits[Math.min(looks, waits.length - 1)];
		const { found, isLate } = await lookAfter(call, wait, async () => {
			const late = clock.now() - endedAt >= proof;
			const record = await lookFor(call, sought, late).catch(() => 'nobody knows' as const);
			return { found: record, isLate: late };
		});
		if (found !== 'nobody knows') {
			if (found) return await madeOf(call, sought, found, result);
			if (isLate) return 'absent';
		}
		cancelSignalOf(call)?.throwIfAborted();
		if (clock.now() - since >= giveUp) return 'unknown';
	}
}

/** @param everywhere whether to look in the other place as well, which costs a request */
async function lookFor(
	call: Call,
	{ idempotency, identifier }: Omit<Sought, 'doubt'>,
	everywhere: boolean,
): Promise<Found | undefined> {
	return (
		(await findRecord(call, idempotency, identifier)) ??
		(everywhere ? await findOverlooked(call, idempotency, identifier) : undefined)
	);
}

/** What a record that shows after a lost answer is: what was sent, or what an upsert goes on to update. */
async function madeOf(
	call: Call,
	{ idempotency, doubt }: Sought,
	found: Found,
	result: RequestResult,
): Promise<Made> {
	const isOlder = predates(found.record.created_at, doubt.since!);
	if (!isOlder && isAsSent(call, idempotency, found.record)) {
		doubt.resolve();
		return { record: found.record };
	}
	// A record that was there before is no success.
	if (!idempotency.update) return { record: await recordIn(call, result) };
	if (isOlder) doubt.resolve();
	return { record: found.record, wasThere: found };
}

/** What the API keeps unique is refused when an attempt before, whose answer was lost, made it. */
async function settleRefused(call: Call, sought: Sought, result: RequestResult): Promise<Made> {
	const waits = isTaken(result) ? reconciliation.waits : reconciliation.waits.slice(0, 1);
	let found: Found | undefined;
	for (const wait of waits) {
		try {
			const look = async () => await lookFor(call, sought, isTaken(result));
			found = await lookAfter(call, wait, look);
		} catch {
			cancelSignalOf(call)?.throwIfAborted();
			// Whether it is there stays unknown, and that is what the error has to say.
			return { record: await recordIn(call, sought.doubt.last!.result) };
		}
		if (found) return await madeOf(call, sought, found, result);
	}
	// What ends an item whose record may have been made does not say that there is none (`recording-rules.md` 10).
	const outcome = 'indeterminate' as const;
	return { record: await recordIn(call, { ...result, outcome, repeatable: false }) };
}

/** The record that the API says is there, and that the look-up before did not find: it may overlook it, or be late. */
async function findTaken(
	call: Call,
	idempotency: Idempotency,
	identifier: string,
	{ response }: RequestResult,
): Promise<Found | undefined> {
	const complaints = Object.keys(
		((response!.body as IDataObject | null)?.errors ?? {}) as IDataObject,
	);
	const [name] = keyFieldOf(call.form, idempotency)!.split('.').slice(-1);
	const isAboutIt = response!.status === 409 || complaints.includes(name);
	for (let looks = 1; ; looks += 1) {
		const found =
			(await findOverlooked(call, idempotency, identifier)) ??
			(looks > 1 ? await findRecord(call, idempotency, identifier) : undefined);
		if (found || !isAboutIt || looks === readBackPolicy.looks) return found;
		await abortableSleep(backOff(looks, readBackPolicy), cancelSignalOf(call));
	}
}

/** Whether the API refuses a create since there is such a record already. */
function isTaken({ outcome, response }: RequestResult): boolean {
	if (outcome !== 'rejected' || !response) return false;
	return (
		response.status === 409 ||
		/taken|exist|registered|duplicate|unique|in use/i.test(JSON.stringify(response.body ?? ''))
	);
}

/** Whether a record is what was asked for: another item may have made one with the same identifier. */
function isAsSent(
	{ form, operation }: Call,
	{ lookup }: Idempotency,
	record: IDataObject,
): boolean {
	return matchesSent(record, {
		...fillObject(operation.request.body, form),
		...fillObject(lookup.shows, form),
	});
}
