import type { Summary } from '../../operation';
import { ifSent, pick } from '../../shared/summary';

export const summarizeSubscriber: Summary = (record) => ({
	...pick(record, ['id', 'email', 'name', 'status', 'approved']),
	...ifSent(record, [
		'marketing_consent',
		'is_referred',
		'referrals_count',
		'share_link',
		'created_at',
	]),
});
