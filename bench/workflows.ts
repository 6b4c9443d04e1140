import type { Json, WorkflowFile } from '../n8n/client';

import { SUBJECT, TRIGGER } from './stage';

/** A node that is measured: its type and its parameters. */
export type Subject = Json & { type: string };

/** Five fields as they are dragged from the input, and as calculations that n8n has to evaluate. */
const dragged = {
	customer: '={{ $json.customer }}',
	amount: '={{ $json.amount }}',
	key: '={{ $json.key }}',
	productId: '={{ $json.product }}',
	productType: '={{ $json.kind }}',
};
const calculated = {
	customer: '={{ $json.customer.trim() }}',
	amount: '={{ $json.amount * 1 }}',
	key: '={{ $json.key.trim() }}',
	productId: '={{ $json.product.trim() }}',
	productType: '={{ $json.kind.trim() }}',
};

function partnero(parameters: Json): Subject {
	return { type: 'n8n-nodes-partnero.partnero', typeVersion: 1, parameters };
}

function httpRequest(parameters: Json): Subject {
	return {
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.4,
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'partneroApi',
			options: {},
			...parameters,
		},
	};
}

function yardstick(parameters: Json): Subject {
	return { type: 'CUSTOM.yardstick', typeVersion: 1, parameters };
}

/** A sale recorded by each node. */
function creates(sale: typeof dragged) {
	const recorded = {
		resource: 'transaction',
		customer: { __rl: true, mode: 'key', value: sale.customer },
		amount: sale.amount,
		key: sale.key,
		additionalFields: { productId: sale.productId, productType: sale.productType },
	};
	return {
		partnero: () => partnero({ ...recorded, operation: 'create', ifKeyExists: 'record' }),
		keyed: () => partnero({ ...recorded, operation: 'create' }),
		createMany: () => partnero({ ...recorded, operation: 'createMany' }),
		/** @param batch n8n's Batching: so many items, then so many milliseconds of waiting */
		httpRequest: (api: string, batch?: { batchSize: number; batchInterval: number }) =>
			httpRequest({
				...(batch && { options: { batching: { batch } } }),
				method: 'POST',
				url: `${api}/transactions`,
				sendBody: true,
				bodyParameters: {
					parameters: [
						{
							name: 'customer',
							value: sale.customer.replace(/\{\{ (.*) \}\}/, '{{ ({ key: $1 }) }}'),
						},
						{ name: 'action', value: 'sale' },
						{ name: 'amount', value: sale.amount },
						{ name: 'key', value: sale.key },
						{ name: 'product_id', value: sale.productId },
						{ name: 'product_type', value: sale.productType },
					],
				},
			}),
		yardstick: () =>
			yardstick({
				...{
					resource: 'transaction',
					operation: 'create',
					customerKey: sale.customer,
					amount: sale.amount,
				},
				...{ key: sale.key, productId: sale.productId, productType: sale.productType },
			}),
	};
}

/** The same work by each node. What comes out is the whole record, as the HTTP Request node gives it. */
export const subjects = {
	get: {
		partnero: () =>
			partnero({
				resource: 'partner',
				operation: 'get',
				partner: { __rl: true, mode: 'id', value: '={{ $json.partner }}' },
				simplify: false,
			}),
		httpRequest: (api: string) => httpRequest({ url: `=${api}/partners/{{ $json.partner }}` }),
		yardstick: () =>
			yardstick({ resource: 'partner', operation: 'get', partnerId: '={{ $json.partner }}' }),
	},
	create: creates(dragged),
	calculated: creates(calculated),
	report: {
		partnero: () =>
			partnero({ resource: 'program', operation: 'getReport', period: 'lastMonth', options: {} }),
	},
	list: {
		partnero: () =>
			partnero({ resource: 'customer', operation: 'getAll', returnAll: true, simplify: false }),
		httpRequest: (api: string) =>
			httpRequest({
				url: `${api}/customers`,
				sendQuery: true,
				queryParameters: { parameters: [{ name: 'limit', value: '100' }] },
				options: {
					pagination: {
						pagination: {
							paginationMode: 'updateAParameterInEachRequest',
							parameters: {
								parameters: [{ type: 'qs', name: 'page', value: '={{ $pageCount + 1 }}' }],
							},
							paginationCompleteWhen: 'other',
							completeExpression: '={{ !$response.body.links.next }}',
						},
					},
				},
			}),
	},
};

/** What makes the pages that the HTTP Request node gives into records. */
export const recordsOfPages: Subject = {
	type: 'n8n-nodes-base.splitOut',
	typeVersion: 1,
	parameters: { fieldToSplitOut: 'data', options: {} },
};

/**
 * A workflow that makes items and hands them to the node; without a node it costs what n8n costs by itself.
 * @param after what makes of the node's output what another node gives at once
 */
export function workflowOf(
	items: number,
	customers: number,
	subject?: Subject,
	after?: Subject,
): WorkflowFile {
	const item = [
		"partner: 'p_' + (i % 100)",
		`customer: 'user_' + (i % ${customers})`,
		'amount: i + 1',
		// Other keys in each execution, since n8n's process remembers the sales that it has sent.
		"key: 'inv_' + $execution.id + '_' + i",
		"product: 'plan_' + (i % 7)",
		"kind: 'monthly'",
	];
	const list = `Array.from({ length: ${items} }, (_, i) => ({ ${item.join(', ')} }))`;
	const nodes: Array<Json & { name: string; type: string }> = [
		{ name: TRIGGER, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		{
			name: 'Data',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: `={{ { items: ${list} } }}`, options: {} },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'items', options: {} },
		},
		...(subject
			? [
					{
						...subject,
						name: SUBJECT,
						credentials: {
							[subject.type.includes('yardstick') ? 'yardstickApi' : 'partneroApi']: {
								id: null,
								name: '',
							},
						},
					},
				]
			: []),
		...(after ? [{ ...after, name: 'Records' }] : []),
	];
	return {
		name: 'Bench',
		nodes: nodes.map((node, index) => ({
			...node,
			id: String(index),
			position: [index * 200, 0],
		})) as WorkflowFile['nodes'],
		connections: Object.fromEntries(
			nodes
				.slice(1)
				.map(({ name }, index) => [
					nodes[index].name,
					{ main: [[{ node: name, type: 'main', index: 0 }]] },
				]),
		),
		settings: { executionOrder: 'v1' },
	};
}
