import type { IDataObject } from 'n8n-workflow';

/** What stands beside a promotion code in the answer to a write (`partnero-api.md` 1.2). */
export function messageExtras({ message }: IDataObject): IDataObject {
	return { message: message ?? '' };
}
