import type { IDataObject } from 'n8n-workflow';

import { idempotencyKeyOf, keyFieldOf, withIdentifier } from '../form/identifier';
import { fieldsIn, fillObject, isAnyFilled } from '../form/template';
import type { Found } from '../lookup/find';
import { findOverlooked, findRecord } from '../lookup/find';
import { sendRoute } from '../lookup/sendRoute';
import type { Idempotency } from '../operation';
import type { Call } from '../response/call';
import { matchesSent, predates } from '../response/matchesSent';
import { abortableSleep } from '../transport/clock';
import type { RequestResult } from '../transport/retry';
import { backOff } from '../transport/retryPolicy';
import { cancelSignalOf } from '../transport/sender';

import { readBackPolicy, reconciliation } from './policy';
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
 * Updates the record if there is one, creates it if not. Items of a run that share the identifier take turns
 * (`execution/order.ts`), so that the second one updates what the first one created.
 */
async function createOrUpdate(
	call: Call,
	idempotency: Idempotency,
	identifier: string,
): Promise<IDataObject> {
	const { form, operation, run } = call;
	const template = idempotency.update!;
	let found = await findRecord(call, idempotency, identifier);
	if (!found) {
		const { record, wasThere } = await createWithReconciliation(call, idempotency, identifier);
		if (!wasThere) return { ...record, created: true };
		found = wasThere;
	}
	const indeterminate = run.indeterminate.creation(
		call.itemIndex,
		operation.request.url,
		identifier,
	);
	const created = indeterminate.since !== undefined;
	indeterminate.resolve();
	const changes = fieldsIn(template.body ?? {}).filter(({ field }) => field !== 'identifier');
	if (!isAnyFilled(changes, form)) return { ...found.record, created };
	return {
		...(await update(call, template, {
			fields: withIdentifier(form, found.identifier),
			before: found.record,
		})),
		created,
	};
}

/** What came of a create. */
interface Made {
	record: IDataObject;
	/** Of an upsert: the record is no new one, but was there before, and the look-up had not found it. */
	wasThere?: Found;
}

/** Sends a create, and looks for the record whenever the answer is lost, before sending it again. */
async function createWithReconciliation(
	call: Call,
	idempotency: Idempotency,
	identifier: string,
): Promise<Made> {
	const { run, operation } = call;
	const indeterminate = run.indeterminate.creation(
		call.itemIndex,
		operation.request.url,
		identifier,
	);
	const wasIndeterminate = indeterminate.since !== undefined;
	const began = indeterminate.since ?? Date.now();
	let lost: RequestResult | undefined;
	for (let attempts = 1; ; attempts += 1) {
		const result = await sendRoute(call, operation.request);
		if (result.outcome === 'indeterminate') {
			lost = result;
			indeterminate.mark(began);
		}
		// What the API keeps unique is refused when an attempt before, whose answer was lost, made it.
		const isRefused = result.outcome === 'rejected' || result.outcome === 'rateLimited';
		if (!(lost || wasIndeterminate) || (lost !== result && !isRefused)) {
			const wasThere =
				isTaken(result) && idempotency.update
					? await findTaken(call, idempotency, identifier, result)
					: undefined;
			if (wasThere) return { record: wasThere.record, wasThere };
			const record = await recordIn(call, result);
			indeterminate.resolve();
			return { record };
		}
		await abortableSleep(backOff(attempts, readBackPolicy), cancelSignalOf(call));
		let found: Found | undefined;
		let overlooked: Found | undefined;
		try {
			found = await findRecord(call, idempotency, identifier);
			if (!found && isTaken(result)) overlooked = await findLate(call, idempotency, identifier);
		} catch {
			// Whether it is there stays unknown, and that is what the error has to say.
			return { record: await recordIn(call, lost ?? result) };
		}
		const record = (found ?? overlooked)?.record;
		if (record && isMadeNow(call, idempotency, record, began)) {
			indeterminate.resolve();
			return { record };
		}
		if (overlooked && idempotency.update)
			return { record: overlooked.record, wasThere: overlooked };
		// What ends an item whose record may have been made does not say that there is none (`recording-rules.md` 10).
		if (!record && isRefused)
			return {
				record: await recordIn(call, { ...result, outcome: 'indeterminate', repeatable: false }),
			};
		// A record that was there before is no success.
		if (record || attempts === readBackPolicy.attempts)
			return { record: await recordIn(call, result) };
	}
}

/** The record that the API says is there after a lost answer: looked for as long as a replica may take to show it. */
async function findLate(
	call: Call,
	idempotency: Idempotency,
	identifier: string,
): Promise<Found | undefined> {
	let found = await findOverlooked(call, idempotency, identifier);
	for (const wait of reconciliation.waits) {
		if (found) return found;
		await abortableSleep(wait, cancelSignalOf(call));
		found =
			(await findRecord(call, idempotency, identifier)) ??
			(await findOverlooked(call, idempotency, identifier));
	}
	return found;
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

/**
 * Whether a record was made since, and is what was asked for: another item may have made one with the same
 * identifier.
 */
function isMadeNow(
	{ form, operation }: Call,
	{ lookup }: Idempotency,
	record: IDataObject,
	since: number,
): boolean {
	if (predates(record.created_at, since)) return false;
	return matchesSent(record, {
		...fillObject(operation.request.body, form),
		...fillObject(lookup.shows, form),
	});
}
