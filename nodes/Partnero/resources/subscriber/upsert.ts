import type { Operation } from '../../operation';

import { create } from './create';
import { details, updateSubscriber } from './fields';

const {
	request: update,
	fallbacks,
	readBack,
} = updateSubscriber('identifier', details('additionalFields'));

export const upsert: Operation = {
	entry: {
		name: 'Create or Update',
		value: 'upsert',
		action: 'Create or update subscriber',
		description: 'Create a new subscriber, or update the current one if it already exists (upsert)',
	},
	request: create.request,
	fields: create.fields,
	fallbacks,
	readBack,
	idempotency: { ...create.idempotency!, update },
	output: { kind: 'record' },
};
