import type { Operation } from '../../operation';
import { partner } from '../../shared/locators';

export const unarchive: Operation = {
	entry: {
		name: 'Unarchive',
		value: 'unarchive',
		action: 'Unarchive partner',
		description: 'Bring an archived partner back',
	},
	request: { method: 'POST', url: '/partners/{partner}/revoke-archive' },
	fields: [partner],
	output: { kind: 'done', item: { archived: false, id: '{partner|identifier}' } },
};
