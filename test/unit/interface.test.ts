import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { PartneroApi } from '../../credentials/PartneroApi.credentials';
import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { PartneroPollingTrigger } from '../../nodes/PartneroPollingTrigger/PartneroPollingTrigger.node';
import { PartneroTrigger } from '../../nodes/PartneroTrigger/PartneroTrigger.node';

/** The names that a workflow stores: of a parameter, of what it can be set to, and of what is inside it. */
function storedNames(properties: INodeProperties[], path = ''): string[] {
	return properties.flatMap(({ name, type, options = [], modes = [], displayOptions }) => {
		// Nothing can be put into it.
		if (type === 'notice') return [];
		const { resource = [], operation = [] } = displayOptions?.show ?? {};
		const at = path || [...resource, ...operation].map((part) => `${String(part)} `).join('');
		const inner = options.flatMap((option) =>
			'values' in option
				? storedNames((option as INodePropertyCollection).values, `${at}${name}.${option.name}.`)
				: 'type' in option
					? storedNames([option as INodeProperties], `${at}${name}.`)
					: [`${at}${name} = ${String((option as INodePropertyOptions).value)}`],
		);
		return [
			`${at}${name}: ${type}`,
			...modes.map((mode) => `${at}${name} by ${mode.name}`),
			...inner,
		];
	});
}

/**
 * Workflows store these names, so none may disappear or change (docs/publishing.md). New ones are recorded with
 * `npx jest test/unit/interface.test.ts -u`; a line that the change takes away breaks somebody's workflow.
 */
it.each([
	['node', new Partnero().description],
	['trigger', new PartneroTrigger().description],
	['polling trigger', new PartneroPollingTrigger().description],
])('the %s keeps the names that workflows store', (_, { name, properties }) => {
	expect([name, ...new Set(storedNames(properties))].join('\n')).toMatchSnapshot();
});

it('the credential keeps the names that n8n stores', () => {
	const { name, properties } = new PartneroApi();
	expect([name, ...storedNames(properties)].join('\n')).toMatchSnapshot();
});
