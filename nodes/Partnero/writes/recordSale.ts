import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../response/call';

import { noteDeleted } from './recent';
import { recordSales } from './recorder';
import { saleOf } from './sale';
import { nameOfSale, salesMemory } from './salesMemory';

/**
 * Records the sale of one item, once if it has a key.
 * @returns the transaction with `created`
 * @throws ItemFailure, or NodeOperationError for what is wrong with the item
 */
export async function recordSale(call: Call): Promise<IDataObject> {
	const sale = saleOf(call);
	const outcome = (await recordSales([sale])).get(sale)!;
	if ('record' in outcome) return outcome.record;
	return await Promise.reject(outcome.error as Error);
}

/** Lets a key be used again whose sale was refunded. */
export function forgetSale({ run }: Call, key: string): void {
	noteDeleted(nameOfSale(run.programId, key));
}

/** Whether this process has recorded a sale under exactly this key, which no look-up has shown yet. */
export function isUnseenSale({ run }: Call, key: string): boolean {
	const known = salesMemory.get(nameOfSale(run.programId, key));
	return known?.answered !== undefined && !known.isSeen && known.key === key;
}
