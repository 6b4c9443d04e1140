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
		expect(codex).not.toHaveProperty('subcategories');
	},
);

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** Every list of choices below these properties, with the names of the parameters that lead to it. */
function listsOf(
	entries: Entry[],
	path: string,
): Array<[path: string, choices: INodePropertyOptions[]]> {
	return entries.flatMap((entry) => {
		const here = `${path}.${entry.name}`;
		const inner = 'values' in entry ? entry.values : 'options' in entry ? entry.options : undefined;
		if (!inner) return [];
		const isList = 'type' in entry && ['options', 'multiOptions'].includes(entry.type);
		if (isList) return [[here, inner as INodePropertyOptions[]] as const];
		return listsOf(inner as Entry[], here);
	});
}

// Case does not count.
const { compare } = new Intl.Collator('en', { sensitivity: 'base' });

const names = (choices: INodePropertyOptions[]) => choices.map(({ name }) => name);

/** What n8n's rules ask of a list. They do not see ours, which are put together from parts. */
const demands: Array<[string, (choices: INodePropertyOptions[]) => boolean]> = [
	[
		'are in alphabetical order',
		(choices) => names(choices).sort(compare).join() === names(choices).join(),
	],
	['differ in their names', (choices) => new Set(names(choices)).size === choices.length],
	[
		'differ in their values',
		(choices) => new Set(choices.map(({ value }) => value)).size === choices.length,
	],
	['have no asterisk in their names', (choices) => !names(choices).join().includes('*')],
];

it.each(demands)('the choices of every list %s', (_, isMet) => {
	const lists = descriptions.map(({ name, properties }) => listsOf(properties, name));
	expect(lists.map(({ length }) => length)).not.toContain(0);
	expect(
		lists
			.flat()
			.filter(([, choices]) => !isMet(choices))
			.map(([path]) => path),
	).toEqual([]);
});

it('every hint has at most 120 characters, since n8n shows it below the field at all times', () => {
	const hints: string[] = [];
	JSON.stringify(descriptions, (key, value: unknown) => {
		if (key === 'hint') hints.push(String(value));
		return value;
	});
	expect(hints).not.toEqual([]);
	expect(hints.filter(({ length }) => length > 120)).toEqual([]);
});

/** How light a color is, from 0 to 1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
	const [red, green, blue] = [1, 3, 5].map((at) => {
		const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
	const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
}

// n8n's rule icon-contrast asks this of the color that stands out most, on these backgrounds.
it.each([
	['light', '#ffffff'],
	['dark', '#2b2b2b'],
] as const)('every color of the icons for the %s theme stands out', (theme, background) => {
	const icons = descriptions.map(({ name, icon }) => {
		const file = (icon as Record<typeof theme, string>)[theme].replace('file:', '');
		return readFileSync(join(root, 'nodes', name, file), 'utf8');
	});
	for (const icon of icons) {
		const colors = icon.match(/#[0-9a-f]{6}\b/g) ?? [];
		expect(colors).not.toEqual([]);
		expect(colors.filter((color) => contrast(color, background) < 1.5)).toEqual([]);
	}
});
