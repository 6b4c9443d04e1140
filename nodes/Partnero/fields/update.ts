import type { Fallback, RequestTemplate, Template } from '../resources/operation';

/**
 * The two forms of an update: the documents wrap its fields in `update`, two clients send them bare
 * (`partnero-api.md` 5.1, 4). The wrapper comes first; who refuses it gets them bare.
 */
export function updateRequest(url: string, changes: { [key: string]: Template }) {
	const request: RequestTemplate = { method: 'PUT', url, body: { update: changes } };
	const fallbacks: Fallback[] = [
		{ status: 422, field: 'update', request: { ...request, body: changes } },
	];
	return { request, fallbacks };
}
