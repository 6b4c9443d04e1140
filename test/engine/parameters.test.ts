import type { IDataObject, INode, INodeParameters, INodeType, INodeTypes } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { parametersOf } from '../../nodes/Partnero/form/parameters';
import fc from '../support/fastCheck';

import { execute, start } from './support/engine';

/** A value, or the message of what was thrown. */
function outcome(read: () => unknown): unknown {
	try {
		return read();
	} catch (error) {
		return (error as Error).message;
	}
}

/** What a parameter is for each item: as n8n evaluates it, and as this package reads it. */
async function read(
	parameter: unknown,
	items: IDataObject[],
): Promise<{ theirs: unknown[]; ours: unknown[]; asked: number }> {
	const theirs: unknown[] = [];
	const ours: unknown[] = [];
	let asked = 0;
	const node: INodeType = {
		description: {
			...start.description,
			...{ name: 'node', group: ['transform'], inputs: ['main'] },
			properties: [{ displayName: 'Parameter', name: 'parameter', type: 'string', default: '' }],
		},
		async execute() {
			const count = this.getInputData().length;
			for (let item = 0; item < count; item += 1)
				theirs.push(outcome(() => this.getNodeParameter('parameter', item, null)));
			const context = Object.assign(Object.create(this) as typeof this, {
				getNodeParameter: (...given: Parameters<typeof this.getNodeParameter>) => {
					if (!given[3]) asked += 1;
					return this.getNodeParameter(...given);
				},
			});
			const parameters = parametersOf(context);
			for (let item = 0; item < count; item += 1)
				ours.push(outcome(() => parameters('parameter', item)));
			return [[]];
		},
	};
	const byName = (name: string) => (name === 'start' ? start : node);
	const nodes: INode[] = [
		{ id: '1', name: 'Start', type: 'start', typeVersion: 1, position: [0, 0], parameters: {} },
		{
			id: '2',
			name: 'Node',
			type: 'node',
			typeVersion: 1,
			position: [0, 0],
			parameters: { parameter } as INodeParameters,
		},
	];
	const workflow = new Workflow({
		id: 'w',
		nodes,
		connections: { Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
		active: false,
		nodeTypes: {
			getByName: byName,
			getByNameAndVersion: byName,
			getKnownTypes: () => ({}),
		} as unknown as INodeTypes,
		settings: { executionOrder: 'v1' },
	});
	const run = await execute(workflow, nodes[0], { items, credentials: {} }).done;
	expect(run.data.resultData.error).toBeUndefined();
	return { theirs, ours, asked };
}

it('reads what was dragged into a form without an expression being evaluated', async () => {
	const items = [
		{ key: 'inv_1', amount: 1.5, 'Paid By': 'user_1', body: { plan: 'pro' } },
		{ key: null, amount: '2', body: { plan: false } },
	];
	const parameter = {
		key: '={{ $json.key }}',
		amount: '={{$json["amount"]}}',
		customer: { __rl: true, mode: 'key', value: "={{ $json['Paid By'] }}" },
		plan: ['={{ $json.body.plan }}', 'literal', 3, true],
		missing: '={{ $json.nowhere }}',
	};
	const { ours, theirs, asked } = await read(parameter, items);
	expect(asked).toBe(0);
	expect(ours).toEqual([
		{
			key: 'inv_1',
			amount: 1.5,
			customer: { __rl: true, mode: 'key', value: 'user_1' },
			plan: ['pro', 'literal', 3, true],
		},
		{
			key: null,
			amount: '2',
			customer: { __rl: true, mode: 'key', value: undefined },
			plan: [false, 'literal', 3, true],
		},
	]);
	expect(ours).toEqual(theirs);
});

it.each([
	['a calculation', '={{ $json.amount * 100 }}', { amount: 3 }],
	['text around it', '=Order {{ $json.amount }}', { amount: 3 }],
	['white space around it, which makes it text', '= {{ $json.amount }}', { amount: 3 }],
	['two of them', '={{ $json.amount }}{{ $json.amount }}', { amount: 3 }],
	['what every object has', '={{ $json.constructor }}', { amount: 3 }],
	['the length of a text', '={{ $json.name.length }}', { name: 'Ann' }],
	['a field of what is not there', '={{ $json.body.plan }}', {}],
	['an object', '={{ $json.body }}', { body: { plan: 'pro' } }],
	['a list', '={{ $json.tags }}', { tags: ['vip'] }],
	['a date', '={{ $json.at }}', { at: new Date(0) as unknown as IDataObject }],
	['another node', '={{ $("Start").item.json.amount }}', { amount: 3 }],
])('leaves to n8n: %s', async (_what, parameter, item) => {
	const { ours, theirs, asked } = await read(parameter, [item]);
	expect(asked).toBe(1);
	expect(ours).toEqual(theirs);
});

it('gives what n8n gives, whatever an item holds and a field is called', async () => {
	const name = fc.oneof(
		fc.constantFrom('amount', 'a', '__proto__', 'toString', 'caller', 'arguments', 'Paid By', 'ü'),
		fc.string({ maxLength: 6 }),
	);
	const item = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), {
		maxKeys: 4,
	}) as fc.Arbitrary<IDataObject>;
	await fc.assert(
		fc.asyncProperty(
			fc.array(item, { minLength: 1, maxLength: 3 }),
			name,
			fc.option(name),
			async (items, outer, inner) => {
				const path = [outer, ...(inner === null ? [] : [inner])]
					.map((part) => `[${JSON.stringify(part)}]`)
					.join('');
				const { ours, theirs } = await read({ dragged: `={{ $json${path} }}` }, items);
				expect(ours).toEqual(theirs);
			},
		),
		{ numRuns: 200 },
	);
});
