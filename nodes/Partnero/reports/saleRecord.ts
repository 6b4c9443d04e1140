import type { IDataObject } from 'n8n-workflow';

import { isBlank } from '../form/values';
import { isSameName, shownIdentifiers } from '../response/identity';
import { rewardsOf } from '../shared/amounts';

import type { Amount } from './decimal';
import { amountOf } from './decimal';

/** What a sale earned somebody. */
export interface Commission {
	/** Whose it is: the identifier that the record shows. */
	earner?: string;
	/** `undefined` where it cannot be read, which is not 0. */
	amount?: Amount;
	/** In the API's words: `ok`, `review_period`, `rejected`; `archived` with its sale or by itself. */
	status: string;
}

/** A sale as a list shows it (`partnero-api.md` 2.4). */
export interface Sale {
	key: string | null;
	amount?: Amount;
	isArchived: boolean;
	/** The partner who brought it, or in a refer-a-friend program the customer who referred the buyer. */
	earner?: string;
	/** The buyer. */
	customer: string | null;
	/** `undefined` where the server shows none. */
	commissions?: Commission[];
}

/** How the sales of a program are read. */
export interface SaleReading {
	isReferral: boolean;
	/** The program's currency, for an amount that names none. */
	currency?: string;
}

/** Reads a record of a list of transactions. */
export function saleOf(record: IDataObject, reading: SaleReading): Sale {
	const earnersOf = ({ partner, customer }: IDataObject) =>
		shownIdentifiers(reading.isReferral ? customer : partner);
	const names = earnersOf(record);
	const [earner] = names;
	// A commission may name the same one by another identifier.
	const earnerOf = (reward: IDataObject) => {
		const others = earnersOf(reward);
		return others.some((other) => names.some((name) => isSameName(name, other)))
			? earner
			: (others[0] ?? earner);
	};
	const isArchived = isGone(record);
	const [customer = null] = shownIdentifiers(
		reading.isReferral ? record.referred_customer : record.customer,
	);
	return {
		key: isBlank(record.key) ? null : String(record.key),
		amount: amountOf(record, reading.currency),
		...{ isArchived, earner, customer },
		commissions: rewardsOf(record)?.map((reward) => ({
			earner: earnerOf(reward),
			amount: amountOf(reward, reading.currency),
			status: isArchived || isGone(reward) ? 'archived' : statusOf(reward),
		})),
	};
}

/** Whether a commission counts: what was rejected or archived is paid to nobody. */
export function isEarned({ status }: Commission): boolean {
	return status !== 'rejected' && status !== 'archived';
}

function isGone({ deleted_at: deletedAt }: IDataObject): boolean {
	return !isBlank(deletedAt) && deletedAt !== false;
}

function statusOf({ status }: IDataObject): string {
	return isBlank(status) ? 'ok' : String(status).trim().toLowerCase();
}
