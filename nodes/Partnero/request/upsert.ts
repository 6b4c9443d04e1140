import type { IDataObject } from 'n8n-workflow';

import type { Upsert } from '../resources/operation';
import { recordOf } from '../response/answer';
import type { Call } from './call';
import { deliver, deliverRoute } from './deliver';
import { lookUpReferences } from './lookUp';
import { pages } from './pages';
import { fillObject, fillRequest, fillUrl } from './template';

/**
 * Updates the record if there is one, creates it if not. Items of a run that share the identifier
 * take turns, so that the second one updates what the first one created.
 */
export async function createOrUpdate(call: Call, upsert: Upsert): Promise<IDataObject> {
	const { form, operation, run } = call;
	const field = upsert.identifiedBy.find((name) => form.has(name))!;
	const identifier = String(form.value(field));
	return await run.inTurn(`${operation.request.url} ${identifier.toLowerCase()}`, async () => {
		form.setReference('found', { kind: 'id', value: identifier });
		const found = await find(call, upsert, identifier);
		if (!found) {
			await lookUpReferences(call, operation.request);
			return { ...(await recordOf(call, await deliverRoute(call, operation.request))), created: true };
		}
		const { body } = fillRequest(upsert.update, form);
		if (Object.keys(body ?? {}).length === 0) return { ...found, created: false };
		await lookUpReferences(call, upsert.update);
		return { ...(await recordOf(call, await deliverRoute(call, upsert.update))), created: false };
	});
}

async function find(
	call: Call,
	{ find: route, identifiedBy }: Upsert,
	identifier: string,
): Promise<IDataObject | undefined> {
	const { form } = call;
	if (!('match' in route)) {
		const delivery = await deliver(call, { method: 'GET', url: fillUrl(route.url, form) });
		return delivery.answer?.status === 404 ? undefined : await recordOf(call, delivery);
	}
	const matches: IDataObject[] = [];
	for await (const page of pages(call, { url: route.url, qs: fillObject(route.qs, form) }, 100)) {
		matches.push(...page.filter((record) => same(record[route.match], identifier)));
	}
	if (matches.length > 1) {
		throw form.refuse(
			`'${form.label(identifiedBy[0])}': ${matches.length} records have '${identifier}'`,
			`Nothing was changed. Their IDs are ${matches.map((record) => String(record[route.id])).join(', ')}.`,
		);
	}
	if (matches.length === 1) form.setReference('found', { kind: 'id', value: String(matches[0][route.id]) });
	return matches[0];
}

/** Emails are the same without regard to case, and nothing else is looked up by a search. */
function same(value: unknown, wanted: string): boolean {
	return String(value).toLowerCase() === wanted.trim().toLowerCase();
}
