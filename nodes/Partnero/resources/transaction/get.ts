import type { Operation } from '../../operation';
import { simplified } from '../../shared/list';
import { transaction } from '../../shared/locators';
import { transactionSearch } from '../../shared/searches';

import { summarizeTransaction } from './output';

export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get transaction',
		description: 'Retrieve a transaction with its commissions',
	},
	request: { method: 'GET', url: '/transactions/{transaction}' },
	bySearch: transactionSearch,
	fields: [transaction, ...simplified],
	output: { kind: 'record', summary: summarizeTransaction },
};
