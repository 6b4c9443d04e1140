import type { IDataObject, INode, INodeParameters, INodeTypes } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { resources } from '../../nodes/Partnero/resources';

import { closeAll, json, serve } from './support/bareServer';
import { runnableNode } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const operations = resources.flatMap(({ entry, operations: all }) =>
	all.map((operation) => ({
		resource: entry.value,
		operation: operation.entry.value,
		isIrreversible: operation.irreversible !== undefined,
		output: operation.output,
	})),
);

describe('the hints of the editor', () => {
	const type = runnableNode();
	const nodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	} as unknown as INodeTypes;

	/** What the editor shows beside a node that is set so, with so many input items; it evaluates conditions in this way. */
	function shown(parameters: INodeParameters, inputs: number): string[] {
		const node: INode = {
			id: '1',
			name: 'Partnero',
			type: 'partnero',
			typeVersion: 1,
			position: [0, 0],
			parameters,
		};
		const workflow = new Workflow({
			id: 'w',
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes,
		});
		const items = Array.from({ length: inputs }, () => ({ json: {} }));
		return (type.description.hints ?? [])
			.filter(({ displayCondition }) => {
				const value = workflow.expression.getParameterValue(
					displayCondition!,
					null,
					0,
					0,
					node.name,
					items,
					'manual',
					{},
				);
				// The editor shows no hint whose condition is anything else.
				expect(typeof value).toBe('boolean');
				return value;
			})
			.map(({ message }) => message);
	}

	const noKey = expect.stringMatching(/^Without a Transaction Key every run records the sale anew/);
	const final = expect.stringMatching(/^This cannot be undone, and is done for each/);
	const ownFilter = expect.stringMatching(/^Partnero has no such filter/);

	it.each([
		['no key', {}, [noKey]],
		['an emptied key', { key: '' }, [noKey]],
		['a key', { key: 'inv_1' }, []],
		['an expression for the key', { key: '={{ $json.id }}' }, []],
	])('Transaction: Create with %s', (_what, parameters, hints) => {
		expect(shown({ resource: 'transaction', operation: 'create', ...parameters }, 1)).toEqual(
			hints,
		);
	});

	it.each(operations)(
		'$resource $operation: what is final says so where there is more than one input item',
		({ resource, operation, isIrreversible }) => {
			const key = { key: 'x' };
			expect(shown({ resource, operation, ...key }, 1)).toEqual([]);
			expect(shown({ resource, operation, ...key }, 2)).toEqual(isIrreversible ? [final] : []);
		},
	);

	const filters = operations.flatMap(({ resource, operation, output }) => {
		if (output.kind !== 'list') return [];
		const { checks = [], createdAfter, createdBefore } = output.filters ?? {};
		const byDate = [createdAfter, createdBefore].flatMap((field) => field ?? []);
		return [
			...checks.map(({ field, isOwn = false }) => ({ field, isOwn })),
			...byDate.map((field) => ({ field, isOwn: true })),
		].map(({ field, isOwn }) => ({ resource, operation, name: field.split('.')[1], isOwn }));
	});

	it('there are filters of both kinds', () => {
		expect(new Set(filters.map(({ isOwn }) => isOwn)).size).toBe(2);
	});

	it.each(filters)(
		'$resource $operation filters.$name: whether only the node knows it',
		({ resource, operation, name, isOwn }) => {
			const parameters = { resource, operation, filters: { [name]: '={{ $json.wanted }}' } };
			expect(shown(parameters, 2)).toEqual(isOwn ? [ownFilter] : []);
		},
	);
});

describe('the hints after a run', () => {
	const partnero = useSandbox();
	afterEach(closeAll);

	beforeEach(() => {
		const { partners, customers } = partnero.sandbox.program('affiliate');
		partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
		customers.add({ key: 'user_1', partner: 'p_1' });
	});

	const hintsIn = (stored: string): Array<{ message: string; type: string }> => {
		const { resultData } = JSON.parse(stored) as {
			resultData: { runData: Record<string, Array<{ hints?: [] }>> };
		};
		return resultData.runData.Partnero.at(-1)?.hints ?? [];
	};

	const sale = {
		customer: locator('key', 'user_1'),
		amount: '={{ $json.amount }}',
		key: '={{ $json.key }}',
	};
	const items = (amount: number) => ['a', 'b', 'c'].map((key) => ({ key, amount }));

	it.each(['create', 'createMany'])(
		'%s: which sales were there, and which keys stand for others',
		async (operation) => {
			const record = async (sales: IDataObject[]) =>
				await partnero.operate('transaction', operation, sale, {
					items: sales,
					node: { onError: 'continueRegularOutput' },
				});
			expect(hintsIn((await record(items(10))).stored)).toEqual([]);
			expect(hintsIn((await record(items(10))).stored)).toEqual([
				expect.objectContaining({
					type: 'info',
					message: '3 sales were recorded before, so nothing was sent for them.',
				}),
			]);
			const { stored, json: output } = await record(items(11));
			expect(hintsIn(stored)).toEqual([
				expect.objectContaining({
					type: 'warning',
					message: "3 keys stand for other sales: nothing was sent, see 'error' in the output.",
				}),
			]);
			expect(output.map(({ error }) => error)).toEqual(
				['a', 'b', 'c'].map(() => expect.stringContaining('is another sale')),
			);
			expect(partnero.sandbox.ledger().transactions).toMatchObject({ total: 3, amount: 30 });
		},
	);

	const add = (count: number) => {
		const { partners } = partnero.sandbox.program('affiliate');
		for (let index = 1; index < count; index += 1) partners.add({ email: `${index}@example.com` });
	};
	const more = "'Return All' gets all of them.";

	it.each([
		[
			'more on the page',
			14,
			12,
			{ limit: 12 },
			[`The limit was reached, and there are more records. ${more}`],
		],
		[
			'more on another page',
			13,
			12,
			{ limit: 12 },
			[`The limit was reached, and there are more records. ${more}`],
		],
		['no more', 12, 12, { limit: 12 }, []],
		['less than the limit', 5, 5, { limit: 12 }, []],
		['everything wanted', 14, 14, { returnAll: true }, []],
		[
			'more that pass a filter of the node',
			14,
			12,
			{ limit: 12, filters: { status: 'active' } },
			[`The limit was reached, and there are more records. ${more}`],
		],
		[
			'no more that pass a filter of the node',
			14,
			0,
			{ limit: 12, filters: { status: 'archived' } },
			[],
		],
	])('a list with %s', async (_what, count, output, parameters, messages) => {
		add(count);
		const { json: listed, stored } = await partnero.operate('partner', 'getAll', parameters);
		expect(listed).toHaveLength(output);
		expect(hintsIn(stored).map(({ message }) => message)).toEqual(messages);
	});

	it('says of several items once for how many the limit was reached', async () => {
		add(20);
		const { stored } = await partnero.operate(
			'partner',
			'getAll',
			{ limit: '={{ $json.limit }}' },
			{ items: [{ limit: 3 }, { limit: 5 }, { limit: 50 }] },
		);
		expect(hintsIn(stored)).toEqual([
			expect.objectContaining({
				type: 'info',
				message: `The limit was reached for 2 of the input items, and there are more records. ${more}`,
			}),
		]);
	});

	it.each([
		[
			'an expression',
			'={{ 10 }}',
			[`The limit was reached, and there may be more records. ${more}`],
		],
		// The editor says it there.
		['a number', 10, []],
	])(
		'where a server does not say whether there is another page, it says that there may be more: %s',
		async (_what, limit, messages) => {
			const records = Array.from({ length: 10 }, (_, index) => ({ id: `p_${index}` }));
			const server = await serve((_arrival, response) =>
				json(response, 200, { data: records, status: 1 }),
			);
			const { stored } = await partnero.operate(
				'partner',
				'getAll',
				{ limit },
				{ credentials: { apiKey: `hints-${server.url}`, baseUrl: server.url } },
			);
			expect(hintsIn(stored).map(({ message }) => message)).toEqual(messages);
		},
	);

	it('a filter that the server ignores', async () => {
		const { partners, customers } = partnero.sandbox.program('affiliate');
		partners.add({ id: 'p_2', email: 'ben@example.com', key: 'ben' });
		customers.add({ key: 'user_2', partner: 'p_2' });
		partnero.sandbox.quirks.filtersIgnored = ['partner_key'];
		const { stored } = await partnero.operate('customer', 'getAll', {
			filters: { partner: locator('key', 'annlee') },
		});
		expect(hintsIn(stored)).toEqual([
			expect.objectContaining({
				type: 'warning',
				message:
					"Partnero did not apply the filter 'Partner', so the node did: it left out 1 record.",
			}),
		]);
	});

	it.each<[string, IDataObject, INodeParameters, string]>([
		[
			'another amount',
			{ customer: 'user_1', amount: 3 },
			{},
			"1 sale was recorded with another amount than was sent: see 'warning' in the output.",
		],
		[
			'nobody',
			{ customer: null, amount: 10 },
			{ ifCustomerUnknown: 'record' },
			'1 sale was recorded without a customer, since Partnero does not know the customer: no partner is paid.',
		],
		[
			'no partner',
			{ customer: 'user_1', partner: null, amount: 10 },
			{ createCustomer: true, newCustomer: { partner: locator('key', 'annlee') } },
			"1 sale was recorded, but the new customer has no partner: see 'warning' in the output.",
		],
	])('a sale that was recorded with %s', async (_what, record, parameters, message) => {
		const server = await serve((_arrival, response) =>
			json(response, 200, { data: record, status: 1 }),
		);
		const { stored } = await partnero.operate(
			'transaction',
			'create',
			{ customer: locator('key', 'user_1'), amount: 10, ...parameters },
			{ credentials: { apiKey: `hints-${server.url}`, baseUrl: server.url } },
		);
		expect(hintsIn(stored)).toEqual([expect.objectContaining({ type: 'warning', message })]);
	});

	it('a date that cannot be read', async () => {
		const server = await serve((_arrival, response) =>
			json(response, 200, { data: [{ id: 'p_1' }], links: { next: null }, status: 1 }),
		);
		const { stored, json: listed } = await partnero.operate(
			'partner',
			'getAll',
			{ filters: { createdBefore: '2026-01-01' } },
			{ credentials: { apiKey: `hints-${server.url}`, baseUrl: server.url } },
		);
		expect(listed).toHaveLength(1);
		expect(hintsIn(stored).map(({ message }) => message)).toEqual([
			'1 record in the output has no date that can be read, so the filter by date could not be checked.',
		]);
	});
});
