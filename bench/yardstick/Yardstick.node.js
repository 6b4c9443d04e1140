/**
 * A conventional declarative node, in the style of n8n's template: expressions in the base URL and in
 * the address, `routing.send` on each field. No two fields share a name, which flatters it: n8n evaluates
 * a field once more for each other field of its name.
 */
class Yardstick {
	constructor() {
		this.description = {
			displayName: 'Yardstick',
			name: 'yardstick',
			group: ['transform'],
			version: 1,
			subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
			description: 'What this package is measured against',
			defaults: { name: 'Yardstick' },
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: 'yardstickApi', required: true }],
			requestDefaults: {
				baseURL: '={{$credentials.baseUrl}}',
				headers: { Accept: 'application/json' },
			},
			properties: [
				{
					displayName: 'Resource',
					name: 'resource',
					type: 'options',
					noDataExpression: true,
					options: [
						{ name: 'Partner', value: 'partner' },
						{ name: 'Transaction', value: 'transaction' },
					],
					default: 'partner',
				},
				{
					displayName: 'Operation',
					name: 'operation',
					type: 'options',
					noDataExpression: true,
					displayOptions: { show: { resource: ['partner'] } },
					options: [
						{
							name: 'Get',
							value: 'get',
							action: 'Get partner',
							routing: {
								request: { method: 'GET', url: '=/partners/{{$parameter["partnerId"]}}' },
								output: {
									postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }],
								},
							},
						},
					],
					default: 'get',
				},
				{
					displayName: 'Operation',
					name: 'operation',
					type: 'options',
					noDataExpression: true,
					displayOptions: { show: { resource: ['transaction'] } },
					options: [
						{
							name: 'Create',
							value: 'create',
							action: 'Create transaction',
							routing: {
								request: { method: 'POST', url: '=/transactions', body: { action: 'sale' } },
								output: {
									postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }],
								},
							},
						},
					],
					default: 'create',
				},
				{
					displayName: 'Partner ID',
					name: 'partnerId',
					type: 'string',
					default: '',
					displayOptions: { show: { resource: ['partner'], operation: ['get'] } },
				},
				...[
					['Customer Key', 'customerKey', 'customer.key', 'string'],
					['Amount', 'amount', 'amount', 'number'],
					['Key', 'key', 'key', 'string'],
					['Product ID', 'productId', 'product_id', 'string'],
					['Product Type', 'productType', 'product_type', 'string'],
				].map(([displayName, name, property, type]) => ({
					displayName,
					name,
					type,
					default: type === 'number' ? 0 : '',
					displayOptions: { show: { resource: ['transaction'], operation: ['create'] } },
					routing: { send: { type: 'body', property } },
				})),
			],
		};
	}
}

module.exports = { Yardstick };
