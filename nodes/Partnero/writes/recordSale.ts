import type { IDataObject } from 'n8n-workflow';

import { foldKey } from '../form/keys';
import type { Call } from '../response/call';
import { programIdOf } from '../transport/program';

import { refunded } from './recent';
import { recordSales } from './recorder';
import { saleOf } from './sale';
import { salesMemory } from './salesMemory';

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
export async function forgetSale({ run, context }: Call, key: string): Promise<void> {
	const name = `${programIdOf(await run.credentials(context))} ${foldKey(key)}`;
	salesMemory.forget(name);
	refunded.note(name, true);
}

/** Whether this process has recorded a sale under exactly this key, which no look-up has shown yet. */
export async function isUnseenSale({ context, run }: Call, key: string): Promise<boolean> {
	const known = salesMemory.get(`${programIdOf(await run.credentials(context))} ${foldKey(key)}`);
	return known?.answered !== undefined && !known.isSeen && known.key === key;
}
