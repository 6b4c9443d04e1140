import type { Operation } from '../../operation';
import { additionalFields } from '../../shared/collections';
import { linkOwner, ownerNeeded } from '../../shared/linkOwner';
import { domain, optional, reference } from '../../shared/locators';
import { keysAlone } from '../../shared/referralKeys';

export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create referral link',
		description: 'Create a further referral link of a partner or a customer',
	},
	request: {
		method: 'POST',
		url: '/{owner}_referral_links',
		body: {
			key: '{key}',
			partner: reference('partner'),
			customer: reference('customer'),
			domain_id: '{additionalFields.domain|identifier}',
			// Has to be said as soon as a domain is named (`partnero-api.md` 2.10).
			is_additional: ['{additionalFields.isAdditional}', '{additionalFields.domain|filled}'],
		},
	},
	fields: [
		...linkOwner,
		{
			displayName: 'Link Key',
			name: 'key',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. annlee-blog',
			description: 'What follows "aff=" or "ref=" in the link; no other link of the program has it',
		},
		{
			...additionalFields([
				optional(domain),
				{
					displayName: 'Is Additional',
					name: 'isAdditional',
					type: 'boolean',
					default: true,
					description:
						'Whether the domain is one beside the main one, as Get Domains says of it (is_additional). On if a domain is given and this is not (affiliate programs).',
				},
			]),
			displayOptions: { show: { owner: ['partner'] } },
		},
	],
	requireOneOf: ownerNeeded,
	// Among the links of the owner, since no answer about a link says whose it is.
	idempotency: {
		keyFields: ['key'],
		lookup: { url: '/{owner}s/{partner,customer}/referral_links', qs: {}, match: 'key' },
	},
	rules: keysAlone('key'),
	output: { kind: 'record' },
};
