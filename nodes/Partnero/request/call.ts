import type { IExecuteFunctions, IExecuteSingleFunctions } from 'n8n-workflow';

import type { Operation, Resource } from '../resources/operation';
import type { Form } from './form';
import type { SharedOptions } from './options';
import type { Run } from './run';

/** n8n's context: of one item, or of all items for an operation in bulk. */
export type CallContext = IExecuteFunctions | IExecuteSingleFunctions;

/** One item's way through an operation. */
export interface Call {
	context: CallContext;
	resource: Resource;
	operation: Operation;
	form: Form;
	run: Run;
	/** What n8n prepared for every request of the item: time-out, proxy, TLS, allowed domains. */
	options: SharedOptions;
}
