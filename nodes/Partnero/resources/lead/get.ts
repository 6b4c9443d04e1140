import type { Operation } from '../../operation';
import { lead } from '../../shared/locators';

export const get: Operation = {
	entry: { name: 'Get', value: 'get', action: 'Get lead', description: 'Retrieve a lead' },
	request: { method: 'GET', url: '/leads/{lead}' },
	fields: [lead],
	output: { kind: 'record' },
};
