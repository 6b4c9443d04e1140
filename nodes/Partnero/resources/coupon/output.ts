import type { IDataObject } from 'n8n-workflow';

/** What stands beside a promotion code in the answer to a write (`partnero-api.md` 1.2). */
export function messageBeside({ message }: IDataObject): IDataObject {
	return { message: message ?? '' };
}

/** What stands beside the coupon in an answer: a message, and how the synchronization went (`partnero-api.md` 2.6). */
export function couponAnswer({
	message,
	synchronization_enabled: enabled,
	synchronization_successful: successful,
	synchronization_message: text,
}: IDataObject): IDataObject {
	return {
		message: message ?? '',
		synchronization: {
			enabled: enabled ?? false,
			successful: successful ?? false,
			message: text ?? '',
		},
	};
}
