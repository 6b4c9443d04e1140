import type { IDataObject } from 'n8n-workflow';

import { idempotencyKeyOf, withIdentifier } from '../form/identifier';
import { fieldsIn, fillObject, isAnyFilled } from '../form/template';
import { findRecord } from '../lookup/find';
import { sendRoute } from '../lookup/sendRoute';
import type { Idempotency } from '../operation';
import type { Call } from '../response/call';
import { matchesSent, predates } from '../response/matchesSent';
import { abortableSleep } from '../transport/clock';
import type { RequestResult } from '../transport/retry';
import { backOff } from '../transport/retryPolicy';
import { cancelSignalOf } from '../transport/sender';

import { readBackPolicy } from './policy';
import { recordIn } from './record';
import { update } from './update';

/**
 * Creates a record that has an identifier of its own, so that it can be looked for when an answer is
 * lost. How much else is done depends on the operation: see `Idempotency`.
 */
export async function create(call: Call, idempotency: Idempotency): Promise<IDataObject> {
	const identifier = idempotencyKeyOf(call.form, idempotency);
	if (idempotency.update) return await createOrUpdate(call, idempotency, identifier!);
	if (identifier !== undefined) return await createWithReconciliation(call, idempotency, identifier);
	return await recordIn(call, await sendRoute(call, call.operation.request));
}

/**
 * Updates the record if there is one, creates it if not. Items of a run that share the identifier
 * take turns, so that the second one updates what the first one created.
 */
async function createOrUpdate(call: Call, idempotency: Idempotency, identifier: string): Promise<IDataObject> {
	const { form, operation, run } = call;
	const template = idempotency.update!;
	return await run.locks.withLock(`${operation.request.url} ${identifier.toLowerCase()}`, async () => {
		const found = await findRecord(call, idempotency, identifier);
		if (!found) return { ...(await createWithReconciliation(call, idempotency, identifier)), created: true };
		const indeterminate = run.indeterminate.creation(call.itemIndex, operation.request.url, identifier);
		const created = indeterminate.since !== undefined;
		indeterminate.resolve();
		const changes = fieldsIn(template.body ?? {}).filter(({ field }) => field !== 'identifier');
		if (!isAnyFilled(changes, form)) return { ...found.record, created };
		return { ...(await update(call, template, withIdentifier(form, found.identifier))), created };
	});
}

/** Sends a create, and looks for the record whenever the answer is lost, before sending it again. */
async function createWithReconciliation(call: Call, idempotency: Idempotency, identifier: string): Promise<IDataObject> {
	const { run, operation } = call;
	const indeterminate = run.indeterminate.creation(call.itemIndex, operation.request.url, identifier);
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
			const record = await recordIn(call, result);
			indeterminate.resolve();
			return record;
		}
		await abortableSleep(backOff(attempts, readBackPolicy), cancelSignalOf(call));
		let record: IDataObject | undefined;
		try {
			record = (await findRecord(call, idempotency, identifier))?.record;
		} catch {
			// Whether it is there stays unknown, and that is what the error has to say.
			return await recordIn(call, lost ?? result);
		}
		if (record && isMadeNow(call, idempotency, record, began)) {
			indeterminate.resolve();
			return record;
		}
		// A record that was there before is no success.
		if (record || isRefused || attempts === readBackPolicy.attempts) return await recordIn(call, result);
	}
}

/**
 * Whether a record was made since, and is what was asked for: another item may have made one with the same
 * identifier.
 */
function isMadeNow({ form, operation }: Call, { lookup }: Idempotency, record: IDataObject, since: number): boolean {
	if (predates(record.created_at, since)) return false;
	return matchesSent(record, { ...fillObject(operation.request.body, form), ...fillObject(lookup.shows, form) });
}
