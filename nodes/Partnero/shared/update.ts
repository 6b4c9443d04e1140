import type { Fallback, RequestTemplate, Template } from '../operation';

/**
 * The two forms of an update: the documents wrap its fields in `update`, two clients send them bare
 * (`partnero-api.md` 5.1, 4). The wrapper comes first; who refuses it, or does not heed it, gets them bare.
 * @param renamed where the record is read if a change of its identifier takes it away from `url`
 */
export function updateRequest(url: string, changes: { [key: string]: Template }, renamed?: string) {
	const request: RequestTemplate = { method: 'PUT', url, body: { update: changes } };
	const fallbacks: Fallback[] = [
		{ status: 422, field: 'update', orIgnored: true, request: { ...request, body: changes } },
		...(renamed ? [atNewAddress(renamed)] : []),
	];
	return { request, fallbacks };
}

/** Reads a record that an update whose answer was lost has given another identifier. */
export function atNewAddress(url: string): Fallback {
	return { status: 404, afterLoss: true, request: { method: 'GET', url } };
}
