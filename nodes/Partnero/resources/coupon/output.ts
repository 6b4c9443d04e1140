import type { IDataObject } from 'n8n-workflow';

/** What stands beside the coupon in an answer: a message, and how the synchronization went (`partnero-api.md` 2.6). */
export function couponExtras({
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
