import type { IDataObject } from 'n8n-workflow';

import { summarizeCustomer } from '../Partnero/resources/customer/output';
import { summarizePartner } from '../Partnero/resources/partner/output';
import { summarizeSubscriber } from '../Partnero/resources/subscriber/output';
import { summarizeTransaction } from '../Partnero/resources/transaction/output';
import { shownIdentifiers } from '../Partnero/response/identity';
import { foldStatus } from '../Partnero/response/standing';

/** A list whose new records start the workflow. */
export interface WatchedList {
	/** What it holds, as messages name it. */
	records: string;
	/** One of them. */
	record: string;
	/** The types of programs that have it. */
	programs: string;
	url: string;
	qs: IDataObject;
	/** The key that no two records share, for the pager. */
	unique?: string;
	/** The few fields that most workflows need. */
	summary?: (record: IDataObject) => IDataObject;
	/**
	 * What a record is known by, the name that tells it best first. Any of them is enough to know it again, so that a
	 * changed key or email makes no new record.
	 */
	names: (record: IDataObject) => unknown[];
	/** Whether a record belongs to the list at all, where the API filters it. */
	holds?: (record: IDataObject) => boolean;
}

/** The newest first, for the lists that know `sort` (`partnero-api.md` 1.3). */
const newestFirst = { sort: 'desc' };

export const lists = {
	partner: {
		records: 'partners',
		record: 'partner',
		programs: 'affiliate',
		url: '/partners',
		qs: newestFirst,
		unique: 'id',
		summary: summarizePartner,
		names: ({ id }) => [id],
	},
	customer: {
		records: 'customers',
		record: 'customer',
		programs: 'affiliate and refer-a-friend',
		url: '/customers',
		qs: newestFirst,
		unique: 'key',
		summary: summarizeCustomer,
		names: ({ key, id, email }) => [key, id, email],
	},
	transaction: {
		records: 'transactions',
		record: 'transaction',
		programs: 'affiliate and refer-a-friend',
		url: '/transactions',
		qs: newestFirst,
		summary: summarizeTransaction,
		// Keys are not unique (`partnero-api.md` 1.6). What changes later, such as the rewards, is no part of the name.
		names: ({ key, action, amount, customer, referred_customer: buyer }) => [
			JSON.stringify([
				key,
				action,
				amount,
				...(key === null || key === undefined ? [customer, buyer].map(whoIs) : []),
			]),
		],
	},
	lead: {
		records: 'leads',
		record: 'lead',
		programs: 'affiliate',
		url: '/leads',
		qs: newestFirst,
		unique: 'id',
		names: ({ id }) => [id],
	},
	payoutRequest: {
		records: 'payout requests',
		record: 'payout request',
		programs: 'affiliate',
		url: '/payout_requests',
		qs: newestFirst,
		unique: 'id',
		names: ({ id }) => [id],
	},
	subscriber: {
		records: 'subscribers',
		record: 'subscriber',
		programs: 'newsletter',
		url: '/subscribers',
		// No document knows `sort` here (`partnero-api.md` 2.8).
		qs: {},
		unique: 'email',
		summary: summarizeSubscriber,
		// The ID may come later (`partnero-api.md` 1.6).
		names: ({ email, id }) => [email, id],
	},
} satisfies Record<string, WatchedList>;

/** The name of somebody in a record that changes least: what else it shows of them may be another thing tomorrow. */
function whoIs(shown: unknown): string | undefined {
	return shownIdentifiers(shown)[0];
}

/** Statistics call what is finished "paid" (`partnero-api.md` 2.11). */
const alsoCalled: { [status: string]: string[] } = { finished: ['paid'] };

/** The payout requests in a status. Each comes out once for each status that it gets into. */
export function payoutRequestsIn(status: string): WatchedList {
	const words = [status, ...(alsoCalled[status] ?? [])];
	return {
		...lists.payoutRequest,
		records: `payout requests in the status '${status}'`,
		record: `payout request in the status '${status}'`,
		url: '/payout_requests:search',
		qs: { ...newestFirst, status },
		names: ({ id }) => [id === undefined ? undefined : `${String(id)} ${status}`],
		// What the API filters is checked, since it may not heed a filter (`recording-rules.md` 14).
		holds: ({ status: shown }) =>
			shown === undefined || shown === null || words.includes(foldStatus(shown)),
	};
}
