import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { PartneroApi } from '../../credentials/PartneroApi.credentials';
import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { PartneroPollingTrigger } from '../../nodes/PartneroPollingTrigger/PartneroPollingTrigger.node';
import { PartneroTrigger } from '../../nodes/PartneroTrigger/PartneroTrigger.node';

/** Equal properties of several operations are one (mergeForms.ts); here each operation has its own again, in menu order. */
function perOperation(properties: INodeProperties[]): INodeProperties[] {
	const ofOperation = (resource: unknown, operation: unknown) =>
		properties
			.filter(
				({ displayOptions: { show } = {} }) =>
					show?.resource?.[0] === resource && show?.operation?.some((one) => one === operation),
			)
			.map((property): INodeProperties => {
				const show = { ...property.displayOptions?.show, operation: [operation as string] };
				return { ...property, displayOptions: { show } };
			});
	const menus = properties.filter(({ name }) => name === 'operation');
	const forms = menus.flatMap(({ displayOptions, options = [] }) =>
		options.flatMap((option) =>
			ofOperation(displayOptions?.show?.resource?.[0], (option as INodePropertyOptions).value),
		),
	);
	const first = properties.findIndex(({ displayOptions }) => displayOptions?.show?.operation);
	const others = properties.filter(({ displayOptions }) => !displayOptions?.show?.operation);
	return first < 0 ? properties : [...others.slice(0, first), ...forms, ...others.slice(first)];
}

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
	expect([name, ...new Set(storedNames(perOperation(properties)))].join('\n')).toMatchSnapshot();
});

it('the credential keeps the names that n8n stores', () => {
	const { name, properties } = new PartneroApi();
	expect([name, ...storedNames(properties)].join('\n')).toMatchSnapshot();
});
