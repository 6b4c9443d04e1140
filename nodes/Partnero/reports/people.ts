import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../response/call';
import { recordOf } from '../response/unwrap';
import { sendWithRetry } from '../transport/retry';

/** Somebody who earned something; `null` is what the server does not show. */
export interface Person {
	id: string;
	name: string | null;
	email: string | null;
}

/** The record of a partner or a customer, once per run; an empty one where it is gone. */
export async function recordOfPerson(
	call: Call,
	list: 'partners' | 'customers',
	id: string,
): Promise<IDataObject> {
	return await call.run.lookups.run(`report ${list} ${id}`, async () => {
		const result = await sendWithRetry(call, {
			method: 'GET',
			url: `/${list}/${encodeURIComponent(id)}`,
		});
		// A partner who was deleted keeps the sales.
		return result.response?.status === 404 ? {} : await recordOf(call, result);
	});
}

/** Who a partner or a customer is. */
export async function personOf(
	call: Call,
	list: 'partners' | 'customers',
	id: string,
): Promise<Person> {
	return personIn(id, await recordOfPerson(call, list, id));
}

export function personIn(id: string, { name, surname, email }: IDataObject): Person {
	const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
	return {
		id,
		name: [name, surname].map(text).filter(Boolean).join(' ') || null,
		email: text(email) || null,
	};
}

/** What somebody is called: by name, or else by email, or else by identifier. */
export function calledBy({ name, email, id }: Person): string {
	return name ?? email ?? id;
}
