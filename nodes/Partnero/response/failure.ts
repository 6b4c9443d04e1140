import type { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** What an item fails with: the error that n8n shows, and whether it stands over n8n's own tries. */
export class ItemFailure extends Error {
	constructor(
		readonly error: NodeApiError | NodeOperationError,
		/** Whether another try would not change it, or must not be made. */
		readonly isFinal: boolean,
	) {
		super(error.message);
	}
}
