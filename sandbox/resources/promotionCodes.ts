import type { Coupon, LimitedTo, PromotionCode } from '../records';
import type { Answer, Call, Handlers } from '../responses';
import { created, data, found, invalid, phpObject } from '../responses';
import type { ProgramState } from '../state';

import { bareChanges, page, redeem, redeemed } from './common';

type Kind = 'partner' | 'customer' | 'subscriber';

/** Whom a code can be limited to: the switch, the object beside it and the name in that (partnero-api.md 2.7). */
const LIMITS = {
	partner: ['limit_to_specific_partner', 'coupon_specific_partners', 'full_name'],
	customer: ['limit_to_specific_customer', 'coupon_specific_customers', 'customer_full_name'],
	subscriber: [
		'limit_to_specific_subscriber',
		'coupon_specific_subscribers',
		'subscriber_full_name',
	],
} as const;

type LimitFields = { [Limit in (typeof LIMITS)[Kind] as Limit[0]]?: boolean } & {
	[Limit in (typeof LIMITS)[Kind] as Limit[1]]?: { id: string } & { [Name in Limit[2]]?: string };
};

/** A code as a request describes it, on its own or with its coupon. */
export type CodeFields = LimitFields &
	Partial<
		Omit<
			PromotionCode,
			'coupon' | Kind | 'redemptions' | 'timesRedeemed' | 'created_at' | 'updated_at'
		>
	>;

interface CodeChange extends Pick<
	LimitFields,
	'limit_to_specific_partner' | 'coupon_specific_partners'
> {
	code: string;
	metadata?: Record<string, unknown> | null;
	redeem?: boolean;
	transaction_key?: string;
}

/** The promotion-code object of lists, writes and coupons; subscribers exist in newsletter programs only. */
export function showCode(program: ProgramState, code: PromotionCode) {
	const { code: name, first_time_order, metadata } = code;
	const kinds: Kind[] =
		program.name === 'newsletter' ? ['partner', 'customer', 'subscriber'] : ['partner', 'customer'];
	return {
		code: name,
		first_time_order,
		...Object.assign({}, ...kinds.map((kind) => showLimit(kind, code[kind]))),
		minimum_order_status: code.minimum_order_status,
		minimum_order_value: code.minimum_order_value,
		expiration_date_status: code.expiration_date_status,
		expiration_date_value: code.expiration_date_value,
		redemption_times_status: code.redemption_times_status,
		redemption_times_value: code.redemption_times_value,
		metadata: phpObject(metadata),
		...redeemed(code),
	};
}

function showLimit(kind: Kind, limit: LimitedTo | null) {
	const [isLimited, to, name] = LIMITS[kind];
	return {
		[isLimited]: limit !== null,
		[to]: phpObject(limit ? { id: limit.id, [name]: limit.fullName } : {}),
	};
}

/** The object of GET one, with its coupon in short. */
function withCoupon(program: ProgramState, code: PromotionCode) {
	const coupon = program.coupons.find('uuid_code', code.coupon);
	return { ...showCode(program, code), coupon: coupon ? short(coupon) : null };
}

function short({ name, uuid_code, active, created_at, updated_at, ...fields }: Coupon) {
	const {
		coupon_discount_type,
		coupon_discount_amount,
		coupon_duration_type,
		coupon_duration_value,
	} = fields;
	const discount = {
		coupon_discount_type,
		coupon_discount_amount,
		coupon_duration_type,
		coupon_duration_value,
	};
	return { name, uuid_code, active, ...discount, created_at, updated_at };
}

/** Whom a request limits a code to; nobody if it says false. Somebody whom the program lacks is refused, which is undocumented. */
function limitOf(program: ProgramState, kind: Kind, fields: LimitFields): LimitedTo | null {
	const [isLimited, to, name] = LIMITS[kind];
	const { [isLimited]: wanted, [to]: given } = fields;
	if (!wanted || !given) return null;
	const { id, [name as 'full_name']: fullName = '' } = given as { id: string; full_name?: string };
	const known = {
		partner: () => program.partners.has('id', id),
		customer: () => program.customers.has('id', id) || program.customers.has('key', id),
		subscriber: () => program.subscribers.has('id', id),
	};
	if (!known[kind]()) throw invalid({ [to]: [`The ${kind} is unknown.`] });
	return { id, fullName };
}

/** The codes of a request, once all of them can be recorded. */
export function readCodes(
	program: ProgramState,
	inputs: CodeFields[],
): Array<Omit<CodeFields, keyof LimitFields>> {
	const taken = new Set<string>();
	return inputs.map((input) => {
		const { code } = input;
		if (code !== undefined && (taken.has(code) || program.promotionCodes.has('code', code))) {
			throw invalid({ code: ['The code has already been taken.'] });
		}
		if (code !== undefined) taken.add(code);
		const limits = Object.fromEntries(
			(Object.keys(LIMITS) as Kind[]).map((kind) => [kind, limitOf(program, kind, input)]),
		);
		const others = Object.entries(input).filter(
			([name]) =>
				!Object.values(LIMITS)
					.flat()
					.some((field) => field === name),
		);
		return { ...Object.fromEntries(others), ...limits };
	});
}

/** Writes carry a text beside `data`. */
function answerWith({ status, body }: Answer, message: string): Answer {
	return { status, body: { ...(body as object), message } };
}

function createPromotionCode(call: Call): Answer {
	const { program } = call;
	const { coupon_uuid, ...fields } = call.body as CodeFields & { coupon_uuid: string };
	if (!program.coupons.has('uuid_code', coupon_uuid))
		throw invalid({ coupon_uuid: ['The coupon is unknown.'] });
	const [input] = readCodes(program, [fields]);
	const code = program.promotionCodes.add({ ...input, coupon: coupon_uuid });
	return answerWith(created(call, showCode(program, code)), 'The promotion code has been created.');
}

function updatePromotionCode(call: Call): Answer {
	const { program } = call;
	const { code: name } = call.body as CodeChange;
	const {
		code: _code,
		metadata,
		redeem: isRedeemed,
		transaction_key,
		...limit
	} = bareChanges<CodeChange>(call);
	const code = found(program.promotionCodes.find('code', name), 'Promotion code');
	program.promotionCodes.update(code, {
		partner:
			limit.limit_to_specific_partner === undefined
				? code.partner
				: limitOf(program, 'partner', limit),
		metadata: metadata === null ? {} : { ...code.metadata, ...metadata },
		updated_at: program.now(),
	});
	if (isRedeemed) redeem(program, code, transaction_key);
	return answerWith(data(showCode(program, code)), 'The promotion code has been updated.');
}

/** The answer stands inside `data` (partnero-api.md 2.7). */
function deletePromotionCode({ program, body }: Call): Answer {
	const { code: name, coupon } = body as { code: string; coupon: { uuid_code: string } };
	const code = found(program.promotionCodes.find('code', name), 'Promotion code');
	if (code.coupon !== coupon.uuid_code)
		throw invalid({ 'coupon.uuid_code': ['The code belongs to another coupon.'] });
	program.promotionCodes.remove(code);
	return {
		status: 200,
		body: { data: { status: 1, message: 'The promotion code has been deleted.' } },
	};
}

export const promotionCodeHandlers: Handlers = {
	listPromotionCodes: (call) =>
		page(call, call.program.promotionCodes.inOrder(call.switches.order), (code) =>
			showCode(call.program, code),
		),
	getPromotionCode: ({ program, params }) =>
		data(
			withCoupon(
				program,
				found(program.promotionCodes.find('code', params.code ?? ''), 'Promotion code'),
			),
		),
	createPromotionCode,
	updatePromotionCode,
	deletePromotionCode,
};
