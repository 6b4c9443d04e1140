import type { Partner } from '../records';
import type { Call, Handlers } from '../responses';
import {
	ApiError,
	created,
	data,
	done,
	found,
	invalid,
	phpObject,
	tagValues,
	timestamp,
} from '../responses';
import type { ProgramState, Reference } from '../state';
import { round, totals } from '../state';

import { archive, changes, page, refuseTaken, restore, search, updatedAt } from './common';
import { linkKeys, linksOf } from './links';

interface PartnerFields {
	id?: string;
	key?: string;
	email: string;
	name?: string;
	surname?: string;
	password?: string;
	tags?: string[];
	referring_partner?: Reference;
}

/** The object of lists and searches: no `key` (partnero-api.md 2.2). */
function short(partner: Partner) {
	const { id, email, name, surname, status, approved, created_at, updated_at } = partner;
	return {
		id,
		email,
		name,
		surname,
		status,
		approved,
		custom_fields: phpObject({}),
		created_at,
		updated_at,
	};
}

/** The object of create and update. */
export function showPartner(program: ProgramState, partner: Partner) {
	return {
		...short(partner),
		tos: partner.tos,
		referrals_count: program.customers.all('partner', partner.id).length,
		tags: tagValues(partner.tags),
		...linksOf(program, partner),
	};
}

/** The object of get, with what the partner brought and earned. */
function full(program: ProgramState, partner: Partner) {
	const sales = program.transactions.all('partner', partner.id);
	const payouts = program.payoutRequests.all('partner', partner.id);
	const paid = payouts.filter(({ status }) => status === 'finished');
	const pending = payouts.filter(({ status }) => status !== 'finished' && status !== 'rejected');
	return {
		...showPartner(program, partner),
		referrals: {
			clicks: partner.clicks,
			signups: program.customers.all('partner', partner.id).length,
			revenue: byCurrency(totals(sales)),
			sales_count: sales.length,
			paid_accounts: new Set(sales.map((sale) => sale.buyer)).size,
		},
		commissions: {
			paid: paid.reduce((sum, { amount }) => round(sum + amount), 0),
			pending: byCurrency(totals(pending)),
			not_paid: byCurrency(program.unpaid(partner.id)),
		},
		custom_field_values: [],
	};
}

function byCurrency(amounts: ReadonlyMap<string, number>) {
	return [...amounts].map(([currency, amount]) => ({ currency, amount }));
}

/** Paths take the id only (partnero-api.md 1.6). */
export function partnerOfPath(call: Call): Partner {
	return found(call.program.partners.find('id', call.params.id ?? ''), 'Partner');
}

function partnerOfBody(call: Call): Partner {
	return found(call.program.partnerBy(call.body as Reference), 'Partner');
}

function createPartner(call: Call) {
	const { program } = call;
	const { referring_partner, password: _password, ...fields } = call.body as PartnerFields;
	for (const index of ['email', 'key', 'id'] as const)
		refuseTaken(program.partners, index, fields[index]);
	const referring = referring_partner && program.partnerBy(referring_partner);
	if (referring_partner && !referring)
		throw invalid({ referring_partner: ['The referring partner is unknown.'] });
	const partner = program.partners.add({ ...fields, referringPartner: referring?.id });
	const answer = showPartner(program, partner);
	program.emit('partner.created', answer);
	return created(call, answer);
}

function updatePartner(call: Call, partner: Partner) {
	const { program } = call;
	const { password: _password, ...fields } = changes<PartnerFields>(call);
	for (const index of ['email', 'key'] as const)
		refuseTaken(program.partners, index, fields[index], partner);
	program.partners.update(partner, { ...fields, ...updatedAt(program, fields) });
	const answer = showPartner(program, partner);
	program.emit('partner.updated', answer);
	return data(answer);
}

function deletePartner(call: Call, partner: Partner) {
	const answer = showPartner(call.program, partner);
	call.program.removePartner(partner);
	call.program.emit('partner.deleted', answer);
	return done;
}

function archivePartner(call: Call) {
	const partner = partnerOfPath(call);
	const answer = archive(call.program.partners, partner);
	call.program.emit('partner.archived', showPartner(call.program, partner));
	return answer;
}

/** A restoration has no event of its own, so it is an update. */
function restorePartner(call: Call) {
	const partner = partnerOfPath(call);
	const answer = restore(call.program.partners, partner);
	call.program.emit('partner.updated', showPartner(call.program, partner));
	return answer;
}

/** A one-off bonus (partnero-api.md 2.2); the shape of its answer is undocumented. */
function addReward(call: Call) {
	const { program } = call;
	const { id: partner } = partnerOfPath(call);
	const {
		amount,
		note = null,
		date,
	} = call.body as { amount: number; note?: string; date?: string };
	const bonus = {
		id: program.next(),
		partner,
		amount,
		amount_units: program.settings.currency,
		is_currency: true,
		note,
		created_at: date ? timestamp(new Date(date)) : program.now(),
	};
	program.bonuses.push(bonus);
	return created(call, { action: 'bonus', status: 'ok', credit: false, ...bonus });
}

/** A one-time login URL (partnero-api.md 2.2); the shape of its answer is undocumented. */
function createSignInUrl(call: Call) {
	const { program } = call;
	const { expires_in = 120, ...reference } = call.body as Reference & { expires_in?: number };
	const partner = program.partnerBy(reference);
	if (!partner) throw new ApiError(404, 'Partner not found.');
	const url = `https://portal.example/sign-in/${encodeURIComponent(partner.id)}-${program.next()}`;
	const expires_at = timestamp(new Date(program.clock().getTime() + expires_in * 1000));
	return data({ url, expires_in, expires_at });
}

export const partnerHandlers: Handlers = {
	listPartners: (call) => page(call, call.program.partners.inOrder(call.switches.order), short),
	searchPartners: (call) => {
		const records = call.program.partners.inOrder(call.switches.order);
		const matches = search(call, records, {
			email: (partner) => [partner.email],
			key: linkKeys,
			id: (partner) => [partner.id],
		});
		return page(call, matches, short);
	},
	getPartner: (call) => data(full(call.program, partnerOfPath(call))),
	lookUpPartner: (call) => {
		const { id, key, email } = call.query as Reference;
		if (id === undefined && key === undefined && email === undefined) {
			throw invalid({ key: ['One of key, email, id is required.'] });
		}
		return data(full(call.program, found(call.program.partnerBy({ id, key, email }), 'Partner')));
	},
	createPartner,
	updatePartner: (call) => updatePartner(call, partnerOfPath(call)),
	updatePartnerByBody: (call) => updatePartner(call, partnerOfBody(call)),
	deletePartner: (call) => deletePartner(call, partnerOfPath(call)),
	deletePartnerByBody: (call) => deletePartner(call, partnerOfBody(call)),
	archivePartner,
	restorePartner,
	addPartnerReward: addReward,
	createPartnerSignInUrl: createSignInUrl,
};
