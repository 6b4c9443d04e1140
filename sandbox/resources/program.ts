import { PROGRAMS } from '../programs';
import type { PayoutStatus } from '../records';
import type { Answer, Call, Handlers } from '../responses';
import { ApiError, data, phpObject } from '../responses';
import type { ProgramState } from '../state';
import { round, totals } from '../state';

const MONTH = 30 * 24 * 60 * 60 * 1000;

interface Stamped {
	created_at: string;
}

/** Money by currency, formatted as the API does it: `{"usd": "$1,124.90"}`; nothing is an empty list. */
function money(amounts: ReadonlyMap<string, number>) {
	return phpObject(
		Object.fromEntries(
			[...amounts].map(([currency, amount]) => [
				currency.toLowerCase(),
				formatted(amount, currency),
			]),
		),
	);
}

/** The same as numbers: `{"usd": 1124.9}`. */
function plain(amounts: ReadonlyMap<string, number>) {
	return Object.fromEntries(
		[...amounts].map(([currency, amount]) => [currency.toLowerCase(), amount]),
	);
}

function formatted(amount: number, currency: string): string {
	return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount);
}

/** One sum less another, by currency. */
function difference(
	amounts: ReadonlyMap<string, number>,
	less: ReadonlyMap<string, number>,
): Map<string, number> {
	return new Map(
		[...amounts].map(([currency, amount]) => [currency, round(amount - (less.get(currency) ?? 0))]),
	);
}

/** How many payout requests there are, and of how much, by status; `finished` is called paid here (partnero-api.md 2.11). */
function payoutStatistics(program: ProgramState) {
	const payouts = [...program.payoutRequests];
	const inStatus = (...statuses: PayoutStatus[]) =>
		payouts.filter(({ status }) => statuses.includes(status));
	const summary = (...statuses: PayoutStatus[]) => {
		const chosen = inStatus(...statuses);
		return { count: chosen.length, amounts: money(totals(chosen)) };
	};
	return {
		requested: summary('requested'),
		approved: summary('approved'),
		paid: summary('finished'),
		rejected: summary('rejected'),
		resubmitted: summary('resubmitted'),
		total_requested_amounts: money(totals(inStatus('requested', 'resubmitted'))),
		total_waiting_amounts: money(totals(inStatus('approved'))),
	};
}

/** A counter now, 30 days ago, and by how many percent it grew. */
function counter(program: ProgramState, records: Iterable<Stamped>) {
	const since = new Date(program.clock().getTime() - MONTH).toISOString();
	let now = 0;
	let before = 0;
	for (const record of records) {
		now++;
		if (record.created_at < since) before++;
	}
	return { now, before, growth: growth(now, before) };
}

function growth(now: number, before: number): number {
	if (before === 0) return now > 0 ? 100 : 0;
	return Math.round(((now - before) / before) * 1000) / 10;
}

function percent(part: number, whole: number): string {
	return String(whole === 0 ? 0 : Math.round((part / whole) * 100));
}

/** The statistics of an affiliate program: numbers as text (partnero-api.md 2.1 a). */
function affiliateStatistics(program: ProgramState) {
	const { settings } = program;
	const partners = [...program.partners];
	const customers = [...program.customers];
	const sales = [...program.transactions];
	const earned = sales.flatMap((sale) =>
		sale.earnings.map((earning) => ({ ...earning, created_at: sale.created_at })),
	);
	const rewards = [...earned, ...program.bonuses];
	const revenue = totals(sales);
	const reward = totals(rewards);
	const currency = settings.currency.toUpperCase();
	const payouts = [...program.payoutRequests].filter((request) => request.status !== 'rejected');
	const paid = totals(payouts.filter((request) => request.status === 'finished'));
	const asked = totals(payouts);
	const profit = round((revenue.get(currency) ?? 0) - (reward.get(currency) ?? 0));
	const average = new Map(
		[...revenue].map(([unit, amount]) => {
			const count = sales.filter((sale) => sale.amount_units.toUpperCase() === unit).length;
			return [unit, amount / count];
		}),
	);
	const buyers = new Set(sales.map((sale) => sale.buyer).filter((buyer) => buyer !== null));
	const clicks = partners.reduce((sum, partner) => sum + partner.clicks, 0);
	const partnerCount = counter(program, partners);
	const purchaseCount = counter(program, sales);
	const signupCount = counter(program, customers);
	const with_signups = new Set(
		customers.map((customer) => customer.partner).filter((partner) => partner !== null),
	);
	const active = new Set(sales.map((sale) => sale.partner).filter((partner) => partner !== null));
	const status = (name: string) =>
		String(partners.filter((partner) => partner.status === name).length);
	return {
		total_partners: String(partnerCount.now),
		total_partners_growth: partnerCount.growth,
		total_purchases: String(purchaseCount.now),
		total_purchases_growth: purchaseCount.growth,
		total_signups: String(signupCount.now),
		total_signups_growth: signupCount.growth,
		total_paid_accounts: String(buyers.size),
		total_paid_accounts_growth: 0,
		total_reward: money(reward),
		total_reward_growth: counter(program, rewards).growth,
		total_revenue: money(revenue),
		total_revenue_growth: purchaseCount.growth,
		affiliate_referred_visitors_clicks: String(clicks),
		affiliate_referred_visitors_clicks_growth: 0,
		click_to_signup_conversion: percent(customers.length, clicks),
		signup_to_sale_conversion: percent(buyers.size, customers.length),
		total_paid: money(paid),
		total_pending: money(difference(reward, paid)),
		net_profit: profit,
		net_profit_formatted: formatted(profit, settings.currency),
		average_order_value: money(average),
		rewards_breakdown: {
			unclaimed: plain(difference(reward, asked)),
			in_review: plain(totals(payouts.filter((request) => request.status !== 'finished'))),
			paid: plain(paid),
		},
		partner_activity: {
			partners_with_signups: String(with_signups.size),
			active_partners: String(active.size),
			approved: String(partners.filter((partner) => partner.approved).length),
			waiting_for_approval: status('pending'),
			rejected: '0',
		},
		payout_status_breakdown: payoutStatistics(program),
	};
}

/** The statistics of a refer-a-friend program, named as the flat shape names them (partnero-api.md 2.1 b). */
function referralStatistics(program: ProgramState) {
	const customers = [...program.customers];
	const sales = [...program.transactions];
	const referred = customers.filter((customer) => customer.referringCustomer !== null);
	const referrers = new Set(referred.map((customer) => customer.referringCustomer));
	const referring = customers.filter((customer) => referrers.has(customer.id));
	const rewarded = sales.filter((sale) => sale.earnings.length > 0);
	const counters = {
		active_rewards: counter(program, rewarded),
		total_customers: counter(program, customers),
		total_referring_customers: counter(program, referring),
		total_referred_customers: counter(program, referred),
		total_sales: counter(program, sales),
	};
	const entries = Object.entries(counters).flatMap(([name, { now, before, growth: grown }]) => [
		[name, String(now)],
		[`${name}_before`, String(before)],
		[`${name}_growth`, grown],
	]);
	const participation = Number(percent(referring.length, customers.length));
	return {
		...(Object.fromEntries(entries) as Record<string, string | number>),
		participation,
		participation_before: participation,
		participation_growth: 0,
		total_revenue_from_sales: money(totals(sales)),
	};
}

function programBlock({ name, settings }: ProgramState) {
	return {
		id: settings.id,
		public_id: settings.public_id,
		website: settings.website,
		initial: settings.name.slice(0, 2).toUpperCase(),
		type: PROGRAMS[name].type,
		name: settings.name,
		created_at: settings.created_at,
		last_edited: settings.last_edited,
	};
}

const PORTAL_URL = 'https://portal.example';

/** What PUT /program changes, with its defaults (partnero-api.md 2.1). */
function settingBlocks({ name, settings }: ProgramState) {
	const affiliate = name === 'affiliate';
	const program_settings = affiliate
		? {
				currency: settings.currency,
				cookie_lifetime: '30',
				commission_description: '30%, lifetime',
				commission_value: '30%',
				has_multiple_commissions: false,
				payout_threshold: 0,
				payout_automation_enabled: false,
				payout_automation_schedule: null,
				welcome_email_enabled: false,
				onboarding_enabled: false,
				partner_email_notifications_enabled: false,
			}
		: { referral_portal_enabled: true, rewards_notification_enabled: false };
	const common = {
		program_page_enabled: true,
		registration_disabled: false,
		widget_enabled: false,
		embeddable_form_enabled: false,
	};
	const portal_settings = affiliate
		? {
				partner_portal_url: PORTAL_URL,
				...common,
				leads_page_enabled: true,
				google_login_enabled: false,
				passwordless_login_enabled: false,
				sub_accounts_enabled: false,
				signup_popup_enabled: false,
			}
		: { partner_portal_url: PORTAL_URL, ...common, popup_form_enabled: false };
	return {
		program_settings: { ...program_settings, ...settings.program_settings },
		portal_settings: { ...portal_settings, ...settings.portal_settings },
	};
}

function statistics(program: ProgramState) {
	return program.isReferAFriend() ? referralStatistics(program) : affiliateStatistics(program);
}

function blocks(program: ProgramState) {
	return { program: programBlock(program), stats: statistics(program), ...settingBlocks(program) };
}

/** The older shape: statistics beside the program, a summary of the settings (partnero-api.md 2.1 b). */
function flat(program: ProgramState) {
	const { settings } = program;
	const summary = program.isReferAFriend()
		? { partner_portal_url: PORTAL_URL, website_url: settings.website }
		: {
				commission_description: '30%, lifetime',
				program_name: settings.name,
				program_initials: programBlock(program).initial,
				program_type_title: PROGRAMS[program.name].type,
				partner_portal_url: PORTAL_URL,
				currency: settings.currency,
				cookie_lifetime: '30',
				payout_threshold: 0,
			};
	return {
		program: programBlock(program),
		...statistics(program),
		overview_program_current_settings: summary,
	};
}

/** A newsletter program (partnero-api.md 2.1 c). */
function newsletter({ settings, subscribers }: ProgramState) {
	const referrers = [...subscribers]
		.map(({ referrer }) => referrer)
		.filter((referrer) => referrer !== null);
	const counts = {
		total_subscribers: subscribers.size,
		total_referring: new Set(referrers).size,
		total_referred: referrers.length,
	};
	const service = { esp_type: 'custom', esp_type_name: 'Custom' };
	return {
		id: settings.public_id,
		name: settings.name,
		...service,
		...counts,
		created_at: `${settings.created_at}T00:00:00.000000Z`,
	};
}

function getProgram({ program, switches }: Call): Answer {
	if (program.name === 'newsletter') return data(newsletter(program));
	return data(switches.programShape === 'flat' ? flat(program) : blocks(program));
}

function updateProgram({ program, body }: Call): Answer {
	const { settings } = program;
	const {
		name,
		website,
		program_settings = {},
		portal_settings = {},
	} = body as Partial<ProgramState['settings']>;
	const { currency, cookie_lifetime, ...others } = program_settings;
	settings.name = name ?? settings.name;
	settings.website = website ?? settings.website;
	if (typeof currency === 'string') settings.currency = currency;
	// Sent as a number, shown as text.
	if (cookie_lifetime !== undefined)
		settings.program_settings.cookie_lifetime = String(cookie_lifetime);
	Object.assign(settings.program_settings, others);
	Object.assign(settings.portal_settings, portal_settings);
	settings.last_edited = program.now().slice(0, 10);
	return { status: 200, body: { status: 1, message: 'The program has been updated.' } };
}

const CONFIRMATION_TIME = 20_000;

/** In two steps: a code, then the same request with the code within 20 seconds (partnero-api.md 2.1). */
function deleteProgram({ program, body }: Call): Answer {
	const { confirmation_code } = (body ?? {}) as { confirmation_code?: string };
	const now = program.clock().getTime();
	if (confirmation_code === undefined) {
		const code = `DELETE${String(program.next() % 100).padStart(2, '0')}`;
		program.deletion = { code, until: now + CONFIRMATION_TIME };
		return { status: 200, body: { data: { confirmation_code: code } } };
	}
	const { deletion } = program;
	if (!deletion || deletion.code !== confirmation_code || deletion.until < now) {
		throw new ApiError(400, 'The confirmation code is wrong or has expired.');
	}
	program.clear();
	return { status: 200, body: { status: 1, message: 'The program has been deleted.' } };
}

export const programHandlers: Handlers = {
	/** The body is undocumented (partnero-api.md 2.1). */
	// partnero-api.md N2.
	testConnection: ({ program }) =>
		data({
			program: { pub_id: program.settings.public_id, type: PROGRAMS[program.name].testType },
		}),
	getProgram,
	getProgramOverview: ({ program }) => data(flat(program)),
	updateProgram,
	deleteProgram,
};
