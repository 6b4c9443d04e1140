import type { Coupon } from '../records';
import type { Answer, Call, Handlers } from '../responses';
import { created, data, done, found, invalid, phpObject } from '../responses';
import type { ProgramState } from '../state';

import { bareChanges, page, redeem, redeemed, refuseTaken } from './common';
import type { CodeFields } from './promotionCodes';
import { readCodes, showCode } from './promotionCodes';

interface CouponSync {
	sync?: { provider: string };
}

type CouponBody = Partial<Coupon> & CouponSync & { promotion_codes?: CodeFields[] };

interface CouponChange extends CouponSync {
	uuid_code: string;
	name?: string;
	metadata?: Record<string, unknown> | null;
	redeem?: boolean;
	transaction_key?: string;
}

/** The coupon object of writes (partnero-api.md 2.6). */
function written(coupon: Coupon) {
	const {
		redemptions: _redemptions,
		timesRedeemed: _times,
		provider: _provider,
		metadata,
		...fields
	} = coupon;
	return { ...fields, metadata: phpObject(metadata), ...redeemed(coupon), deleted_at: null };
}

/** The coupon object of list and get. */
function withCodes({ program }: Call, coupon: Coupon) {
	const codes = program.promotionCodes.all('coupon', coupon.uuid_code);
	return {
		...written(coupon),
		promotion_codes: { data: codes.map((code) => showCode(program, code)) },
	};
}

/** Writes say beside `data` whether the coupon was passed on to a shop system. */
function answerWith({ status, body }: Answer, { provider }: Coupon, message: string): Answer {
	const synchronization = {
		synchronization_enabled: provider !== null,
		synchronization_successful: provider !== null,
		synchronization_message: provider === null ? '' : `Synchronized with ${provider}.`,
	};
	return { status, body: { ...(body as object), message, ...synchronization } };
}

/** The shop system must be connected, and a coupon has one at most (partnero-api.md 2.6). */
function provider(
	program: ProgramState,
	{ sync }: CouponSync,
	current: string | null,
): string | null {
	if (!sync) return current;
	if (current !== null)
		throw invalid({ 'sync.provider': [`The coupon is synchronized with ${current} already.`] });
	if (!program.connectedProviders.has(sync.provider)) {
		throw invalid({ 'sync.provider': [`${sync.provider} is not connected to this program.`] });
	}
	return sync.provider;
}

function couponOfPath(call: Call): Coupon {
	return found(call.program.coupons.find('uuid_code', call.params.uuid_code ?? ''), 'Coupon');
}

function createCoupon(call: Call): Answer {
	const { program } = call;
	const { promotion_codes = [], sync, ...fields } = call.body as CouponBody;
	refuseTaken(program.coupons, 'uuid_code', fields.uuid_code);
	const codes = readCodes(program, promotion_codes);
	const coupon = program.coupons.add({ ...fields, provider: provider(program, { sync }, null) });
	for (const code of codes) program.promotionCodes.add({ ...code, coupon: coupon.uuid_code });
	return answerWith(created(call, written(coupon)), coupon, 'The coupon has been created.');
}

function updateCoupon(call: Call): Answer {
	const { program } = call;
	const { uuid_code } = call.body as CouponChange;
	const {
		name,
		metadata,
		redeem: isRedeemed,
		transaction_key,
		sync,
	} = bareChanges<CouponChange>(call);
	const coupon = found(program.coupons.find('uuid_code', uuid_code), 'Coupon');
	program.coupons.update(coupon, {
		name: name ?? coupon.name,
		metadata: metadata === null ? {} : { ...coupon.metadata, ...metadata },
		provider: provider(program, { sync }, coupon.provider),
		updated_at: program.now(),
	});
	if (isRedeemed) redeem(program, coupon, transaction_key);
	return answerWith(data(written(coupon)), coupon, 'The coupon has been updated.');
}

export const couponHandlers: Handlers = {
	listCoupons: (call) =>
		page(call, call.program.coupons.inOrder(call.switches.order), (coupon) =>
			withCodes(call, coupon),
		),
	getCoupon: (call) => data(withCodes(call, couponOfPath(call))),
	createCoupon,
	updateCoupon,
	deleteCoupon: (call) => {
		call.program.removeCoupon(couponOfPath(call));
		return done;
	},
};
