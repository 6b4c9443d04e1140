import type { Transaction } from '../records';
import type { ProgramState } from '../state';

/** The object of the program type: who bought, who earns, and what (partnero-api.md 2.4). */
export function showTransaction(program: ProgramState, transaction: Transaction): object {
	const { key, action, amount, amount_units, created_at } = transaction;
	const people = program.isReferAFriend()
		? { customer: transaction.referrer, referred_customer: transaction.buyer }
		: { partner: transaction.partner, customer: buyerKey(program, transaction) };
	const common = { credit: false, is_currency: true, amount_units, created_at, deleted_at: null };
	const product_type_data = {
		...(transaction.productId !== null && { product_id: transaction.productId }),
		...(transaction.productType !== null && { product_type: transaction.productType }),
	};
	const rewards = transaction.earnings.map((earning) => ({
		key,
		action,
		status: 'ok',
		...people,
		...common,
		...earning,
		product_type_data,
	}));
	return { key, action, amount, ...people, ...common, rewards };
}

function buyerKey(program: ProgramState, { buyer }: Transaction): string | null {
	return buyer === null ? null : (program.customers.find('id', buyer)?.key ?? null);
}

/** An archived sale where the server shows when that was; the sandbox keeps no such date, so it is the sale's own. */
export function archivedTransaction(program: ProgramState, transaction: Transaction): object {
	const shown = showTransaction(program, transaction) as { rewards: object[] };
	const deleted_at = transaction.created_at;
	return {
		...shown,
		deleted_at,
		rewards: shown.rewards.map((reward) => ({ ...reward, deleted_at })),
	};
}

/** What a refund leaves to show. */
export function refunded(program: ProgramState, transaction: Transaction): object {
	return { ...showTransaction(program, transaction), deleted_at: program.now() };
}
