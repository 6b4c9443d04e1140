import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { FaultMatch } from '../../../sandbox/faults';
import type { ProgramState } from '../../../sandbox/state';

import { locator } from './partnero';

/** An operation done for several items, and how to tell from the sandbox what became of each. */
export interface Scenario {
	name: ScenarioName;
	resource: string;
	operation: string;
	parameters: INodeParameters;
	/** How many items: a few, or more than a server takes at once. */
	few: number;
	many: number;
	item(index: number): IDataObject;
	arrange(program: ProgramState, items: IDataObject[]): void;
	/** What is asked before or after. */
	reads?: FaultMatch;
	/** The request that it is about. */
	request: FaultMatch;
	/** How many items one such request concerns. */
	perRequest: number;
	/** How often what an item wants has been done; `undefined` where nothing is recorded. */
	done?(program: ProgramState, item: IDataObject): number;
	/** What comes out for an item that is done. */
	output(item: IDataObject): object[];
	/** Whether a second run is the way to finish what the first one could not. */
	rerun: boolean;
}

export type ScenarioName =
	| 'sale with a key'
	| 'sale without a key'
	| 'createMany'
	| 'partner create'
	| 'partner upsert'
	| 'partner update'
	| 'customer delete'
	| 'partner list';

/** A sale of the customer that each item names. */
export const sale: INodeParameters = {
	customer: locator('key', '={{ $json.customer }}'),
	amount: '={{ $json.amount }}',
};

export const keyedSale: INodeParameters = { ...sale, key: '={{ $json.key }}' };

/** Sales of so many customers, each with an amount of its own so that it can be told apart without a key. */
export function sales(count: number, customers: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({
		key: `inv_${index}`,
		customer: `user_${index % customers}`,
		amount: index + 1,
	}));
}

/** A partner, and every customer that the items name. */
export function arrangeBuyers(program: ProgramState, items: IDataObject[]): void {
	program.partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	for (const key of new Set(items.map(({ customer }) => String(customer)))) {
		program.customers.add({ key, partner: 'p_1' });
	}
}

const listed = Array.from({ length: 120 }, (_, index) => `partner_${index}@example.com`);

const writeSale = { method: 'POST', path: '/transactions' };
const newPartner = (index: number) => ({
	email: `new_${index}@example.com`,
	name: `Name ${index}`,
	index,
});

const partnersNamed = (program: ProgramState, { email, name }: IDataObject) =>
	[...program.partners].filter((partner) => partner.email === email && partner.name === name)
		.length;

export const scenarios: Scenario[] = [
	{
		name: 'sale with a key',
		resource: 'transaction',
		operation: 'create',
		parameters: keyedSale,
		few: 8,
		many: 40,
		item: (index) => ({ key: `inv_${index}`, customer: `user_${index % 3}`, amount: index + 1 }),
		arrange: arrangeBuyers,
		reads: { method: 'GET' },
		request: writeSale,
		perRequest: 1,
		done: ({ transactions }, { key }) => transactions.all('key', String(key)).length,
		output: ({ key, amount }) => [{ key, amount, created: true }],
		rerun: true,
	},
	{
		name: 'sale without a key',
		resource: 'transaction',
		operation: 'create',
		parameters: sale,
		few: 8,
		many: 40,
		item: (index) => ({ customer: `user_${index % 3}`, amount: index + 1 }),
		arrange: arrangeBuyers,
		request: writeSale,
		perRequest: 1,
		done: ({ transactions }, { amount }) =>
			[...transactions].filter((one) => one.amount === amount).length,
		output: ({ amount }) => [{ key: null, amount, created: true }],
		rerun: false,
	},
	{
		name: 'createMany',
		resource: 'transaction',
		operation: 'createMany',
		parameters: { ...keyedSale, options: { salesPerRequest: 2 } },
		few: 24,
		many: 100,
		// Four sales of each customer.
		item: (index) => ({
			key: `inv_${index}`,
			customer: `user_${Math.floor(index / 4)}`,
			amount: index + 1,
		}),
		arrange: arrangeBuyers,
		reads: { method: 'GET' },
		request: writeSale,
		perRequest: 2,
		done: ({ transactions }, { key }) => transactions.all('key', String(key)).length,
		output: ({ key, amount }) => [{ key, amount, created: true }],
		rerun: true,
	},
	{
		name: 'partner create',
		resource: 'partner',
		operation: 'create',
		parameters: { email: '={{ $json.email }}', additionalFields: { name: '={{ $json.name }}' } },
		few: 8,
		many: 40,
		item: newPartner,
		arrange: () => {},
		reads: { method: 'GET' },
		request: { method: 'POST', path: '/partners' },
		perRequest: 1,
		done: partnersNamed,
		output: ({ email, name }) => [{ email, name }],
		rerun: false,
	},
	{
		name: 'partner upsert',
		resource: 'partner',
		operation: 'upsert',
		parameters: { email: '={{ $json.email }}', additionalFields: { name: '={{ $json.name }}' } },
		few: 8,
		many: 40,
		// Every other one is there already.
		item: newPartner,
		arrange: ({ partners }, items) => {
			for (const { email } of items.filter(isKnown))
				partners.add({ email: String(email), name: 'Before' });
		},
		reads: { path: '/partners:search' },
		// POST for a new one, PUT for one that is there.
		request: { path: /^\/partners(\/[^/]+)?$/ },
		perRequest: 1,
		done: partnersNamed,
		output: (item) => [{ email: item.email, name: item.name, created: !isKnown(item) }],
		rerun: true,
	},
	{
		name: 'partner update',
		resource: 'partner',
		operation: 'update',
		parameters: {
			partner: locator('id', '={{ $json.id }}'),
			updateFields: { name: '={{ $json.name }}' },
		},
		few: 8,
		many: 40,
		item: (index) => ({ id: `p_${index}`, name: `Name ${index}` }),
		arrange: ({ partners }, items) => {
			for (const { id } of items)
				partners.add({ id: String(id), email: `${String(id)}@example.com`, name: 'Before' });
		},
		request: { method: 'PUT' },
		perRequest: 1,
		done: ({ partners }, { id, name }) => (partners.find('id', String(id))?.name === name ? 1 : 0),
		output: ({ id, name }) => [{ id, name }],
		rerun: true,
	},
	{
		name: 'customer delete',
		resource: 'customer',
		operation: 'delete',
		parameters: { customer: locator('key', '={{ $json.customer }}') },
		few: 8,
		many: 40,
		item: (index) => ({ customer: `user_${index}` }),
		arrange: arrangeBuyers,
		request: { method: 'DELETE' },
		perRequest: 1,
		done: ({ customers }, { customer }) => (customers.find('key', String(customer)) ? 0 : 1),
		output: ({ customer }) => [{ deleted: true, id: customer }],
		rerun: false,
	},
	{
		name: 'partner list',
		resource: 'partner',
		operation: 'getAll',
		parameters: { returnAll: true },
		few: 6,
		many: 40,
		item: (index) => ({ index }),
		arrange: ({ partners }) => {
			for (const email of listed) partners.add({ email });
		},
		request: { method: 'GET' },
		perRequest: 1,
		output: () => listed.map((email) => ({ email })).reverse(),
		rerun: true,
	},
];

function isKnown({ index }: IDataObject): boolean {
	return Number(index) % 2 === 0;
}
