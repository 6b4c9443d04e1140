import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { PartneroPollingTrigger } from '../../nodes/PartneroPollingTrigger/PartneroPollingTrigger.node';
import { PartneroTrigger } from '../../nodes/PartneroTrigger/PartneroTrigger.node';

const root = resolve(__dirname, '../..');
const descriptions = [Partnero, PartneroTrigger, PartneroPollingTrigger].map(
	(type) => new type().description,
);

/** n8n's list: https://docs.n8n.io/connect/create-nodes/build-your-node/reference/codex-files/#node-categories */
const categories = [
	...['Analytics', 'Communication', 'Data & Storage', 'Development', 'Finance & Accounting'],
	...['Marketing & Content', 'Miscellaneous', 'Productivity', 'Sales', 'Utility'],
];

it.each(descriptions.map(({ name }) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`))(
	'%s is in categories that n8n has',
	(name) => {
		const codex = JSON.parse(
			readFileSync(join(root, 'nodes', name, `${name}.node.json`), 'utf8'),
		) as {
			categories: string[];
		};
		expect(codex.categories).toContain('Marketing & Content');
		expect(codex.categories.filter((category) => !categories.includes(category))).toEqual([]);
	},
);

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** Every list of choices below these properties, with the names of the parameters that lead to it. */
function listsOf(entries: Entry[], path = ''): Array<[path: string, names: string[]]> {
	return entries.flatMap((entry) => {
		const here = path ? `${path}.${entry.name}` : entry.name;
		const inner = 'values' in entry ? entry.values : 'options' in entry ? entry.options : undefined;
		if (!inner) return [];
		const isList = 'type' in entry && ['options', 'multiOptions'].includes(entry.type);
		if (isList) return [[here, inner.map((each) => each.name)] as [string, string[]]];
		return listsOf(inner as Entry[], here);
	});
}

// Case does not count, as in n8n's rule options-sorted-alphabetically.
const { compare } = new Intl.Collator('en', { sensitivity: 'base' });

it.each(descriptions.map((description) => [description.displayName, description] as const))(
	'the choices of every list of %s are in alphabetical order',
	(_, { properties }) => {
		const lists = listsOf(properties);
		expect(lists.length).toBeGreaterThan(0);
		expect(lists.filter(([, names]) => [...names].sort(compare).join() !== names.join())).toEqual(
			[],
		);
	},
);
