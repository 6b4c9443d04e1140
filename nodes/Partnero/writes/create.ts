import type { IDataObject } from 'n8n-workflow';

import type { Identity, Trace } from '../operation';
import { isBareSuccess } from '../response/unwrap';
import { contradicted, doubtedBefore } from '../response/errors';
import { recordIn } from '../response/output';
import { agrees } from '../response/matchesSent';
import type { Call } from '../transport/call';
import type { Delivery } from '../transport/retry';
import { backOff, deliverRoute, isOlder, isUnknown, lost, nameOf, timedOut } from '../transport/retry';
import { findRecord, lookedForBy } from '../lookup/find';
import { lookUpReferences } from '../lookup/references';
import { largestPage, pages } from '../lookup/pages';
import { fieldsIn, fillObject, isAnyFilled } from '../form/template';
import { abortableSleep } from '../transport/clock';

/**
 * Creates a record that has an identifier of its own, so that it can be looked for when an answer is
 * lost. How much else is done depends on the operation: see `Identity`.
 */
export async function create(call: Call, identity: Identity): Promise<IDataObject> {
	const identifier = lookedForBy(call, identity);
	if (identity.update) return await createOrUpdate(call, identity, identifier!);
	if (identity.ifExists && identifier !== undefined) return await createOnce(call, identity, identifier);
	await lookUpReferences(call, call.operation.request);
	if (identifier !== undefined) return await sendUntilFound(call, identity, identifier);
	const item = await recordIn(call, await deliverRoute(call, call.operation.request));
	return identity.ifExists ? { ...item, created: true } : item;
}

/**
 * For what the API does not keep unique: a second sale with the same key pays a second commission
 * (`partnero-api.md` 5.1, 6). The node looks before it sends, and the items of a run that share the
 * identifier share the record.
 */
async function createOnce(call: Call, identity: Identity, identifier: string): Promise<IDataObject> {
	const { form, run, operation, resource } = call;
	const subject = `${operation.request.url} ${identifier}`;
	let created = false;
	const record = await run.once(subject, async () => {
		const found = await findRecord(call, identity, identifier);
		// What n8n's try before sent, and did not hear of.
		created = run.takeDoubt(nameOf(call, [subject]), found);
		if (found) return found;
		const doubt = run.notAgain.get(subject);
		if (doubt) throw doubtedBefore(call, doubt);
		await lookUpReferences(call, operation.request);
		const sending = sendUntilFound(call, identity, identifier);
		// Heard of here before any item that waits for the same key goes on.
		sending.catch((error: Error) => {
			if (run.inDoubt.has(nameOf(call, [subject]))) run.notAgain.set(subject, error);
		});
		const made = await sending;
		created = true;
		return made;
	});
	if (!created && form.value(identity.ifExists!) === 'fail') {
		throw form.refuse(
			`${resource.entry.name} '${identifier}' exists already`,
			`Nothing was sent. Choose Skip in '${form.label(identity.ifExists!)}' to go on with the record that is there.`,
		);
	}
	return { ...record, created };
}

/**
 * Updates the record if there is one, creates it if not. Items of a run that share the identifier
 * take turns, so that the second one updates what the first one created.
 */
async function createOrUpdate(call: Call, identity: Identity, identifier: string): Promise<IDataObject> {
	const { form, operation, run } = call;
	const update = identity.update!;
	return await run.inTurn(`${operation.request.url} ${identifier.toLowerCase()}`, async () => {
		const found = await findRecord(call, identity, identifier);
		if (!found) {
			await lookUpReferences(call, operation.request);
			return { ...(await sendUntilFound(call, identity, identifier)), created: true };
		}
		const created = run.takeDoubt(nameOf(call, [operation.request.url, identifier]), found);
		const changes = fieldsIn(update.body ?? {}).filter(({ field }) => field !== 'found');
		if (!isAnyFilled(changes, form)) return { ...found, created };
		await lookUpReferences(call, update);
		return { ...(await recordIn(call, await deliverRoute(call, update))), created };
	});
}

/**
 * For what has no identifier of its own and must not be sent twice: it is sent once, and if the answer
 * is lost, the one record counts that was not there before. The clocks of two machines would tell less.
 * Items whose records show up in the same list take turns, so that none takes another one's for its own.
 */
export async function createTraced(call: Call, trace: Trace): Promise<IDataObject> {
	const { url, qs } = trace.list;
	const list = `${url} ${JSON.stringify(fillObject(qs, call.form)).toLowerCase()}`;
	return await call.run.inTurn(list, async () => await sendAndTrace(call, trace));
}

async function sendAndTrace(call: Call, trace: Trace): Promise<IDataObject> {
	const before = await traces(call, trace).catch(() => undefined);
	const delivery = await deliverRoute(call, call.operation.request);
	if (!before || !(isUnknown(delivery) || isBareSuccess(call, delivery))) return await recordIn(call, delivery);
	for (let attempt = 1; attempt <= lost.looks; attempt += 1) {
		await abortableSleep(backOff(attempt, lost), call.context.getExecutionCancelSignal());
		const after = await traces(call, trace).catch(() => undefined);
		// Whether it is there stays unknown, and that is what the error has to say.
		if (!after) break;
		const made = [...after].filter(([identity]) => !before.has(identity));
		if (made.length > 1) break;
		if (made.length === 1) return made[0][1];
		if (attempt === lost.looks && isBareSuccess(call, delivery)) {
			throw await contradicted(call, delivery, 'cannot be found there');
		}
	}
	return await recordIn(call, delivery);
}

/** The records of a trace's list, by what tells them apart. */
async function traces(call: Call, { list, unique }: Trace): Promise<Map<string, IDataObject>> {
	const found = new Map<string, IDataObject>();
	for await (const page of pages(call, { url: list.url, qs: fillObject(list.qs, call.form) }, { size: largestPage, unique })) {
		for (const record of page) found.set(String(record[unique]), record);
	}
	return found;
}

/** Sends a create, and looks for the record whenever the answer is lost, before sending it again. */
async function sendUntilFound(call: Call, identity: Identity, identifier: string): Promise<IDataObject> {
	const { run, operation } = call;
	const name = nameOf(call, [operation.request.url, identifier]);
	const inDoubtSince = run.inDoubt.get(name);
	const began = inDoubtSince ?? Date.now();
	let unknown: Delivery | undefined;
	for (let attempt = 1; ; attempt += 1) {
		const delivery = await deliverRoute(call, operation.request);
		if (isUnknown(delivery)) {
			unknown = delivery;
			run.inDoubt.set(name, began);
		}
		// What the API keeps unique is refused when a try before, whose answer was lost, made it.
		const isRefused = !isUnknown(delivery) && delivery.answer !== undefined && delivery.answer.status >= 400;
		if (!(unknown ?? inDoubtSince) || (unknown !== delivery && !isRefused)) {
			const record = await recordIn(call, delivery);
			run.inDoubt.delete(name);
			return record;
		}
		await abortableSleep(backOff(attempt, lost), call.context.getExecutionCancelSignal());
		let found: IDataObject | undefined;
		try {
			found = await findRecord(call, identity, identifier);
		} catch {
			// Whether it is there stays unknown, and that is what the error has to say.
			return await recordIn(call, unknown ?? delivery);
		}
		if (found && (identity.ifExists || isMadeNow(call, identity, found, began))) {
			run.inDoubt.delete(name);
			return found;
		}
		// A record that was there before is no success. What timed out may still be under way, so
		// sending it again could record it twice.
		const isFinal = found || isRefused || (identity.ifExists && timedOut(delivery));
		if (isFinal || attempt === lost.tries) return await recordIn(call, delivery);
	}
}

/**
 * Whether a record was made since, and is what was asked for: another item may have made one with the same
 * identifier.
 */
function isMadeNow({ form, operation }: Call, { find }: Identity, record: IDataObject, since: number): boolean {
	if (isOlder(record.created_at, since)) return false;
	return agrees(record, { ...fillObject(operation.request.body, form), ...fillObject(find.shows, form) });
}
