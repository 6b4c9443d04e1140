import type { ProgramType } from '../../operation';

/** A statistic of GET /program that the report knows, under its name in the simplified program. */
export interface Metric {
	name: string;
	label: string;
	description: string;
	kind: 'count' | 'money' | 'percent';
	/** The heading under which the report puts it. */
	section: string;
	/** Shown unless other metrics are chosen. */
	usual?: true;
	/** More of it is good news, so the report may color its changes. */
	moreIsBetter?: true;
	/** Metrics of one scale are drawn as bars, one below the other: the money of a sale, the steps to a customer. */
	scale?: 'revenue' | 'funnel' | 'customers' | 'subscribers';
	/** The metric of which this one is a part. */
	partOf?: string;
}

type Traits = Omit<Metric, 'name' | 'label' | 'description' | 'kind' | 'section'>;
type Row = [
	name: string,
	label: string,
	description: string,
	kind: Metric['kind'],
	traits?: Traits,
];

const USUAL: Traits = { usual: true };
const GOOD: Traits = { usual: true, moreIsBetter: true };

const REVENUE: Traits = { ...GOOD, scale: 'revenue' };
const FUNNEL: Traits = { ...GOOD, scale: 'funnel' };
const CUSTOMERS: Traits = { ...GOOD, scale: 'customers' };
const SUBSCRIBERS: Traits = { ...GOOD, scale: 'subscribers' };
const OF_REVENUE: Traits = { usual: true, scale: 'revenue', partOf: 'total_revenue' };
const OF_CUSTOMERS: Traits = { ...CUSTOMERS, partOf: 'total_customers' };
const OF_SUBSCRIBERS: Traits = { ...SUBSCRIBERS, partOf: 'total_subscribers' };

/** Objects that hold several statistics, not one amount in several currencies. */
const GROUPS = ['rewards_breakdown', 'partner_activity', 'payout_status_breakdown'];

/**
 * Every statistic the API documents, in the order in which the report shows them
 * (partnero-api.md §2.1, GET /program, shapes a, b and c).
 */
export const METRICS: readonly Metric[] = [
	...affiliate('Sales', [
		['total_revenue', 'Revenue', 'Revenue from referred customers', 'money', REVENUE],
		['total_reward', 'Commissions', 'Rewards of the partners', 'money', OF_REVENUE],
		[
			'net_profit',
			'Net Profit',
			'Revenue minus commissions',
			'money',
			{ ...OF_REVENUE, moreIsBetter: true },
		],
		['total_purchases', 'Purchases', 'Purchases by referred customers', 'count', GOOD],
		['average_order_value', 'Average Order Value', 'Average amount of a purchase', 'money', GOOD],
	]),
	...affiliate('From Click to Customer', [
		['affiliate_referred_visitors_clicks', 'Clicks', 'Clicks on referral links', 'count', FUNNEL],
		['total_signups', 'Sign-Ups', 'Referred sign-ups', 'count', FUNNEL],
		['total_paid_accounts', 'Paid Accounts', 'Referred customers who pay', 'count', FUNNEL],
		['click_to_signup_conversion', 'Click to Sign-Up', 'Sign-ups per 100 clicks', 'percent', GOOD],
		['signup_to_sale_conversion', 'Sign-Up to Sale', 'Sales per 100 sign-ups', 'percent', GOOD],
	]),
	...affiliate('Partners', [
		['total_partners', 'Partners', 'All partners', 'count', GOOD],
		[
			'partner_activity_active_partners',
			'Active Partners',
			'Partners who are active',
			'count',
			GOOD,
		],
		[
			'partner_activity_partners_with_signups',
			'Partners With Sign-Ups',
			'Partners who brought a sign-up',
			'count',
		],
		[
			'partner_activity_approved',
			'Partners Approved',
			'Partners with the status approved',
			'count',
		],
		[
			'partner_activity_waiting_for_approval',
			'Partners Waiting for Approval',
			'Partners to be approved or rejected',
			'count',
			USUAL,
		],
		[
			'partner_activity_rejected',
			'Partners Rejected',
			'Partners with the status rejected',
			'count',
		],
	]),
	...affiliate('Payouts', [
		...payouts('requested', 'Requested', USUAL),
		...payouts('approved', 'Approved'),
		...payouts('paid', 'Paid'),
		...payouts('rejected', 'Rejected'),
		...payouts('resubmitted', 'Resubmitted'),
		[
			'payout_status_breakdown_total_requested_amounts',
			'Payouts Requested in Total',
			'Total amount requested for payout',
			'money',
		],
		[
			'payout_status_breakdown_total_waiting_amounts',
			'Payouts Waiting in Total',
			'Total amount waiting for payout',
			'money',
		],
		['total_paid', 'Total Paid', 'What was paid to the partners', 'money'],
		['total_pending', 'Total Pending', 'What is pending for the partners', 'money'],
		[
			'rewards_breakdown_unclaimed',
			'Commissions Unclaimed',
			'Rewards with the status unclaimed',
			'money',
		],
		[
			'rewards_breakdown_in_review',
			'Commissions in Review',
			'Rewards with the status in review',
			'money',
		],
		['rewards_breakdown_paid', 'Commissions Paid', 'Rewards with the status paid', 'money'],
	]),
	...referral('Sales', [
		[
			'total_revenue_from_sales',
			'Revenue From Sales',
			'Revenue from referred customers',
			'money',
			GOOD,
		],
		['total_sales', 'Sales', 'Sales to referred customers', 'count', GOOD],
	]),
	...referral('Customers', [
		['total_customers', 'Customers', 'All customers', 'count', CUSTOMERS],
		[
			'total_referring_customers',
			'Referring Customers',
			'Customers who referred somebody',
			'count',
			OF_CUSTOMERS,
		],
		[
			'total_referred_customers',
			'Referred Customers',
			'Customers whom somebody referred',
			'count',
			OF_CUSTOMERS,
		],
		['participation', 'Participation', 'Participation in the program in percent', 'percent', GOOD],
		['active_rewards', 'Active Rewards', 'Rewards that are active', 'count', USUAL],
	]),
	...newsletter('Subscribers', [
		['total_subscribers', 'Subscribers', 'All subscribers', 'count', SUBSCRIBERS],
		[
			'total_referring',
			'Referring Subscribers',
			'Subscribers who referred somebody',
			'count',
			OF_SUBSCRIBERS,
		],
		[
			'total_referred',
			'Referred Subscribers',
			'Subscribers whom somebody referred',
			'count',
			OF_SUBSCRIBERS,
		],
	]),
];

/** The documented metrics for a multiple-choice field: sorted by label, each label once. */
export const knownMetrics: ReadonlyArray<{ name: string; label: string; description: string }> =
	METRICS.map(({ name, label, description }) => ({ name, label, description })).sort((a, b) =>
		a.label.localeCompare(b.label, 'en'),
	);

/** A number of a report of a period, which the node sums from lists. */
export interface PeriodMetric {
	name: string;
	label: string;
	description: string;
	kind: 'count' | 'money';
	/** The types of programs that have it. */
	programs: ProgramType[];
	/** More of it is good news, or bad news, so the report may color its changes. */
	isGood?: boolean;
}

const withSales: ProgramType[] = ['affiliate', 'refer-a-friend'];

/** What a report of a period shows, in this order. */
export const PERIOD_METRICS: readonly PeriodMetric[] = [
	{
		name: 'revenue',
		label: 'Revenue',
		description: 'Amount of the sales of the period',
		kind: 'money',
		programs: withSales,
		isGood: true,
	},
	{
		name: 'sales',
		label: 'Sales',
		description: 'Sales of the period that are not archived',
		kind: 'count',
		programs: withSales,
		isGood: true,
	},
	{
		name: 'commissions',
		label: 'Commissions',
		description: 'What these sales earned, without what was rejected',
		kind: 'money',
		programs: withSales,
	},
	{
		name: 'averageOrder',
		label: 'Average Order',
		description: 'Average amount of a sale',
		kind: 'money',
		programs: withSales,
		isGood: true,
	},
	{
		name: 'refunds',
		label: 'Archived Sales',
		description: 'Sales of the period that were archived since',
		kind: 'count',
		programs: withSales,
		isGood: false,
	},
	{
		name: 'refundedAmount',
		label: 'Archived Amount',
		description: 'Amount of the sales of the period that were archived since',
		kind: 'money',
		programs: withSales,
		isGood: false,
	},
	{
		name: 'newPartners',
		label: 'New Partners',
		description: 'Partners who joined in the period',
		kind: 'count',
		programs: ['affiliate'],
		isGood: true,
	},
	{
		name: 'newCustomers',
		label: 'New Customers',
		description: 'Customers who came in the period',
		kind: 'count',
		programs: withSales,
		isGood: true,
	},
	{
		name: 'newLeads',
		label: 'New Leads',
		description: 'Leads that were submitted in the period',
		kind: 'count',
		programs: ['affiliate'],
		isGood: true,
	},
	{
		name: 'newSubscribers',
		label: 'New Subscribers',
		description: 'Subscribers who came in the period',
		kind: 'count',
		programs: ['newsletter'],
		isGood: true,
	},
	{
		name: 'newReferrals',
		label: 'New Referrals',
		description: 'Subscribers of the period whom somebody referred',
		kind: 'count',
		programs: ['newsletter'],
		isGood: true,
	},
	{
		name: 'rewardsTriggered',
		label: 'Rewards Earned, All Time',
		description: 'How often the rewards were earned since the program began',
		kind: 'count',
		programs: ['newsletter'],
	},
];

/** The metric of a report of a period that has this name. */
export function metricOfPeriod(name: string): PeriodMetric | undefined {
	return PERIOD_METRICS.find((metric) => metric.name === name);
}

/** The metric of that name, if the API documents it. */
export function metricNamed(name: string): Metric | undefined {
	return METRICS.find((metric) => metric.name === name);
}

/** The documented metrics inside a group such as `partner_activity`; none if it is no group. */
export function metricsOfGroup(group: string): Metric[] {
	if (!GROUPS.some((known) => `${group}_`.startsWith(`${known}_`))) return [];
	return METRICS.filter((metric) => metric.name.startsWith(`${group}_`));
}

function affiliate(section: string, rows: Row[]): Metric[] {
	return metrics('affiliate', section, rows);
}

function referral(section: string, rows: Row[]): Metric[] {
	return metrics('refer-a-friend', section, rows);
}

function newsletter(section: string, rows: Row[]): Metric[] {
	return metrics('newsletter', section, rows);
}

function metrics(program: string, section: string, rows: Row[]): Metric[] {
	return rows.map(([name, label, description, kind, traits]) => ({
		name,
		label,
		description: `${description} (${program} programs)`,
		kind,
		section,
		...traits,
	}));
}

function payouts(status: string, word: string, traits?: Traits): Row[] {
	const path = `payout_status_breakdown_${status}`;
	return [
		[
			`${path}_count`,
			`Payouts ${word}`,
			`Number of payout requests with the status ${status}`,
			'count',
			traits,
		],
		[
			`${path}_amounts`,
			`Payouts ${word}, Amount`,
			`Amount of the payout requests with the status ${status}`,
			'money',
			traits,
		],
	];
}
