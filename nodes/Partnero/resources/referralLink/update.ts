import type { Operation } from '../../operation';
import { linkOwnerOfList } from '../../shared/linkOwner';
import { referralLink } from '../../shared/locators';
import { keysAlone } from '../../shared/referralKeys';
import { atNewAddress } from '../../shared/update';

export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update referral link',
		description: 'Give a referral link another key, which changes its ID and its URL',
	},
	request: {
		method: 'PUT',
		url: '/{owner}_referral_links/{referralLink}',
		body: { key: '{key}' },
	},
	fallbacks: [atNewAddress('/{owner}_referral_links/{key}')],
	fields: [
		...linkOwnerOfList,
		referralLink,
		{
			displayName: 'New Key',
			name: 'key',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. annlee-video',
			description:
				'What follows "aff=" or "ref=" from now on; who uses the old link is attributed to nobody',
		},
	],
	rules: keysAlone('key'),
	output: { kind: 'record' },
};
