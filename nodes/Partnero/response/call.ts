import type { IExecuteFunctions, IExecuteSingleFunctions } from 'n8n-workflow';

import type { Form } from '../form/form';
import type { Operation, Resource } from '../operation';
import type { Sender } from '../transport/sender';

/** n8n's context: of all items, or of one that n8n routes. */
export type CallContext = IExecuteFunctions | IExecuteSingleFunctions;

/** One item's way through an operation. */
export interface Call extends Sender {
	context: CallContext;
	resource: Resource;
	operation: Operation;
	form: Form;
}
