import type { IExecuteFunctions, IExecuteSingleFunctions } from 'n8n-workflow';

import type { Operation, Resource } from '../operation';
import type { Form } from '../form/form';
import type { SharedOptions } from './options';
import type { Run } from './run';

/** n8n's context: of all items, or of one that n8n routes. */
export type CallContext = IExecuteFunctions | IExecuteSingleFunctions;

/** One item's way through an operation. */
export interface Call {
	context: CallContext;
	resource: Resource;
	operation: Operation;
	form: Form;
	run: Run;
	/** What all requests have in common: time-out, proxy, TLS, allowed domains. */
	options: SharedOptions;
}
