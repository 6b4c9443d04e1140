import type { Partner, PayoutGateway, PayoutMethod, PayoutRequest, PayoutStatus } from '../records';
import type { Answer, Call, Handlers } from '../responses';
import { ApiError, created, data, done, found, invalid } from '../responses';
import type { ProgramState, Reference } from '../state';
import { round } from '../state';

import { page } from './common';

interface PayoutBody {
	partner: Reference;
	amount_units: string;
	gateway?: PayoutGateway;
	payout_settings?: Record<string, string>;
	reward_ids?: number[];
}

/** The object is undocumented (partnero-api.md 2.11); a status and an amount are what the sources rely on. */
function show(program: ProgramState, request: PayoutRequest) {
	const { id, status, amount, amount_units, gateway, created_at, updated_at } = request;
	const partner = program.partners.find('id', request.partner);
	return {
		id: Number(id),
		status,
		partner: partner
			? {
					id: partner.id,
					name: [partner.name, partner.surname].filter(Boolean).join(' '),
					email: partner.email,
				}
			: null,
		amount,
		amount_units,
		gateway,
		created_at,
		updated_at,
	};
}

function requestOfPath({ program, params }: Call): PayoutRequest {
	return found(program.payoutRequests.find('id', params.id ?? ''), 'Payout request');
}

/** Filters are ANDed (partnero-api.md 2.11). */
function searchRequests(call: Call): Answer {
	const { program, query, switches } = call;
	const { status, amount_units, partner_id, partner_key, partner_email } = query;
	const reference = { id: partner_id, key: partner_key, email: partner_email } as Reference;
	const named = Object.values(reference).some((value) => value !== undefined);
	const partner = named ? program.partnerBy(reference) : undefined;
	const matches = program.payoutRequests
		.inOrder(switches.order)
		.filter(
			(request) =>
				(status === undefined || request.status === status) &&
				(amount_units === undefined ||
					request.amount_units === String(amount_units).toUpperCase()) &&
				(!named || request.partner === partner?.id),
		);
	return page(call, matches, (request) => show(program, request));
}

/** The way that the body names, with its details, or the one that the partner has saved (partnero-api.md 2.11). */
function methodOf(
	{ payoutMethod }: Partner,
	{ gateway, payout_settings: settings }: PayoutBody,
): PayoutMethod {
	if (gateway && settings) return { gateway, settings };
	if (payoutMethod && (gateway ?? payoutMethod.gateway) === payoutMethod.gateway)
		return payoutMethod;
	throw invalid({ gateway: ['The partner has no payout details.'] });
}

/** The bonuses that were chosen, or all that is unpaid in the currency (partnero-api.md 2.11). */
function amountOf(
	program: ProgramState,
	partner: Partner,
	units: string,
	chosen: number[],
): number {
	const unpaid = program.unpaid(partner.id).get(units) ?? 0;
	if (unpaid === 0)
		throw invalid({ amount_units: [`The partner has no unpaid balance in ${units}.`] });
	if (chosen.length === 0) return unpaid;
	const used = new Set(
		program.payoutRequests
			.all('partner', partner.id)
			.flatMap(({ status, rewards }) => (status === 'rejected' ? [] : rewards)),
	);
	const bonuses = chosen.map((id) =>
		program.bonuses.find(
			(bonus) => bonus.id === id && bonus.partner === partner.id && !used.has(id),
		),
	);
	if (bonuses.some((bonus) => bonus?.amount_units.toUpperCase() !== units)) {
		throw invalid({ reward_ids: ['The selected reward_ids are invalid.'] });
	}
	return Math.min(unpaid, round(bonuses.reduce((sum, bonus) => sum + (bonus?.amount ?? 0), 0)));
}

function createRequest(call: Call): Answer {
	const { program } = call;
	const body = call.body as PayoutBody;
	const partner = program.partnerBy(body.partner);
	if (!partner) throw invalid({ partner: ['The selected partner is invalid.'] });
	if (partner.status !== 'active')
		throw invalid({ partner: [`The partner is ${partner.status}.`] });
	const { gateway, settings } = methodOf(partner, body);
	const amount_units = body.amount_units.toUpperCase();
	const rewards = body.reward_ids ?? [];
	if (rewards.length > 0 && call.switches.payoutChoice === 'none') {
		throw invalid({ reward_ids: ['Partners of this program cannot choose their commissions.'] });
	}
	const amount = amountOf(program, partner, amount_units, rewards);
	const request = program.payoutRequests.add({
		partner: partner.id,
		amount,
		amount_units,
		gateway,
		settings,
		rewards,
	});
	return call.switches.payoutAnswer === 'record' ? created(call, show(program, request)) : done;
}

/** Out of order: an error whose message names the status that is in the way; its code is undocumented (partnero-api.md 2.11). */
function moveTo(call: Call, status: PayoutStatus, from: PayoutStatus[], what: string): Answer {
	const { program } = call;
	const request = requestOfPath(call);
	if (!from.includes(request.status)) {
		throw new ApiError(
			Number(call.switches.payoutRefusal),
			`This payout request cannot be ${what}: it is ${request.status}.`,
		);
	}
	program.payoutRequests.update(request, { status, updated_at: program.now() });
	return call.switches.payoutAnswer === 'record' ? data(show(program, request)) : done;
}

export const payoutRequestHandlers: Handlers = {
	listPayoutRequests: (call) =>
		page(call, call.program.payoutRequests.inOrder(call.switches.order), (request) =>
			show(call.program, request),
		),
	searchPayoutRequests: searchRequests,
	getPayoutRequest: (call) => data(show(call.program, requestOfPath(call))),
	createPayoutRequest: createRequest,
	approvePayoutRequest: (call) =>
		moveTo(call, 'approved', ['requested', 'resubmitted'], 'approved'),
	markPayoutRequestAsPaid: (call) => moveTo(call, 'finished', ['approved'], 'marked as paid'),
};
