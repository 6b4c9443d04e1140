import type { IDataObject } from 'n8n-workflow';

import type { Transition } from '../operation';
import { dataOf, isRecord, succeeded } from '../response/unwrap';
import type { Call } from '../transport/call';
import type { Delivery } from '../transport/retry';
import { backOff, deliver, deliverRoute, isUnknown, lost, timedOut } from '../transport/retry';
import { fillUrl } from '../form/template';
import { abortableSleep } from '../transport/clock';

/**
 * Moves a record from one status to another. When an answer is lost, also in an earlier try of n8n, the
 * record is read before anything is sent again: if it is where it should be, that was it.
 * @returns the answer, or the record as it was read
 */
export async function moveOn(call: Call, transition: Transition): Promise<Delivery> {
	const { operation, form, run, context } = call;
	const request = `${operation.request.method} ${fillUrl(transition.url, form)} ${transition.to.join()}`;
	let delivery: Delivery | undefined;
	for (let attempt = 1; ; attempt += 1) {
		if (run.inDoubt.has(request)) {
			const found = await deliver(call, { method: 'GET', url: fillUrl(transition.url, form) });
			const status = statusOf(found);
			if (status && transition.to.includes(status)) return found;
			// What timed out may still be under way; what was refused would be refused again.
			const isFinal = !status || attempt > lost.tries || (delivery && (timedOut(delivery) || !isUnknown(delivery)));
			if (isFinal) return { ...(delivery ?? found), recordStatus: status };
		}
		delivery = await deliverRoute(call, operation.request);
		if (isUnknown(delivery)) run.inDoubt.set(request, Date.now());
		else if (succeeded(delivery)) return delivery;
		else if (!run.inDoubt.has(request)) return await withStatus(call, transition, delivery);
		await abortableSleep(backOff(attempt, lost), context.getExecutionCancelSignal());
	}
}

/** A refusal with the status that the record is in, if that can have been the reason. */
async function withStatus(call: Call, { url }: Transition, delivery: Delivery): Promise<Delivery> {
	if (!delivery.answer || [401, 403, 404, 405, 429].includes(delivery.answer.status)) return delivery;
	const found = await deliver(call, { method: 'GET', url: fillUrl(url, call.form) });
	return { ...delivery, recordStatus: statusOf(found) };
}

function statusOf(delivery: Delivery): string | undefined {
	const data = dataOf(delivery);
	const { status } = succeeded(delivery) && isRecord(data) ? data : ({} as IDataObject);
	return typeof status === 'string' ? status : undefined;
}
