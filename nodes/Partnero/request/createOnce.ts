import type { IDataObject } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { Existing } from '../resources/operation';
import { recordOf } from '../response/answer';
import type { Call } from './call';
import type { Delivery } from './deliver';
import { deliverRoute, isUnknown } from './deliver';
import { findExisting, lookUpReferences } from './lookUp';

const tries = 4;
const pause = 500;

/**
 * Creates a record whose identifier the API does not keep unique (`partnero-api.md` 5.1, 6: a second
 * sale with the same key pays a second commission), so the node looks before it sends, looks again
 * when an answer is lost, and lets the items of a run that share the identifier share the record.
 */
export async function createOnce(call: Call, existing: Existing): Promise<IDataObject> {
	const { form, run, operation } = call;
	const identifier = String(form.value(existing.field));
	const policy = form.value(existing.policy);
	if (policy === 'record') {
		await lookUpReferences(call, operation.request);
		return { ...(await recordOf(call, await deliverRoute(call, operation.request))), created: true };
	}
	const { record, createdBy } = await run.once(`${operation.request.url} ${identifier}`, async () => {
		const found = await findExisting(call, existing);
		if (found) return { record: found, createdBy: undefined };
		await lookUpReferences(call, operation.request);
		return { record: await sendUntilFound(call, existing), createdBy: form.itemIndex };
	});
	const created = createdBy === form.itemIndex;
	if (!created && policy === 'fail') {
		throw form.refuse(
			`${call.resource.entry.name} '${identifier}' exists already`,
			`Nothing was sent. Choose Skip in '${form.label(existing.policy)}' to go on with the record that is there.`,
		);
	}
	return { ...record, created };
}

async function sendUntilFound(call: Call, existing: Existing): Promise<IDataObject> {
	for (let attempt = 1; ; attempt += 1) {
		const delivery = await deliverRoute(call, call.operation.request);
		if (!isUnknown(delivery)) return await recordOf(call, delivery);
		await sleep(pause * attempt, call.context.getExecutionCancelSignal());
		const found = await findExisting(call, existing);
		if (found) return found;
		// What timed out may still be under way, so sending it again could record it twice.
		if (timedOut(delivery) || attempt === tries) return await recordOf(call, delivery);
	}
}

function timedOut({ noAnswer }: Delivery): boolean {
	return noAnswer !== undefined && ['ECONNABORTED', 'ETIMEDOUT'].includes(noAnswer.code);
}
