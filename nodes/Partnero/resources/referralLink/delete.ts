import type { Operation } from '../../operation';
import { linkOwnerOfList } from '../../shared/linkOwner';
import { referralLink } from '../../shared/locators';

export const remove: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete referral link',
		description: 'Delete a referral link for good, which then attributes nobody any more',
	},
	request: { method: 'DELETE', url: '/{owner}_referral_links/{referralLink}' },
	fields: [...linkOwnerOfList, referralLink],
	irreversible: 'Who follows the link is no longer counted for its owner.',
	output: { kind: 'done', item: { deleted: true, id: '{referralLink|identifier}' } },
};
