import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../operation';
import { updateFields } from '../../shared/collections';

type Programs = 'affiliate' | 'refer-a-friend' | 'affiliate and refer-a-friend';

/** A setting that is on or off. */
function toggle(
	displayName: string,
	name: string,
	what: string,
	programs: Programs,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'boolean',
		default: true,
		description: `Whether ${what} (${programs} programs)`,
	};
}

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update program',
		description:
			'Update the name, the website or the settings of the program (affiliate and refer-a-friend programs)',
	},
	programs: ['affiliate', 'refer-a-friend'],
	request: {
		method: 'PUT',
		url: '/program',
		body: {
			name: '{updateFields.name}',
			website: '{updateFields.website}',
			program_settings: {
				currency: '{updateFields.currency}',
				cookie_lifetime: '{updateFields.cookieLifetime}',
				welcome_email_enabled: '{updateFields.welcomeEmailEnabled}',
				onboarding_enabled: '{updateFields.onboardingEnabled}',
				partner_email_notifications_enabled: '{updateFields.partnerEmailNotificationsEnabled}',
				referral_portal_enabled: '{updateFields.referralPortalEnabled}',
				rewards_notification_enabled: '{updateFields.rewardsNotificationEnabled}',
			},
			portal_settings: {
				program_page_enabled: '{updateFields.programPageEnabled}',
				registration_disabled: '{updateFields.registrationDisabled}',
				widget_enabled: '{updateFields.widgetEnabled}',
				embeddable_form_enabled: '{updateFields.embeddableFormEnabled}',
				leads_page_enabled: '{updateFields.leadsPageEnabled}',
				google_login_enabled: '{updateFields.googleLoginEnabled}',
				passwordless_login_enabled: '{updateFields.passwordlessLoginEnabled}',
				sub_accounts_enabled: '{updateFields.subAccountsEnabled}',
				signup_popup_enabled: '{updateFields.signupPopupEnabled}',
				popup_form_enabled: '{updateFields.popupFormEnabled}',
			},
		},
	},
	fields: [
		updateFields([
			{
				displayName: 'Cookie Lifetime (Days)',
				name: 'cookieLifetime',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 9999999 },
				default: 30,
				description: 'How many days a visitor stays attributed to the partner (affiliate programs)',
			},
			{
				displayName: 'Currency',
				name: 'currency',
				type: 'string',
				default: '',
				placeholder: 'e.g. USD',
				description: 'The currency of commissions, as three letters (affiliate programs)',
			},
			toggle(
				'Embeddable Form Enabled',
				'embeddableFormEnabled',
				'the sign-up form can be embedded in other sites',
				'affiliate and refer-a-friend',
			),
			toggle(
				'Google Login Enabled',
				'googleLoginEnabled',
				'partners may sign in with Google',
				'affiliate',
			),
			toggle(
				'Leads Page Enabled',
				'leadsPageEnabled',
				'partners may submit leads in the portal',
				'affiliate',
			),
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Acme Partners',
				description: 'The name of the program, up to 255 characters',
			},
			toggle(
				'Onboarding Enabled',
				'onboardingEnabled',
				'new partners are led through the first steps',
				'affiliate',
			),
			toggle(
				'Partner Emails Enabled',
				'partnerEmailNotificationsEnabled',
				'partners are notified by email',
				'affiliate',
			),
			toggle(
				'Passwordless Login Enabled',
				'passwordlessLoginEnabled',
				'partners may sign in with a code sent by email',
				'affiliate',
			),
			toggle(
				'Popup Form Enabled',
				'popupFormEnabled',
				'the refer-a-friend form opens as a pop-up',
				'refer-a-friend',
			),
			toggle(
				'Program Page Enabled',
				'programPageEnabled',
				'the public page of the program is there',
				'affiliate and refer-a-friend',
			),
			toggle(
				'Referral Portal Enabled',
				'referralPortalEnabled',
				'customers have a referral portal',
				'refer-a-friend',
			),
			toggle(
				'Registration Disabled',
				'registrationDisabled',
				'nobody can register in the portal any more',
				'affiliate and refer-a-friend',
			),
			toggle(
				'Rewards Notification Enabled',
				'rewardsNotificationEnabled',
				'customers are notified of rewards by email',
				'refer-a-friend',
			),
			toggle(
				'Signup Popup Enabled',
				'signupPopupEnabled',
				'the sign-up form opens as a pop-up',
				'affiliate',
			),
			toggle(
				'Sub-Accounts Enabled',
				'subAccountsEnabled',
				'partners may have sub-accounts',
				'affiliate',
			),
			{
				displayName: 'Website',
				name: 'website',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://shop.example',
				description: 'The landing page of the program, as a URL of up to 250 characters',
			},
			toggle(
				'Welcome Email Enabled',
				'welcomeEmailEnabled',
				'new partners get a welcome email',
				'affiliate',
			),
			toggle(
				'Widget Enabled',
				'widgetEnabled',
				'the portal widget is on',
				'affiliate and refer-a-friend',
			),
		]),
	],
	output: { kind: 'done', item: { updated: true } },
};
