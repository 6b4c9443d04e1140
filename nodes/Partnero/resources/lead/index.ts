import type { Resource } from '../../operation';

import { convert } from './convert';
import { create } from './create';
import { remove } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { getForm } from './getForm';
import { reject } from './reject';

export const lead: Resource = {
	entry: { name: 'Lead', value: 'lead' },
	programs: ['affiliate'],
	operations: [convert, create, remove, get, getForm, getAll, reject],
};
