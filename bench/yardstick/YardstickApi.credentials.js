/** Generic authentication, as most packages have it: n8n evaluates its expressions for every request. */
class YardstickApi {
	constructor() {
		this.name = 'yardstickApi';
		this.displayName = 'Yardstick API';
		this.properties = [
			{
				displayName: 'API Key',
				name: 'apiKey',
				type: 'string',
				typeOptions: { password: true },
				default: '',
			},
			{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: '' },
		];
		this.authenticate = {
			type: 'generic',
			properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
		};
	}
}

module.exports = { YardstickApi };
