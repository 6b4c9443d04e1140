import type { IDataObject, INodeParameters } from 'n8n-workflow';

/** What to run in a process of its own, so that it can be killed; it comes over the channel. */
export interface Order {
	credentials: { apiKey: string; baseUrl: string };
	parameters: INodeParameters;
	items: IDataObject[];
}

// `Partnero.node` stands for a file of TypeScript here, not for the JSON beside it.
const { '.json': json, ...others } = require.extensions;
for (const name of Object.keys(require.extensions)) delete require.extensions[name];
Object.assign(require.extensions, others, { '.json': json });

process.on('message', (order: Order) => {
	void import('./engine.js')
		.then(async ({ run }) => await run(order))
		.finally(() => process.disconnect());
});
