import type { INodeParameters, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { NodeHelpers, updateDisplayOptions } from 'n8n-workflow';

import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { formsOf } from '../../nodes/Partnero/description';
import type { OperationForm } from '../../nodes/Partnero/mergeForms';
import { mergeForms } from '../../nodes/Partnero/mergeForms';
import { resources } from '../../nodes/Partnero/resources';
import fc from '../support/fastCheck';

const { description } = new Partnero();
const merged = description.properties;

const first = merged.findIndex(isOfForm);
const others = merged.filter((property) => !isOfForm(property));

/** The properties as they are without merging: those of each operation on their own. */
const separate = [
	...others.slice(0, first),
	...resources.flatMap((resource) =>
		formsOf(resource).flatMap(({ operation, properties }) =>
			ofOperation(resource.entry.value, operation, properties),
		),
	),
	...others.slice(first),
];

function isOfForm({ displayOptions }: INodeProperties): boolean {
	return displayOptions?.show?.operation !== undefined;
}

function ofOperation(resource: string, operation: string, properties: INodeProperties[]) {
	return updateDisplayOptions(
		{ show: { resource: [resource], operation: [operation] } },
		properties,
	);
}

/** What is left of a property of several operations for one of them. */
function only(resource: string, operation: string, properties: INodeProperties[]) {
	return properties
		.filter(
			({ displayOptions: { show } = {} }) =>
				show?.resource?.includes(resource) && show.operation?.includes(operation),
		)
		.map((property) => ({
			...property,
			displayOptions: {
				...property.displayOptions,
				show: { ...property.displayOptions?.show, operation: [operation] },
			},
		}));
}

const node = { typeVersion: 1 };

/** What n8n gives a node that has some choices made: its values, and the fields that it shows. */
function seenWith(chosen: INodeParameters, properties: INodeProperties[]) {
	const type = { ...description, properties };
	const values = NodeHelpers.getNodeParameters(properties, chosen, true, false, node, type) ?? {};
	const shown = properties
		.filter((property) => NodeHelpers.displayParameter(values, property, node, type, values))
		.map(({ displayOptions: { show, ...others } = {}, ...property }) => ({
			...property,
			displayOptions: { ...others, show: { ...show, operation: undefined } },
		}));
	return { values, shown };
}

/** As it opens, and once for each choice on the form. */
function choicesOf({ operation, properties }: OperationForm, resource: string): INodeParameters[] {
	const opened: INodeParameters = { resource, operation };
	const choices = properties.flatMap(({ name, type, options = [] }) =>
		type === 'boolean'
			? [true, false].map((value) => ({ [name]: value }))
			: type === 'options'
				? options.map((option) => ({ [name]: (option as INodePropertyOptions).value }))
				: [],
	);
	return [opened, ...choices.map((choice) => ({ ...opened, ...choice }))];
}

const forms = resources.flatMap((resource) =>
	formsOf(resource).map((form) => ({ resource: resource.entry.value, ...form })),
);

describe.each(forms)('the form of $resource $operation', ({ resource, ...form }) => {
	it('has its fields as its file has them, in their order', () => {
		expect(only(resource, form.operation, merged)).toEqual(
			ofOperation(resource, form.operation, form.properties),
		);
	});

	it('shows and stores in n8n what it would without merging, whatever is chosen', () => {
		for (const chosen of choicesOf(form, resource)) {
			const seen = seenWith(chosen, merged);
			expect(seen.shown.length).toBeGreaterThan(2);
			expect(seen).toEqual(seenWith(chosen, separate));
		}
	});
});

describe('the description', () => {
	it.each(resources)('has no property of $entry.value twice', ({ entry: { value } }) => {
		const own = merged
			.filter(
				(property) => isOfForm(property) && property.displayOptions?.show?.resource?.[0] === value,
			)
			.map(({ displayOptions, ...property }) =>
				JSON.stringify({
					...property,
					...displayOptions,
					show: { ...displayOptions?.show, operation: [] },
				}),
			);
		expect(own.filter((property, index) => own.indexOf(property) < index)).toEqual([]);
	});

	it('is about a quarter smaller than without merging', () => {
		const size = (properties: INodeProperties[]) => JSON.stringify(properties).length;
		expect(size(merged) / size(separate)).toBeLessThan(0.76);
	});
});

describe('merging', () => {
	const field = (name: string): INodeProperties => ({
		displayName: name,
		name,
		type: 'string',
		default: '',
	});
	const formOf = (names: string[], index: number): OperationForm => ({
		operation: `operation${index}`,
		properties: names.map(field),
	});
	const inShort = (properties: INodeProperties[]) =>
		properties.map(({ name, displayOptions }) =>
			[name, ...(displayOptions?.show?.operation ?? [])].join(' '),
		);

	it('waits with a field until it is due in all forms', () => {
		const result = mergeForms(
			'resource',
			[
				['b', 'c'],
				['a', 'b'],
				['a', 'c'],
			].map(formOf),
		);
		expect(inShort(result)).toEqual([
			'a operation1 operation2',
			'b operation0 operation1',
			'c operation0 operation2',
		]);
	});

	it('lets a field stand twice whose place forms disagree about', () => {
		const result = mergeForms(
			'resource',
			[
				['a', 'b'],
				['b', 'a'],
				['a', 'b'],
			].map(formOf),
		);
		expect(inShort(result)).toEqual([
			'a operation0 operation2',
			'b operation0 operation1 operation2',
			'a operation1',
		]);
	});

	it('keeps the order of any forms', () => {
		const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
		fc.assert(
			fc.property(fc.array(names, { maxLength: 5 }), (sequences) => {
				const result = mergeForms('resource', sequences.map(formOf));
				const found = sequences.map((_, index) =>
					only('resource', `operation${index}`, result).map(({ name }) => name),
				);
				expect(found).toEqual(sequences);
			}),
		);
	});
});
