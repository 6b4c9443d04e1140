import type { INode, INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';
import { getToolDescriptionForNode, makeNodeName } from 'n8n-workflow';

import { Partnero } from '../../nodes/Partnero/Partnero.node';
import type { Operation } from '../../nodes/Partnero/operation';
import { resources } from '../../nodes/Partnero/resources';
import { contractOperations } from '../../sandbox/contract';

const type = new Partnero() as INodeType;
const { properties } = type.description;
const pairs = resources.flatMap(({ entry, operations }) =>
	operations.map((operation) => ({
		resource: entry.value,
		operation,
		pair: `${entry.value} ${operation.entry.value}`,
	})),
);

/** A method and an address without the names of what stands in it. */
function endpoint(method: string, path: string): string {
	return `${method.toUpperCase()} ${path.replace(/\{[^}]+\}/g, '{}')}`;
}

/** What the contract says that nothing takes back. */
const forGood = contractOperations()
	.filter((operation) => operation['x-irreversible'])
	.map(({ method, path }) => endpoint(method, path));

/** What deletes, moves money or sends an email; a `nonIdempotent` counts something up. */
function isForGood({ request: { method, url }, nonIdempotent }: Operation): boolean {
	return (
		method === 'DELETE' || nonIdempotent !== undefined || forGood.includes(endpoint(method, url))
	);
}

function shownFor(resource: string, operation: string): INodeProperties[] {
	return properties.filter(
		({ displayOptions: { show } = {} }) =>
			show?.resource?.includes(resource) && show.operation?.includes(operation),
	);
}

function entryOf(resource: string, operation: string): INodePropertyOptions {
	const menu = properties.find(
		({ name, displayOptions }) =>
			name === 'operation' && displayOptions?.show?.resource?.includes(resource),
	);
	return (menu!.options as INodePropertyOptions[]).find(({ value }) => value === operation)!;
}

it('the contract marks endpoints that the node has', () => {
	const called = pairs.flatMap(({ operation: { request, fallbacks = [] } }) => [
		request,
		...fallbacks.map((fallback) => fallback.request),
	]);
	expect(
		forGood.filter((one) => !called.some(({ method, url }) => endpoint(method, url) === one)),
	).toEqual([]);
	expect(forGood.length).toBeGreaterThan(5);
});

describe.each(pairs)('$pair', ({ resource, operation, pair }) => {
	const { value } = operation.entry;
	const { action = '', description = '' } = entryOf(resource, value);
	const notices = shownFor(resource, value).filter(({ type: kind }) => kind === 'notice');
	const node = { parameters: { resource, operation: value } } as unknown as INode;

	if (isForGood(operation)) {
		it('says in its menu entry, above its form and to a model that it cannot be undone', () => {
			expect(operation.irreversible ?? `no word of it in ${pair}`).toMatch(/^[A-Z].*\.$/);
			expect(action).toMatch(/\(cannot be undone\)$/);
			expect(description).toMatch(/This cannot be undone\.$/);
			expect(notices.map(({ displayName }) => displayName)).toEqual([
				`This cannot be undone. ${operation.irreversible}`,
			]);
			expect(shownFor(resource, value)[0]).toBe(notices[0]);
			expect(getToolDescriptionForNode(node, type)).toBe(`${action} in Partnero`);
		});
	} else {
		it('says nothing of the kind', () => {
			expect(notices).toEqual([]);
			expect(action + description).not.toContain('cannot be undone');
		});
	}

	it('has a name that every model takes for a tool', () => {
		const asTool = {
			...type.description,
			outputs: ['ai_tool'],
		} as unknown as typeof type.description;
		const name = makeNodeName(node.parameters, asTool);
		expect(name).toBe(`${action} in Partnero`);
		expect(name.length).toBeLessThanOrEqual(64);
	});
});
