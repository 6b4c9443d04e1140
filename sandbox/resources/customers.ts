import type { Customer } from '../records';
import type { Answer, Call, Handlers } from '../responses';
import { ApiError, created, data, done, found, invalid, phpObject, tagValues } from '../responses';
import type { ProgramState, Reference } from '../state';
import { round } from '../state';

import { archive, changes, ordered, page, refuseTaken, restore, search, updatedAt } from './common';
import { linksOf } from './links';
import { refunded } from './sales';

/** What can be said of a customer on creation, also inside a transaction (partnero-api.md 2.3, 2.4). */
export interface CustomerFields extends Reference {
	name?: string;
	surname?: string;
	tags?: string[];
	created_at?: string;
	metadata?: { date_of_birth?: string };
	partner?: Reference;
	referring_customer?: Reference;
}

/** Creates a customer with its partner or referring customer, or refuses (partnero-api.md 2.3). */
export function addCustomer(program: ProgramState, input: CustomerFields): Customer {
	const { partner, referring_customer, metadata, ...fields } = input;
	const referringPartner = partner && program.partnerBy(partner);
	if (!program.isReferAFriend() && !referringPartner)
		throw new ApiError(400, 'Invalid partner key');
	const referrer = referring_customer && program.customerBy(referring_customer);
	if (referring_customer && !referrer) throw new ApiError(400, 'Invalid referring customer');
	for (const index of ['key', 'id', 'email'] as const)
		refuseTaken(program.customers, index, fields[index]);
	const customer = program.customers.add({
		...fields,
		dateOfBirth: metadata?.date_of_birth,
		partner: referringPartner?.id,
		referringCustomer: referrer?.id,
	});
	program.emit('customer.created', showCustomer(program, customer));
	return customer;
}

/** The object of an affiliate program; `partner` is the partner's id (partnero-api.md 2.3.1). */
function affiliateShort({ key, partner, name, surname, email, created_at, updated_at }: Customer) {
	return {
		key,
		partner,
		deleted: false,
		name,
		surname,
		email,
		created_at,
		updated_at,
		deleted_at: null,
	};
}

/** The short object of a refer-a-friend program (partnero-api.md 2.3.2). */
function referralShort(customer: Customer) {
	const { id, email, name, surname, created_at, updated_at } = customer;
	const metadata = phpObject(customer.dateOfBirth ? { date_of_birth: customer.dateOfBirth } : {});
	const state = { approved: true, status: customer.status, custom_fields: phpObject({}), metadata };
	return { id, email, name, surname, ...state, created_at, updated_at };
}

function short(program: ProgramState) {
	return program.isReferAFriend() ? referralShort : affiliateShort;
}

export function showCustomer(program: ProgramState, customer: Customer): object {
	if (!program.isReferAFriend()) {
		return { ...affiliateShort(customer), status: customer.status, tags: tagValues(customer.tags) };
	}
	return {
		...referralShort(customer),
		tos: true,
		referring_customer: referrerOf(program, customer),
		referrals_count: referrals(program, customer).length,
		...linksOf(program, customer),
	};
}

function referrerOf(program: ProgramState, { referringCustomer }: Customer) {
	const referrer =
		referringCustomer === null ? undefined : program.customers.find('id', referringCustomer);
	if (!referrer) return null;
	const { id, email } = referrer;
	return {
		id,
		email,
		referring_customer: null,
		referrals_count: referrals(program, referrer).length,
	};
}

function referrals(program: ProgramState, customer: Customer): Customer[] {
	return program.customers.all('referrer', customer.id);
}

/** The path takes key, id or email, or the main identifier only (partnero-api.md 5.1, row 10). */
export function customerOfPath(call: Call): Customer {
	const { program, switches } = call;
	const value = call.params.key ?? '';
	const main = program.isReferAFriend() ? 'id' : 'key';
	const customer =
		switches.customerPath === 'any'
			? program.anyCustomer(value)
			: program.customers.find(main, value);
	return found(customer, 'Customer');
}

function customerOfBody(call: Call): Customer {
	return found(call.program.customerBy(call.body as Reference), 'Customer');
}

function listCustomers(call: Call) {
	const { program, query } = call;
	const reference = {
		key: query['partner.key'] ?? query['partner[key]'] ?? query.partner_key,
		email: query['partner.email'] ?? query['partner[email]'] ?? query.partner_email,
	} as Reference;
	let records = program.customers.inOrder(call.switches.order);
	if (reference.key !== undefined || reference.email !== undefined) {
		const partner = program.partnerBy(reference);
		records = partner ? ordered(call, program.customers.all('partner', partner.id)) : [];
	}
	if (query.refer_status !== undefined) {
		const referred = query.refer_status === 'referred';
		records = records.filter((customer) => (customer.referringCustomer !== null) === referred);
	}
	return page(call, records, short(program));
}

function searchCustomers(call: Call) {
	const matches = search(call, call.program.customers.inOrder(call.switches.order), {
		email: (customer) => [customer.email],
		key: (customer) => [customer.key],
		id: (customer) => [customer.id],
	});
	return page(call, matches, short(call.program));
}

function createCustomer(call: Call) {
	const {
		options: _options,
		customer,
		...rest
	} = call.body as CustomerFields & { options?: object; customer?: CustomerFields };
	// The vendor's plugin puts the customer beside its partner (partnero-api.md N6).
	const fields = customer ? { ...customer, ...rest } : rest;
	return created(call, showCustomer(call.program, addCustomer(call.program, fields)));
}

function updateCustomer(call: Call, customer: Customer) {
	const { program } = call;
	const change = changes<CustomerFields>(call);
	const { metadata, ...fields } = change;
	for (const index of ['email', 'key'] as const)
		refuseTaken(program.customers, index, fields[index], customer);
	const birth =
		metadata?.date_of_birth === undefined ? {} : { dateOfBirth: metadata.date_of_birth };
	program.customers.update(customer, {
		...(fields as Partial<Customer>),
		...birth,
		...updatedAt(program, change),
	});
	const answer = showCustomer(program, customer);
	program.emit('customer.updated', answer);
	return data(answer);
}

function deleteCustomer(call: Call, customer: Customer) {
	const { program } = call;
	const answer = showCustomer(program, customer);
	const sales = program.transactions
		.all('buyer', customer.id)
		.map((sale) => refunded(program, sale));
	program.removeCustomer(customer);
	for (const sale of sales) program.emit('transaction.deleted', sale);
	program.emit('customer.deleted', answer);
	return done;
}

/** Changes the status of a customer; it has no event of its own, so it is an update. */
function changeStatus(call: Call, change: (customer: Customer) => Answer): Answer {
	const customer = customerOfPath(call);
	const answer = change(customer);
	call.program.emit('customer.updated', showCustomer(call.program, customer));
	return answer;
}

/** Suspended customers earn nothing for their partner (partnero-api.md 2.3.1). */
function setStatus(call: Call, status: 'active' | 'suspended') {
	return changeStatus(call, (customer) => {
		call.program.customers.update(customer, { status });
		return done;
	});
}

/** Empty is a list, otherwise an object (partnero-api.md 2.3.2). */
function getBalance(call: Call) {
	const customer = customerOfPath(call);
	const amounts = call.program.balance(customer);
	const money = amounts.filter((amount) => amount.is_currency);
	const other = amounts.filter((amount) => !amount.is_currency);
	const balance = phpObject({
		...(money.length && { currency: money }),
		...(other.length && { other }),
	});
	return data({ customer: referralShort(customer), balance });
}

/** The answer is undocumented: the new balance. */
function creditBalance(call: Call) {
	const { program } = call;
	const customer = customerOfPath(call);
	const input = call.body as { amount: number; is_currency?: boolean; amount_units?: string };
	const { amount, is_currency = true, amount_units = program.settings.currency } = input;
	if (!is_currency && input.amount_units === undefined) {
		throw invalid({
			amount_units: ['The amount_units field is required when is_currency is false.'],
		});
	}
	program.credits.push({
		customer: customer.id,
		amount,
		amount_units,
		is_currency,
		created_at: program.now(),
	});
	const answer = getBalance(call);
	program.emit('customer.credited', {
		customer: referralShort(customer),
		amount,
		amount_units,
		is_currency,
	});
	return answer;
}

/** The answer is undocumented: what the customer referred and earned. */
function getStatistics(call: Call) {
	const { program } = call;
	const customer = customerOfPath(call);
	const sales = program.transactions.all('referrer', customer.id);
	const sum = (amounts: number[]) => round(amounts.reduce((total, amount) => total + amount, 0));
	return data({
		referrals_count: referrals(program, customer).length,
		transactions_count: sales.length,
		total_revenue: sum(sales.map((sale) => sale.amount)),
		total_rewards: sum(sales.flatMap((sale) => sale.earnings.map((earning) => earning.amount))),
	});
}

/** Sends an invitation; the answer is undocumented (partnero-api.md 2.3.2). */
function inviteCustomer(call: Call) {
	const { program } = call;
	const { personalization = {}, ...fields } = call.body as CustomerFields & {
		email: string;
		personalization?: Record<string, string>;
	};
	const known = program.customerBy({ email: fields.email });
	const customer = known ?? addCustomer(program, fields);
	program.invitations.push({ email: fields.email, personalization, created_at: program.now() });
	return data(showCustomer(program, customer));
}

export const customerHandlers: Handlers = {
	listCustomers,
	searchCustomers,
	getCustomer: (call) => data(showCustomer(call.program, customerOfPath(call))),
	createCustomer,
	updateCustomer: (call) => updateCustomer(call, customerOfPath(call)),
	updateCustomerByBody: (call) => updateCustomer(call, customerOfBody(call)),
	deleteCustomer: (call) => deleteCustomer(call, customerOfPath(call)),
	deleteCustomerByBody: (call) => deleteCustomer(call, customerOfBody(call)),
	archiveCustomer: (call) =>
		changeStatus(call, (customer) => archive(call.program.customers, customer)),
	restoreCustomer: (call) =>
		changeStatus(call, (customer) => restore(call.program.customers, customer)),
	suspendCustomer: (call) => setStatus(call, 'suspended'),
	approveCustomer: (call) => setStatus(call, 'active'),
	listCustomerReferrals: (call) => {
		const records = ordered(call, referrals(call.program, customerOfPath(call)));
		return call.switches.referrals === 'paged'
			? page(call, records, referralShort)
			: data(records.map(referralShort));
	},
	getCustomerBalance: getBalance,
	creditCustomerBalance: creditBalance,
	getCustomerStatistics: getStatistics,
	inviteCustomer,
};
