import type { IDataObject } from 'n8n-workflow';

// The shapes of GET /program in partnero-api.md §2.1, with invented values.

/** Shape (a): an affiliate program in four blocks. */
export function affiliate(stats: IDataObject = {}, program: IDataObject = {}): IDataObject {
	return {
		program: {
			id: 7,
			public_id: 'ABCD1234',
			website: 'https://brightdesk.example',
			initial: 'B0',
			type: 'Affiliate',
			name: 'Brightdesk Partners',
			created_at: '2025-04-30',
			last_edited: '2025-04-30',
			...program,
		},
		stats: {
			total_partners: '48',
			total_partners_growth: 4.3,
			total_purchases: '499',
			total_purchases_growth: 0,
			total_signups: '312',
			total_signups_growth: 12.5,
			total_paid_accounts: '187',
			total_paid_accounts_growth: 0,
			total_reward: { usd: '$3,744.15' },
			total_reward_growth: 8.2,
			total_revenue: { usd: '$12,480.50' },
			total_revenue_growth: 8.2,
			affiliate_referred_visitors_clicks: '4210',
			affiliate_referred_visitors_clicks_growth: -3.1,
			click_to_signup_conversion: '7.4',
			click_to_signup_conversion_growth: 0,
			signup_to_sale_conversion: '60',
			signup_to_sale_conversion_growth: 0,
			total_paid: [],
			total_pending: ['0'],
			net_profit: 8736.35,
			net_profit_growth: 8.2,
			net_profit_formatted: '$8,736.35',
			average_order_value: { usd: '$25.01' },
			rewards_breakdown: { unclaimed: {}, in_review: { usd: '$96.40' }, paid: {} },
			partner_activity: {
				partners_with_signups: '31',
				active_partners: '27',
				approved: '44',
				waiting_for_approval: '3',
				rejected: '1',
			},
			payout_status_breakdown: {
				requested: { count: 2, amounts: { usd: '$410.00' } },
				approved: { count: 0, amounts: {} },
				paid: { count: 5, amounts: { usd: '$2,100.00' } },
				rejected: {},
				resubmitted: { count: 0, amounts: [] },
				total_requested_amounts: { usd: '$410.00' },
				total_waiting_amounts: {},
			},
			...stats,
		},
		program_settings: {
			currency: 'USD',
			cookie_lifetime: '7',
			commission_value: '30%',
			payout_threshold: 50,
		},
		portal_settings: { partner_portal_url: 'https://portal.example', leads_page_enabled: false },
	};
}

/** Shape (b), as the older answer gives it for an affiliate program. */
export function flatAffiliate(): IDataObject {
	return {
		program: {
			id: 8,
			public_id: 'EFGH5678',
			website: 'https://loam.example',
			initial: 'L0',
			type: 'Affiliate',
			name: 'Loam Affiliates',
			created_at: '2025-04-30',
			last_edited: '2025-04-30',
		},
		total_partners: '3',
		total_partners_growth: 0,
		total_revenue: { eur: '1.124,90 €' },
		total_revenue_growth: 5,
		total_paid: ['0'],
		total_pending: ['0'],
		overview_program_current_settings: {
			program_name: 'Loam Affiliates',
			program_type_title: 'Affiliate',
			currency: 'EUR',
			cookie_lifetime: '7',
			payout_threshold: 0,
		},
	};
}

/** Shape (b) of a refer-a-friend program. */
export function referAFriend(): IDataObject {
	return {
		program: {
			id: 9,
			public_id: 'IJKL9012',
			website: 'https://friends.example',
			initial: 'F0',
			type: 'Referral',
			name: 'Friends of Loam',
			created_at: '2025-04-30',
			last_edited: '2025-04-30',
		},
		active_rewards: 2,
		total_customers: 412,
		total_customers_before: 400,
		total_customers_growth: 3,
		total_referring_customers: 61,
		total_referring_customers_before: 61,
		total_referring_customers_growth: 0,
		total_referred_customers: 140,
		total_referred_customers_before: 130,
		total_referred_customers_growth: 7.7,
		total_sales: 96,
		total_sales_before: 100,
		total_sales_growth: -4,
		participation: 14.8,
		participation_before: 15.25,
		participation_growth: -3,
		total_revenue_from_sales: { usd: '$6,411.97' },
		overview_program_current_settings: {
			partner_portal_url: 'https://portal.example',
			website_url: 'https://friends.example',
		},
	};
}

/** Shape (c): a newsletter program. */
export function newsletter(): IDataObject {
	return {
		id: 'HTA1XYZ9',
		name: 'The Weekly Loam',
		esp_type: 'custom',
		esp_type_name: 'Custom',
		total_subscribers: 5210,
		total_referring: 88,
		total_referred: 301,
		created_at: '2025-04-30T15:15:12.000000Z',
	};
}
