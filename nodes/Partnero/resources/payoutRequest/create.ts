import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { partner, reference } from '../../shared/locators';

import { amountUnits } from './fields';

const gateway: INodeProperties = {
	displayName: 'Gateway',
	name: 'gateway',
	type: 'options',
	options: [
		{ name: 'Crypto', value: 'crypto' },
		{ name: 'PayPal', value: 'paypal' },
		{
			name: 'Saved',
			value: 'saved',
			description: 'The way that the partner has saved in the portal',
		},
		{ name: 'Venmo', value: 'venmo' },
		{
			name: 'Wise',
			value: 'wise',
			description: 'The bank account that the partner has saved in the portal',
		},
	],
	default: 'saved',
	description:
		'How the partner is to be paid. Details of a bank account can only be saved by the partner.',
};

const recipientType: INodeProperties = {
	displayName: 'Venmo Recipient Type',
	name: 'recipientType',
	type: 'options',
	options: [
		{ name: 'Email', value: 'EMAIL' },
		{ name: 'Phone', value: 'PHONE' },
		{ name: 'User Handle', value: 'USER_HANDLE' },
	],
	default: 'USER_HANDLE',
	description: 'What Venmo knows the partner by',
};

/** Fields of some ways to be paid, or of one kind of Venmo recipient. */
function shownFor(
	gateways: string[],
	fields: INodeProperties[],
	recipient?: string,
): INodeProperties[] {
	const show = { gateway: gateways, ...(recipient && { recipientType: [recipient] }) };
	return fields.map((field) => ({ ...field, displayOptions: { show } }));
}

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create payout request',
		description: "Request a payout of a partner's whole unpaid balance in one currency",
	},
	request: {
		method: 'POST',
		url: '/payout_requests',
		body: {
			partner: reference('partner'),
			amount_units: '{amountUnits}',
			gateway: '{gateway|except:saved}',
			payout_settings: {
				username: '{username}',
				wallet_address: '{walletAddress}',
				type: '{type}',
				recipient_type: '{recipientType}',
				user_handle: '{userHandle}',
				email: '{email}',
				phone: '{phone}',
				name: '{name}',
				address: '{address}',
				tax_id: '{taxId}',
			},
			reward_ids: '{additionalFields.rewardIds|numbers}',
		},
	},
	fields: [
		partner,
		{
			...amountUnits,
			required: true,
			description: 'The currency whose unpaid balance is paid out, for example usd',
		},
		gateway,
		...shownFor(
			['paypal'],
			[
				{
					displayName: 'PayPal Email',
					name: 'username',
					type: 'string',
					default: '',
					placeholder: 'e.g. ann@example.com',
					description: "The email address of the partner's PayPal account",
				},
			],
		),
		...shownFor(
			['crypto'],
			[
				{
					displayName: 'Wallet Address',
					name: 'walletAddress',
					type: 'string',
					default: '',
					placeholder: 'e.g. 0x52908400…69EE7',
					description: 'The address that the coins go to',
				},
				{
					displayName: 'Coin',
					name: 'type',
					type: 'string',
					default: '',
					placeholder: 'e.g. USDC',
					description: 'The kind of coin that the wallet takes',
				},
			],
		),
		...shownFor(['venmo'], [recipientType]),
		...shownFor(
			['venmo'],
			[
				{
					displayName: 'Venmo User Handle',
					name: 'userHandle',
					type: 'string',
					default: '',
					placeholder: 'e.g. @ann-lee',
					description: 'The name of the partner at Venmo',
				},
			],
			'USER_HANDLE',
		),
		...shownFor(
			['venmo'],
			[
				{
					displayName: 'Venmo Email',
					name: 'email',
					type: 'string',
					default: '',
					placeholder: 'name@email.com',
					description: 'The email address that Venmo knows the partner by',
				},
			],
			'EMAIL',
		),
		...shownFor(
			['venmo'],
			[
				{
					displayName: 'Venmo Phone',
					name: 'phone',
					type: 'string',
					default: '',
					placeholder: 'e.g. +1 555 0100',
					description: 'The phone number that Venmo knows the partner by',
				},
			],
			'PHONE',
		),
		...shownFor(
			['paypal', 'crypto', 'venmo'],
			[
				{
					displayName: 'Payee Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. Ann Lee',
					description: 'The name of whoever is paid',
				},
			],
		),
		...shownFor(
			['paypal'],
			[
				{
					displayName: 'Payee Address',
					name: 'address',
					type: 'string',
					default: '',
					placeholder: 'e.g. 1 Main Street, Springfield',
					description: 'The postal address of whoever is paid',
				},
				{
					displayName: 'Payee Tax ID',
					name: 'taxId',
					type: 'string',
					default: '',
					placeholder: 'e.g. 12-3456789',
					description: 'The tax number of whoever is paid',
				},
			],
		),
		additionalFields([
			{
				displayName: 'Reward IDs',
				name: 'rewardIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. 501, 502',
				description:
					'IDs of the rewards to pay out instead of the whole balance, separated by commas, or an expression that gives an array. Only where partners may choose their commissions.',
			},
		]),
	],
	requireOneOf: [['username'], ['walletAddress'], ['userHandle'], ['email'], ['phone']],
	listDiff: {
		list: {
			url: '/payout_requests:search',
			qs: {
				partner_id: '{partner|id}',
				partner_key: '{partner|key}',
				partner_email: '{partner|email}',
				amount_units: '{amountUnits}',
			},
		},
		unique: 'id',
	},
	irreversible:
		'It asks for what the partner has not been paid yet. Nothing in this node withdraws it.',
	output: { kind: 'record' },
};
