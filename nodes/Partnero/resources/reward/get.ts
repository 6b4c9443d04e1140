import type { Operation } from '../../operation';
import { reward } from '../../shared/locators';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get reward',
		description: 'Retrieve a reward, and how often it was earned',
	},
	request: { method: 'GET', url: '/rewards/{reward}' },
	fields: [reward],
	output: { kind: 'record' },
};
