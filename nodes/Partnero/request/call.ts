import type { IExecuteSingleFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { Operation, Resource } from '../resources/operation';
import type { Form } from './form';
import type { Run } from './run';

/** One item's way through an operation. */
export interface Call {
	context: IExecuteSingleFunctions;
	resource: Resource;
	operation: Operation;
	form: Form;
	run: Run;
	/** What n8n prepared for every request of the item: time-out, proxy, TLS, allowed domains. */
	options: IHttpRequestOptions;
}
