import type { Operation } from '../../operation';
import { partner } from '../../shared/locators';

export const archive: Operation = {
	entry: {
		name: 'Archive',
		value: 'archive',
		action: 'Archive partner',
		description: 'Archive a partner, who can then no longer use the portal',
	},
	request: { method: 'POST', url: '/partners/{partner}/archive' },
	fields: [partner],
	transition: { url: '/partners/{partner}', to: ['archived'] },
	output: { kind: 'done', item: { archived: true, id: '{partner|identifier}' } },
};
