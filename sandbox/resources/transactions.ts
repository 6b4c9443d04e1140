import { clock } from '../clock';
import { strikes } from '../quirks';
import type { Customer, NewTransaction, ProductValue, Transaction } from '../records';
import type { Answer, Call, Handlers } from '../responses';
import { ApiError, created, data, done, found, invalid, timestamp } from '../responses';
import type { ProgramState, Reference } from '../state';

import { archive, ordered, page, restore } from './common';
import type { CustomerFields } from './customers';
import { addCustomer, customerOfPath, showCustomer } from './customers';
import { archivedTransaction, refunded, showTransaction } from './sales';

/** One sale of a request (partnero-api.md 2.4). */
interface SaleFields {
	key?: string;
	amount?: number;
	reward?: number;
	amount_units?: string;
	action?: string;
	product_id?: ProductValue;
	product_type?: ProductValue;
	rewarded?: boolean;
	rewardable?: boolean;
	created_at?: number | string;
}

interface TransactionBody extends SaleFields {
	customer: Omit<CustomerFields, 'created_at'> & { created_at?: number | string };
	options?: { create_customer?: boolean; referral_url?: string };
	/** The form for several sales of one customer. */
	transactions?: SaleFields[];
}

/** Whether a list, or a read by the key, has a sale: it may be too new, or archived (quirks). */
function isShown({ quirks }: Call, where: 'lists' | 'reads') {
	const hiddenMs =
		(where === 'lists' ? quirks.salesHiddenFromListsMs : quirks.salesHiddenFromReadsMs) ?? 0;
	const since = clock.now() - hiddenMs;
	return ({ recordedAt, status }: Transaction) =>
		recordedAt <= since && !(quirks.archivedSalesHidden && status === 'archived');
}

/** The first one recorded of those that can be read. */
function getTransaction(call: Call): Answer {
	const { program, params } = call;
	const sale = program.transactions.all('key', params.key ?? '').find(isShown(call, 'reads'));
	return data(showTransaction(program, found(sale, 'Transaction')));
}

/** The first one recorded; which of several equal keys the API means is undocumented. */
function transactionOfPath(call: Call): Transaction {
	return found(call.program.transactions.find('key', call.params.key ?? ''), 'Transaction');
}

function listTransactions(call: Call) {
	const { program, query } = call;
	const { transactions } = program;
	const filters: Array<() => Transaction[]> = [];
	const { key } = query;
	if (key !== undefined) filters.push(() => transactions.all('key', String(key)));
	const reference = {
		key: query['partner.key'] ?? query['partner[key]'] ?? query.partner_key,
		email: query['partner.email'] ?? query['partner[email]'] ?? query.partner_email,
	} as Reference;
	if (reference.key !== undefined || reference.email !== undefined) {
		filters.push(() => transactions.all('partner', program.partnerBy(reference)?.id ?? ''));
	}
	const customerKey = query['customer.key'];
	if (customerKey !== undefined) {
		filters.push(() =>
			transactions.all('buyer', program.customers.find('key', String(customerKey))?.id ?? ''),
		);
	}
	const [first, ...others] = filters.map((filter) => filter());
	const show = (transaction: Transaction) => {
		const isDated = call.quirks.archivedSalesDated && transaction.status === 'archived';
		return isDated
			? archivedTransaction(program, transaction)
			: showTransaction(program, transaction);
	};
	const shown = isShown(call, 'lists');
	if (!first) return page(call, transactions.inOrder(call.switches.order).filter(shown), show);
	const sets = others.map((records) => new Set(records));
	const matches = first.filter((record) => sets.every((set) => set.has(record)) && shown(record));
	return page(call, ordered(call, matches), show);
}

/** Sales that the customer made or, in a refer-a-friend program, that it referred (partnero-api.md 2.3). */
function listCustomerTransactions(call: Call) {
	const { program, switches } = call;
	const { id } = customerOfPath(call);
	if (call.quirks.filtersIgnored?.includes('customer')) {
		return page(
			call,
			program.transactions.inOrder(switches.order).filter(isShown(call, 'lists')),
			(transaction) => showTransaction(program, transaction),
		);
	}
	const own = program.transactions.all('buyer', id);
	const referred = program.transactions.all('referrer', id);
	const both = switches.referralTransactions === 'both' ? [...own, ...referred] : referred;
	const records = ordered(call, program.isReferAFriend() ? both : own);
	return page(call, records.filter(isShown(call, 'lists')), (transaction) =>
		showTransaction(program, transaction),
	);
}

function buyerOf(call: Call, { customer, options }: TransactionBody): Customer | undefined {
	const { program } = call;
	const { id, key, email } = customer;
	const known = program.customerBy({ id, key, email });
	if (known) return known;
	const { quirks, switches } = call;
	const lacksPartner = customer.partner !== undefined && !program.partnerBy(customer.partner);
	if (options?.create_customer) {
		if (quirks.unknownPartnerIgnored && lacksPartner) return undefined;
		return addCustomer(program, { ...customer, created_at: instant(customer.created_at) });
	}
	if ((quirks.unknownCustomer ?? switches.unknownCustomer) === 'refuse')
		throw invalid({ customer: ['The customer is unknown.'] });
	return undefined;
}

function createTransactions(call: Call): Answer {
	const { program } = call;
	const body = call.body as TransactionBody;
	const sales = body.transactions ?? [body];
	refuseKnownKeys(call, sales);
	const buyer = buyerOf(call, body);
	if (buyer && program.isReferAFriend() && buyer.referringCustomer === null) {
		throw invalid({ customer: ['Only referred customers can have transactions.'] });
	}
	const cutShort = body.transactions && strikes(call.quirks.batchCutShort, 'POST');
	const records = sales
		.slice(0, cutShort?.recorded ?? call.failAfter)
		.map((sale) => record(call, buyer, sale));
	if (cutShort)
		throw invalid({ [`transactions.${records.length}`]: ['The given data was invalid.'] });
	if (records.length < sales.length) throw new ApiError(500, 'Server Error');
	if (!body.transactions) return created(call, records[0]);
	return call.switches.batchAnswer === 'transactions' ? created(call, records) : done;
}

/** With the switch: keys must be unique, as an older page says (partnero-api.md 5.1, row 6). */
function refuseKnownKeys(call: Call, sales: SaleFields[]): void {
	if (call.switches.duplicateTransactionKeys === 'record') return;
	const keys = sales.map((sale) => sale.key).filter((key) => key !== undefined);
	const repeated = keys.some(
		(key, index) => keys.indexOf(key) < index || call.program.transactions.has('key', key),
	);
	if (repeated) throw invalid({ key: ['The key has already been taken.'] });
}

function record({ program, quirks }: Call, buyer: Customer | undefined, sale: SaleFields): object {
	return recordSale(program, {
		key: sale.key,
		amount: sale.amount,
		reward: sale.reward,
		// A sale that was rewarded elsewhere earns nothing here.
		rewardable: sale.rewardable !== false && sale.rewarded !== true,
		amount_units: sale.amount_units,
		action: sale.action,
		productId: sale.product_id,
		productType: sale.product_type,
		created_at: quirks.createdAtIgnored ? undefined : instant(sale.created_at),
		recordedAt: clock.now(),
		customer: buyer?.id,
	});
}

/** Records a sale and tells of it, and of what it earns a referring customer. Returns its object. */
export function recordSale(program: ProgramState, input: NewTransaction): object {
	const transaction = program.transactions.add(input);
	const answer = showTransaction(program, transaction);
	program.emit('transaction.created', answer);
	const referrer =
		transaction.referrer === null ? undefined : program.customers.find('id', transaction.referrer);
	for (const reward of referrer ? transaction.earnings : []) {
		program.emit('customer.rewarded', {
			customer: showCustomer(program, referrer!),
			transaction: transaction.key,
			...reward,
		});
	}
	return answer;
}

/** Unix seconds or ISO 8601 (partnero-api.md 5.1, row 7). */
function instant(value: number | string | undefined): string | undefined {
	if (value === undefined) return undefined;
	return timestamp(new Date(typeof value === 'number' ? value * 1000 : value));
}

/** Refund: the sale and its commission are gone (partnero-api.md 2.4). */
function deleteTransaction(call: Call, transaction: Transaction) {
	const answer = refunded(call.program, transaction);
	call.program.transactions.remove(transaction);
	call.program.emit('transaction.deleted', answer);
	return done;
}

export const transactionHandlers: Handlers = {
	listTransactions,
	listCustomerTransactions,
	getTransaction,
	createTransactions,
	deleteTransaction: (call) => deleteTransaction(call, transactionOfPath(call)),
	deleteTransactionByBody: (call) => {
		const { key } = call.body as { key: string };
		return deleteTransaction(
			call,
			found(call.program.transactions.find('key', key), 'Transaction'),
		);
	},
	archiveTransaction: (call) => archive(call.program.transactions, transactionOfPath(call)),
	restoreTransaction: (call) => restore(call.program.transactions, transactionOfPath(call)),
};
