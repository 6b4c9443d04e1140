import type { Summary } from '../../operation';
import { pick } from '../../shared/summary';

/** Everything but the signing secret, which nobody needs who only looks after webhooks. */
export const summarizeWebhook: Summary = (record) =>
	pick(record, ['key', 'name', 'url', 'is_active', 'events']);
